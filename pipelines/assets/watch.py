"""What is kept of every run when it ends, whoever started it: how it went and how long its stations took, in the database,
in the log, as metrics, and as pages of its checks.

Belongs here: reading that off Dagster's events. Does not: the log and the metrics themselves (operation/), pages (quality/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines.operation.log import open_log
from pipelines.operation.metrics import write_metrics
from pipelines.paths import Layout
from pipelines.quality.data_docs import RUNS_SHOWN, draw
from pipelines.store.database import Database

if TYPE_CHECKING:
    from pipelines.operation.log import Log


def first_error(events: Iterable[dg.DagsterEvent]) -> str | None:
    """Where a run failed and why, in one line: the root of the first failure among its events."""
    for event in events:
        error = getattr(event.event_specific_data, "error", None) if event.is_failure else None
        while error and error.cause:
            error = error.cause
        if error:
            return f"{event.step_key or 'its start'}: {error.message.strip()}"
    return None


@contextmanager
def watched(context: dg.InitResourceContext, layout: Layout, opened: Callable[[], Database]) -> Iterator[Log]:
    """Keep what becomes of a run of which this encloses every step; gives the run's log."""
    run, instance = context.run, context.instance
    if run is None or instance is None:
        raise ValueError("a warehouse is watched in a run only")
    started = datetime.now(UTC)
    with open_log(layout, run_id=run.run_id, job=run.job_name) as log:
        log.info("run started")
        try:
            yield log
        finally:
            stations = [row for row in _stations(instance, run.run_id) if row["seconds"] is not None]
            failure = first_error([e.dagster_event for e in instance.all_logs(run.run_id) if e.dagster_event])
            succeeded = failure is None and bool(stations) and all(row["succeeded"] for row in stations)
            row = {
                "run_id": run.run_id,
                "job": run.job_name,
                "started_at": started,
                "finished_at": datetime.now(UTC),
                "succeeded": succeeded,
                "error": None if succeeded else failure or "it was stopped",
            }
            for station in stations:
                log.info("station done", **{name: value for name, value in station.items() if name != "run_id"})
            with opened() as database:
                with database.transaction():
                    database.insert("ops.job_run", [row])
                    database.insert("ops.station_run", stations)
                results = database.rows("show/results_of_run", run_id=run.run_id)
                kept = database.rows("show/audited_runs", most=RUNS_SHOWN)
                write_metrics(layout, database)
            for check in results:
                if not check["success"]:
                    log.warning(
                        "check failed", **{name: check[name] for name in ("suite", "expectation", "severity", "reason")}
                    )
            try:
                draw(layout.data_docs, results, kept)
            except Exception as error:  # whatever the renderer stumbles over, what it draws is recorded
                log.warning("the pages of the checks are not drawn", error=repr(error))
            (log.info if succeeded else log.error)("run ended", succeeded=succeeded, error=row["error"])


def _stations(instance: dg.DagsterInstance, run_id: str) -> list[dict[str, Any]]:
    """A row of ``ops.station_run`` for every step that a run came to; ``seconds`` is None for one that did not end."""
    return [
        {
            "run_id": run_id,
            "station": step.step_key,
            "seconds": step.end_time - step.start_time if step.start_time and step.end_time else None,
            "succeeded": step.status is not None and step.status.value == "SUCCESS",
        }
        for step in instance.get_run_step_stats(run_id)
    ]
