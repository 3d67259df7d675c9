"""Checks on the whole before it is published: the files of `sql/checks/`, each a select of the rows that are wrong.

Belongs here: running them on the pipeline's database beside the published version, and their results.
Does not: the checks themselves, what becomes of a failed one (assets/).

A check reads `new_fact`, the facts recorded since the published version was built, where older ones can't have changed,
`unpublished_fact`, those of them that hold and no version has held, and `step`, from one figure of a series to the next where
either is one of them, so that its cost follows what is new. `published` is the version that would be replaced, `expected` an
empty database of this program's schema, getvariable('today') the day.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from pipelines.paths import Layout
from pipelines.store.statements import as_rows, attach, statement, statements
from pipelines.store.versions import readable_version

_SAMPLE = 5
_HEAD = re.compile(r"--\s*(critical|warning|info)\s*·\s*owner:\s*([^·\n]+?)\s*(· of what is new)?\s*\n--\s*(.+)")


@dataclass(frozen=True, slots=True)
class CheckHead:
    """What the first two lines of a check say. ``standing``: it looks at how things stand, not only at what is new."""

    severity: str
    owner: str
    standing: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a file of `sql/checks/` found: how many rows are wrong, and what they speak of; or why it could not look."""

    name: str
    head: CheckHead
    failing_rows: int
    sample: str | None  # JSON
    metric_ids: tuple[str, ...]
    place_keys: tuple[str, ...]
    error: str | None = None

    @property
    def success(self) -> bool:
        return self.error is None and self.failing_rows == 0

    @property
    def blocks(self) -> bool:
        """Whether nothing may be published: a critical check failed, or any could not look."""
        return self.error is not None or (self.head.severity == "critical" and not self.success)


def check_head(name: str, text: str) -> CheckHead:
    """The head of a check. Raises ``ValueError``."""
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(
            f"sql/checks/{name}.sql: begin with '-- critical · owner: WHO' (and '· of what is new' where it looks at nothing"
            " else), and a line of meaning"
        )
    return CheckHead(head[1], head[2], head[3] is None, head[4].strip())


def attach_published(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Attach the published version, or an empty one, as ``published``, and ``expected``. Not in a transaction."""
    _attach_empty(connection, "expected")
    if version := readable_version(layout):
        attach(connection, version, "published")
    else:
        _attach_empty(connection, "published")


def detach_published(connection: duckdb.DuckDBPyConnection) -> None:
    """Take back what ``attach_published`` did."""
    connection.execute("detach published; detach expected")


def run_checks(connection: duckdb.DuckDBPyConnection, whole: bool, today: date | None = None) -> list[CheckResult]:
    """Run every file of `sql/checks/` on what is recorded and built, on all of it or on what is new.

    One that raises has failed, and the others run: call it outside a transaction, which an error would end.
    ``published`` must be attached.
    """
    connection.execute(f"set variable today = date '{today or date.today()}'")
    connection.execute(statement("line/new_facts"), {"whole": whole})
    connection.execute(statement("line/steps"))
    return [_check(connection, name, text) for name, text in statements("checks")]


def _check(connection: duckdb.DuckDBPyConnection, name: str, text: str) -> CheckResult:
    head = check_head(name, text)
    try:
        connection.execute(f"create or replace temp table failing as {text}")
        rows = as_rows(connection.execute(f"from failing limit {_SAMPLE}"))
        [(count,)] = connection.execute("select count(*) from failing").fetchall()
        metrics, places = (_distinct(connection, name, rows[:1]) for name in ("metric_id", "place_key"))
    except duckdb.Error as error:
        return CheckResult(name, head, 0, None, (), (), str(error))
    sample = json.dumps(rows, ensure_ascii=False, default=str) if rows else None
    return CheckResult(name, head, count, sample, metrics, places)


def _distinct(connection: duckdb.DuckDBPyConnection, column: str, of: list[dict[str, Any]]) -> tuple[str, ...]:
    """The values of a column of the failing rows, of which ``of`` has one; nothing where they have no such column."""
    if not of or column not in of[0]:
        return ()
    rows = connection.execute(f"select distinct {column} from failing where {column} is not null order by 1").fetchall()
    return tuple(row[0] for row in rows)


def _attach_empty(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(f"attach ':memory:' as {name}")
    here = connection.execute("select current_database()").fetchone()
    connection.execute(f"use {name}")
    for _, text in statements("schema"):
        connection.execute(text)
    connection.execute(f'use "{here[0]}"' if here else "use main")
