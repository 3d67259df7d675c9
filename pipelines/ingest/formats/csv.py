"""CSV and its kin: values parted by commas, semicolons, tabs or bars.

Belongs here: telling such a table from prose, its delimiter.
Does not: decoding (text.py), the text made of the cells (grid.py).
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from itertools import islice

from pipelines.ingest.converted import Converted
from pipelines.ingest.formats import text
from pipelines.ingest.formats.grid import Sheet, as_document, check_size
from pipelines.ingest.rejection import Reason, Rejection

_DELIMITERS = ";\t,|"
_HEAD = 1 << 16
_RECORDS = 60
_FEWEST_RECORDS, _FEWEST_DELIMITERS = 3, 2
_ALIKE = 0.8  # of the records have the same number of cells
_SPACED = 0.2  # in prose a space follows a comma or a semicolon
_LONGEST = 80  # characters that cells have on average at most
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def recognises(content: bytes) -> bool:
    """Whether the bytes are text whose lines have the same number of delimiters, two at least, as no prose has."""
    if not text.recognises(content):
        return False
    try:
        return _delimiter(content) is not None
    except Rejection:
        return False


def convert(content: bytes) -> Converted:
    """The rows as lines "a | b | c", with a mark at each cell ("D17"); cells stay as written.

    Raises ``Rejection`` (unknown_encoding, empty, no_text, too_complex, damaged).
    """
    said = text.decoded(content)
    sheet = Sheet(None)
    widest = 0
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(said, newline=""), delimiter=_delimiter(content) or ",")):
            widest = max(widest, len(cells))
            check_size(row + 1, widest)
            for column, cell in enumerate(cells):
                sheet.put(row, column, cell)
    except csv.Error as error:
        raise Rejection(Reason.DAMAGED, f"the table can't be read ({error}); check its quotes and add it again") from error
    return as_document("text/csv", [sheet])


def _delimiter(content: bytes) -> str | None:
    """The delimiter that parts the first records alike; of several the one that parts them most."""
    head = content[:_HEAD]
    if len(content) > _HEAD and not content.startswith(_UTF16):
        head = head[: head.rfind(b"\n") + 1]  # cut between characters
    said = text.decoded(head)
    if len(content) > _HEAD:
        said = said[: said.rfind("\n") + 1]
    found = {delimiter: count for delimiter in _DELIMITERS if (count := _parts(said, delimiter))}
    return max(found, key=lambda delimiter: found[delimiter]) if found else None


def _parts(said: str, delimiter: str) -> int:
    """How often a delimiter stands in most of the records; 0 where it makes no table of them."""
    if delimiter not in said:
        return 0
    try:
        records = list(islice(csv.reader(io.StringIO(said, newline=""), delimiter=delimiter), _RECORDS))
    except csv.Error:
        return 0
    counts = Counter(len(record) - 1 for record in records if any(record))
    most, records_alike = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    if records_alike < _FEWEST_RECORDS or most < _FEWEST_DELIMITERS or records_alike < _ALIKE * counts.total():
        return 0
    cells = [cell for record in records for cell in record if len(record) - 1 == most]
    spaced = sum(cell.startswith(" ") and len(cell) > 1 for cell in cells)
    is_prose = delimiter in ",;" and spaced > _SPACED * len(cells)
    return 0 if is_prose or sum(map(len, cells)) > _LONGEST * len(cells) else most
