"""Answering a query on the published version: its limits, and the formats its rows are written in.

Belongs here: what `kpi sql` and `kpi query` share.
Does not: the queries (query.py, question.py), locking a connection down (store/guard.py).
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pipelines.errors import UserError
from pipelines.limits import query_limits
from pipelines.paths import Layout

if TYPE_CHECKING:
    import duckdb

_BATCH = 5000
_BESIDE_MB = 1000  # what the program itself takes, and DuckDB outside of the buffers that its own limit counts
_PER_CORE_MB = 16  # stacks of its threads


Counted = Callable[[], contextlib.AbstractContextManager[None]]


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def answer(text: str, parameters: dict[str, Any] | None, format: Format) -> None:
    """Run a query on the published version within the limits, and write its rows to standard output.

    Raises ``UserError`` for whatever DuckDB or a limit has against it.
    """
    import duckdb

    from pipelines.store.guard import Clock, QueryTooLarge, confine
    from pipelines.store.versions import open_current

    timeout, memory = query_limits()
    with open_current(Layout.from_environment()) as connection:
        confine(connection, memory)
        _limit_process(memory)
        clock = Clock(connection, timeout, _end)
        try:
            with clock.counted():
                relation = connection.sql(text, params=parameters) if parameters else connection.sql(text)
            if relation is None:
                raise UserError("the query returns no rows; kpi sql answers SELECT, DESCRIBE, SHOW and the like")
            write_rows(relation, format, clock.counted)
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise QueryTooLarge(
                f"the query needs more than {memory:g} MB of memory; narrow it, or raise KPI_QUERY_MEMORY_MB"
            ) from error
        except duckdb.Error as error:
            raise UserError(f"{error}") from error


def _end(error: UserError) -> None:
    """End the process from any thread: the query goes on and can't be asked to stop."""
    os.write(2, f"kpi: {error}\n".encode())
    os._exit(1)


def _limit_process(memory_mb: float) -> None:
    """Have the system refuse what functions take beside DuckDB's buffers (``range``, ``repeat``), which it does not count."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    wanted = int(memory_mb + _BESIDE_MB + _PER_CORE_MB * (os.cpu_count() or 1)) * 1_000_000
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if soft == resource.RLIM_INFINITY or wanted < soft:
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def write_rows(relation: duckdb.DuckDBPyRelation, format: Format, counted: Counted = contextlib.nullcontext) -> None:
    """Write rows to standard output in a format; what DuckDB does for it is done inside ``counted()``."""
    match format:
        case Format.TABLE:
            _write_table(relation, counted)
        case Format.CSV:
            _write_csv(relation, counted)
        case Format.JSON:
            _write_json(relation, counted)
        case Format.PARQUET:
            _write_parquet(relation, counted)


def _write_table(relation: duckdb.DuckDBPyRelation, counted: Counted) -> None:
    import shutil

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 100_000
    shown = io.StringIO()
    with counted(), contextlib.redirect_stdout(shown):
        relation.show(max_width=width, max_rows=100_000)
    sys.stdout.write(shown.getvalue())


def _write_csv(relation: duckdb.DuckDBPyRelation, counted: Counted) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")  # for pipes; Excel reads it too
    writer.writerow(relation.columns)
    for rows in _batches(relation, counted):
        writer.writerows(rows)


def _write_json(relation: duckdb.DuckDBPyRelation, counted: Counted) -> None:
    import json

    if len(set(relation.columns)) < len(relation.columns):
        raise UserError("two columns have the same name, which JSON can't keep; name them apart with AS")
    between = "[\n"
    for rows in _batches(relation, counted):
        for row in rows:
            found = dict(zip(relation.columns, map(_as_json, row), strict=True))
            sys.stdout.write(between + json.dumps(found, ensure_ascii=False, indent=1))
            between = ",\n"
    sys.stdout.write("[]\n" if between.startswith("[") else "\n]\n")


def _write_parquet(relation: duckdb.DuckDBPyRelation, counted: Counted) -> None:
    if sys.stdout.isatty():
        raise UserError("parquet is binary; send it to a file: kpi sql … --format parquet > rows.parquet")
    import pyarrow.parquet

    with counted():
        batches = relation.to_arrow_reader()
    with pyarrow.parquet.ParquetWriter(sys.stdout.buffer, batches.schema) as writer:
        while True:
            with counted():
                batch = next(batches, None)
            if batch is None:
                return
            writer.write_batch(batch)


def _batches(relation: duckdb.DuckDBPyRelation, counted: Counted) -> Iterator[list[Any]]:
    while True:
        with counted():
            rows = relation.fetchmany(_BATCH)
        if not rows:
            return
        yield rows


def _as_json(value: object) -> object:
    """What JSON has no form for: decimals become numbers, NaN and the infinite null, dates and the rest text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return float(value) if math.isfinite(value) else None
        case list() | tuple():
            return [_as_json(item) for item in value]
        case dict():
            return {str(key): _as_json(item) for key, item in value.items()}
        case _:
            return str(value)
