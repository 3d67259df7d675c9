"""What Dagster sees: assets, checks, jobs, schedules, sensors and resources, put together and nothing else."""

from __future__ import annotations

import dagster as dg

from pipelines.assets.alerts import alert_sensor
from pipelines.assets.feeds import feed
from pipelines.assets.line import LINE
from pipelines.assets.resources import Reading, Warehouse
from pipelines.assets.triggers import ask_feeds, hourly, landing_sensor, nightly, run_line

defs = dg.Definitions(
    assets=[feed, *LINE],
    jobs=[run_line, ask_feeds],
    schedules=[nightly, hourly],
    sensors=[landing_sensor, alert_sensor],
    resources={"warehouse": Warehouse(), "reading": Reading()},
    executor=dg.in_process_executor,
)
