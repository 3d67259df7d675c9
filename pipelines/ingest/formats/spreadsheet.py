"""Spreadsheets (XLSX, XLS, ODS): which one the bytes are, whether they are safe to open, and their sheets as text.

Belongs here: recognising them, the refusals common to all.
Does not: reading each format's cells (xlsx.py, xls.py, ods.py), the text made of them (grid.py).
"""

from __future__ import annotations

import io
import re
from zipfile import BadZipFile, ZipFile

from pipelines.ingest.converted import Converted
from pipelines.ingest.formats import ods, ole, xls, xlsx
from pipelines.ingest.formats.grid import Sheet, as_document
from pipelines.ingest.legacy import mended
from pipelines.ingest.rejection import Reason, Rejection

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ZIP = b"PK\x03\x04"
# The first folder that tells the kind: a document may hold a workbook, and a workbook a document.
_FOLDER = re.compile(rb"PK\x03\x04.{26}(xl|word|ppt|visio)/", re.DOTALL)
_WORKBOOK = re.compile("\0".join("Workbook\0").encode() + b"|" + "\0".join("Book\0").encode())
_BOF = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")  # how the stream of an Excel workbook begins
_HEAD = 1 << 20
_MOST_BYTES, _DENSE, _MOST_RATIO = 500_000_000, 20_000_000, 150


def recognises(content: bytes) -> bool:
    """Whether the bytes begin like a workbook, or like an Office document with a password, which may be one."""
    return _kind(content) is not None


def convert(content: bytes) -> Converted:
    """Each sheet's name and its rows as lines "a | b | c", with a mark at each cell ("Biểu 2!D17").

    Formulas give the values they had when the workbook was saved.
    Raises ``Rejection`` (encrypted, damaged, too_complex, no_text, unsupported_type).
    """
    kind = _kind(content)
    try:
        sheets = _sheets(content, kind)
    except (Rejection, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the parsers raise anything on broken bytes; a panic of calamine's is no Exception
        raise Rejection(
            Reason.DAMAGED, f"the workbook can't be opened ({type(error).__name__}: {error}); save it anew and add it again"
        ) from error
    _mend(sheets)
    return as_document(kind or XLSX, sheets)


def _mend(sheets: list[Sheet]) -> None:
    """Cells in a font from before Unicode (.VnTime, VNI-Times) say what was meant."""
    rows = [row for sheet in sheets for row in sheet.rows.values()]
    if meant := mended("\n".join(text for row in rows for text in row.values())):
        cells = iter(meant.split("\n"))
        for row in rows:
            row.update(zip(row, cells, strict=False))


def _sheets(content: bytes, kind: str | None) -> list[Sheet]:
    if content.startswith(ole.BEGIN):
        if ole.ENCRYPTED in content:
            raise Rejection(Reason.ENCRYPTED, "the document has a password; save it without one and add it again")
        return xls.sheets(content)
    with ZipFile(io.BytesIO(content)) as parts:
        _check_parts(parts, len(content))
        return ods.sheets(parts) if kind == ODS else xlsx.sheets(content, parts)


def _kind(content: bytes) -> str | None:
    """The media type of a workbook; None of anything else."""
    if content.startswith(_ZIP):
        if content[30:38] == b"mimetype" and content.startswith(ODS.encode(), 38):
            return ODS
        folder = _FOLDER.search(content[:_HEAD])
        return XLSX if folder and folder[1] == b"xl" else None
    if content.startswith(ole.BEGIN):
        head = content[:_HEAD]
        is_workbook = _BOF.match(content, 512) or (_WORKBOOK.search(head) and ole.WORD not in head)
        return XLS if is_workbook or ole.ENCRYPTED in head else None
    return None


def _check_parts(parts: ZipFile, size: int) -> None:
    """Raise ``Rejection`` for a part with a password, or for parts that unpack to more than any workbook has."""
    listed = parts.infolist()
    if any(part.flag_bits & 1 for part in listed):
        raise Rejection(Reason.ENCRYPTED, "the workbook has a password; save it without one and add it again")
    unpacked = sum(part.file_size for part in listed)
    if unpacked > _MOST_BYTES or (unpacked > _DENSE and unpacked > _MOST_RATIO * size):
        raise Rejection(
            Reason.TOO_COMPLEX, f"{size / 1e6:.1f} MB unpack to {unpacked / 1e6:.0f} MB; clear what is not used, or split it"
        )
    if not listed:
        raise BadZipFile("no parts")
