"""Running the line in this process, and looking at what it left."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import dagster as dg

from pipelines.definitions import defs
from pipelines.paths import ROOT, Layout
from pipelines.store.database import Database
from pipelines.store.versions import open_current

SAMPLES = ROOT / "warehouse" / "samples"
TORTURE = bool(os.environ.get("KPI_TORTURE"))  # `make torture`: what takes minutes
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
WHEN_AND_BY_WHOM = "recorded_at, run_id"


def run_line(layout: Layout) -> dg.ExecuteInProcessResult:
    """One run of the whole line on the process's instance in memory."""
    assert os.environ["KPI_WAREHOUSE"] == str(layout.folder)
    job = defs.resolve_job_def("run_line")
    return job.execute_in_process(instance=_instance(), raise_on_error=False, run_config=QUIET)


@cache
def _instance() -> dg.DagsterInstance:
    return dg.DagsterInstance.ephemeral()


def pipeline_rows(layout: Layout, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the pipeline's database."""
    with Database(layout, read_only=True) as database:
        return database.connection.execute(query).fetchall()


def published_rows(layout: Layout, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the published version."""
    with open_current(layout) as connection:
        return connection.execute(query).fetchall()


def facts(layout: Layout) -> list[tuple[Any, ...]]:
    """The published facts without when and by which run they were recorded, in a fixed order."""
    return published_rows(layout, f"select * exclude ({WHEN_AND_BY_WHOM}) from core.fact_observation order by all")
