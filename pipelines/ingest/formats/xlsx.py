"""XLSX workbooks: values and merged cells by calamine, which cells are percentages by their styles.

Belongs here: what is special to the format. Does not: the text made of the cells (grid.py).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from posixpath import join, normpath
from typing import NamedTuple
from zipfile import ZipFile

from pipelines.ingest.formats.grid import Merged, Sheet, check_size, shown, shows_percent
from pipelines.ingest.rejection import Reason, Rejection

_PERCENT = {"9", "10"}  # the built-in number formats 0% and 0.00%


class _Area(NamedTuple):
    """What a sheet's own XML says of it: its size, and the places of its percentages."""

    rows: int
    columns: int
    percents: frozenset[tuple[int, int]]


def sheets(content: bytes, parts: ZipFile) -> list[Sheet]:
    """The sheets of a workbook, hidden ones too. Raises ``Rejection`` (too_complex, unsupported_type), or what broken
    parts make the parsers raise.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    if "xl/workbook.bin" in parts.namelist():
        raise Rejection(Reason.UNSUPPORTED_TYPE, "XLSB is not read; save it as XLSX and add it again")
    areas = _areas(parts)
    found = []
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for about in book.sheets_metadata:
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            read = book.get_sheet_by_name(about.name)
            sheet = Sheet(about.name, merged=[Merged(*start, *end) for start, end in read.merged_cell_ranges or ()])
            percents = areas[about.name].percents  # a sheet whose percentages are not known is not read
            for row, values in enumerate(read.to_python(skip_empty_area=False)):
                for column, value in enumerate(values):
                    if value != "":
                        sheet.put(row, column, shown(value, (row, column) in percents))
            found.append(sheet)
    return found


def _areas(parts: ZipFile) -> dict[str, _Area]:
    """By the name of its sheet, each area; checked before calamine makes room for it."""
    percent_styles = _percent_styles(parts)
    return {name: _area(parts, path, percent_styles) for name, path in _paths(parts)}


def _paths(parts: ZipFile) -> Iterator[tuple[str, str]]:
    from defusedxml.ElementTree import fromstring

    related = fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): normpath(join("/xl", relation.get("Target", ""))).lstrip("/") for relation in related}
    for sheet in fromstring(parts.read("xl/workbook.xml")).iterfind("{*}sheets/{*}sheet"):
        related_by = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        path = targets.get(related_by)
        if path in parts.namelist():
            yield sheet.get("name", ""), path


def _percent_styles(parts: ZipFile) -> frozenset[str]:
    """The styles of cells, by number, that show a percentage."""
    from defusedxml.ElementTree import fromstring

    if "xl/styles.xml" not in parts.namelist():
        return frozenset()
    styles = fromstring(parts.read("xl/styles.xml"))
    formats = {
        each.get("numFmtId") for each in styles.iterfind("{*}numFmts/{*}numFmt") if shows_percent(each.get("formatCode", ""))
    }
    shapes = [each.get("numFmtId") for each in styles.iterfind("{*}cellXfs/{*}xf")]
    return frozenset(str(index) for index, shape in enumerate(shapes) if shape in formats | _PERCENT)


def _area(parts: ZipFile, path: str, percent_styles: frozenset[str]) -> _Area:
    from defusedxml.ElementTree import iterparse

    percents = set()
    row = column = bottom = right = -1
    with parts.open(path) as file:
        for event, element in iterparse(file, events=("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if tag == "row":
                if event == "start":
                    row, column = int(element.get("r", row + 2)) - 1, -1
                else:
                    element.clear()
            elif tag == "c" and event == "end":
                column = column_of(element.get("r", "")) if element.get("r") else column + 1
                if len(element):  # a cell without a child has a style and nothing else
                    bottom, right = max(bottom, row), max(right, column)
                    check_size(bottom + 1, right + 1)
                    if element.get("s") in percent_styles:
                        percents.add((row, column))
    return _Area(bottom + 1, right + 1, frozenset(percents))


def column_of(label: str) -> int:
    """The zero-based column of a cell by its label: of "D17" 3."""
    column = 0
    for letter in label.rstrip("0123456789"):
        column = column * 26 + ord(letter.upper()) - ord("A") + 1
    return column - 1
