"""The period that a figure speaks of.

Belongs here: choosing among the periods that the text states, and what carries over from one sentence to the
next. Does not: finding them (periods.py), which of a sentence's periods hold for one figure alone (period_reach.py).

A period is taken from the figure's sentence, else from the sentences before it in the paragraph, else from the
headings, else it is the publication date. What the text says of "now" ends what was dated. A year before the one
that the document is about is only compared with: it holds in its own sentence alone.
"""

from __future__ import annotations

import re
from datetime import date

from pipelines.extract.clauses import opened_before
from pipelines.extract.document_period import NOTE, first_in, first_year, of_document
from pipelines.extract.numerals import Number
from pipelines.extract.ordered import Ordered
from pipelines.extract.period_meant import as_meant, whole_year
from pipelines.extract.period_reach import aimed_at, dates_more, is_of_an_aim, is_over, of_its_goal, reached_since
from pipelines.extract.periods import (
    PeriodMention,
    is_of_today,
    names_period,
    now_words,
    read_periods,
    says_now,
)
from pipelines.extract.view import View
from pipelines.model import Basis, Document, Kind, Period, Span

_LOOK_BACK, _NEAR = 2000, 24
_AHEAD = re.compile(r";|(?<!\w)(?:đến|tới|trước|từ|cho|phấn đấu|mục tiêu|trong khi|còn|so với)(?!\w)")
_INDEX = re.compile(r"(?<!\w)(?:chỉ số|bộ chỉ số|dti|dti cấp tỉnh|xếp hạng)(?!\w)[^.;:,\d]{0,40}$")
_DIGIT = re.compile(r"\d")
# "Năm 2019, năm đầu vận hành, số phản ánh chỉ 5.012", "Năm 2021, khi tôi mới nhận việc, …"
_BACK_THEN = re.compile(
    r",?\s(?:khi|lúc|năm đầu|thời điểm|con số (?:này|ấy|đó)|tỷ lệ (?:này|ấy|đó))(?!\w)"
    r"|[^.;\d]{0,60}?\s(?:chỉ|mới|còn)(?:\s[^\W\d]+){0,3}\s\d"
)
_SUBJECT = 12
_REACH = 80
_OF_WHAT_FOLLOWS = re.compile(r"(?:\s?:|\s(?:là|đạt|mới|chỉ|được|có|xếp|đứng|hạng)(?!\w))\s?(?:hạng\s|thứ\s|\w+\s)?\d")
# "Cũng tới thời điểm trên", "Cùng năm": the last date goes on, also in another paragraph.
_SAME_DATE = re.compile(
    r"(?<!\w)(?:(?:cùng|cũng trong|cũng)\s(?:thời điểm|thời gian|mốc|ngày|năm|kỳ|giai đoạn|tháng|quý)"
    r"|(?:thời điểm|thời gian|mốc|ngày|năm|kỳ|tháng|quý)\s(?:này|ấy|đó|trên|nói trên|vừa nêu|kể trên)"
    r"|(?:cho biết|cho hay|nói|thông tin)\sthêm)(?!\w)"
)
_SAME_SPAN = re.compile(r"(?<!\w)(?:trong|cả|nhất)\s(?:tuần|kỳ|đợt)(?!\w)")  # of a document that its title doesn't date
_RIGHT_AFTER = re.compile(
    r"\s?(?:điểm\s)?\(?(?:(?:của|trong|vào|hồi|ở|cho|đến|tới)\s)?(?:cả\s|cuối\s|đầu\s)?"
)  # "48% (năm 2023)"


def _start(period: PeriodMention) -> int:
    return period.span.start


def _is_before(period: PeriodMention, other: PeriodMention) -> bool:
    """Whether a period is of an earlier year, or a month or quarter before another."""
    return period.end.year < other.start.year or _is_alike_before(period, other)


def _is_alike_before(period: PeriodMention, other: PeriodMention) -> bool:
    """Whether a period is the month or quarter before another, or an earlier one."""
    return period.grain == other.grain and period.grain in ("month", "quarter") and period.end < other.start


_NONE = Ordered[PeriodMention]((), _start)


class PeriodAttribution:
    """The periods of one document; fed with its lines and sentences in order."""

    def __init__(self, document: Document, seen: View) -> None:
        self._seen = seen
        self._published = document.published
        self._year = first_year(document.title, seen)
        self._of_document, self._aims = of_document(document, seen, self._year)
        self._sentence = Span(0, 0)
        self._stated = _NONE
        self._baselines: list[PeriodMention] = []
        self._carried: PeriodMention | None = None
        self._latest: PeriodMention | None = None
        self._held: PeriodMention | None = None  # the latest that was not only looked back at
        self._lasting: dict[Kind, PeriodMention] = {}  # across paragraphs
        self._is_now = False
        self._noted: list[PeriodMention] = []
        self._now: bool | None = None  # not yet looked for
        self._passing: set[tuple[date | None, date | None]] | None = None  # nor these

    @property
    def written(self) -> date | None:
        """The day of the document: that of publication, else the last of the period in its title."""
        return self._published or (self._of_document.end if self._of_document else None)

    def enter_line(self) -> None:
        """A new paragraph: what was dated above it no longer is."""
        self._carried = None
        self._now = None

    def enter_sentence(self, sentence: Span) -> None:
        """A new sentence: its own periods come first."""
        self._sentence, self._now, self._passing = sentence, None, None
        found = read_periods(self._seen, sentence, self._published, self._year, self._carried)
        self._stated = Ordered((period for period in found if not period.baseline), _start) if found else _NONE
        self._baselines = [period for period in found if period.baseline]
        opening = sentence.start, min(sentence.end, sentence.start + _REACH)
        if self._latest is not self._carried and (
            _SAME_DATE.search(self._seen, *opening) or (not self._of_document and _SAME_SPAN.search(self._seen, *opening))
        ):
            self._carried = self._latest
        note = NOTE.search(self._seen, max(sentence.start, sentence.end - _REACH), sentence.end) if self._stated.items else None
        self._noted = self._stated.between(note.start(), note.end())[:1] if note else []

    def leave_sentence(self, states_goals: bool = False) -> None:
        """What the sentence dates holds for the next one, until a sentence speaks of the present; for the paragraphs below
        too, unless it only ``states_goals``.
        """
        if not self._stated.items and not self._carried:
            return
        dated = [period for period in self._stated.items if self._dates_more(period)]
        if dated:
            self._latest = dated[-1]
        lasting = [period for period in dated if not self._is_of_the_past(period)]
        if lasting:
            self._carried = self._held = lasting[-1]
            kind = Kind.TARGET if states_goals or self._is_to_come(self._carried) else Kind.ACTUAL
            self._lasting[kind] = self._carried
            self._year = lasting[-1].end.year
        elif self._carried and self._speaks_of_now():
            self._carried = None

    def _speaks_of_now(self) -> bool:
        if self._now is None:
            starts = now_words(self._seen, self._sentence)
            self._now = any(opened_before(self._seen, self._sentence.start, at) < 0 for at in starts)
        return self._now

    def _is_of_the_past(self, period: PeriodMention) -> bool:
        """Whether a period is a time that the document looks back at; an index comes out a year late."""
        start = period.span.start
        if _INDEX.search(self._seen, max(self._sentence.start, start - _REACH), start):
            return False
        of_document = self._of_document if self._of_document and self._of_document.grain != "day" and not self._aims else None
        before_all = of_document is not None and period.end < of_document.start
        return before_all or self._is_looked_back_at(period)

    def _is_looked_back_at(self, period: PeriodMention) -> bool:
        """ "Đáng chú ý là Uông Bí, năm 2022 mới thứ sáu": an earlier time that opens no sentence."""
        start, end = period.span
        opens = start - self._sentence.start <= _SUBJECT
        goes_back = self._carried is not None and _is_alike_before(period, self._carried)
        if opens and not goes_back and not _BACK_THEN.match(self._seen, end, self._sentence.end):
            return False
        opening = self._stated.items[0]
        known = [self._carried, None if opening is period or self._is_ahead(opening) else opening]
        return any(other is not None and _is_before(period, other) for other in known)

    def _is_ahead(self, period: PeriodMention) -> bool:
        """Whether something is to be done by then ("đến năm 2025")."""
        start = period.span.start
        return _AHEAD.search(self._seen, max(self._sentence.start, start - _NEAR), start) is not None

    def _is_to_come(self, period: PeriodMention) -> bool:
        """Whether a period ends in a year after that of publication; undated, whether something is to be done by that year."""
        if self._published:
            return period.end.year > self._published.year
        return period.grain in ("year", "years") and self._is_ahead(period)

    def is_passing(self, period: Period) -> bool:
        """Whether a period that was chosen is one of the sentence's that hold for it alone."""
        if self._passing is None:
            self._passing = {(p.start, p.end) for p in self._stated.items if not self._dates_more(p)}
        return (period.start, period.end) in self._passing

    def _dates_more(self, period: PeriodMention) -> bool:
        return dates_more(self._seen, self._sentence, period, self._stated.items[0])

    def go_on(self) -> None:
        """A figure goes on with what was measured in a paragraph before: what was dated there holds."""
        self._carried = self._carried or self._held

    def forget(self) -> None:
        """What the sentences before were dated with, a goal's year, holds no more."""
        self._carried = None
        self._latest = self._held = self._lasting.get(Kind.ACTUAL)

    def names(self, within: Span) -> bool:
        """Whether a stretch may name a period."""
        return names_period(self._seen, within)

    def spans(self) -> list[Span]:
        """Where the sentence being read names periods."""
        return [period.span for period in self._stated.items]

    def period(self, number: Number, part: Span, heading: PeriodMention | None) -> Period:
        """The period of a figure whose own part is ``part``; ``heading`` is what the sections above it say."""
        begins = number.span.start
        before = [p for p in self._stated.between(begins - _LOOK_BACK, begins) if p.span.end <= begins][-2:]
        in_part = [p for p in self._stated.between(part.start, part.end) if not is_of_an_aim(self._seen, number, p)]
        next_to = self._stated.between(number.end, number.end + _NEAR)
        follows = [
            p
            for p in next_to
            if _RIGHT_AFTER.fullmatch(self._seen, number.end, p.span.start)
            and not _OF_WHAT_FOLLOWS.match(self._seen, p.span.end)
        ]
        if before and is_over(self._seen, before, begins):
            before = before[:-1]
        stated = (
            follows[:1]
            or of_its_goal(self._seen, number, in_part)
            or aimed_at(self._seen, number, before, in_part)
            or self._in_its_aside(number)
            or reached_since(self._seen, number, self._baselines)
            or before[-1:]
            or in_part[:1]
            or self._noted
        )
        since = bool(stated) and says_now(self._seen, Span(stated[0].span.end, max(stated[0].span.end, begins)))
        ended = since or is_of_today(self._seen, number.end) or self._in_an_aside_of_now(begins)
        self._is_now = ended or self._speaks_of_now()
        inherited = None if self._is_now else self._carried or heading or self._of_document
        if stated and not ended:
            found = Period(stated[0].start, stated[0].end, stated[0].grain, Basis.STATED)
        elif (only := self._only_one_after(number)) and not inherited:
            found = Period(only.start, only.end, only.grain, Basis.STATED)
        elif inherited:
            found = Period(inherited.start, inherited.end, inherited.grain, Basis.INHERITED)
        else:
            return Period(self._published, self._published, "day", Basis.PUBLICATION)
        chosen = stated[0] if stated else None
        earlier = self._stated.between(begins - _LOOK_BACK, begins)
        others = [*(p for p in reversed(earlier) if p is not chosen), self._carried, heading, self._of_document]
        return as_meant(self._seen, number, part, found, chosen, [other for other in others if other])

    def from_above(self, period: Period, kind: Kind) -> Period:
        """The ``period`` of a figure of a ``kind``, or that of the last one above its paragraph where nothing else dates it."""
        if period.basis is not Basis.PUBLICATION or self._is_now:
            return period
        if lasting := self._lasting.get(kind):
            return Period(lasting.start, lasting.end, lasting.grain, Basis.INHERITED)
        if reached := self._lasting.get(Kind.ACTUAL):  # a goal of the year that the figures are of
            return whole_year(Period(reached.start, reached.end, reached.grain, Basis.INHERITED))
        return period

    def _in_an_aside_of_now(self, begins: int) -> bool:
        """ "phấn đấu đạt 80% (hiện nay là 68,4%)": only what stands in parentheses is of now."""
        opens = opened_before(self._seen, self._sentence.start, begins)
        return opens >= 0 and says_now(self._seen, Span(opens, begins))

    def _only_one_after(self, number: Number) -> PeriodMention | None:
        """ "Thứ 4 toàn quốc, 0,75 điểm, là kết quả ở kỳ đánh giá năm 2024": the period that closes a sentence of no other."""
        if len(self._stated.items) != 1 or (only := self._stated.items[0]).span.start < number.end:
            return None
        if is_of_an_aim(self._seen, number, only):
            return None
        if _AHEAD.search(self._seen, max(number.end, only.span.start - _REACH), only.span.start):
            return None
        if self._sentence.end - only.span.end > _REACH or _DIGIT.search(self._seen, only.span.end, self._sentence.end):
            return None
        return only

    def _in_its_aside(self, number: Number) -> list[PeriodMention]:
        """ "so với năm 2023 (hạng 3; 0,7380 điểm)": what is compared with dates what stands in parentheses after it."""
        opens = opened_before(self._seen, self._sentence.start, number.span.start)
        return [p for p in self._baselines if self._seen[p.span.end : opens].isspace()] if opens >= 0 else []

    def first_in(self, line: Span, above: PeriodMention | None = None) -> PeriodMention | None:
        """The first period of a heading, an opening line or a column's head, or that of a note at its end; one without a year
        is of that of ``above``.
        """
        of_a_year = above is not None and above.start.year == above.end.year
        return first_in(self._seen, line, above.end if above and of_a_year else self._published, self._year)
