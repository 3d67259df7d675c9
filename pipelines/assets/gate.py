"""The gates of the line: before the facts, what people decided is applied to the staged rows and all are audited; before
publication, the marts and the whole are.

Belongs here: what a row meets on its way, in its order, so that whoever tries a defect tries the very line.
Does not: Dagster (line.py), the rules (expectations/, sql/line/), appending (store/database.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.assets.checks import sql_results
from pipelines.extract.reader import FACT_CONFIDENCE
from pipelines.paths import Layout
from pipelines.quality.audit import Result, audit
from pipelines.store.database import Database
from pipelines.store.marts import Build


def audit_stage(database: Database) -> tuple[list[Result], int]:
    """Correct the staged rows and audit them; those that fail a row's expectation are marked for quarantine.

    Returns the suite's results and how many findings were marked.
    """
    with database.transaction():
        database.run("line/apply_corrections")
    database.run("line/stage_low_confidence", threshold=FACT_CONFIDENCE)
    results = audit("observation", database.frame("line/audit_observation"), "observation_id")
    findings = database.insert(
        "stage.finding",
        [
            {"observation_id": key, "expectation": result.expectation.name, "reason": result.expectation.reason}
            for result in results
            if result.expectation.scope == "row"
            for key in result.failing_keys
        ],
    )
    return results, findings


def audit_appended(database: Database, run_id: str) -> list[Result]:
    """Audit the facts that a run has appended, before they are committed."""
    return audit("fact_observation", database.frame("line/audit_fact_observation", run_id=run_id), "observation_id")


def build_and_audit(database: Database, layout: Layout, run_id: str) -> tuple[Build, list[Result]]:
    """Bring the marts up to what is recorded and audit them and the whole; what blocks keeps them from being published."""
    results: list[Result] = []

    def audited(marts: pl.DataFrame) -> bool:
        results.extend(audit("mart", marts, "mart"))
        return not any(result.blocks for result in results)

    build, found = database.build(layout, run_id, audited=audited)
    return build, [*results, *sql_results(found)]
