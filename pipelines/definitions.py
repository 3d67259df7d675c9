"""What Dagster sees: assets, checks, jobs, schedules, sensors and resources, put together and nothing else."""

from __future__ import annotations

import dagster as dg

from pipelines.assets.alerts import alert_sensor
from pipelines.assets.digest import quality_digest
from pipelines.assets.feeds import feed
from pipelines.assets.line import LINE
from pipelines.assets.rebuilt import rebuilt
from pipelines.assets.resources import Reading, Warehouse
from pipelines.assets.triggers import (
    ask_feeds,
    compare_rebuilt,
    daily,
    hourly,
    landing_sensor,
    monthly,
    nightly,
    run_line,
    weekly,
)
from pipelines.assets.upkeep import tidy

defs = dg.Definitions(
    assets=[feed, *LINE, rebuilt],
    jobs=[run_line, ask_feeds, compare_rebuilt, tidy, quality_digest],
    schedules=[nightly, hourly, daily, weekly, monthly],
    sensors=[landing_sensor, alert_sensor],
    resources={"warehouse": Warehouse(), "reading": Reading()},
    executor=dg.in_process_executor,
)
