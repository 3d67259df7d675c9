"""What starts the line: the job, the nightly schedule, the sensor of the landing folder."""

import hashlib

import dagster as dg

from pipelines.assets.line import LINE
from pipelines.ingest.landing import waiting
from pipelines.paths import Layout
from pipelines.settings import SettingsError, read_settings

TIMEZONE = "Asia/Ho_Chi_Minh"

run_line = dg.define_asset_job(
    "run_line",
    selection=dg.AssetSelection.assets(*LINE),
    executor_def=dg.in_process_executor,
    description="The whole line on whatever is new.",
)

try:
    nightly = dg.ScheduleDefinition(
        name="nightly",
        job=run_line,
        cron_schedule=read_settings().nightly,
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="The line every night.",
    )
except dg.DagsterInvalidDefinitionError as error:
    raise SettingsError(f"KPI_NIGHTLY = {read_settings().nightly!r} is no cron expression; write '30 1 * * *', say") from error


@dg.sensor(job=run_line, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def landing_sensor() -> dg.RunRequest | dg.SkipReason:
    """A run when something new waits in the landing folder; the same files ask for one run only."""
    items = waiting(Layout.from_environment())
    if not items:
        return dg.SkipReason("nothing waits in the landing folder")
    state = "\n".join(f"{path}\0{path.lstat().st_mtime_ns}" for path in items)
    return dg.RunRequest(run_key=hashlib.sha256(state.encode()).hexdigest()[:16], tags={"waiting": str(len(items))})
