"""Sections: what a heading or the opening line of a list says of the figures below it.

Belongs here: the outline of a text ("II. MỤC TIÊU" › "1. Đến năm 2025" › "a) Chính quyền số" › "- …"),
and the kind, period, place and cues that hold under it. Does not: tables (tables.py), single sentences (reader.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from pipelines.extract.kinds import heading_kind
from pipelines.extract.lexicon import Hit
from pipelines.extract.periods import PeriodMention
from pipelines.extract.view import View
from pipelines.model import Kind, Place, Span

_MARKERS = {
    1: r"(?:(?:phần|mục|chương)\s)?(?:[ivx]+|[a-h])[./:]\s|(?:phần|mục|chương)\s(?:thứ\s)?[^\W_]+[./:]\s",
    2: r"\d{1,2}[.)]\s",
    3: r"\d{1,2}\.\d{1,2}\.?\s",
    4: r"\(?[a-zđ]\)\s|\(\d{1,2}\)\s",
    6: r"[-•*+–·]\s?",
}
_MARKER = re.compile("|".join(f"({marker})" for marker in _MARKERS.values()))
_RANKS = (0, *_MARKERS)  # by the number of the marker's group; 0 without one
_NUMBERED, _OPENING, _ITEM = (1, 2, 3), 5, 6
_LONGEST_HEADING, _LONGEST_INTRODUCTION = 120, 200
_ENDS_SENTENCE = '.;,!?…"”'


class _Entry:
    """A heading or opening line of a ``rank``; what it says is read when a figure below asks for it."""

    def __init__(self, rank: int, line: Span, above: Sections, opens_list: bool) -> None:
        self.rank = rank
        self._line = line
        self._above = above
        self._opens_list = opens_list

    @cached_property
    def kind(self) -> Kind | None:
        return heading_kind(self._above.seen, self._line)

    @cached_property
    def period(self) -> PeriodMention | None:
        return self._above.first_period(self._line)

    @cached_property
    def place(self) -> Place | None:
        return self._above.place_in(self._line)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        return tuple(self._above.scan(self._line)) if self._opens_list else ()


class Sections:
    """The outline above the line being read; fed with every line in order."""

    def __init__(
        self,
        seen: View,
        first_period: Callable[[Span], PeriodMention | None],
        place_in: Callable[[Span], Place | None],
        scan: Callable[[Span], list[Hit]],
    ) -> None:
        self.seen = seen
        self.first_period = first_period
        self.place_in = place_in
        self.scan = scan
        self._open: list[_Entry] = []
        self.in_list = self.in_heading = self.is_numbered = False

    def enter(self, line: Span, has_figures: bool) -> None:
        """Take in the next line: close what it ends, and open what it begins."""
        rank = self._rank(line)
        self.in_list, self.is_numbered = rank == _ITEM, rank in _NUMBERED
        ends_with = self.seen[line.end - 1]
        opens_list = ends_with == ":"
        self.in_heading = not has_figures and line.end - line.start <= _LONGEST_HEADING and ends_with not in _ENDS_SENTENCE
        if not (opens_list or self.in_heading or (not has_figures and self._states_goal(line))):
            if rank == 0:  # a plain paragraph ends the list above it
                self._close(_OPENING)
            return
        below_a_marker = any(entry.rank for entry in self._open)
        rank = _OPENING if (opens_list or below_a_marker) and rank in (0, _ITEM) else rank
        self._close(rank)
        self._open.append(_Entry(rank, line, self, opens_list))

    def _states_goal(self, line: Span) -> bool:
        """Whether a paragraph without figures says at its end of those below it what they aim at and by when."""
        last = Span(max(line.start, self.seen.rfind(". ", *line) + 2), line.end)
        if last.end - last.start > _LONGEST_INTRODUCTION or self.first_period(last) is None:
            return False
        return heading_kind(self.seen, last) is Kind.TARGET

    @property
    def kind(self) -> Kind | None:
        """What the nearest heading that says so makes of the figures below: actual or target."""
        return next((entry.kind for entry in reversed(self._open) if entry.kind), None)

    @property
    def period(self) -> PeriodMention | None:
        """The period of the nearest heading that has one."""
        return next((entry.period for entry in reversed(self._open) if entry.period), None)

    @property
    def place(self) -> Place | None:
        """The place of the nearest heading that has one."""
        return next((entry.place for entry in reversed(self._open) if entry.place), None)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The cues in the opening line of the list being read."""
        return self._open[-1].hits if self._open else ()

    def _rank(self, line: Span) -> int:
        marker = _MARKER.match(self.seen, line.start, line.end)
        return _RANKS[marker.lastindex or 0] if marker else 0

    def _close(self, rank: int) -> None:
        while self._open and self._open[-1].rank >= rank:
            self._open.pop()
