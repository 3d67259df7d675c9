"""The place that a figure speaks of.

Belongs here: choosing among the places that the text names.
Does not: finding them (places.py, agencies.py), pairing lists (coordination.py), what a place is named for if not for a
figure (place_roles.py), which of them the next sentences speak of (topic.py).

A place is taken from the figure's own part of the sentence, else it is the last one named before it in the
sentence, else what the sentences before it speak of. An agency has the figures that follow it at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.extract.agencies import Body, bodies
from pipelines.extract.clauses import opened_before
from pipelines.extract.coordination import Group, groups, in_turn, listed_after
from pipelines.extract.holders import Holders
from pipelines.extract.numerals import Number
from pipelines.extract.ordered import SPAN_START, Ordered
from pipelines.extract.place_levels import COUNTRY_PLACE, NOWHERE, PlaceMention, is_below, outermost
from pipelines.extract.place_roles import (
    SETS,
    is_among,
    is_bare,
    is_beside,
    is_former,
    is_held_against,
    is_object,
    is_of_a_system,
    is_passing,
    is_the_nation,
    not_passing,
    only_owns,
)
from pipelines.extract.places import place_finder
from pipelines.extract.subject import agency_of, home_of, map_day
from pipelines.extract.topic import OPENING, Topic
from pipelines.extract.view import View, view
from pipelines.model import Document, Level, Place, Span

_WITHIN = re.compile(r"\s?(?:\(|của|thuộc|,\sthuộc|,)?\s?")
_FIGURE = re.compile(r"\d")
_HAS_ITS_OWN = re.compile(  # "nhiều nhất là Mường Lèo (9 bản)", "… là huyện Mường Tè với 8.150 hộ"
    r"\s\((?:(?:trên|hơn|gần|chỉ)\s)?\d[\d.,]*(?!\d*\))|\svới\s(?:(?:trên|hơn|gần|chỉ|khoảng)\s)?\d"
)
_LEADS_TO_SUBJECT = re.compile(r"\W*(?:với|so với|từ|từ chỗ|từ mức|nhờ)\s")
_OF_ALL = re.compile(r"\s(?:điểm\s)?của\s(?:toàn|cả)\s")  # "hơn mức 96,3% của toàn tỉnh Đắk Lắk"
_AMONG = re.compile(r"(?<!\w)(?:toàn|cả)\s$")
_SAID = re.compile(
    r"(?<!tháng )(?<!ngày )(?<!quý )(?<![\d/.,-])(?!(?:19|20)\d\d(?!\d))\d[\d.,]*%?(?![\d/])(?!\s(?:tháng|giờ|ngày|năm)(?!\w))"
    r"|(?<!\w)nửa\s"
)
_OF = re.compile(r"(?<!\w)(?:của|ở|tại|trên địa bàn)\s$")
_THE_REST = re.compile(r"(?<!\w)các\s(?:xã|phường|huyện|thị trấn|đơn vị)(?:,\s(?:xã|phường|thị trấn))*\scòn lại(?!\w)")
_COUNTED_OF = re.compile(r"(?:\s[^\W\d]+){1,3}\s(?:của|ở|tại)\s")
_FARTHEST, _LOOK_BACK = 160, 800
_LONGEST_LIST = 200
_LONGEST_TITLE = 160


class Owned(NamedTuple):
    """A number with its own part of the sentence; whether it is a bound on ranks ("top 5"), and whether a figure at all."""

    number: Number
    part: Span
    is_top: bool = False
    is_figure: bool = True


class PlaceAttribution:
    """The places of one document; fed with its lines and sentences in order."""

    def __init__(self, document: Document, seen: View, home: str | None) -> None:
        self._seen = seen
        finder = place_finder()
        day = map_day(document, seen)
        at_home = home_of(document, home, day)
        of_source = finder.province_of(at_home)
        home = of_source.name if of_source else home
        title = document.title or ""
        named = finder.find(title, view(title), day, home, at_home)
        about = named[0].place if named else agency_of(document, seen)
        self._topic = Topic(seen, about, at_home)
        self._province = (finder.province_of(self._topic.place) or at_home).name
        found = finder.find(document.text, seen, day, home, self._topic.place)
        self._bodies = Ordered(bodies(document.text, seen), SPAN_START)
        self._units = Ordered((m for m in found if m.place.level is not Level.OTHER), SPAN_START)
        self._mentions = Ordered(outermost(found), SPAN_START)
        self._holders = Holders(seen, self._bodies, self._mentions)
        self._sentence = Span(0, 0)
        self._numbers: list[int] = []  # where the sentence's figures stand

    def enter_line(self, in_list: bool, is_numbered: bool = False) -> None:
        """A new paragraph, or an item of a list, whose places hold only there."""
        self._topic.enter_line(in_list, is_numbered)

    def enter_heading(self, place: Place | None) -> None:
        """Below headings that name a place it is spoken of."""
        self._topic.enter_heading(place)

    def enter_sentence(self, sentence: Span) -> None:
        self._sentence, self._numbers = sentence, []
        self._topic.enter_sentence(sentence)

    def leave_sentence(self) -> None:
        """The next sentence speaks of what this one did, unless it names a place of its own."""
        named = self._units.between(*self._sentence)
        self._topic.leave_sentence(self._sentence, named, self._numbers, self._is_spoken_of)

    def names(self, within: Span) -> bool:
        """Whether a place or an agency is named inside a stretch."""
        return bool(self._mentions.between(*within) or self._bodies.between(*within))

    def spans(self) -> list[Span]:
        """Where the sentence being read names places and agencies."""
        return [
            *(mention.span for mention in self._mentions.between(*self._sentence)),
            *(body.span for body in self._bodies.between(*self._sentence)),
        ]

    def of_row(self, beside: Sequence[Span], above: Sequence[Span | None]) -> Place:
        """The place of a table's cell: the first that is named by a column's head or a row's label ``beside`` it, else by
        the headings ``above`` the row and the table, else what is spoken of.
        """
        for span in beside:
            if body := self._bodies.between(*span):
                return body[0].place(self._province)
            named = [m for m in self._mentions.between(*span) if not is_of_a_system(self._seen, span.start, m)]
            if named:
                return named[-1].place
        titles = (
            span for span in above if span and self._seen[span.end - 1] != "." and span.end - span.start <= _LONGEST_TITLE
        )
        return next((place for title in titles if (place := self.of_title(title))), self._topic.place)

    def of_title(self, title: Span) -> Place | None:
        """The place that a heading or a table's title names first, if it is the only one but for those that it lies in."""
        named = [
            mention
            for mention in self._mentions.between(*title)
            if not is_bare(self._seen, mention)
            and not is_passing(self._seen, title.start, mention)
            and not only_owns(self._seen, title.start, mention, self._topic.place)
        ]
        if not named or any(not is_below(named[0].place, other.place) for other in named[1:]):
            return None
        return named[0].place

    def places(self, figures: Sequence[Owned]) -> list[tuple[Place, ...]]:
        """The place of each figure of the sentence; several where one figure is stated of each."""
        bodies_here = (
            body for body in self._bodies.between(*self._sentence) if not is_object(self._seen, self._sentence.start, body)
        )
        agencies = (PlaceMention(body.span, body.place(self._province)) for body in bodies_here)
        spoken_of = filter(self._is_spoken_of, self._mentions.between(*self._sentence))
        here = sorted([*spoken_of, *agencies])
        named = groups(self._seen, here)
        numbers = [figure.number for figure in figures]
        self._numbers = [figure.number.span.start for figure in figures if figure.is_figure]
        paired = in_turn(self._seen, self._sentence, numbers, named) if named else {}
        shared = Ordered(() if paired else named, SPAN_START)
        tops = any(figure.is_top for figure in figures)
        lists = Ordered(groups(self._seen, here, with_figures=True) if tops else (), SPAN_START)
        closing, since = self._closing(numbers[-1])
        found: list[tuple[Place, ...]] = []
        holder: Body | None = None
        for index, figure in enumerate(figures):
            previous = numbers[index - 1] if index else None
            holder = self._holders.of(self._sentence, figure.number, figure.part, previous) or self._holders.still(
                holder, figure.number
            )
            if index in paired:
                found.append((paired[index].place,))
            elif figure.is_top and (after := listed_after(self._seen, figure.number, lists)):
                found.append(tuple(mention.place for mention in after.mentions))
            elif holder:
                found.append((holder.place(self._province),))
            elif together := self._together(figure, previous, shared):
                found.append(tuple(mention.place for mention in together.mentions))
            else:
                closes = closing if figure.number.span.start >= since else None
                named_here = (
                    self._nearest(figure, named) or closes or self._of_the_centre(figure) or self._subject_after(figure)
                )
                found.append((named_here or self._topic.place,))
        return found

    def _nearest(self, figure: Owned, named: Sequence[Group]) -> Place | None:
        """The place named in the figure's own part, before it if there is one there, else earlier in the sentence."""
        begins, part = figure.number.span.start, figure.part
        ends = self._seen.find(";", figure.number.end, part.end)
        ends = ends if ends >= 0 else part.end
        if opened_before(self._seen, self._sentence.start, begins) >= 0:
            closes = self._seen.find(")", figure.number.end, ends)  # what stands in brackets is not of what follows them
            ends = closes if closes >= 0 else ends
        in_part = [m for m in self._mentions.between(part.start, part.end) if m.span.end <= ends and not self._only_owns(m)]
        before = [m for m in in_part if m.span.end <= begins and not is_beside(self._seen, self._sentence.start, m)]
        if before:
            return before[-1].place
        rest = self._seen.find("còn lại", part.start, begins) >= 0 and _THE_REST.search(self._seen, part.start, begins)
        earlier = [] if rest else self._mentions.between(max(self._sentence.start, part.start - _LOOK_BACK), part.start)
        in_part = [m for m in in_part if m.span.start >= begins and not _HAS_ITS_OWN.match(self._seen, m.span.end)]
        in_part = [m for m in in_part if not self._is_told_of(m, begins)]
        lists = [
            g.mentions for g in named if g.span.start < part.end < g.span.end
        ]  # "88% dân số, tại A, B 100%": the next one's
        in_part = not_passing(self._seen, self._sentence.start, [m for m in in_part if not any(m in g for g in lists)])
        if earlier:  # "xếp thứ nhất toàn tỉnh Quảng Ninh" says among whom
            in_part = [
                m
                for m in in_part
                if not _AMONG.search(self._seen, m.span.start - 8, m.span.start)
                or _OF_ALL.fullmatch(self._seen, figure.number.end, m.span.start)
            ]
        in_part = [
            m for m in in_part if not (is_of_a_system(self._seen, 0, m) or is_among(self._seen, self._sentence.start, m))
        ]
        if in_part:
            return in_part[0].place
        spoken_of = (
            mention
            for mention in reversed(earlier)
            if mention.span.end <= begins
            and (self._is_spoken_of(mention) or is_the_nation(self._seen, mention, begins))
            and not self._is_left(mention, begins)
        )
        return next((mention.place for mention in spoken_of), None)

    def _subject_after(self, figure: Owned) -> Place | None:
        """ "Với 1.870 hồ sơ nộp trực tuyến, huyện Yên Lập đạt 88%": the subject that such an opening leads to."""
        number = figure.number
        if not _LEADS_TO_SUBJECT.match(self._seen, self._sentence.start, number.span.start):
            return None
        after = self._mentions.between(number.end, min(self._sentence.end, number.end + _FARTHEST))
        subject = next((m for m in after if self._is_spoken_of(m)), None)
        return subject.place if subject and self._seen.find(";", number.end, subject.span.start) < 0 else None

    def _of_the_centre(self, figure: Owned) -> Place | None:
        """The country, where a ministry sets what is to be reached ("Bộ Y tế đặt đích cuối năm 2026 …")."""
        begins = figure.number.span.start
        for body in self._bodies.between(max(self._sentence.start, begins - _FARTHEST), begins):
            if not (body.local or body.inner) and SETS.match(self._seen, body.span.end, begins):
                return COUNTRY_PLACE
        return None

    def _is_told_of(self, mention: PlaceMention, begins: int) -> bool:
        """ "có 11 tổ (tổ của thôn Tịnh Xuyên đông nhất, 12 người)": a place of an aside that has its own figure there."""
        start, end = mention.span
        if opened_before(self._seen, begins, start) < 0:
            return False
        closes = self._seen.find(")", end, self._sentence.end)
        return closes >= 0 and _FIGURE.search(self._seen, end, closes) is not None

    def _only_owns(self, mention: PlaceMention) -> bool:
        return only_owns(self._seen, self._sentence.start, mention, self._topic.place)

    def _is_left(self, mention: PlaceMention, begins: int) -> bool:
        """ "…; một nửa số hộ ở thị trấn Phố Châu có mã QR; 60% …": a place named beside a figure ends with its clause."""
        start, end = mention.span
        if self._topic.place is NOWHERE or is_below(self._topic.place, mention.place) or self._seen.find(";", end, begins) < 0:
            return False
        clause = max(self._sentence.start, self._seen.rfind(";", self._sentence.start, start) + 1)
        return _SAID.search(self._seen, clause, start) is not None

    def _closing(self, last: Number) -> tuple[Place | None, int]:
        """The place named after all the figures, if it is whose they are: "… là ba điểm sáng của huyện Nga Sơn"; and since
        where: of "…; còn 5 xã của huyện Bác Ái" only the last is.
        """
        begins = self._sentence.start
        for mention in self._mentions.between(last.end, self._sentence.end):
            if not _OF.search(self._seen, mention.span.start - 16, mention.span.start) or self._only_owns(mention):
                continue
            if is_held_against(self._seen, begins, mention) or is_among(self._seen, begins, mention):
                continue
            counts = _COUNTED_OF.fullmatch(self._seen, last.end, mention.span.start)
            ends = [self._seen.rfind(mark, begins, last.span.start) for mark in (";", ", trong đó")]
            return mention.place, max(ends) if counts else 0
        return None, 0

    def _is_spoken_of(self, mention: PlaceMention) -> bool:
        """Not what is compared with, or the country in passing ("của Việt Nam")."""
        start = mention.span.start
        if mention.place == COUNTRY_PLACE:
            return start - self._sentence.start <= OPENING or self._topic.place is NOWHERE
        passing = is_passing(self._seen, self._sentence.start, mention) or is_among(self._seen, self._sentence.start, mention)
        return not (passing or self._only_owns(mention) or is_former(self._seen, mention))

    def _together(self, figure: Owned, previous: Number | None, shared: Ordered[Group]) -> Group | None:
        """The places named together right before the figure, which share it."""
        begins = figure.number.span.start
        near = shared.between(figure.part.start - _LONGEST_LIST, begins)
        before = [group for group in near if figure.part.start < group.span.end <= begins]
        if not before or begins - before[-1].span.end > _FARTHEST:
            return None
        since = self._mentions.between(before[-1].span.end, begins)
        if since and not _WITHIN.fullmatch(self._seen, before[-1].span.end, since[0].span.start):
            return None  # "Nhờ công nghiệp ở Việt Yên, Hiệp Hòa, kinh tế số của tỉnh Bắc Giang …"
        return None if previous and previous.span.start >= before[-1].span.end else before[-1]
