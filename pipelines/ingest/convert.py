"""Conversion: the bytes of one document to its text, by what the bytes are and not by their name.

Belongs here: telling the type, choosing the converter, and the checks common to all.
Does not: the formats themselves (html.py, text.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import puremagic

from pipelines.ingest import html, text
from pipelines.ingest.converted import Converted
from pipelines.ingest.rejection import Reason, Rejection

CONVERTER_VERSION = "1"
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Format:
    """A media type, how to recognise it, and its converter. The first that recognises the bytes wins."""

    media_type: str
    recognises: Callable[[bytes], bool]
    convert: Callable[[bytes], Converted]


FORMATS = (
    Format("text/html", html.recognises, html.convert),
    Format("text/plain", text.recognises, text.convert),
)


def convert_file(path: Path, max_bytes: int, today: date) -> Converted:
    """Convert the file at ``path``; a publication date after ``today`` or before 2000 is not believed.

    Raises ``Rejection``, whatever goes wrong.
    """
    try:
        size = path.stat().st_size
        if size == 0:
            raise Rejection(Reason.EMPTY, "the file has no bytes; send it again")
        if size > max_bytes:
            raise Rejection(
                Reason.TOO_LARGE,
                f"{size / 1e6:.1f} MB is more than {max_bytes / 1e6:g} MB; raise KPI_MAX_DOCUMENT_MB or split it",
            )
        converted = convert(path.read_bytes())
    except OSError as error:
        raise Rejection(Reason.UNREADABLE, f"{error.strerror or error}; check the file's permissions") from error
    return converted.dated_between(EARLIEST, today)


def convert(content: bytes) -> Converted:
    """Convert ``content`` with the first format that recognises it. Raises ``Rejection``."""
    for form in FORMATS:
        if form.recognises(content):
            try:
                return form.convert(content)
            except Rejection:
                raise
            except Exception as error:  # a converter's library may raise anything on broken input
                raise Rejection(
                    Reason.CONVERTER_FAILED, f"{form.media_type}: {type(error).__name__}: {error}; please report the file"
                ) from error
    raise Rejection(
        Reason.UNSUPPORTED_TYPE, f"{_kind_of(content)} is not read; save it as HTML or as UTF-8 text and add it again"
    )


def _kind_of(content: bytes) -> str:
    try:
        return puremagic.from_string(content[:65536], mime=True) or "binary data"
    except puremagic.PureError:
        return "binary data"
