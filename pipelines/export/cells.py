"""Cells as a spreadsheet may have them: lists as text, codes as words, and no formula that a document wrote.

Belongs here: what CSV and XLSX share. Does not: headers, number formats, files.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
import polars.selectors as cs

from pipelines.export.columns import Column

# What a spreadsheet takes for the beginning of a formula: OWASP, "CSV Injection" (= + - @ tab, carriage return, line
# feed and their full-width forms), CWE-1236. Blanks before it are counted in, since programs differ in trimming them.
# An apostrophe too, so that a cell that begins with one has had one put before it, and nothing else has.
_FORMULA = r"^(?:\s*[=+\-@＝＋－＠]|[\t\r\n\x00'])"

MOMENT = "%Y-%m-%dT%H:%M:%S%.6fZ"  # of moments, in UTC


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with an apostrophe before every text that a spreadsheet could run. Numbers stay numbers.

    ``unguarded`` undoes it: of a text that begins with an apostrophe, that one is dropped.
    """
    return frame.with_columns(
        pl.when(cs.string().str.contains(_FORMULA)).then("'" + cs.string()).otherwise(cs.string()).name.keep()
    )


def unguarded(frame: pl.DataFrame) -> pl.DataFrame:
    """What ``guarded`` was given."""
    return frame.with_columns(cs.string().str.strip_prefix("'"))


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` without nested columns: a list is its items with a space between, anything deeper is JSON."""
    return frame.with_columns(_flat(name, dtype).alias(name) for name, dtype in frame.schema.items() if dtype.is_nested())


def _flat(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List) and not pl.Series(dtype=dtype.inner).dtype.is_nested():
        return pl.col(name).list.eval(pl.element().cast(pl.String)).list.join(" ")
    return pl.when(pl.col(name).is_not_null()).then(pl.struct(name).struct.json_encode())


def in_words(frame: pl.DataFrame, columns: Iterable[Column]) -> pl.DataFrame:
    """``frame`` with Vietnamese words for codes; a code without words stays."""
    return frame.with_columns(
        pl.col(column.name).replace({code: words.vi for code, words in column.codes.items()})
        for column in columns
        if column.codes
    )
