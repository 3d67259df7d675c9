"""Conversion: the bytes of one document to its text, by what the bytes are and not by their name.

Belongs here: telling the type, choosing the converter, and the checks common to all.
Does not: the formats themselves (formats/), the limits of risky ones (sandbox.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import puremagic

from pipelines.ingest.converted import Converted
from pipelines.ingest.formats import csv, doc, docx, html, image, pdf, spreadsheet, text
from pipelines.ingest.rejection import Reason, Rejection
from pipelines.ingest.tools import missing
from pipelines.limits import ConversionLimits

CONVERTER_VERSION = "2"
EARLIEST = date(2000, 1, 1)
_HEAD = 1 << 20  # bytes that tell a format


@dataclass(frozen=True, slots=True)
class Format:
    """A media type, how to recognise it, and its converter. The first that recognises the bytes wins.

    Beyond ``safe_bytes`` it is converted in a sandbox, for hostile bytes may crash, hang or bloat its library.
    """

    media_type: str
    recognises: Callable[[bytes], bool]
    convert: Callable[[bytes], Converted]
    safe_bytes: float = 0


FORMATS = (
    Format("application/pdf", pdf.recognises, pdf.convert),
    Format(docx.MEDIA_TYPE, docx.recognises, docx.convert),
    Format("application/msword", doc.recognises, doc.convert),
    Format("image/*", image.recognises, image.convert),
    Format("application/vnd.ms-excel", spreadsheet.recognises, spreadsheet.convert),  # and XLSX, ODS
    Format("text/html", html.recognises, html.convert, safe_bytes=200_000),  # 20,000 attributes in one tag take 5 s
    Format("text/csv", csv.recognises, csv.convert, safe_bytes=math.inf),
    Format("text/plain", text.recognises, text.convert, safe_bytes=math.inf),
)


def version_lacking(lacking: str | None) -> str:
    """The version under which a document is refused: the converter's, and what the document waits for."""
    return f"{CONVERTER_VERSION} without {lacking}" if lacking else CONVERTER_VERSION


def refused_by(limits: ConversionLimits) -> list[str]:
    """The versions under which a document counts as refused: what one of another waits for may be there now."""
    return [version_lacking(lacking) for lacking in (None, *missing(), limits.time, limits.memory)]


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
    form = _form(content)
    if form is None:
        raise Rejection(
            Reason.UNSUPPORTED_TYPE,
            f"{_kind_of(content)} is not read; save it as PDF, DOCX, XLSX, HTML or text and add it again",
        )
    try:
        return form.convert(content).cleaned()
    except (Rejection, MemoryError):
        raise
    except Exception as error:  # a converter's library may raise anything on broken input
        raise Rejection(
            Reason.CONVERTER_FAILED, f"{form.media_type}: {type(error).__name__}: {error}; please report the file"
        ) from error


def form_of(path: Path) -> Format | None:
    """The format of the file at ``path``; None where none recognises it, or it can't be read."""
    try:
        with path.open("rb") as file:
            return _form(file.read(_HEAD))
    except OSError:
        return None


def _form(content: bytes) -> Format | None:
    return next((form for form in FORMATS if form.recognises(content)), None)


def _kind_of(content: bytes) -> str:
    try:
        return puremagic.from_string(content[:65536], mime=True) or "binary data"
    except puremagic.PureError:
        return "binary data"
