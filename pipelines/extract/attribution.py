"""Attribution: the place and the period that a figure speaks of.

Belongs here: choosing among the places and periods that the text states, and what carries over from one
sentence to the next. Does not: finding them (places.py, periods.py).

A place is taken from the figure's own part of the sentence, else the last one named before it; a place
named in a list's item or a table's row holds only there. A period is taken from the sentence, else from
the sentences before it in the paragraph, else from the headings, else it is the publication date.
"""

from __future__ import annotations

from pipelines.extract.numerals import Number
from pipelines.extract.ordered import Ordered
from pipelines.extract.periods import PeriodMention, read_periods, says_now
from pipelines.extract.places import NOWHERE, PlaceMention, place_finder
from pipelines.extract.segment import lines
from pipelines.extract.view import View, view
from pipelines.model import Basis, Document, Period, Place, Span

_LONGEST_HEADING = 200
_RIGHT_AFTER = 2


def _begins(mention: PeriodMention | PlaceMention) -> int:
    return mention.span.start


class Attribution:
    """Places and periods of one document; fed with its lines and sentences in order."""

    def __init__(self, document: Document, seen: View, home: str | None) -> None:
        self._seen = seen
        self._published = document.published
        self._home = home
        found = place_finder().find(document.text, seen, document.published, home)
        self._mentions = Ordered(found, _begins)
        self._document_place = self._place_of_title(document.title)
        self._document_period = self._period_of_title(document)
        self._salient = self._document_place
        self._line = Span(0, 0)
        self._in_list = False
        self._periods: Ordered[PeriodMention] = Ordered((), _begins)
        self._carried: PeriodMention | None = None
        self._now = False

    def enter_line(self, line: Span, in_list: bool) -> None:
        """A new paragraph: what was dated above it no longer is; what was last named still is meant."""
        above = self._mentions.between(self._line.start, self._line.end)
        if above and not self._in_list:
            self._salient = above[-1].place
        self._line, self._in_list = line, in_list
        self._carried = None
        self._now = False

    def enter_sentence(self, sentence: Span) -> None:
        """A new sentence: its own periods come first."""
        stated = (p for p in read_periods(self._seen, sentence, self._published) if not p.baseline)
        self._periods = Ordered(stated, _begins)
        self._now = says_now(self._seen, sentence)

    def leave_sentence(self) -> None:
        """What the sentence dates holds for the next one, until a sentence speaks of the present."""
        if self._periods.items:
            self._carried = self._periods.items[-1]
        elif self._now:
            self._carried = None

    def place(self, number: Number, part: Span) -> Place:
        """The place of a figure whose own part of the sentence is ``part``."""
        in_part = [m for m in self._mentions.between(part.start, part.end) if m.span.end <= part.end]
        before = [m for m in in_part if m.span.end <= number.span.start]
        if before:
            return before[-1].place
        if in_part:
            return in_part[0].place
        in_line = self._mentions.last_between(self._line.start, number.span.start)
        return in_line[0].place if in_line else self._salient

    def period(self, number: Number, part: Span, heading: PeriodMention | None) -> Period:
        """The period of a figure; ``heading`` is what the sections above it say."""
        begins = number.span.start
        before = [p for p in self._periods.last_between(0, begins, count=2) if p.span.end <= begins]
        in_part = self._periods.between(part.start, part.end)
        follows = [p for p in in_part if 0 <= p.span.start - number.end <= _RIGHT_AFTER]  # "48% năm 2023"
        if stated := (follows[:1] or before[-1:] or in_part[:1]):
            return Period(stated[0].start, stated[0].end, stated[0].grain, Basis.STATED)
        inherited = None if self._now else self._carried or heading or self._document_period
        if inherited:
            return Period(inherited.start, inherited.end, inherited.grain, Basis.INHERITED)
        return Period(self._published, self._published, "day", Basis.PUBLICATION)

    def first_period(self, line: Span) -> PeriodMention | None:
        """The first period of a heading, an opening line or a column's head."""
        if line.end - line.start > _LONGEST_HEADING:
            return None
        return next((p for p in read_periods(self._seen, line, self._published) if not p.baseline), None)

    def _place_of_title(self, title: str | None) -> Place:
        named = place_finder().find(title, view(title), self._published, self._home) if title else []
        if named:
            return named[0].place
        unit = place_finder().province(self._home, self._published) if self._home else None
        return Place(unit.name, unit.level, unit.place_key) if unit else NOWHERE

    def _period_of_title(self, document: Document) -> PeriodMention | None:
        if document.title:
            title = view(document.title)
            found = read_periods(title, Span(0, len(title)), self._published)
            if found:
                return found[0]
        first = lines(document.text)[:1]
        is_title = (
            first and self._seen[first[0].end - 1] not in '.;!?…"' and "%" not in self._seen[first[0].start : first[0].end]
        )
        return self.first_period(first[0]) if is_title else None
