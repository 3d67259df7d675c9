"""What a steward decides of rows in quarantine, and of facts: release, reject.

Belongs here: listing what is in quarantine, keeping a decision beside those of corrections.yaml (core.correction).
Does not: applying one (sql/line/apply_corrections.sql, by the next run), which expectations a person may overrule
(expectations/).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from pipelines.errors import UserError
from pipelines.paths import Layout
from pipelines.store.database import Database
from pipelines.store.statements import attach

RELEASE, REJECT = "release", "reject"
DECIDED = frozenset({"rejected", "correction_is_stale"})  # findings that a new decision takes the place of


class UndecidableError(UserError):
    """A decision can't be kept; the message says of which observation, and what can be done instead."""


def in_quarantine(database: Database, expectation: str, metric: str, decided: bool, most: int) -> list[dict[str, Any]]:
    """The observations in quarantine whose expectations and metric are like these (``%``: any), the latest first."""
    return database.rows("show/quarantine", expectation=expectation, metric=metric, decided=decided, most=most)


def decide(
    database: Database, observation_ids: Sequence[str], action: str, reason: str, by: str, overrulable: Collection[str]
) -> None:
    """Keep a decision on each of the observations, all or none; the next run reads their documents anew and applies it.

    ``overrulable`` are the expectations that a release overrules. The decision holds for the row as it was read: a reading that
    gives another value makes it stale. Raises ``UndecidableError``.
    """
    with database.transaction():
        for observation_id in dict.fromkeys(observation_ids):
            known = database.rows("show/decidable", observation_id=observation_id)
            if not known:
                raise UndecidableError(
                    f"{observation_id}: no such observation is in quarantine or among the facts; see kpi quarantine list"
                )
            fails = sorted(set(known[0]["expectations"]) - DECIDED - set(overrulable))
            if action == RELEASE and fails:
                raise UndecidableError(
                    f"{observation_id} fails {', '.join(fails)}, which can't be overruled; say what is right in"
                    f" corrections.yaml (set), or reject it: kpi quarantine reject {observation_id}"
                )
            database.run(
                "line/note_decision",
                observation_id=observation_id,
                action=action,
                reason=reason,
                by=by,
                now=database.moment(),
            )


def copy_decisions(layout: Layout, to: Layout) -> None:
    """Give a new warehouse what stewards decided in another: no file holds it."""
    with Database(to) as database:
        attach(database.connection, layout.database, "decided")
        database.run("line/copy_decisions")
        database.connection.execute("detach decided")
