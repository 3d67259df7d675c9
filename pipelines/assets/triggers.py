"""What starts the line: its job, the nightly schedule, the sensor of the landing folder; and what asks the feeds."""

import hashlib
from typing import Any

import dagster as dg

from pipelines.assets.feeds import feed
from pipelines.assets.line import LINE
from pipelines.ingest.landing import waiting
from pipelines.paths import Layout
from pipelines.reference.catalogue import load_catalogue
from pipelines.settings import TIMEZONE, SettingsError, read_settings

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


def _scheduled(name: str, setting: str, example: str, **more: Any) -> dg.ScheduleDefinition:
    """A schedule that is on, at the cron of a setting. Raises ``SettingsError`` where that is none."""
    cron = getattr(read_settings(), setting)
    try:
        return dg.ScheduleDefinition(
            name=name,
            cron_schedule=cron,
            execution_timezone=TIMEZONE,
            default_status=dg.DefaultScheduleStatus.RUNNING,
            **more,
        )
    except dg.DagsterInvalidDefinitionError as error:
        raise SettingsError(f"KPI_{setting.upper()} = {cron!r} is no cron expression; write {example!r}, say") from error


def _where_there_are_feeds(_: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    if load_catalogue(read_settings().reference).feeds:
        return dg.RunRequest()
    return dg.SkipReason("no source in sources.yaml has feeds")


nightly = _scheduled("nightly", "nightly", "30 1 * * *", job=run_line, description="The line every night.")
hourly = _scheduled(
    "hourly",
    "feed_schedule",
    "7 * * * *",
    job=ask_feeds,
    description="The feeds every hour.",
    execution_fn=_where_there_are_feeds,
)


@dg.sensor(job=run_line, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def landing_sensor() -> dg.RunRequest | dg.SkipReason:
    """A run when something new waits in the landing folder; the same files ask for one run only."""
    items = waiting(Layout.from_environment())
    if not items:
        return dg.SkipReason("nothing waits in the landing folder")
    state = "\n".join(f"{path}\0{path.lstat().st_mtime_ns}" for path in items)
    return dg.RunRequest(run_key=hashlib.sha256(state.encode()).hexdigest()[:16], tags={"waiting": str(len(items))})
