"""The data dictionary: what every table, view, column and macro means, from one file, `sql/dictionary.yaml`.

Belongs here: reading the file, putting it into a database as comments, telling what it lacks, writing it as Markdown.
Does not: any meaning (sql/dictionary.yaml), when the marts are built (marts.py).

A view made anew loses its comments, so they are looked at after each building of the marts. Only those that differ are
set, and what that costs follows the number of columns, not of rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.errors import UserError
from pipelines.paths import SQL
from pipelines.store.marts import build_marts
from pipelines.store.schema import migrate
from pipelines.store.statements import as_rows, literal, statement

PATH = SQL / "dictionary.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster; both are safe
_MADE = "Made from `sql/dictionary.yaml` by `kpi dictionary > warehouse/DICTIONARY.md`; do not edit."


class DictionaryError(UserError):
    """`sql/dictionary.yaml` can't be used; the message says where."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    comment: str = Field(min_length=1)
    columns: dict[str, str] = {}


class Dictionary(BaseModel):
    """The file's content: ``columns`` holds for every table that does not say otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, str] = {}
    tables: dict[str, _Table]
    macros: dict[str, str] = {}

    def meaning(self, item: Item) -> str | None:
        """What the file says of a table, view, column or macro; None where it says nothing."""
        if item.form == "macro":
            return self.macros.get(item.name)
        table = self.tables.get(item.table)
        if item.column_name is None:
            return table.comment if table else None
        own = table.columns if table else {}
        return own.get(item.column_name) or self.columns.get(item.column_name)


class Item(NamedTuple):
    """A row of `sql/describe/described.sql`: a table, view, column or macro of a database."""

    form: str
    schema_name: str
    name: str
    column_name: str | None
    type: str | None
    nullable: bool | None
    comment: str | None

    @property
    def table(self) -> str:
        return f"{self.schema_name}.{self.name}"

    @property
    def label(self) -> str:
        """As a person writes it: core.dim_unit, core.dim_unit.kind, as_of()."""
        if self.form == "macro":
            return f"{self.name}()"
        return f"{self.table}.{self.column_name}" if self.column_name else self.table


@cache
def load_dictionary() -> Dictionary:
    """The content of `sql/dictionary.yaml`. Raises ``DictionaryError``."""
    try:
        return Dictionary.model_validate(yaml.load(PATH.read_text(encoding="utf-8"), Loader=_LOADER))
    except (OSError, yaml.YAMLError) as error:
        raise DictionaryError(f"{PATH}: can't be read: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise DictionaryError(f"{PATH}: {wrong}") from error


def items(connection: duckdb.DuckDBPyConnection) -> list[Item]:
    """Everything in the connection's database that can be described, columns after their table."""
    return [Item(**row) for row in as_rows(connection.execute(statement("describe/described")))]


def describe(connection: duckdb.DuckDBPyConnection, dictionary: Dictionary | None = None) -> int:
    """Bring the comments of a database up to a dictionary, `sql/dictionary.yaml` by default; returns how many were set.

    What the dictionary lacks keeps the comment it has: no run fails for want of a description (a test does).
    """
    dictionary = dictionary or load_dictionary()
    news = [(item, meaning) for item in items(connection) if (meaning := dictionary.meaning(item)) not in (None, item.comment)]
    if news:
        connection.execute(";\n".join(_comment_on(item, meaning or "") for item, meaning in news))
    return len(news)


def _comment_on(item: Item, meaning: str) -> str:
    form = "macro table" if item.type == "table_macro" else item.form
    parts = [item.schema_name, item.name] + ([item.column_name] if item.column_name else [])
    return f"comment on {form} {'.'.join(map(_quoted_name, parts))} is {literal(meaning)}"


def _quoted_name(name: str) -> str:
    """An identifier as SQL writes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def undescribed(dictionary: Dictionary, found: list[Item]) -> list[str]:
    """What of a database the dictionary says nothing about."""
    return [item.label for item in found if not dictionary.meaning(item)]


def unknown(dictionary: Dictionary, found: list[Item]) -> list[str]:
    """What the dictionary describes though the database has no such thing, or describes in vain."""
    tables = {item.table for item in found if item.form in ("table", "view")}
    columns = {(item.table, item.column_name) for item in found if item.form == "column"}
    by_default = {c for t, c in columns if not (t in dictionary.tables and c in dictionary.tables[t].columns)}
    macros = {item.name for item in found if item.form == "macro"}
    return [
        *(f"tables: {name}" for name in dictionary.tables if name not in tables),
        *(f"{t}: {c}" for t, table in dictionary.tables.items() for c in table.columns if (t, c) not in columns),
        *(f"columns: {name}" for name in dictionary.columns if name not in by_default),
        *(f"macros: {name}" for name in dictionary.macros if name not in macros),
    ]


def newest() -> list[Item]:
    """Everything that a version published by this program would hold, described; from an empty database in memory."""
    with duckdb.connect(":memory:") as connection:
        migrate(connection)
        build_marts(connection)
        describe(connection)
        return items(connection)


def markdown(found: list[Item]) -> str:
    """The dictionary as Markdown: one section a table, one line a column."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: list[Item]) -> Iterator[str]:
    yield from ("# Data dictionary", "", _MADE)
    for schema, of_schema in groupby((item for item in found if item.form != "macro"), key=lambda item: item.schema_name):
        yield from ("", f"## {schema}")
        for _, group in groupby(of_schema, key=lambda item: item.name):
            head, *columns = sorted(group, key=lambda item: item.form == "column")
            yield from ("", f"### {head.table}", "", f"{head.form.capitalize()}. {head.comment or ''}", "")
            yield from ("| column | type | meaning |", "|---|---|---|")
            yield from (f"| {_cell(c.column_name)} | {_cell(c.type)} | {_cell(c.comment)} |" for c in columns)
    macros = [item for item in found if item.form == "macro"]
    if macros:
        yield from ("", "## Macros", "")
        yield from (f"- `{item.name}`: {item.comment or ''}" for item in macros)


def _cell(value: Any) -> str:
    return str(value or "").replace("|", "\\|").replace("\n", " ")
