"""ODS workbooks: read from their own XML, for calamine tells neither percentages nor merged cells there.

Belongs here: what is special to the format. Does not: the text made of the cells (grid.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zipfile import ZipFile

from pipelines.ingest.formats.grid import Merged, Sheet, check_size, shown
from pipelines.ingest.rejection import Reason, Rejection

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def sheets(parts: ZipFile) -> list[Sheet]:
    """The sheets of a workbook, hidden ones too. Raises ``Rejection`` (encrypted, too_complex), or what broken parts make
    the parser raise.
    """
    if "META-INF/manifest.xml" in parts.namelist() and b"encryption-data" in parts.read("META-INF/manifest.xml"):
        raise Rejection(Reason.ENCRYPTED, "the workbook has a password; save it without one and add it again")
    from defusedxml.ElementTree import iterparse

    found = []
    with parts.open("content.xml") as file:
        for _, element in iterparse(file):
            if element.tag == f"{_TABLE}table":
                found.append(_sheet(element))
                element.clear()
    return found


def _sheet(table: Element) -> Sheet:
    """Empty cells and rows are repeated up to the edge of the sheet: only what has a text counts."""
    sheet = Sheet(table.get(f"{_TABLE}name", ""))
    row = right = 0
    for line in table.iter(f"{_TABLE}table-row"):
        filled = list(_cells(line))
        times = int(line.get(f"{_TABLE}number-rows-repeated", 1))
        if filled:
            right = max(right, filled[-1][0] + 1)
            check_size(row + times, right)
        for at in range(row, row + times) if filled else ():
            for column, text, _ in filled:
                sheet.put(at, column, text)
        sheet.merged += [
            Merged(row, column, row + down, column + across) for column, _, (down, across) in filled if down or across
        ]
        row += times
    return sheet


def _cells(line: Element) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """The cells of a row that have a text: their columns, texts, and how far they reach down and across."""
    column = 0
    for cell in line:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        if cell.tag == f"{_TABLE}table-cell" and (text := _shown(cell)):
            down = int(cell.get(f"{_TABLE}number-rows-spanned", 1)) - 1
            across = int(cell.get(f"{_TABLE}number-columns-spanned", 1)) - 1
            check_size(1, column + times)
            for at in range(column, column + times):
                yield at, text, (down, across)
        column += times


def _shown(cell: Element) -> str:
    kind = cell.get(f"{_OFFICE}value-type")
    value = cell.get(f"{_OFFICE}value")
    if kind in ("float", "percentage", "currency") and value is not None:
        return shown(float(value), percent=kind == "percentage")
    if kind == "date":
        return shown(datetime.fromisoformat(cell.get(f"{_OFFICE}date-value", "")))
    return " ".join("".join(paragraph.itertext()) for paragraph in cell.iterfind(f"{_TEXT}p"))
