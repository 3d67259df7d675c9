"""Sheets as text: each row a line "a | b | c", a mark at each cell, numbers and dates as a Vietnamese reader writes them.

Belongs here: what spreadsheets and CSV share once their cells are known, and the limits of both.
Does not: getting at the cells (xlsx.py, xls.py, ods.py, csv.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from pipelines.ingest.converted import Converted, DateBasis
from pipelines.ingest.rejection import Reason, Rejection
from pipelines.model import Mark

MOST_CELLS = 2_000_000
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f\u200b\ufeff]+")
_NUMERIC = re.compile(r"[\d.,%/ -]+")
_YEARS = (1900, 2100)
_DECIMALS = 4  # "0,6527", a score; what a formula leaves beyond that is noise
_LETTERHEAD = re.compile(
    r"cộng hòa|cộng hoà|độc lập|ủy ban|uỷ ban|ubnd|số\s?:|kính gửi|(?:mẫu|biểu)(?: số)? ?\d", re.IGNORECASE
)
_DATE_LINE = re.compile(r"[^.\n\d]{2,80}ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})\W*", re.IGNORECASE)
_TITLE_ROWS = 12
_LITERAL = re.compile(r'"[^"]*"|\\.')

Row = dict[int, str]


class Merged(NamedTuple):
    """A range of merged cells, zero-based, both ends inclusive; its text stands in the first."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """``rows`` holds the texts of the cells that have one, by row and column, zero-based; a CSV file has no ``name``."""

    name: str | None
    rows: dict[int, Row] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)

    def put(self, row: int, column: int, text: str) -> None:
        """Note a cell's text, on one line and without a bar of its own; an empty one is left out."""
        if said := clean(text):
            self.rows.setdefault(row, {})[column] = said


def check_size(rows: int, columns: int) -> None:
    """Raise ``Rejection`` (too_complex) for an area with more cells than any report has."""
    if rows * columns > MOST_CELLS:
        raise Rejection(
            Reason.TOO_COMPLEX,
            f"{rows} rows of {columns} columns are more than {MOST_CELLS} cells; split the sheet, or clear what is not used",
        )


def as_document(media_type: str, sheets: Iterable[Sheet]) -> Converted:
    """The text of the sheets with a mark at each cell ("Biểu 2!D17") and at each sheet's name.

    Raises ``Rejection`` (no_text) where no cell has a text.
    """
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise Rejection(Reason.NO_TEXT, "no cell has a text; check that the right file was sent")
    for sheet in filled:
        _repeat(sheet)
    marks: list[Mark] = []
    pieces: list[str] = []
    at = 0
    for sheet in filled:
        for piece, label in _rendered(sheet, first=at == 0):
            if label is not None:
                marks.append(Mark(at, label))
            pieces.append(piece)
            at += len(piece)
    published = _date_in(filled)
    return Converted(
        media_type=media_type,
        text="".join(pieces),
        title=_title_of(filled[0]),
        published=published,
        published_basis=DateBasis.TEXT if published else DateBasis.NONE,
        marks=tuple(marks),
    )


@cache
def letters(column: int) -> str:
    """The name of a zero-based column: A, …, Z, AA."""
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def clean(text: str) -> str:
    """A cell's text in NFC, on one line; a bar in it is broken, for bars part the cells."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).replace("|", "¦").strip()


def shown(value: object, percent: bool = False) -> str:
    """A cell's value as a reader sees it: 1234.5 is "1.234,5", 0.852 as a percentage "85,2%", a date "05/07/2024"."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return number(value, percent)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M" if value.time() != time() else "%d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def shows_percent(code: str) -> bool:
    """Whether cells with a number format show hundred times their value: 0.0% does, 0"%" only writes the sign."""
    return "%" in _LITERAL.sub("", code)


def number(value: float, percent: bool = False) -> str:
    """A number with dots between thousands and a decimal comma; a year keeps its four digits. Nothing of what is none."""
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return ""
    exact = (exact * 100 if percent else exact) + 0  # no -0
    rounded = round(exact, _DECIMALS) or round(exact, 10)
    if not percent and _YEARS[0] <= rounded <= _YEARS[1] and rounded == int(rounded):
        return f"{rounded:.0f}"
    whole, _, decimals = f"{rounded:,f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "") + ("%" if percent else "")


def _repeat(sheet: Sheet) -> None:
    """Words of merged cells stand in each of their rows, and in each of their columns where they head some of those below,
    so that heads and labels apply; what spans all columns is a title, and a number is stated once.
    """
    words = [(area, said) for area in sheet.merged if (said := sheet.rows.get(area.top, {}).get(area.left))]
    words = [(area, said) for area, said in words if not _NUMERIC.fullmatch(said)]
    for (top, left, bottom, _), said in words:
        for row in range(top + 1, bottom + 1):
            if row in sheet.rows:
                sheet.rows[row].setdefault(left, said)
    for (top, left, bottom, right), said in words:
        below = sheet.rows.get(bottom + 1, {})
        headed = [column for column in below if left <= column <= right]
        if len(headed) > 1 and any(not left <= column <= right for column in (*sheet.rows[top], *below)):
            for row in range(top, bottom + 1):
                if row in sheet.rows:
                    for column in headed:
                        sheet.rows[row].setdefault(column, said)


def _rendered(sheet: Sheet, first: bool) -> Iterator[tuple[str, str | None]]:
    """The pieces of a sheet's text, those of its name and its cells with their labels.

    Columns without any text are left out. A bar before an empty first cell and after an empty last one keeps the columns.
    """
    prefix = "" if sheet.name is None else f"{sheet.name}!"
    if sheet.name is not None:
        yield "" if first else "\n\n", None
        yield clean(sheet.name) or "-", sheet.name
        yield "\n", None
    columns = sorted({column for row in sheet.rows.values() for column in row})
    for index, row in enumerate(sorted(sheet.rows)):
        cells = sheet.rows[row]
        if index:
            yield "\n", None
        alone = len(cells) == 1
        for column in cells if alone else columns:
            if column > columns[0] and not alone:
                yield " |", None
            if text := cells.get(column):
                if column > columns[0] and not alone:
                    yield " ", None
                yield text, f"{prefix}{letters(column)}{row + 1}"
            elif column == columns[0]:
                yield "|", None
        if not alone and columns[-1] not in cells:
            yield " |", None


def _title_of(sheet: Sheet) -> str | None:
    """The first words that stand alone in a row near the top, the letterhead aside."""
    lone = (next(iter(cells.values())) for _, cells in sorted(sheet.rows.items())[:_TITLE_ROWS] if len(cells) == 1)
    return next((text for text in lone if 15 <= len(text) <= 200 and not _LETTERHEAD.match(text)), None)


def _date_in(sheets: Iterable[Sheet]) -> date | None:
    """The date of the place-and-date line ("Cà Mau, ngày 5 tháng 7 năm 2024")."""
    texts = (text for sheet in sheets for row in sheet.rows.values() for text in row.values())
    for text in texts:
        if "ngày" in text.lower() and (match := _DATE_LINE.fullmatch(text)):
            try:
                return date(int(match[3]), int(match[2]), int(match[1]))
            except ValueError:
                continue
    return None
