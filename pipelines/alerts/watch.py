"""Looking for trouble that no result of a run speaks of: feeds that can't be had, alerts that can't be sent, silence.

Belongs here: what such trouble is, reminders, and the heartbeat by which silence is noticed.
Does not: runs that fail or are overdue, which Dagster knows of (assets/alerts.py), the outbox itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from pipelines.alerts import outbox
from pipelines.alerts.digest import LOCAL
from pipelines.alerts.outbox import WHOLE, Finding
from pipelines.reference.catalogue import load_catalogue
from pipelines.reference.routes import FAILED_CHANNEL, Route, load_routes
from pipelines.settings import Settings
from pipelines.store.database import Database

_LOG = logging.getLogger(__name__)
_TRIES = 3  # that fail before a channel counts as failed: about a quarter of an hour
_HEARTBEAT_AT = time(8)
STALE_SOURCE, OVERDUE_RUN, FAILED_RUN = "stale_source", "overdue_run", "failed_run"


class Ended(NamedTuple):
    """A run that ended, and the error of one that failed."""

    run_id: str
    job: str
    at: datetime
    error: str | None


def note_runs(database: Database, runs: Iterable[Ended]) -> None:
    """Record the problems that failed runs are, and that they are over. A run that ended before what is known of its job is
    passed over, so that it may be told by `kpi run` and by Dagster.
    """
    with database.transaction():
        for run in runs:
            known = database.rows("alerts/last_of_job", job=run.job)
            if not known or run.at > known[0]["recorded_at"]:
                outbox.note(database, run.run_id, run.at, [failed_run(run.job, run.error)])


def look(database: Database, settings: Settings, seen: Iterable[Finding] = ()) -> int:
    """Record what is wrong now and what no longer is, beside what others have ``seen``, and put into the outbox what is due:
    news, reminders, heartbeats. Returns how many messages wait then.

    Raises ``RouteError`` and ``CatalogueError``.
    """
    now = database.moment()
    run_id = f"watch-{now:%Y%m%dT%H%M%S%f}"
    routes = load_routes(settings.reference)
    with database.transaction():
        outbox.note(database, run_id, now, seen)
        outbox.note(database, run_id, now, _watched(database, STALE_SOURCE, stale_feeds(database, settings, now)))
        outbox.note(database, run_id, now, _watched(database, FAILED_CHANNEL, failed_channels(database, routes)))
        outbox.address(database, routes, run_id, now)
        outbox.post(database, run_id, now, heartbeats(database, routes, now))
    return len(outbox.waiting(database))


def failed_run(job: str, error: str | None) -> Finding:
    """A run of a job that failed with an error, or one (None) that did what an earlier one did not."""
    return Finding(
        FAILED_RUN,
        job,
        "critical",
        "A run stopped halfway; the published version is as it was.",
        kind=FAILED_RUN,
        subjects=() if error is None else WHOLE,
        observed=error,
    )


def overdue(asset: str, late: bool) -> Finding:
    """Whether an asset was not materialised when it had to be."""
    return Finding(
        OVERDUE_RUN,
        asset,
        "critical",
        "No run has ended in time; analysts still see the version before.",
        kind=OVERDUE_RUN,
        subjects=WHOLE if late else (),
    )


def stale_feeds(database: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    """The feeds that could not be had for as long as settings allow, or for three times their own rhythm."""
    listed = load_catalogue(settings.reference).feeds
    had = {row["url"]: row for row in database.rows("alerts/feeds")} if listed else {}
    for source_id, feed in listed:
        allowed = max(timedelta(hours=settings.stale_hours), timedelta(minutes=3 * feed.every_minutes))
        state = had.get(feed.url)
        if state and now - state["since"] > allowed:
            yield Finding(
                STALE_SOURCE,
                feed.url,
                "warning",
                "This feed could not be had for long; what its source publishes does not arrive.",
                owner="data steward",
                kind=STALE_SOURCE,
                subjects=WHOLE,
                observed=f"{source_id}: {state['reason'] or 'not asked'}: {state['message'] or ''}",
            )


def failed_channels(database: Database, routes: Sequence[Route]) -> Iterator[Finding]:
    """The routes whose oldest message failed again and again."""
    known = {route.id for route in routes}
    for row in outbox.waiting(database):
        if row["route_id"] in known:
            known.discard(row["route_id"])
            if row["failures"] >= _TRIES:
                yield Finding(
                    FAILED_CHANNEL,
                    row["route_id"],
                    "critical",
                    "Alerts of this route could not be sent; they wait, and are tried again.",
                    kind=FAILED_CHANNEL,
                    subjects=WHOLE,
                    observed=row["reason"],
                )


def heartbeats(database: Database, routes: Sequence[Route], now: datetime) -> Iterator[dict[str, Any]]:
    """The heartbeats that are due: a route's first at once, daily ones at eight in the morning (weekly ones: ``week``)."""
    last = {row["route_id"]: row["sent_last"] for row in database.rows("alerts/heartbeats")}
    for route in routes:
        is_due = route.id not in last or (route.heartbeat == "daily" and last[route.id] < _eight_in_the_morning(now))
        if route.heartbeat != "never" and is_due:
            yield _heartbeat(route)


def week(database: Database, settings: Settings) -> None:
    """Put the weekly digest into the outbox, for the routes that want it: how the warehouse stands, every problem that is open.

    Raises ``RouteError``.
    """
    now = database.moment()
    run_id = f"week-{now:%Y%m%dT%H%M%S%f}"
    routes = [route for route in load_routes(settings.reference) if route.heartbeat == "weekly"]
    with database.transaction():
        outbox.address(database, routes, run_id, now, remind=True)
        outbox.post(database, run_id, now, map(_heartbeat, routes))


def _heartbeat(route: Route) -> dict[str, Any]:
    return {"route_id": route.id, "about": "heartbeat", "event_id": None, "problem_id": None}


def _eight_in_the_morning(now: datetime) -> datetime:
    """When it last was that."""
    local = now.astimezone(LOCAL)
    eight = datetime.combine(local.date(), _HEARTBEAT_AT, LOCAL)
    return (eight if eight <= local else eight - timedelta(days=1)).astimezone(UTC)


def _watched(database: Database, kind: str, failing: Iterable[Finding]) -> list[Finding]:
    """What fails of a kind, and of what is open of it the rest, which fails no more."""
    found = list(failing)
    still = {finding.expectation for finding in found}
    over = [
        Finding(kind, row["expectation"], row["severity"], row["reason"], owner=row["owner"], kind=kind)
        for row in database.rows("alerts/open_of_kind", kind=kind)
        if row["expectation"] not in still
    ]
    return [*found, *over]
