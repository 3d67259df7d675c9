"""What is exported: the chosen rows of a mart of the published version, with the documents and code lists behind them.

Belongs here: reading the published version. Does not: writing files.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import reduce
from operator import or_

import duckdb
import polars as pl

from pipelines.errors import UserError
from pipelines.export.columns import DOCUMENT, ESSENTIAL, OBSERVATION, Column, arranged
from pipelines.export.licence import Licence
from pipelines.export.periods import TIME_PERIOD
from pipelines.store.statements import statement

CODE_LISTS = ("metric", "unit", "place", "platform", "source")
_ORDER = ("metric_id", "place_key", "kind", "tier", "period_end", "observation_id")
_OPTIONS = {
    "metrics": ("--metric", ("metric_id",)),
    "places": ("--place", ("place_key", "place", "place_full_name")),
    "provinces": ("--province", ("province",)),
    "kinds": ("--kind", ("kind",)),
}


class NothingSelected(UserError):
    """The mart, or what was asked of it, has no rows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: those of ``mart`` that fit every field that isn't empty. Names in any case of letters."""

    mart: str = "latest_observation"
    metrics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # keys, or names with or without the level word
    provinces: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """Rows and what is known of them. ``frame`` and ``documents`` have the columns that go with them, in order;
    ``code_lists`` the dimensions as the warehouse has them, by the names of ``CODE_LISTS``.
    """

    mart: str
    frame: pl.DataFrame
    columns: tuple[Column, ...]
    documents: pl.DataFrame
    document_columns: tuple[Column, ...]
    code_lists: dict[str, pl.DataFrame]
    version: str
    built_at: datetime
    licence: Licence

    @property
    def is_observations(self) -> bool:
        """Whether a row is an observation, with the columns declared for it."""
        return set(self.frame.columns) >= ESSENTIAL


def select(connection: duckdb.DuckDBPyConnection, wanted: Wanted, licence: Licence) -> Export:
    """Read what is wanted from the published version.

    Raises ``UserError`` for a mart that isn't there or lacks the column of a filter, ``NothingSelected``.
    """
    rows = _filtered(_mart(connection, wanted.mart), wanted)
    frame = rows.order(", ".join(name for name in _ORDER if name in rows.columns) or "all").pl()
    if frame.is_empty():
        raise NothingSelected(_why_nothing(connection, wanted))
    code_lists = {name: connection.table(f"core.dim_{name}").order("all").pl() for name in CODE_LISTS}
    documents = connection.execute(statement("export/documents")).pl()
    comments = _comments(connection, wanted.mart)
    declared: tuple[Column, ...] = ()
    if set(frame.columns) >= ESSENTIAL:
        declared = OBSERVATION
        units = code_lists["unit"].select("unit_id", unit="name_vi")
        frame = frame.join(units, on="unit_id", how="left", maintain_order="left").with_columns(period=TIME_PERIOD)
    columns = arranged(frame, declared, comments)
    [(version, built_at)] = connection.execute("select version, built_at from ops.version").fetchall()
    behind = _documents_behind(connection, frame)
    return Export(
        mart=wanted.mart,
        frame=frame.select(column.name for column in columns),
        columns=columns,
        documents=documents.filter(pl.col("document_id").is_in(behind.implode())).select(c.name for c in DOCUMENT),
        document_columns=DOCUMENT,
        code_lists=code_lists,
        version=version,
        built_at=built_at,
        licence=licence,
    )


def _mart(connection: duckdb.DuckDBPyConnection, name: str) -> duckdb.DuckDBPyRelation:
    marts = [row[0] for row in connection.execute(statement("export/marts")).fetchall()]
    if name not in marts:
        raise UserError(f"mart.{name}: no such mart; there are {', '.join(marts)}")
    return connection.sql("from query_table($mart)", params={"mart": f"mart.{name}"})  # table() refuses views


def _filtered(rows: duckdb.DuckDBPyRelation, wanted: Wanted) -> duckdb.DuckDBPyRelation:
    """The rows that fit; values go in as constants of the query, never as its text."""
    for field, (option, names) in _OPTIONS.items():
        values: tuple[str, ...] = getattr(wanted, field)
        if not values:
            continue
        columns = [name for name in names if name in rows.columns]
        if not columns:
            raise UserError(f"mart.{wanted.mart} has no column {names[0]}, which {option} is asked of; leave {option} out")
        constants = [duckdb.ConstantExpression(_folded(value)) for value in values]
        lowered = (duckdb.FunctionExpression("lower", duckdb.ColumnExpression(column)) for column in columns)
        rows = rows.filter(reduce(or_, (column.isin(*constants) for column in lowered)))
    return rows


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip()).lower()


def _why_nothing(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> str:
    """Which word of the question nothing answers to."""
    asked = [f"{_OPTIONS[field][0]} {value!r}" for field in _OPTIONS for value in getattr(wanted, field)]
    if not asked:
        return f"mart.{wanted.mart} is empty; run the line on documents that state figures (kpi add, kpi run)"
    known = [row[0] for row in connection.table("core.dim_metric").project("metric_id").fetchall()]
    for metric in wanted.metrics:
        if _folded(metric) not in known:
            near = get_close_matches(metric, known, n=3) or ["core.dim_metric has them all"]
            return f"no metric is called {metric!r}; near it: {', '.join(near)}"
    return f"mart.{wanted.mart} has no row for {', '.join(asked)} together; ask for less, or look there with kpi sql"


def _comments(connection: duckdb.DuckDBPyConnection, mart: str) -> dict[str, str]:
    return dict(connection.execute(statement("export/comments"), {"mart": mart}).fetchall())


def _documents_behind(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> pl.Series:
    """The ids of the documents that the rows name, or that the observations they name were read from."""
    if "document_id" in frame.columns:
        return frame["document_id"].unique()
    ids = pl.concat([pl.Series(dtype=pl.String), *_observation_ids(frame)])
    facts = connection.table("core.fact_observation").project("observation_id, document_id").pl()
    return facts.filter(pl.col("observation_id").is_in(ids.implode()))["document_id"].unique()


def _observation_ids(frame: pl.DataFrame) -> Iterable[pl.Series]:
    for name, dtype in frame.schema.items():
        if name.endswith(("observation_id", "observation_ids")):
            yield frame[name].explode() if isinstance(dtype, pl.List) else frame[name]
