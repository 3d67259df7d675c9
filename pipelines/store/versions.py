"""Published versions: immutable DuckDB files, and a pointer that is switched atomically.

Belongs here: building a candidate, checking it, making it a version, pointing to it, opening it.
Does not: the marts and checks themselves (sql/marts, sql/checks).

A version is a new file under a new name, so a reader of an old one is never disturbed; the pointer is
a small text file replaced by ``rename``. Analysts open versions, never the pipeline's database.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.errors import UserError
from pipelines.paths import Layout
from pipelines.store.statements import as_rows, statement, statements

POINTER = "CURRENT"
_SAMPLE = 5
_PASSED = ".passed"
_VERSION = re.compile(r"kpi-\d{6,}\.duckdb")
_HEAD = re.compile(r"--\s*(critical|warning|info)\s*·\s*owner:\s*(.+)\n--\s*(.+)")


class NothingPublished(UserError):
    """There is no version to read yet."""


class VersionDamaged(UserError):
    """The version that the pointer names can't be read."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a file of `sql/checks/` found: the failing rows, and its header's severity, owner and meaning."""

    name: str
    severity: str
    owner: str
    meaning: str
    failing_rows: int
    sample: str | None  # JSON


def current_version(layout: Layout) -> Path | None:
    """The file that analysts read now; None before the first publication or where the pointer names none."""
    try:
        name = (layout.published / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    path = layout.published / name
    return path if _VERSION.fullmatch(name) and path.is_file() else None


def open_current(layout: Layout) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the current version. Raises ``NothingPublished``, ``VersionDamaged``."""
    path = current_version(layout)
    if path is None:
        raise NothingPublished(f"nothing is published in {layout.folder} yet; add documents (kpi add) and run (kpi run)")
    try:
        connection = duckdb.connect(str(path), read_only=True)
        connection.execute("set timezone = 'UTC'; from ops.version")
    except duckdb.Error as error:
        raise VersionDamaged(f"{path} can't be read; kpi run builds a new version ({error})") from error
    return connection


def published_sequence(layout: Layout) -> int:
    """The last run whose facts are published; 0 where no version can be read."""
    try:
        with open_current(layout) as connection:
            row = connection.execute("select max(sequence) from ops.version").fetchone()
    except (NothingPublished, VersionDamaged):
        return 0
    return int(row[0]) if row and row[0] is not None else 0


def build_candidate(layout: Layout, run_id: str) -> Path:
    """Copy the pipeline's tables into a new file and build the marts there; returns the file.

    Candidates that an earlier run left are removed first; versions never are, and no number is used twice.
    """
    for left in layout.published.glob(".kpi-*"):
        left.unlink()
    number = 1 + max((_number(path) for path in _versions(layout)), default=0)
    version = f"kpi-{number:06d}"
    path = layout.published / f".{version}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("set timezone = 'UTC'")
        for _, text in statements("schema"):
            connection.execute(text)
        connection.execute("drop schema stage cascade")
        connection.execute(f"attach '{_quoted(layout.database)}' as pipeline (read_only)")
        for schema, table in connection.execute(statement("line/published_tables")).fetchall():
            connection.execute(f"insert into {schema}.{table} by name select * from pipeline.{schema}.{table}")
        connection.execute("detach pipeline")
        connection.execute(statement("line/note_version"), {"version": version, "run_id": run_id, "now": datetime.now(UTC)})
        for _, text in statements("marts"):
            connection.execute(text)
        connection.execute("checkpoint")
    return path


def check_candidate(layout: Layout, candidate: Path) -> list[CheckResult]:
    """Run every file of `sql/checks/` on the candidate; ``published`` there is the version it would replace."""
    before = _readable_version(layout)
    with duckdb.connect(":memory:") as connection:
        if before:
            connection.execute(f"attach '{_quoted(before)}' as published (read_only)")
        else:  # the first version replaces an empty one
            connection.execute("attach ':memory:' as published; use published")
            for _, text in statements("schema"):
                connection.execute(text)
        connection.execute(f"attach '{_quoted(candidate)}' as candidate (read_only); use candidate")
        return [_check(connection, name, text) for name, text in statements("checks")]


def point_to(layout: Layout, candidate: Path, keep: int) -> Path:
    """Make the candidate a version and switch the pointer to it; all but ``keep`` versions are removed."""
    version = layout.published / (candidate.name.removeprefix(".").removesuffix(_PASSED) + ".duckdb")
    os.replace(candidate, version)
    pointer = layout.published / POINTER
    part = pointer.with_name(f".{POINTER}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(version.name)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, pointer)
    for old in _versions(layout)[:-keep]:
        if old != version:
            old.unlink(missing_ok=True)
    return version


def pass_candidate(candidate: Path) -> Path:
    """Mark a candidate as one whose checks passed: only such a one is ever published."""
    passed = candidate.with_name(candidate.name.removesuffix(".duckdb") + _PASSED)
    os.replace(candidate, passed)
    return passed


def passed_candidate(layout: Layout) -> Path | None:
    """The candidate that passed its checks and waits to be published, if there is one."""
    return max(layout.published.glob(f".kpi-*{_PASSED}"), default=None)


def check_head(name: str, text: str) -> tuple[str, str, str]:
    """(severity, owner, meaning) from the first two lines of a check. Raises ``ValueError``."""
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(f"sql/checks/{name}.sql: begin with '-- critical · owner: WHO' and a line of meaning")
    return head[1], head[2].strip(), head[3].strip()


def _check(connection: duckdb.DuckDBPyConnection, name: str, text: str) -> CheckResult:
    rows = as_rows(connection.execute(text))
    sample = json.dumps(rows[:_SAMPLE], ensure_ascii=False, default=str) if rows else None
    return CheckResult(name, *check_head(name, text), len(rows), sample)


def _readable_version(layout: Layout) -> Path | None:
    try:
        open_current(layout).close()
    except (NothingPublished, VersionDamaged):
        return None
    return current_version(layout)


def _versions(layout: Layout) -> list[Path]:
    return sorted(layout.published.glob("kpi-*.duckdb"))


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
