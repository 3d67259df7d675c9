"""The outbox: problems as they open and end, who is to be told, what was sent. Everything of it stands in the database.

Belongs here: turning results into problems, problems into alerts of routes, and the state of messages.
Does not: sending (delivery.py), words (digest.py), looking for trouble beyond results (watch.py).

A problem is one expectation and, where rows say so, one metric and place. It opens once and is solved once, however many
runs see it; what follows from results is written in the transaction that records them.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from pipelines.reference.routes import Route, RouteError, load_routes
from pipelines.settings import read_settings
from pipelines.store.database import Database

_LOG = logging.getLogger(__name__)
OPERATOR = "operator"
KINDS = ("check", "failed_run", "overdue_run", "stale_source", "failed_channel")
_ALERTING = ("critical", "warning")
_ALERT = ("route_id", "about", "event_id", "problem_id")  # what ops.alert takes of a row of `sql/alerts/to_address.sql`
_COLUMNS = {
    "failing": pl.Boolean,
    "looked": pl.Boolean,
    "problem_id": pl.String,
    "kind": pl.String,
    "suite": pl.String,
    "expectation": pl.String,
    "metric_id": pl.String,
    "place_key": pl.String,
    "scope": pl.String,
    "severity": pl.String,
    "owner": pl.String,
    "reason": pl.String,
    "observed": pl.String,
    "failing_rows": pl.Int64,
    "sample": pl.String,
}
Subject = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one expectation: ``subjects`` are the metrics and places of what fails, none where all is well.

    A problem of this expectation that is not among the subjects is over, but where nothing was ``looked`` at, or where it is
    of rows: those stay held back, whatever the next ones are like.
    """

    suite: str
    expectation: str
    severity: str
    reason: str
    owner: str = OPERATOR
    kind: str = "check"
    scope: str = "table"
    subjects: tuple[Subject, ...] = ()
    looked: bool = True
    observed: str | None = None
    failing_rows: int = 0
    sample: str | None = None

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows of `sql/alerts/note_problems.sql`."""
        stated = {name: getattr(self, name) for name in _COLUMNS if name in self.__dataclass_fields__}
        sample = sample_rows(self.sample)
        for metric_id, place_key in self.subjects or ((None, None),):
            key = "\0".join((self.suite, self.expectation, metric_id or "", place_key or ""))
            yield stated | {
                "failing": bool(self.subjects) and self.severity in _ALERTING,
                "problem_id": hashlib.sha256(key.encode()).hexdigest()[:16],
                "metric_id": metric_id,
                "place_key": place_key,
                "sample": _of_subject(sample, metric_id, place_key),
            }


WHOLE: tuple[Subject, ...] = ((None, None),)  # the subjects of what fails as a whole


def sample_rows(sample: str | None) -> list[dict[str, Any]]:
    """The rows of a result's sample; none where it holds something else."""
    try:
        rows = json.loads(sample or "[]")
    except ValueError:
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def note(database: Database, run_id: str, now: datetime, findings: Iterable[Finding]) -> int:
    """Record the problems that open and end with what was found, and who is to be told. Call it in a transaction.

    Returns how many did. Never fails for the routes: while they can't be read nothing is addressed, and the next look does it.
    """
    found = [row for finding in findings for row in finding.rows()]
    if not any(row["failing"] for row in found) and not has_open(database):
        return 0
    with database.batch(pl.DataFrame(found, schema=_COLUMNS)):
        changed = _changed(database, "alerts/note_problems", now=now, run_id=run_id)
    changed += _changed(database, "alerts/solve_quarantined", now=now, run_id=run_id)
    if changed:
        try:
            address(database, load_routes(read_settings().reference), run_id, now)
        except RouteError as error:
            _LOG.warning("%s", error)
    return changed


def has_open(database: Database) -> bool:
    """Whether any problem is open."""
    return bool(database.connection.execute("select exists (from ops.open_problem)").fetchone() == (True,))


def address(database: Database, routes: Sequence[Route], run_id: str, now: datetime, remind: bool = False) -> int:
    """Put into the outbox what routes have not been told yet, or not for long (``remind``: all that stands); returns how many
    alerts that made.

    A route hears of the end of what it was told of, also where it would not be told of it any more.
    """
    if not routes:
        return 0
    by_id = {route.id: route for route in routes}
    after = [timedelta(0) if remind else route.remind_after for route in routes]
    with database.batch(pl.DataFrame({"route_id": list(by_id), "remind_after": after})):
        rows = database.rows("alerts/to_address", now=now)
    wanted = (row for row in rows if row["about"] == "solved" or by_id[row["route_id"]].wants(row))
    return post(database, run_id, now, ({name: row[name] for name in _ALERT} for row in wanted))


def post(database: Database, run_id: str, now: datetime, alerts: Iterable[dict[str, Any]]) -> int:
    """Append alerts (route_id, about, and what they are about) to the outbox, in their order."""
    [(last,)] = database.connection.execute("select coalesce(max(alert_id), 0) from ops.alert").fetchall()
    stamp = {"recorded_at": now, "run_id": run_id}
    return database.insert(
        "ops.alert", [alert | stamp | {"alert_id": number} for number, alert in enumerate(alerts, start=last + 1)]
    )


def waiting(database: Database) -> list[dict[str, Any]]:
    """The messages that were not sent, those of a route in their order (rows of ops.alert_message)."""
    return database.rows("alerts/waiting")


def contents(database: Database, message: dict[str, Any]) -> list[dict[str, Any]]:
    """The alerts of a message with the problems that they are about, and since when these stand."""
    wanted = {name: message[name] for name in ("route_id", "first_alert", "last_alert", "run_id")}
    return database.rows("alerts/contents", **wanted)


def note_attempt(database: Database, message: dict[str, Any], now: datetime, reason: str | None) -> None:
    """Record that a message was sent, or why it could not be."""
    row = {"route_id": message["route_id"], "run_id": message["run_id"], "upto_alert": message["last_alert"]}
    database.insert("ops.alert_attempt", [row | {"sent": reason is None, "reason": reason, "recorded_at": now}])


def _of_subject(sample: list[dict[str, Any]], metric_id: str | None, place_key: str | None) -> str | None:
    """The rows of a sample that speak of a metric and place, or don't say of which."""
    subject = {"metric_id": metric_id, "place_key": place_key}
    rows = [row for row in sample if all(row.get(name, value) == value for name, value in subject.items())]
    return json.dumps(rows, ensure_ascii=False) if rows else None


def _changed(database: Database, name: str, **parameters: Any) -> int:
    row = database.run(name, **parameters).fetchone()
    return int(row[0]) if row else 0
