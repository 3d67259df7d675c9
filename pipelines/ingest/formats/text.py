"""Plain text: UTF-8, UTF-16, and the Vietnamese encodings before Unicode (legacy.py).

Belongs here: decoding. Does not: what the first lines say of title and date (heading.py).
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from pipelines.ingest import legacy
from pipelines.ingest.converted import Converted, DateBasis
from pipelines.ingest.formats.heading import heading
from pipelines.ingest.rejection import Reason, Rejection

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UTF16_HEAD = 4096


def recognises(content: bytes) -> bool:
    """Whether the bytes are text: marked as such, without control characters, or every other byte is zero."""
    marked = content.startswith(tuple(mark for mark, _ in _MARKS))
    return marked or not _CONTROLS.search(content[:65536]) or _unmarked_utf16(content) is not None


def convert(content: bytes) -> Converted:
    """The text as written, in NFC, with the title and the date of its heading.

    Raises ``Rejection`` (unknown_encoding, empty).
    """
    text = decoded(content)
    title, published = heading(text)
    return Converted(
        media_type="text/plain",
        text=text,
        title=title,
        published=published,
        published_basis=DateBasis.TEXT if published else DateBasis.NONE,
    )


def decoded(content: bytes) -> str:
    """The text in NFC, a line feed after each line. Raises ``Rejection`` (unknown_encoding, empty)."""
    text = unicodedata.normalize("NFC", _decode(content)).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Rejection(Reason.EMPTY, "the file has no text; send it again")
    return text


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
