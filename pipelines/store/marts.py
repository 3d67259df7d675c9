"""Bringing the marts up to date: only where something was recorded since they were last built.

Belongs here: which marts are tables, what was touched, building them whole or in part.
Does not: what a mart says (sql/marts/), checking the whole (checks.py), publishing (versions.py).

Each file of `sql/marts/` is one select under a head, "-- mart.NAME · view", "· table" or "· table by metric". A table is
kept by metric and place: its select reads `scope`, the observations of the pairs in `touched`, so that building some pairs
anew and building all are the same statement. A table by metric is kept by the metrics in `touched`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import duckdb

from pipelines.store.statements import EVER, as_rows, statement, statements

_HEAD = re.compile(r"-- mart\.(\w+) · (view|table|table by metric)\n-- Grain: ")
_TOUCHED = {
    "table": "(metric_id, place_key) in (from touched)",
    "table by metric": "metric_id in (select metric_id from touched)",
}


@dataclass(frozen=True, slots=True)
class Build:
    """How the marts were built: how many pairs of metric and place anew, and whether these are all there are."""

    whole: bool
    touched: int
    definition: str


def mart_head(name: str, text: str) -> tuple[str, str]:
    """(the mart's name; view, table or table by metric) from the head of a file of `sql/marts/`. Raises ``ValueError``."""
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(
            f"sql/marts/{name}.sql: begin with '-- mart.NAME · view' (or table, table by metric) and '-- Grain: …'"
        )
    return head[1], head[2]


def definition() -> str:
    """A hash of everything that `sql/marts/` says, and `sql/schema/` that it builds on."""
    texts = (text for folder in ("schema", "marts") for _, text in statements(folder))
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:16]


def build_marts(connection: duckdb.DuckDBPyConnection, whole: bool = False) -> Build:
    """Bring every mart up to what is recorded. Call it in a transaction.

    They are built whole where they never were, where `sql/marts/`, `sql/schema/` or a dimension has changed since, and on
    request; views are made anew only then, for making one anew takes its comments away.
    """
    last = next(iter(as_rows(connection.execute(statement("line/last_build")))), None)
    whole = whole or last is None or last["definition"] != definition() or last["dimensions_changed"]
    connection.execute(statement("line/touch"), {"since": EVER if whole or last is None else last["built_at"]})
    if whole:
        _define(connection)
    [(parts,)] = connection.execute(statement("line/parts")).fetchall()
    for part in range(parts):
        _take(connection, parts, part)
        for name, text in statements("marts"):
            mart, form = mart_head(name, text)
            if form != "view":
                if not whole:
                    connection.execute(f"delete from mart.{mart} where {_TOUCHED[form]}")
                connection.execute(f"insert into mart.{mart} by name {text}")
    [(touched,)] = connection.execute("select count(*) from news").fetchall()
    return Build(whole, touched, definition())


def _define(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every view anew, and every table anew and empty."""
    for name, text in statements("marts"):
        mart, form = mart_head(name, text)
        connection.execute(f"create or replace {form.partition(' ')[0]} mart.{mart} as {text}")
        if mart == "observation_in_context":
            _take(connection, parts=1, part=1)  # nothing: the only part is part 0


def _take(connection: duckdb.DuckDBPyConnection, parts: int, part: int) -> None:
    """Make `touched` and `scope` those of one part of what is to be built."""
    connection.execute(statement("line/touch_part"), {"parts": parts, "part": part})
    connection.execute(statement("line/scope"))
