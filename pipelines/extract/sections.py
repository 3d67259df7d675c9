"""Sections: what a heading or the opening line of a list says of the figures below it.

Belongs here: the outline of a text ("II. MỤC TIÊU" › "1. Đến năm 2025" › "a) Chính quyền số" › "- …"),
and the kind, period and cues that hold under it. Does not: tables (tables.py), single sentences (reader.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from pipelines.extract.kinds import heading_kind
from pipelines.extract.lexicon import Hit
from pipelines.extract.periods import PeriodMention
from pipelines.extract.view import View
from pipelines.model import Kind, Span

_MARKERS = {
    1: r"(?:(?:phần|mục|chương)\s)?(?:[ivx]+|[a-h])[./:]\s",
    2: r"\d{1,2}[.)]\s",
    3: r"\d{1,2}\.\d{1,2}\.?\s",
    4: r"[a-zđ]\)\s",
    6: r"[-•*+–·]\s?",
}
_MARKER = re.compile("|".join(f"({marker})" for marker in _MARKERS.values()))
_RANKS = (0, *_MARKERS)  # by the number of the marker's group; 0 without one
_OPENING, _ITEM = 5, 6
_LONGEST_HEADING, _LONGEST_INTRODUCTION = 120, 200
_ENDS_SENTENCE = '.;,!?…"”'


class _Entry(NamedTuple):
    rank: int
    kind: Kind | None
    period: PeriodMention | None
    hits: tuple[Hit, ...]


class Sections:
    """The outline above the line being read; fed with every line in order."""

    def __init__(
        self, seen: View, first_period: Callable[[Span], PeriodMention | None], scan: Callable[[Span], list[Hit]]
    ) -> None:
        self._seen = seen
        self._first_period = first_period
        self._scan = scan
        self._open: list[_Entry] = []
        self.in_list = False

    def enter(self, line: Span, has_figures: bool) -> None:
        """Take in the next line: close what it ends, and open what it begins."""
        rank = self._rank(line)
        self.in_list = rank == _ITEM
        ends_with = self._seen[line.end - 1]
        opens_list = ends_with == ":"
        is_heading = not has_figures and line.end - line.start <= _LONGEST_HEADING and ends_with not in _ENDS_SENTENCE
        if not (opens_list or is_heading or (not has_figures and self._states_goal(line))):
            if rank == 0:  # a plain paragraph ends the list above it
                self._close(_OPENING)
            return
        below_a_marker = any(entry.rank for entry in self._open)
        rank = _OPENING if (opens_list or below_a_marker) and rank in (0, _ITEM) else rank
        self._close(rank)
        hits = tuple(self._scan(line)) if opens_list else ()
        self._open.append(_Entry(rank, heading_kind(self._seen, line), self._first_period(line), hits))

    def _states_goal(self, line: Span) -> bool:
        """Whether a paragraph without figures says at its end of those below it what they aim at and by when."""
        last = Span(max(line.start, self._seen.rfind(". ", *line) + 2), line.end)
        if last.end - last.start > _LONGEST_INTRODUCTION or self._first_period(last) is None:
            return False
        return heading_kind(self._seen, last) is Kind.TARGET

    @property
    def kind(self) -> Kind | None:
        """What the nearest heading that says so makes of the figures below: actual or target."""
        return next((entry.kind for entry in reversed(self._open) if entry.kind), None)

    @property
    def period(self) -> PeriodMention | None:
        """The period of the nearest heading that has one."""
        return next((entry.period for entry in reversed(self._open) if entry.period), None)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The cues in the opening line of the list being read."""
        return self._open[-1].hits if self._open else ()

    def _rank(self, line: Span) -> int:
        marker = _MARKER.match(self._seen, line.start, line.end)
        return _RANKS[marker.lastindex or 0] if marker else 0

    def _close(self, rank: int) -> None:
        while self._open and self._open[-1].rank >= rank:
            self._open.pop()
