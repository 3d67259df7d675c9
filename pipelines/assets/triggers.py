"""What starts what: the line every night and when something lands, the feeds every hour, tidying up every day, the rebuild
every month. All of it is on unless an operator turns it off.
"""

import hashlib
from typing import Any

import dagster as dg

from pipelines.assets.digest import quality_digest
from pipelines.assets.feeds import feed
from pipelines.assets.line import LINE
from pipelines.assets.rebuilt import rebuilt
from pipelines.assets.upkeep import tidy
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

compare_rebuilt = dg.define_asset_job(
    "compare_rebuilt",
    selection=dg.AssetSelection.assets(rebuilt),
    executor_def=dg.in_process_executor,
    description="Everything read anew from the raw documents and compared with what stands.",
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

weekly = _scheduled(
    "weekly", "digest_schedule", "0 8 * * 1", job=quality_digest, description="The digest of quality every Monday."
)
daily = _scheduled("daily", "tidy_schedule", "15 4 * * *", job=tidy, description="Tidying up every day.")
monthly = _scheduled(
    "monthly", "rebuild_schedule", "30 4 1 * *", job=compare_rebuilt, description="Rebuild and compare every month."
)


@dg.sensor(
    job=run_line,
    minimum_interval_seconds=read_settings().landing_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def landing_sensor() -> dg.RunRequest | dg.SkipReason:
    """A run when something new waits in the landing folder; the same files ask for one run only."""
    items = waiting(Layout.from_environment())
    if not items:
        return dg.SkipReason("nothing waits in the landing folder")
    state = "\n".join(f"{path}\0{path.lstat().st_mtime_ns}" for path in items)
    return dg.RunRequest(run_key=hashlib.sha256(state.encode()).hexdigest()[:16], tags={"waiting": str(len(items))})
