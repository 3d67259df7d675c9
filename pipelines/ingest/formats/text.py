"""Plain text: UTF-8, or UTF-16 with a byte order mark.

Belongs here: decoding. Does not: what the first lines say of title and date (heading.py).
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from pipelines.ingest.converted import Converted, DateBasis
from pipelines.ingest.formats.heading import heading
from pipelines.ingest.rejection import Reason, Rejection

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def recognises(content: bytes) -> bool:
    """Whether the bytes are text: marked as such, or without control characters."""
    return content.startswith(tuple(mark for mark, _ in _MARKS)) or not _CONTROLS.search(content[:65536])


def convert(content: bytes) -> Converted:
    """The text as written, in NFC, with the title and the date of its heading.

    Raises ``Rejection`` (unknown_encoding, empty).
    """
    text = unicodedata.normalize("NFC", _decode(content)).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Rejection(Reason.EMPTY, "the file has no text; send it again")
    title, published = heading(text)
    return Converted(
        media_type="text/plain",
        text=text,
        title=title,
        published=published,
        published_basis=DateBasis.TEXT if published else DateBasis.NONE,
    )


def _decode(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Rejection(
            Reason.UNKNOWN_ENCODING,
            f"not valid {encoding} at byte {error.start}; save the file as UTF-8 and add it again",
        ) from error
