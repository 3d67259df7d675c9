"""Beside the line: everything read anew from the raw documents, and compared with what stands.

Belongs here: the asset, and the line run beside the warehouse. Does not: the comparison (store/compare.py), its schedule
(triggers.py), printing it (cli/versions.py).
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import polars as pl

from pipelines.assets.checks import check_results, record
from pipelines.assets.line import LINE, fact_observation
from pipelines.assets.resources import Reading, Warehouse
from pipelines.errors import UserError
from pipelines.operation.instance import WRITER
from pipelines.paths import Layout
from pipelines.quality.audit import Result
from pipelines.quality.suites import Expectation
from pipelines.store.compare import compare_rebuilt
from pipelines.store.database import Database
from pipelines.store.quarantine import copy_decisions

_SAMPLE = 5
IDENTICAL = Expectation(
    "rebuilt_is_identical",
    "table",
    "critical",
    "data engineer",
    "What stands is what the raw documents give: read anew, they give the same facts, documents and figures.",
)
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def rebuild(layout: Layout) -> pl.DataFrame:
    """Read every raw document anew, beside what stands, and give what differs: see ``compare_rebuilt``.

    Call it as the one writer. What stands is left as it is, but brought to this program's schema. Raises ``UserError`` where
    there is nothing to compare with, or the line stops.
    """
    if not layout.database.exists():
        raise UserError(f"there is nothing in {layout.folder} to compare with; add documents (kpi add) and run (kpi run)")
    with _beside(layout) as beside, dg.DagsterInstance.ephemeral() as instance:
        resources = {"warehouse": Warehouse(folder=str(beside.folder)), "reading": Reading()}
        done = dg.materialize(LINE, resources=resources, instance=instance, run_config=_QUIET, raise_on_error=False)
        if not done.success:
            failed = next(iter(done.filter_events(lambda event: event.is_step_failure)), None)
            raise UserError(f"rebuilding stopped at {failed.step_key if failed else 'its start'}; what stands is as it was")
        return compare_rebuilt(layout.database, beside.database)


def rebuilt_result(differences: pl.DataFrame) -> Result:
    """A rebuild's differences as the result of a check."""
    sample = json.dumps(differences.head(_SAMPLE).to_dicts(), ensure_ascii=False, default=str)
    return Result(
        "rebuild",
        IDENTICAL,
        differences.is_empty(),
        f"{differences.height} differences",
        (),
        differences.height,
        None if differences.is_empty() else sample,
    )


@dg.asset(
    group_name="audit",
    kinds={"duckdb"},
    pool=WRITER,
    deps=[fact_observation],
    check_specs=[dg.AssetCheckSpec(IDENTICAL.name, asset="rebuilt", description=IDENTICAL.reason)],
)
def rebuilt(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Read everything anew beside what stands, and record whether it is the same."""
    differences = rebuild(warehouse.layout)
    results = [rebuilt_result(differences)]
    with warehouse.open() as database:
        record(database, context.run.run_id, results)
    return dg.MaterializeResult(metadata={"differences": differences.height}, check_results=check_results("rebuilt", results))


@contextmanager
def _beside(layout: Layout) -> Iterator[Layout]:
    """A warehouse of its own that shares the raw store, for as long as it takes."""
    beside = Layout(layout.folder / ".rebuild")
    shutil.rmtree(beside.folder, ignore_errors=True)
    beside.folder.mkdir()
    try:
        Database(layout).close()  # at this program's schema
        beside.raw.symlink_to(layout.raw)
        beside.create()
        copy_decisions(layout, beside)
        yield beside
    finally:
        shutil.rmtree(beside.folder, ignore_errors=True)
