"""Asset checks made from the suites of `expectations/` and the files of `sql/checks/`.

Belongs here: saying to Dagster which checks an asset has and how they went, recording it.
Does not: running a suite (quality/), what becomes of failing rows (line.py).

A check blocks what comes after it where it is critical and fails for the whole table, or raises; failing rows go to
quarantine, so a row's failure is shown as a warning.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from pipelines.alerts.outbox import WHOLE, Finding, note
from pipelines.quality.audit import NOTHING_TO_AUDIT, Result, raised
from pipelines.quality.suites import Expectation, expectations
from pipelines.store.checks import CheckHead, CheckResult, check_head
from pipelines.store.database import Database
from pipelines.store.statements import statements

SQL_SUITE = "checks"


def suite_specs(asset: str, suite: str) -> list[dg.AssetCheckSpec]:
    """The checks of ``asset`` that a suite of `expectations/` makes."""
    return [_spec(asset, expectation) for expectation in expectations(suite)]


def sql_specs(asset: str) -> list[dg.AssetCheckSpec]:
    """The checks of ``asset`` that the files of `sql/checks/` make."""
    return [_spec(asset, _as_expectation(name, check_head(name, text))) for name, text in statements("checks")]


def sql_results(found: Iterable[CheckResult]) -> list[Result]:
    """The results of `sql/checks/` in the form of a suite's."""
    return [
        Result(
            SQL_SUITE,
            raised(expectation, result.error) if result.error else expectation,
            result.success,
            result.error or f"{result.failing_rows} rows",
            (),
            result.failing_rows,
            result.sample,
            result.metric_ids,
            result.place_keys,
            result.subjects,
        )
        for result in found
        for expectation in [_as_expectation(result.name, result.head)]
    ]


def record(database: Database, run_id: str, results: Iterable[Result]) -> None:
    """Keep results in ``ops.dq_result`` and, in the same transaction, the alerts that follow from them: a failed check leaves
    a Dagster run green, so nobody would hear of it from there.
    """
    kept, now = list(results), database.moment()
    with database.transaction():
        database.insert("ops.dq_result", ({**result.as_row(), "run_id": run_id, "recorded_at": now} for result in kept))
        note(database, run_id, now, map(_as_finding, kept))


def check_results(asset: str, results: Iterable[Result]) -> list[dg.AssetCheckResult]:
    """Results as Dagster shows them."""
    return [
        dg.AssetCheckResult(
            asset_key=asset,
            check_name=result.expectation.name,
            passed=result.success,
            severity=dg.AssetCheckSeverity.ERROR if result.expectation.blocks else dg.AssetCheckSeverity.WARN,
            description=result.expectation.reason,
            metadata={
                "failing rows": result.failing_rows,
                "observed": result.observed or "",
                "sample": result.sample or "",
                "owner": result.expectation.owner,
            },
        )
        for result in results
    ]


def _spec(asset: str, expectation: Expectation) -> dg.AssetCheckSpec:
    # any may raise, which blocks; what Dagster sees as a warning never does
    return dg.AssetCheckSpec(expectation.name, asset=asset, blocking=True, description=expectation.reason)


def _as_expectation(name: str, head: CheckHead) -> Expectation:
    return Expectation(name, "table", head.severity, head.owner, head.meaning, standing=head.standing)


def _as_finding(result: Result) -> Finding:
    """A result as alerts see it: a warning that looks at new rows alone is over with them, and nobody is told of that."""
    expectation = result.expectation
    of_new = expectation.scope == "table" and not (expectation.standing or expectation.blocks)
    return Finding(
        result.suite,
        expectation.name,
        expectation.severity,
        expectation.reason,
        owner=expectation.owner,
        scope="new" if of_new else expectation.scope,
        subjects=() if result.success else result.subjects or WHOLE,
        looked=result.observed != NOTHING_TO_AUDIT,
        observed=result.observed,
        failing_rows=result.failing_rows,
        sample=result.sample,
    )
