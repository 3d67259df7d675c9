"""CSV for Excel: UTF-8 with a byte order mark, comma, CRLF (RFC 4180), Vietnamese headers.

Belongs here: the dialect. Does not: what may stand in a cell (cells.py).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.export.cells import MOMENT, flat, guarded, in_words
from pipelines.export.selection import Export


def write(export: Export, path: Path) -> None:
    """One file with the rows, for people: codes are words, dates ISO 8601, texts guarded against formulas."""
    frame = guarded(in_words(flat(export.frame), export.columns))
    frame.rename({column.name: column.header for column in export.columns}).write_csv(
        path, include_bom=True, line_terminator="\r\n", datetime_format=MOMENT, check_extension=False
    )
