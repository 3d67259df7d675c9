"""Files in Microsoft's compound format (OLE) and XLS workbooks in them, as small as they can be."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512


def ole(name: str, stream: bytes) -> bytes:
    """A compound file with one stream: a header, the table of sectors, the directory, the stream."""
    stream = stream.ljust(8 * _SECTOR, b"\0")  # shorter ones lie elsewhere
    sectors = -(-len(stream) // _SECTOR)
    header = struct.pack(
        "<8s16x5H6x9I",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, 4096, _END, 0, _END, 0),
    ) + struct.pack("<109I", 0, *[_FREE] * 108)
    chain = [_FAT, _END, *range(3, 2 + sectors), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, child=1) + _entry(name, 2, start=2, size=len(stream)) + bytes(256)
    return header + table + directory + stream.ljust(sectors * _SECTOR, b"\0")


def xls(name: str, rows: Sequence[Sequence[str | float]], merged: tuple[int, int, int, int], percent: set[str]) -> bytes:
    """A workbook with one sheet; ``merged`` is first row, last row, first and last column, ``percent`` holds cells ("B2")."""
    body = _record(0x0809, struct.pack("<4H2I", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            place = struct.pack("<3H", row, column, 1 if f"{chr(65 + column)}{row + 1}" in percent else 0)
            if isinstance(value, str):
                body += _record(0x0204, place + _text(value, "<H")) if value else b""
            else:
                body += _record(0x0203, place + struct.pack("<d", value))
    body += _record(0x00E5, struct.pack("<5H", 1, *merged)) + _record(0x000A)
    start = _record(0x0809, struct.pack("<4H2I", 0x0600, 0x05, 0x0DBB, 0x07CC, 0, 6)) + _record(0x0042, struct.pack("<H", 1200))
    start += _record(0x0031, struct.pack("<5H4B", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\x05\0Arial")
    start += b"".join(_record(0x00E0, struct.pack("<3H14x", 0, shape, 1)) for shape in (0, 10))
    about = struct.pack("<2B", 0, 0) + _text(name, "<B")
    offset = len(start) + 4 + 4 + len(about) + 4
    return ole("Workbook", start + _record(0x0085, struct.pack("<I", offset) + about) + _record(0x000A) + body)


def _entry(name: str, kind: int, child: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    return written.ljust(64, b"\0") + struct.pack("<H2B3I36xIQ", len(written), kind, 1, _FREE, _FREE, child, start, size)


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def _text(text: str, length: str) -> bytes:
    return struct.pack(length, len(text)) + b"\x01" + text.encode("utf-16-le")
