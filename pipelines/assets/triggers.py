"""What starts the line: its job, the nightly schedule, the sensor of the landing folder; and what asks the feeds."""

import hashlib

import dagster as dg

from pipelines.assets.feeds import feed
from pipelines.assets.line import LINE
from pipelines.ingest.landing import waiting
from pipelines.paths import Layout
from pipelines.reference.catalogue import load_catalogue
from pipelines.settings import SettingsError, read_settings

TIMEZONE = "Asia/Ho_Chi_Minh"

run_line = dg.define_asset_job(
    "run_line",
    selection=dg.AssetSelection.assets(*LINE),
    executor_def=dg.in_process_executor,
    description="The whole line on whatever is new.",
)

ask_feeds = dg.define_asset_job(
    "ask_feeds",
    selection=dg.AssetSelection.assets(feed),
    executor_def=dg.in_process_executor,
    description="The feeds of the sources: the pages that are new land.",
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


def _where_there_are_feeds(_: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    if load_catalogue(read_settings().reference).feeds:
        return dg.RunRequest()
    return dg.SkipReason("no source in sources.yaml has feeds")


try:
    hourly = dg.ScheduleDefinition(
        name="hourly",
        job=ask_feeds,
        cron_schedule=read_settings().feed_schedule,
        execution_timezone=TIMEZONE,
        execution_fn=_where_there_are_feeds,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="The feeds every hour.",
    )
except dg.DagsterInvalidDefinitionError as error:
    wrong = f"KPI_FEED_SCHEDULE = {read_settings().feed_schedule!r} is no cron expression; write '7 * * * *', say"
    raise SettingsError(wrong) from error


@dg.sensor(job=run_line, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def landing_sensor() -> dg.RunRequest | dg.SkipReason:
    """A run when something new waits in the landing folder; the same files ask for one run only."""
    items = waiting(Layout.from_environment())
    if not items:
        return dg.SkipReason("nothing waits in the landing folder")
    state = "\n".join(f"{path}\0{path.lstat().st_mtime_ns}" for path in items)
    return dg.RunRequest(run_key=hashlib.sha256(state.encode()).hexdigest()[:16], tags={"waiting": str(len(items))})
