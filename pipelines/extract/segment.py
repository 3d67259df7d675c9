"""Segments: the lines and sentences of a text.

Belongs here: where a sentence begins and ends.
Does not: which number owns which part of a sentence (link.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipelines.extract.view import CAPITAL, SMALL
from pipelines.model import Span

# A stop ends a sentence before white space and a capital, quote, bullet or digit, unless it belongs to an
# abbreviation ("TP. Cà Mau", "H. Thới Bình"). The text itself is needed: the view has lost its capitals.
_STOP = re.compile(
    r"[.!?…;](?:(?<=[.!?…])(?=[.!?…\"”’)\s])"
    r"(?<!\bTP.)(?<!\bTX.)(?<!\bTT.)(?<!\bSt.)(?<!\b[HPQXTÔB].)(?<!\bTS.)(?<!\bThS.)(?<!\bPGS.)(?<!\bGS.)(?<!\bTh.)"
    rf"[.!?…]*[\"”’)]*(?=\s+[\"“‘(\-–•]?\s*(?:{CAPITAL}|\d))"
    r"|(?<=;)(?=\s\((?:[ivx]+|[1-9]|[a-h])\)\s)"  # "(i) …; (ii) …"
    rf"|(?<={SMALL}{SMALL}\.)(?={CAPITAL}{SMALL}))"  # carelessly typed: "… trực tuyến.Toàn xã có …"
)
_LINE = re.compile(r"[^\n]+")


def lines(text: str) -> list[Span]:
    """The non-empty lines of ``text``, without surrounding white space."""
    return list(_each_line(text))


def first_line(text: str) -> Span | None:
    """The first of ``lines``."""
    return next(_each_line(text), None)


def _each_line(text: str) -> Iterator[Span]:
    return (span for match in _LINE.finditer(text) if (span := _strip(text, match.start(), match.end())))


def sentences(text: str, line: Span) -> list[Span]:
    """The sentences of one line of ``text``; they cover everything but the space between them."""
    cuts = [match.end() for match in _STOP.finditer(text, line.start, line.end)]
    bounds = [line.start, *cuts, line.end]
    found = (_strip(text, start, end) for start, end in pairwise(bounds))
    return [span for span in found if span]


def _strip(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
