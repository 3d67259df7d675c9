"""XLS workbooks (Excel 97 to 2003) by xlrd, which knows the formats of cells as calamine does not.

Belongs here: what is special to the format. Does not: the text made of the cells (grid.py).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pipelines.ingest.formats.grid import Merged, Sheet, check_size, shown, shows_percent
from pipelines.ingest.rejection import Reason, Rejection

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Cell


def sheets(content: bytes) -> list[Sheet]:
    """The sheets of a workbook, hidden ones too. Raises ``Rejection`` (encrypted, too_complex), or what broken bytes make
    xlrd raise.
    """
    import xlrd
    from xlrd.biffh import XLRDError

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO())
    except XLRDError as error:
        if "encrypted" in str(error):
            raise Rejection(Reason.ENCRYPTED, "the workbook has a password; save it without one and add it again") from error
        raise
    found = []
    for read in book.sheets():
        check_size(read.nrows, read.ncols)
        merged = [Merged(top, left, below - 1, beside - 1) for top, below, left, beside in read.merged_cells]
        sheet = Sheet(read.name, merged=merged)
        for row in range(read.nrows):
            for column, cell in enumerate(read.row(row)):
                sheet.put(row, column, _shown(book, cell))
        found.append(sheet)
    return found


def _shown(book: Book, cell: Cell) -> str:
    import xlrd

    if isinstance(cell.value, str):
        return cell.value if cell.ctype == xlrd.XL_CELL_TEXT else ""
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        code = book.format_map[book.xf_list[cell.xf_index or 0].format_key].format_str
        return shown(cell.value, shows_percent(code))
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return shown(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (ValueError, OverflowError):
            return shown(cell.value)
    return shown(bool(cell.value)) if cell.ctype == xlrd.XL_CELL_BOOLEAN else ""
