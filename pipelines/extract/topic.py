"""The topic: the place that a text speaks of from one sentence to the next.

Belongs here: what headings, lists and the places of a sentence make of it.
Does not: the place of one figure (place_attribution.py), what the title and the publisher say (subject.py), what a place is
named for (place_roles.py).

A place that is only listed or compared with is not spoken of; one named in a list's item or a table's row holds only
there, and so does one inside the place that is spoken of, unless a sentence opens with it or its officer speaks: "…; thị
xã Ba Đồn 41%, còn huyện Minh Hóa 22%" leaves the province the topic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pipelines.extract.anaphora import is_set_against
from pipelines.extract.coordination import each_with_a_figure, groups
from pipelines.extract.place_levels import NOWHERE, PlaceMention, is_below
from pipelines.extract.place_roles import (
    is_bare,
    is_held_against,
    is_of_a_mean,
    is_ranked_among,
    is_where_they_met,
    is_whose_home,
    speaks_for,
)
from pipelines.extract.view import View
from pipelines.model import Place, Span

OPENING = 40
_ASIDE = re.compile(r"\W*(?:riêng|cá biệt|trong đó|đơn cử|nhất là)(?!\w)")  # "Riêng xã Vị Tân đã đạt …"
_GOES_THERE = re.compile(r"\W*(?:(?:trở lại|quay lại|trở về|về|đến|tới|ở|tại|lên|xuống|sang|ra|vào)\s)+")
_WHOLE = re.compile(r"(?<!phường )(?<!xã )(?<!huyện )(?<!đơn vị )(?<!địa phương )(?<!\w)toàn\s$")
_SUBJECT = 8


class Topic:
    """What one document speaks of; fed with its lines, headings and sentences in order. ``place`` is what it is now."""

    def __init__(self, seen: View, about: Place | None, at_home: Place) -> None:
        """``about`` is what the title names; ``at_home`` what the source writes of, which the first place replaces."""
        self._seen = seen
        self._about = about
        self.place, self._assumed = about or at_home, about is None
        self._in_list = False
        self._headed: Place | None = None
        self._unheaded = self.place

    def enter_line(self, in_list: bool, is_numbered: bool) -> None:
        """A new paragraph or an item of a list; a numbered paragraph speaks of what the title does."""
        self._in_list = in_list
        if is_numbered and self._about:
            self.place = self._headed or self._about

    def enter_heading(self, place: Place | None) -> None:
        """Below headings that name a place it is spoken of, until one that is not below them leads back."""
        if place and self._assumed:  # a title
            self.place, self._about, self._assumed = place, place, False
        elif place != self._headed:
            self._unheaded = self._unheaded if self._headed else self.place
            self.place, self._headed = place or self._unheaded, place

    def enter_sentence(self, sentence: Span) -> None:
        """ "Toàn ngành …" speaks of what the title does."""
        if self._about and self._seen.startswith("toàn ngành", sentence.start):
            self.place = self._about

    def leave_sentence(
        self,
        sentence: Span,
        named: Sequence[PlaceMention],
        figures: Sequence[int],
        is_spoken_of: Callable[[PlaceMention], bool],
    ) -> None:
        """The next sentence speaks of what this one did, unless it ``named`` a place of its own; ``figures`` is where its
        figures stand.
        """
        if self._in_list or not named or (not self._assumed and all(mention.place == self.place for mention in named)):
            return
        listed = {mention for group in groups(self._seen, named) for mention in group.mentions}
        if self.place is not NOWHERE:
            listed |= {m for m in each_with_a_figure(named, figures, sentence.end) if m.place != self.place}
        spoken_of = [m for m in named if m not in listed and is_spoken_of(m) and not self._is_passing(sentence.start, m)]
        if not spoken_of:
            return
        start = spoken_of[0].span.start
        last = spoken_of[-1].span.start
        whole = _WHOLE.search(self._seen, max(0, last - OPENING), last)  # "công an xã giúp dân: toàn tỉnh phát 412 nghìn …"
        opens = start - sentence.start <= _SUBJECT and not _ASIDE.match(self._seen, sentence.start, start)
        opens = opens and not (whole and is_bare(self._seen, spoken_of[0]))
        new = self._subject(sentence, spoken_of) if opens else spoken_of[-1]
        stays = not (opens or whole) and any(mention.place == self.place for mention in spoken_of)
        if (
            opens
            or self._assumed
            or speaks_for(self._seen, sentence.start, new)
            or not (stays or is_below(new.place, self.place))
        ):
            self.place, self._assumed = new.place, False

    def _is_passing(self, begins: int, mention: PlaceMention) -> bool:
        """Whether a place is only where somebody met or lives, or what figures are held against."""
        known = self.place is not NOWHERE
        return (
            is_where_they_met(self._seen, begins, mention)
            or is_held_against(self._seen, begins, mention)
            or (known and is_of_a_mean(self._seen, begins, mention))
            or is_ranked_among(self._seen, begins, mention, self.place)
            or is_set_against(self._seen, mention, begins + 1)
            or (known and is_whose_home(self._seen, mention))
        )

    def _subject(self, sentence: Span, spoken_of: Sequence[PlaceMention]) -> PlaceMention:
        """What a sentence that opens with a place speaks of: "Trở lại Hải Hậu, xã Hải Anh được chọn …" of the commune."""
        first, *rest = spoken_of
        leads = _GOES_THERE.fullmatch(self._seen, sentence.start, first.span.start)
        if leads and rest and is_below(rest[0].place, first.place) and self._seen[first.span.end : rest[0].span.start] == ", ":
            return rest[0]
        return first
