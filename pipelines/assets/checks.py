"""Asset checks made from the suites of `expectations/` and the files of `sql/checks/`.

Belongs here: saying to Dagster which checks an asset has and how they went, recording it, having it drawn.
Does not: running a suite (quality/), what becomes of failing rows (line.py).

A check blocks what comes after it where it is critical and fails for the whole table, or raises; failing rows go to
quarantine, so a row's failure is shown as a warning.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import groupby
from pathlib import Path

import dagster as dg

from pipelines.paths import Layout
from pipelines.quality.audit import NOTHING_TO_AUDIT, Result, raised
from pipelines.quality.data_docs import write_index, write_page
from pipelines.quality.suites import Expectation, expectations
from pipelines.store.checks import CheckHead, CheckResult, check_head
from pipelines.store.database import Database
from pipelines.store.statements import statements

SQL_SUITE = "checks"
_RUNS_SHOWN = 30


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
        )
        for result in found
        for expectation in [_as_expectation(result.name, result.head)]
    ]


def record(database: Database, run_id: str, results: Iterable[Result]) -> None:
    """Keep results in ``ops.dq_result``: a failed check leaves a Dagster run green, so alerts read them there."""
    now = database.moment()
    with database.transaction():
        database.insert("ops.dq_result", ({**result.as_row(), "run_id": run_id, "recorded_at": now} for result in results))


def show(context: dg.AssetExecutionContext, database: Database, layout: Layout, results: Iterable[Result]) -> None:
    """Draw the pages of what a step's suites gave, where they looked at anything; a page that can't be drawn stops nothing."""
    looked_at = {result.suite for result in results if result.observed != NOTHING_TO_AUDIT}
    if not looked_at:
        return
    try:
        draw(database, layout, context.run.run_id, looked_at)
    except Exception as error:
        context.log.warning(f"the Data Docs are not drawn: {error!r}")


def draw(database: Database, layout: Layout, run_id: str, suites: Container[str]) -> Path:
    """Draw the pages of a run's suites, and the index. Returns the index."""
    rows = [row for row in database.rows("show/results_of_run", run_id=run_id) if row["suite"] in suites]
    for suite, of_suite in groupby(rows, key=lambda row: str(row["suite"])):
        write_page(layout.data_docs, suite, list(of_suite))
    return write_index(layout.data_docs, database.rows("show/audited_runs", most=_RUNS_SHOWN))


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
