"""XLSX for Excel: the rows, the documents behind them, what the columns mean, and which version it is.

Belongs here: sheets, formats, Excel's limits. Does not: what may stand in a cell (cells.py).

Text is written as text: a string is never taken for a formula or a link, so nothing needs an apostrophe. Rows go
out one by one (constant_memory): a whole sheet of a million rows held as cells takes gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.errors import UserError
from pipelines.export.cells import flat, in_words
from pipelines.export.columns import Column
from pipelines.export.licence import QUOTES
from pipelines.export.selection import Export

MOST_ROWS = 1_048_576 - 1  # of a sheet, without the header
MOST_CHARACTERS = 32_767  # of a cell
ROWS, DOCUMENTS, MEANING, ABOUT = "Số liệu", "Nguồn", "Giải thích", "Xuất bản"

_WIDE = frozenset({"metric", "quote", "title", "place_full_name", "url", "source", "description"})
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
    "default_date_format": "dd/mm/yyyy",
}
_MEANING = (Column("header", "Cột"), Column("name", "Tên trong kho"), Column("description", "Ý nghĩa"), Column("codes", "Mã"))
_ABOUT = (Column("name", "Mục"), Column("value", "Nội dung"))


class TooLargeForExcel(UserError):
    """The rows don't fit a sheet."""


def write(export: Export, path: Path) -> None:
    """One workbook of four sheets; codes are words, as in CSV. Raises ``TooLargeForExcel``."""
    rows, documents = (
        in_words(flat(frame), columns)
        for frame, columns in ((export.frame, export.columns), (export.documents, export.document_columns))
    )
    _check_limits(rows)
    _check_limits(documents)
    with xlsxwriter.Workbook(path, _OPTIONS) as workbook:
        workbook.set_properties({"title": f"mart.{export.mart}", "comments": f"{export.version}, {export.licence.title}"})
        header = workbook.add_format({"bold": True, "bottom": 1})
        whole, broken, day, moment = (
            workbook.add_format({"num_format": form}) for form in ("#,##0", "#,##0.##", "dd/mm/yyyy", "dd/mm/yyyy hh:mm")
        )
        formats = {"header": header, "whole": whole, "broken": broken, "day": day, "moment": moment}
        _sheet(workbook.add_worksheet(ROWS), rows, export.columns, formats)
        _sheet(workbook.add_worksheet(DOCUMENTS), documents, export.document_columns, formats)
        _sheet(workbook.add_worksheet(MEANING), _meaning(export.columns), _MEANING, formats)
        _sheet(workbook.add_worksheet(ABOUT), _about(export), _ABOUT, formats)


def _check_limits(frame: pl.DataFrame) -> None:
    if frame.height > MOST_ROWS:
        raise TooLargeForExcel(
            f"{frame.height:,} rows, and a sheet of Excel holds {MOST_ROWS:,}; "
            "export fewer (--metric, --place, --province, --kind), or take --format csv or parquet"
        )
    for name, most in frame.select(cs.string().str.len_chars().max()).row(0, named=True).items():
        if most and most > MOST_CHARACTERS:
            raise TooLargeForExcel(
                f"column {name}: a text of {most:,} characters, and a cell of Excel holds {MOST_CHARACTERS:,}; "
                "take --format csv or parquet"
            )


def _sheet(sheet: Worksheet, frame: pl.DataFrame, columns: tuple[Column, ...], formats: dict[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, frame.height, len(columns) - 1)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, 40 if column.name in _WIDE else 16)
        sheet.write_string(0, index, column.header, formats["header"])
    writers = [_writer(sheet, dtype, formats) for dtype in frame.schema.values()]
    for row, cells in enumerate(frame.iter_rows(), start=1):
        for index, cell in enumerate(cells):
            if cell is not None:
                writers[index](row, index, cell)


def _writer(sheet: Worksheet, dtype: pl.DataType, formats: dict[str, Format]) -> Callable[[int, int, Any], object]:
    """What writes a cell of a column: by the column's type, never by what the cell looks like."""
    if dtype == pl.Boolean:
        return partial(sheet.write_boolean)
    if dtype == pl.Date:
        return lambda row, index, cell: sheet.write_datetime(row, index, cell, formats["day"])
    if isinstance(dtype, pl.Datetime):  # a sheet knows no time zones; the warehouse's is UTC
        return lambda row, index, cell: sheet.write_datetime(row, index, cell.replace(tzinfo=None), formats["moment"])
    if dtype.is_numeric():
        return partial(_number, sheet, formats)
    return lambda row, index, cell: sheet.write_string(row, index, str(cell))


def _number(sheet: Worksheet, formats: dict[str, Format], row: int, index: int, cell: float) -> None:
    """A number: "#,##0.##" would show 80 as "80.", so whole ones have a format of their own."""
    sheet.write_number(row, index, cell, formats["whole" if cell % 1 == 0 else "broken"])


def _meaning(columns: tuple[Column, ...]) -> pl.DataFrame:
    rows = [
        (
            column.header,
            column.name,
            column.description,
            "; ".join(f"{words.vi} = {code} ({words.en})" for code, words in (column.codes or {}).items()),
        )
        for column in columns
    ]
    return pl.DataFrame(rows, schema=[column.name for column in _MEANING], orient="row")


def _about(export: Export) -> pl.DataFrame:
    rows = [
        ("Bảng", f"mart.{export.mart}"),
        ("Phiên bản", export.version),
        ("Dựng lúc", f"{export.built_at:%Y-%m-%d %H:%M} UTC"),
        ("Số dòng", str(export.frame.height)),
        ("Giấy phép", f"{export.licence.title} ({export.licence.path})"),
        ("Trích dẫn", QUOTES),
    ]
    return pl.DataFrame(rows, schema=[column.name for column in _ABOUT], orient="row")
