"""Written names: the stretches of capitalised words that are names of a list.

Belongs here: finding them, the longest of those that overlap, and that they stand alone.
Does not: the list and what its names mean (places.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pipelines.extract.cued import Cued
from pipelines.extract.view import CAPITAL, View
from pipelines.model import Span

_WORD = rf"{CAPITAL}\w*(?:['’‘′]\w+)*"
_GAP = r"(?:[^\S\n]|[^\S\n][-–—][^\S\n]|[-–—])"
_RUN = re.compile(rf"{_WORD}(?:{_GAP}(?:{_WORD}|\d+))*")
_PIECE = re.compile(r"[\w'’‘′]+")
_NUMBERED = Cued("phường|quận", r"(?<![\w-])(?:phường|quận) \d{1,2}(?!\w)")
_MOST_WORDS = 5


def written_names(text: str, seen: View, names: Collection[str]) -> list[Span]:
    """Where ``names``, given as views, are written in ``text`` (``seen`` is its view): every word begins with a capital
    or is a number; in reading order, none overlapping.
    """
    found: list[Span] = []
    for run in _RUN.finditer(text):
        start, end = run.span()
        if start and (seen[start - 1].isalnum() or seen[start - 1] == "-"):
            continue
        numbered = start > 1 and seen[start - 1] == " " and seen[start - 2].isdigit()
        if not numbered and seen[start:end] in names:
            found.append(Span(start, end))
        elif numbered or not text[start:end].isalpha():
            found += _in_run(Span(start - 2 if numbered else start, end), seen, names)
    numbered_only = (Span(*match.span()) for match in _NUMBERED.find(seen, 0, len(seen)))
    if others := [span for span in numbered_only if seen[span.start : span.end] in names]:
        found = _longest_first([*found, *others])
    return found


def _in_run(run: Span, seen: View, names: Collection[str]) -> Iterator[Span]:
    """The names among the words of a run: "1 Bảo Lộc", "Quảng Ninh - Hải Phòng"."""
    pieces = [piece.span() for piece in _PIECE.finditer(seen, *run)]
    first = 0
    while first < len(pieces):
        begins = pieces[first][0]
        if begins == run.start or seen[begins - 1] != "-":
            for last in range(min(len(pieces), first + _MOST_WORDS) - 1, first - 1, -1):
                if seen[begins : pieces[last][1]] in names:
                    yield Span(begins, pieces[last][1])
                    first = last
                    break
        first += 1


def _longest_first(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
