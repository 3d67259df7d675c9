"""The pool of runs that write, and runs whose process was killed: Dagster would hold their place in it for ever.

Belongs here: having the pool, saying of runs that they failed. Does not: telling which are dead (cli/service.py,
cli/dagster_run.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.operation.instance import WRITER

if TYPE_CHECKING:
    import dagster as dg


def going(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """The runs that Dagster takes for going."""
    import dagster as dg

    statuses = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    return list(instance.get_runs(filters=dg.RunsFilter(statuses=statuses)))


def limit_writers(instance: dg.DagsterInstance) -> None:
    """Have the pool's limit known before any run is queued: the daemon learns it only after it has let the first ones go."""
    instance.event_log_storage.initialize_concurrency_limit_to_default(WRITER)


def bury(instance: dg.DagsterInstance, runs: Iterable[dg.DagsterRun]) -> None:
    """Say of runs that are dead that they failed."""
    for run in runs:
        instance.report_run_failed(run, message="Its process was killed; the next run does what it left undone.")
