"""Beside the line: what is tidied away every day.

Belongs here: the job, and Dagster's own runs. Does not: files (operation/retention.py), its schedule (triggers.py).
"""

from datetime import UTC, datetime, timedelta

import dagster as dg

from pipelines.assets.resources import Warehouse
from pipelines.operation.instance import WRITER
from pipelines.operation.retention import tidy_logs, tidy_unread

_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_BATCH = 100


@dg.op(pool=WRITER, out=dg.Out(dg.Nothing))
def tidy_up(context: dg.OpExecutionContext, warehouse: Warehouse) -> None:
    """Remove old logs, old runs of Dagster, and old files from which nothing was ever read."""
    settings, now = warehouse.settings, datetime.now(UTC)
    counts = {
        "logs": tidy_logs(warehouse.layout, now, settings.keep_log_days),
        "runs": tidy_runs(context.instance, now, settings.keep_run_days),
    }
    with warehouse.open() as database:
        counts["unread files"] = tidy_unread(warehouse.layout, database, now, settings.keep_rejected_days)
    context.add_output_metadata(counts)
    warehouse.log.info("tidied", **{name.replace(" ", "_"): count for name, count in counts.items()})


@dg.job(executor_def=dg.in_process_executor, description="What is older than the settings keep it is removed.")
def tidy() -> None:
    tidy_up()


def tidy_runs(instance: dg.DagsterInstance, now: datetime, days: int) -> int:
    """Let Dagster forget the runs that ended ``days`` ago; what became of each stays in ``ops.job_run``."""
    old = dg.RunsFilter(statuses=_ENDED, updated_before=now - timedelta(days=days))
    count = 0
    while runs := instance.get_runs(filters=old, limit=_BATCH):
        for run in runs:
            instance.delete_run(run.run_id)
        count += len(runs)
    return count
