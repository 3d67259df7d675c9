"""Delivery: the messages that wait are sent, each route's in order, at least once, again and again until they arrive.

Belongs here: which message is next, when one is tried again, what is kept so that a kill or a long run doesn't lose it.
Does not: what waits (outbox.py), how it reads (digest.py), how it is sent (channel.py).

The database is held only to read a message, never while it is sent. That it was sent is first noted in a small file, and in
the database when that is next opened: a run that holds it for an hour doesn't have a message sent twice.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from pipelines.alerts import outbox
from pipelines.alerts.channel import ChannelError, send
from pipelines.alerts.digest import digest, examples_of
from pipelines.alerts.outbox import Finding
from pipelines.errors import WriterBusy
from pipelines.paths import Layout
from pipelines.reference.routes import Route, RouteError, load_routes
from pipelines.settings import Settings
from pipelines.store.database import Database, writer_lock

_TOTAL_SECONDS = 30  # after which no message is begun: Dagster ends a sensor after sixty
_LONGEST_WAIT = timedelta(hours=1)
_UNNAMED = dict.fromkeys(("metric_vi", "metric_en", "place", "province"))


@dataclass(slots=True)
class Delivery:
    """What a delivery did: how many messages were sent, why others were not (by route), and whether some still wait."""

    sent: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    busy: bool = False


class Message(NamedTuple):
    route: Route
    row: dict[str, Any]  # of ops.alert_message
    title: str
    body: str


@contextmanager
def opened(layout: Layout, patience: float = 0) -> Iterator[Database]:
    """The pipeline's database for a moment, as its one writer, with everything that was sent noted in it.

    Raises ``WriterBusy`` where a run holds it for longer than ``patience`` seconds.
    """
    with writer_lock(layout, patience), Database(layout, patience=patience) as database:
        _note_sent(layout, database)
        yield database


def deliver(layout: Layout, settings: Settings, *, at_once: bool = False, patience: float = 0) -> Delivery:
    """Send what waits, and what failed before if it is time to try again (``at_once``: whether it is or not).

    A message that fails holds back the later ones of its route, and no others. Another process that delivers is left to it.
    Raises ``RouteError`` where the routes can't be read, and ``DatabaseDamaged``.
    """
    done = Delivery()
    routes = {route.id: route for route in load_routes(settings.reference)}
    if not routes or not layout.database.exists():
        return done
    layout.alerts.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + _TOTAL_SECONDS
    try:
        with FileLock(layout.alerts / "delivery.lock").acquire(timeout=patience):
            while time.monotonic() < ends and (message := _next(layout, settings, routes, set(done.failed), at_once, patience)):
                reason = _send(message, settings)
                _keep(layout, message.row, reason)
                if reason is None:
                    done.sent += 1
                else:
                    done.failed[message.route.id] = reason
    except (WriterBusy, Timeout):
        done.busy = True
    return done


def tell(settings: Settings, findings: Iterable[Finding], told: Sequence[str]) -> list[str]:
    """Tell of what fails at once, past the outbox, every route that wants to know and was not ``told``.

    For what can't be recorded. Returns who was told of what, to be given the next time; what can't be sent waits for that.
    """
    now, again = datetime.now(UTC), []
    try:
        routes = load_routes(settings.reference)
    except RouteError:
        return list(told)
    for finding in findings:
        [alert] = (row | {"about": "opened", "recorded_at": now, "opened_at": now} for row in finding.rows())
        for route in routes:
            key = f"{finding.expectation}:{route.id}"
            if finding.expectation in told or key in told or not route.wants(alert):
                again.append(key)
                continue
            title, body = digest(route, [alert | _UNNAMED], run_id="-", state={}, sentences={}, link=settings.dagster_url)
            if _send(Message(route, {}, title, body), settings) is None:
                again.append(key)
    return again


def _next(
    layout: Layout, settings: Settings, routes: dict[str, Route], passed: set[str], at_once: bool, patience: float
) -> Message | None:
    """The first message that is due, of a route of which none before it was passed over; None where there is none."""
    with opened(layout, patience) as database:
        for row in outbox.waiting(database):
            route = routes.get(row["route_id"])
            if route is None or route.id in passed:
                continue
            if at_once or _is_due(row):
                return _message(database, settings, route, row)
            passed.add(route.id)
    return None


def _is_due(row: dict[str, Any]) -> bool:
    """Whether a message is to be tried: two minutes after it failed, then four, eight, at last every hour."""
    if not row["failures"]:
        return True
    wait = min(timedelta(minutes=2 ** min(row["failures"], 10)), _LONGEST_WAIT)
    return bool(datetime.now(UTC) - row["failed_at"] >= wait)


def _message(database: Database, settings: Settings, route: Route, row: dict[str, Any]) -> Message:
    alerts = outbox.contents(database, row)
    sentences = database.rows("alerts/sentences", observation_ids=sorted(examples_of(alerts)))
    title, body = digest(
        route,
        alerts,
        run_id=row["run_id"],
        state=database.rows("alerts/state")[0],
        sentences={sentence["observation_id"]: sentence["quote"] for sentence in sentences},
        link=f"{settings.dagster_url.rstrip('/')}/runs/{row['run_id']}" if settings.dagster_url else "",
    )
    return Message(route, row, title, body)


def _send(message: Message, settings: Settings) -> str | None:
    try:
        send(message.route, settings.secrets, message.title, message.body, settings.alert_timeout_seconds)
    except ChannelError as error:
        return str(error)
    return None


def _journal(layout: Layout) -> Path:
    return layout.alerts / "attempts.jsonl"


def _keep(layout: Layout, row: dict[str, Any], reason: str | None) -> None:
    """Note on disk what came of a message, before anything else is done."""
    kept = {name: row[name] for name in ("route_id", "run_id", "last_alert")}
    with _journal(layout).open("a", encoding="utf-8") as file:
        file.write(json.dumps(kept | {"reason": reason, "at": datetime.now(UTC).isoformat()}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _note_sent(layout: Layout, database: Database) -> None:
    """Move what was noted on disk into the database."""
    journal = _journal(layout)
    try:
        lines = journal.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    with database.transaction():
        for line in lines:
            try:
                kept = json.loads(line)
            except ValueError:  # half a line of a process that was killed: the message is sent again
                continue
            outbox.note_attempt(database, kept, datetime.fromisoformat(kept["at"]), kept["reason"])
    journal.unlink()
