"""What Dagster sees: assets, checks, jobs, schedules, sensors and resources, put together and nothing else."""

from __future__ import annotations

import dagster as dg

from pipelines.assets.line import LINE
from pipelines.assets.resources import Reading, Warehouse
from pipelines.assets.triggers import landing_sensor, nightly, run_line

defs = dg.Definitions(
    assets=LINE,
    jobs=[run_line],
    schedules=[nightly],
    sensors=[landing_sensor],
    resources={"warehouse": Warehouse(), "reading": Reading()},
    executor=dg.in_process_executor,
)
