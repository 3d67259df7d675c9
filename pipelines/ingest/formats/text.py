"""Plain text: UTF-8, UTF-16, and the Vietnamese encodings before Unicode (legacy.py).

Belongs here: decoding, the title line, the date line of a saved article or an official paper.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from datetime import date

from pipelines.ingest import legacy
from pipelines.ingest.converted import Converted, DateBasis
from pipelines.ingest.rejection import Reason, Rejection

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD_LINES, _UTF16_HEAD = 15, 4096
_BYLINE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?=\D{1,4}\d{1,2}[:h]\d{2}|\s*$)")
_LETTERHEAD = re.compile(r"(?:số|kính gửi)\s*:|độc lập", re.IGNORECASE)
_DATE_LINE = re.compile(r"^[^.\n]{0,80}ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})\W*$", re.IGNORECASE)


def recognises(content: bytes) -> bool:
    """Whether the bytes are text: marked as such, without control characters, or every other byte is zero."""
    marked = content.startswith(tuple(mark for mark, _ in _MARKS))
    return marked or not _CONTROLS.search(content[:65536]) or _unmarked_utf16(content) is not None


def convert(content: bytes) -> Converted:
    """The text as written, in NFC. The title is the first short line, the date that of the byline
    ("07/07/2023, 07:51") or of the place-and-date line ("Cà Mau, ngày 5 tháng 7 năm 2023").

    Raises ``Rejection`` (unknown_encoding, empty).
    """
    text = unicodedata.normalize("NFC", _decode(content)).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Rejection(Reason.EMPTY, "the file has no text; send it again")
    head = [line.strip() for line in text.splitlines() if line.strip()][:_HEAD_LINES]
    published = next((found for line in head if (found := _date_in(line))), None)
    return Converted(
        media_type="text/plain",
        text=text,
        title=next((line.rstrip(",") for line in head if _may_be_title(line)), None),
        published=published,
        published_basis=DateBasis.TEXT if published else DateBasis.NONE,
    )


def _decode(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    encoding = encoding or _unmarked_utf16(content) or "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and (found := legacy.decoded(content)):
            return found[0]
        raise Rejection(
            Reason.UNKNOWN_ENCODING,
            f"not valid {encoding} at byte {error.start}, nor Vietnamese in {', '.join(legacy.ENCODINGS)};"
            " save the file as UTF-8 and add it again",
        ) from error
    return legacy.mended(text) or text


def _unmarked_utf16(content: bytes) -> str | None:
    """UTF-16 without a mark: most of Vietnamese is ASCII, so that every other byte of it is zero more often than not."""
    head = content[:_UTF16_HEAD]
    if len(head) < 4 or len(content) % 2:
        return None
    even, odd = head[::2].count(0) / len(head[::2]), head[1::2].count(0) / len(head[1::2])
    if max(even, odd) < 0.4 or min(even, odd) > 0.05:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _may_be_title(line: str) -> bool:
    """A short line that is no sentence, no letterhead (all capitals, or two columns) and no byline."""
    if not 10 <= len(line) <= 160 or line[-1] in ".;:" or line.isupper() or "  " in line or "|" in line:
        return False
    return not _LETTERHEAD.match(line) and _date_in(line) is None


def _date_in(line: str) -> date | None:
    match = _BYLINE.search(line) or _DATE_LINE.match(line)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None
