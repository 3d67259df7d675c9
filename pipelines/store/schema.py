"""The schema: `sql/schema/NNN_*.sql`, applied forward, each once, with its checksum.

Belongs here: bringing a database to the newest schema. Does not: any statement of it.
"""

from __future__ import annotations

import hashlib

import duckdb

from pipelines.errors import UserError
from pipelines.store.statements import statements


class SchemaError(UserError):
    """The database and `sql/schema/` don't fit each other; the message says what to do."""


def migrate(connection: duckdb.DuckDBPyConnection) -> int:
    """Apply the migrations that the database lacks, each in a transaction; returns how many.

    Raises ``SchemaError`` where an applied file has changed since, or the database knows a newer one.
    """
    connection.execute(
        "create table if not exists schema_migration (name varchar primary key, checksum varchar, applied_at timestamptz)"
    )
    applied = dict(connection.execute("select name, checksum from schema_migration").fetchall())
    known = statements("schema")
    if newer := set(applied) - {name for name, _ in known}:
        raise SchemaError(
            f"the database has migrations that this program lacks ({', '.join(sorted(newer))}); update the program"
        )
    count = 0
    for name, text in known:
        checksum = hashlib.sha256(text.encode()).hexdigest()
        if name in applied:
            if applied[name] != checksum:
                raise SchemaError(f"sql/schema/{name}.sql has changed since it was applied; restore it and add a new file")
            continue
        connection.begin()
        try:
            connection.execute(text)
            connection.execute("insert into schema_migration values (?, ?, now())", [name, checksum])
            connection.commit()
        except duckdb.Error as error:
            connection.rollback()
            raise SchemaError(f"sql/schema/{name}.sql: {error}") from error
        count += 1
    return count
