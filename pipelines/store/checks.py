"""Checks on the whole before it is published: the files of `sql/checks/`, each a select of the rows that are wrong.

Belongs here: running them on the pipeline's database beside the published version, and their results.
Does not: the checks themselves, what becomes of a failed one (assets/).

A check reads `new_fact`, the facts recorded since the published version was built, where older ones can't have changed,
so that its cost follows what is new; `published` is the version that would be replaced.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import duckdb

from pipelines.paths import Layout
from pipelines.store.statements import as_rows, attach, statement, statements
from pipelines.store.versions import readable_version

_SAMPLE = 5
_HEAD = re.compile(r"--\s*(critical|warning|info)\s*·\s*owner:\s*(.+)\n--\s*(.+)")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a file of `sql/checks/` found: the failing rows, and its header's severity, owner and meaning."""

    name: str
    severity: str
    owner: str
    meaning: str
    failing_rows: int
    sample: str | None  # JSON
    metric_ids: tuple[str, ...]
    place_keys: tuple[str, ...]
    subjects: tuple[tuple[str | None, str | None], ...] = ()  # which of them together


def check_head(name: str, text: str) -> tuple[str, str, str]:
    """(severity, owner, meaning) from the first two lines of a check. Raises ``ValueError``."""
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(f"sql/checks/{name}.sql: begin with '-- critical · owner: WHO' and a line of meaning")
    return head[1], head[2].strip(), head[3].strip()


def attach_published(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Attach the published version as ``published``; an empty one where there is none. Not in a transaction."""
    version = readable_version(layout)
    if version:
        attach(connection, version, "published")
        return
    connection.execute("attach ':memory:' as published")
    here = connection.execute("select current_database()").fetchone()
    connection.execute("use published")
    for _, text in statements("schema"):
        connection.execute(text)
    connection.execute(f'use "{here[0]}"' if here else "use main")


def run_checks(connection: duckdb.DuckDBPyConnection, whole: bool) -> list[CheckResult]:
    """Run every file of `sql/checks/` on what is recorded and built, on all of it or on what is new.

    ``published`` must be attached.
    """
    connection.execute(statement("line/new_facts"), {"whole": whole})
    return [_check(connection, name, text) for name, text in statements("checks")]


def _check(connection: duckdb.DuckDBPyConnection, name: str, text: str) -> CheckResult:
    rows = as_rows(connection.execute(text))
    sample = json.dumps(rows[:_SAMPLE], ensure_ascii=False, default=str) if rows else None
    metric_ids, place_keys = (
        tuple(sorted({row[column] for row in rows if row.get(column)})) for column in ("metric_id", "place_key")
    )
    subjects = tuple(dict.fromkeys((row.get("metric_id"), row.get("place_key")) for row in rows))
    return CheckResult(name, *check_head(name, text), len(rows), sample, metric_ids, place_keys, subjects)
