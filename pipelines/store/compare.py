"""Comparing two databases: two published versions, or what stands with what is rebuilt from the raw documents.

Belongs here: attaching both and asking. Does not: the comparisons (sql/compare/), printing them (cli/versions.py).
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import UserError
from pipelines.store.statements import attach, statement


class CanNotCompare(UserError):
    """One of two databases can't be read, or is of an older schema."""


VERSION_CHANGES = {
    "facts added": "version_facts_added",
    "facts superseded": "version_facts_superseded",
    "latest values changed": "version_latest_changed",
}


def compare_versions(before: Path, after: Path) -> dict[str, pl.DataFrame]:
    """What changed from one version to a later one: a frame for each of ``VERSION_CHANGES``. Raises ``CanNotCompare``."""
    with _attached(before, after) as connection:
        return {what: connection.execute(statement(f"compare/{name}")).pl() for what, name in VERSION_CHANGES.items()}


def compare_rebuilt(stood: Path, rebuilt: Path) -> pl.DataFrame:
    """What holds in one of two pipeline databases and not in the other: columns what, side, id, says, document_id."""
    with _attached(stood, rebuilt) as connection:
        return connection.execute(statement("compare/rebuilt")).pl()


def _attached(before: Path, after: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for name, path in (("before", before), ("after", after)):
        try:
            attach(connection, path, name)
            connection.execute(f"from {name}.core.supersession limit 0")
        except duckdb.CatalogException as error:
            raise CanNotCompare(f"{path.stem} was made by an older version of the program; it can't be compared") from error
        except duckdb.Error as error:
            raise CanNotCompare(f"{path} can't be read ({error})") from error
    connection.execute("set timezone = 'UTC'")
    return connection
