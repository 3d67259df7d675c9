"""Alerts in Dagster: every few minutes it is looked for trouble, and what waits is sent.

Belongs here: the sensor, and what only Dagster knows of: runs that failed, assets that are overdue.
Does not: problems and messages (alerts/).

Failed runs are read here in their order rather than told by a run failure sensor, which passes over a run for good where
the warehouse is held by another one just then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from pipelines.alerts.delivery import deliver, opened, tell
from pipelines.alerts.outbox import Finding
from pipelines.alerts.watch import Ended, failed_run, look, note_runs, overdue
from pipelines.assets.watch import first_error
from pipelines.errors import UserError, WriterBusy
from pipelines.paths import Layout
from pipelines.reference.catalogue import load_catalogue
from pipelines.settings import Settings, read_settings
from pipelines.store.database import DatabaseDamaged

_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
_AT_ONCE = 100  # runs looked at in one tick
_FIRST_LOOK = timedelta(days=1)


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=read_settings().alert_seconds,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells people what is wrong: failed checks and runs, overdue runs, feeds that can't be had.",
)
def alert_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Record what is wrong with runs and feeds, and send what waits. Starts no run.

    What was seen counts as seen once it is recorded. Where it can't be, because a run holds the warehouse (it may be the one
    that is overdue) or the database is damaged, what can't wait is told past the outbox, once.
    """
    layout, settings = Layout.from_environment(), read_settings()
    if not layout.database.exists():
        return dg.SkipReason("nothing was run yet")
    cursor: dict[str, Any] = json.loads(context.cursor or "{}")
    told: list[str] = cursor.get("told", [])
    ended = _ended(context.instance, cursor.get("runs"))
    deadlines = list(_deadlines(context.instance, settings))
    urgent = [finding for finding in deadlines if finding.subjects]
    try:
        with opened(layout) as database:
            note_runs(database, (_as_ended(context.instance, record) for record in ended))
            if ended:
                cursor["runs"] = ended[-1].update_timestamp.isoformat()
            look(database, settings, deadlines)
        told = [finding.expectation for finding in urgent]
        done = deliver(layout, settings)
        said = f"{done.sent} messages sent, {len(done.failed)} routes failed"
    except WriterBusy:
        told = tell(settings, urgent, told)
        said = "a run holds the warehouse"
    except DatabaseDamaged as damaged:
        told = tell(settings, [*urgent, failed_run("database", str(damaged))], told)
        said = str(damaged)
    except UserError as error:
        context.log.error(str(error))
        said = str(error)
    context.update_cursor(json.dumps(cursor | {"told": told}))
    return dg.SkipReason(said)


def _ended(instance: dg.DagsterInstance, since: str | None) -> Sequence[dg.RunRecord]:
    """The runs that ended since, the first to end first."""
    after = datetime.fromisoformat(since) if since else datetime.now(UTC) - _FIRST_LOOK
    wanted = dg.RunsFilter(statuses=_ENDED, updated_after=after)
    return instance.get_run_records(wanted, limit=_AT_ONCE, order_by="update_timestamp", ascending=True)


def _as_ended(instance: dg.DagsterInstance, record: dg.RunRecord) -> Ended:
    run = record.dagster_run
    at = datetime.fromtimestamp(record.end_time, UTC) if record.end_time else record.update_timestamp
    failed = run.status is dg.DagsterRunStatus.FAILURE
    return Ended(run.run_id, run.job_name, at, _error(instance, run.run_id) if failed else None)


def _error(instance: dg.DagsterInstance, run_id: str) -> str:
    """Where and why a run failed."""
    kinds = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
    events = [entry.dagster_event for entry in instance.all_logs(run_id, of_type=kinds) if entry.dagster_event]
    said = next((event.message for event in events if event.message), None)
    return first_error(events) or said or "its process ended without a word"


def _deadlines(instance: dg.DagsterInstance, settings: Settings) -> Iterator[Finding]:
    """How the assets with a freshness policy stand by it, as Dagster's daemon found."""
    assets = ["published"] + (["feed"] if load_catalogue(settings.reference).feeds else [])
    states = instance.get_freshness_state_records([dg.AssetKey(asset) for asset in assets])
    for asset in assets:
        state = states.get(dg.AssetKey(asset))
        if state:
            yield overdue(asset, state.freshness_state == "FAIL")
