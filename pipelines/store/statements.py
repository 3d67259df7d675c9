"""SQL files by name (``statement("line/append_facts")`` is `sql/line/append_facts.sql`), and rows by column name."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.paths import SQL

EVER = datetime(1970, 1, 1, tzinfo=UTC)  # since when a statement looks that is to look at everything


@cache
def statement(name: str) -> str:
    """The text of one file of `sql/`. Raises ``FileNotFoundError``."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def statements(folder: str) -> list[tuple[str, str]]:
    """(name, text) of every file of a folder of `sql/`, in the order of their names."""
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted((SQL / folder).glob("*.sql"))]


def exists(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether a table or view (``core.correction``) stands in this file; an earlier release's may lack it."""
    query = "select 1 from information_schema.tables where table_schema || '.' || table_name = ?"
    return connection.execute(query, [name]).fetchone() is not None


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a database file, read-only, under a name of ours. Raises ``duckdb.Error``."""
    connection.execute(f"attach {literal(str(path))} as {name} (read_only)")


def literal(text: str) -> str:
    """A string literal as SQL writes it, whatever it holds."""
    return "'" + text.replace("'", "''") + "'"


def as_rows(cursor: duckdb.DuckDBPyConnection, size: int | None = None) -> list[dict[str, Any]]:
    """The rows that a cursor has left (at most ``size`` of them), each a dictionary."""
    columns = [column[0] for column in cursor.description or ()]
    rows = cursor.fetchall() if size is None else cursor.fetchmany(size)
    return [dict(zip(columns, row, strict=True)) for row in rows]
