"""The period that a figure speaks of.

Belongs here: choosing among the periods that the text states, and what carries over from one sentence to the
next. Does not: finding them (periods.py).

A period is taken from the figure's sentence, else from the sentences before it in the paragraph, else from the
headings, else it is the publication date. What the text says of "now" ends what was dated. A year before the one
that the document is about is only compared with: it holds in its own sentence alone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from pipelines.extract.numerals import Number
from pipelines.extract.ordered import Ordered
from pipelines.extract.periods import PeriodMention, bare_year, is_dateline, names_period, read_periods, says_now
from pipelines.extract.segment import first_line
from pipelines.extract.view import View, view
from pipelines.model import Basis, Document, Period, Span

_LONGEST_HEADING = 200
_LOOK_BACK, _NEAR = 2000, 24
_YEAR = re.compile(r"(?<![\d./-])20[0-4]\d(?![\d.])|(?<=/)20[0-4]\d(?!\d)")
_WHILE = re.compile(r"(?<!\w)(?:trong khi|còn|trước đó|cùng kỳ|hồi)\s$")
# "so với 62% của 6 tháng đầu năm 2023": the time of what is compared with.
_COMPARED = re.compile(r"(?<!\w)(?:so với|cùng kỳ|trong khi|thay vì|trước đó|từ mức)(?!\w)[^.;:\n]{0,60}$")
_REACH = 80
_OF_WHAT_FOLLOWS = re.compile(r"(?:\s?:|\s(?:là|đạt|mới|chỉ|được|có)(?!\w))\s?(?:hạng\s|thứ\s|\w+\s)?\d")
_FIGURE = re.compile(r"%|(?<!\w)(?:là|hạng|thứ|đạt|mới|chỉ|có|xếp)\s(?:hạng\s|thứ\s|đạt\s|có\s)?\d")
# "Cũng tới thời điểm trên", "Cùng năm": the last date goes on, also in another paragraph.
_SAME_DATE = re.compile(
    r"(?<!\w)(?:(?:cùng|cũng trong|cũng)\s(?:thời điểm|mốc|ngày|năm|kỳ|giai đoạn|tháng|quý)"
    r"|(?:thời điểm|mốc|ngày|năm|kỳ|tháng|quý)\s(?:này|ấy|đó|trên|nói trên|vừa nêu|kể trên))(?!\w)"
)
_CAME_FROM = re.compile(
    r"(?<!\w)(?:từ|từ mức|từ chỗ)\s(?:chỉ\s|có\s|hơn\s|gần\s)*\d[\d.,]*%?(?:\s[^\W\d]+){0,4}"
    r"\s(?:của|hồi|vào|trong|ở)?\s?(?:cuối\s|đầu\s)?$"
)
_WENT_TO = re.compile(r"(?<!\w)(?:lên|xuống|còn|đến|tới|thành)(?!\w)")
# "…, cùng kỳ năm trước là 49%": the same months of the year before.
_LAST_YEAR = re.compile(
    r"(?<!so với )cùng kỳ(?:\snăm\s(?:trước|ngoái))?(?:\s(?:là|đạt|mới|chỉ|có|ở mức|được|gần|hơn|trên|khoảng)|\s?[(:])*\s?$"
)
# "… 1.690 tổ với 7.800 thành viên (số liệu tháng 6/2022)."
_NOTE = re.compile(r"\((?:số liệu|thống kê|cập nhật|tính|thời điểm)(?!\w)[^()]*\)\W*$")
_RIGHT_AFTER = re.compile(r"\s?(?:điểm\s)?\(?(?:(?:của|trong|vào|hồi|ở|cho|đến|tới)\s)?(?:cuối\s|đầu\s)?")  # "48% (năm 2023)"


def _start(period: PeriodMention) -> int:
    return period.span.start


_NONE = Ordered[PeriodMention]((), _start)


class PeriodAttribution:
    """The periods of one document; fed with its lines and sentences in order."""

    def __init__(self, document: Document, seen: View) -> None:
        self._seen = seen
        self._published = document.published
        self._year = _first_year(document.title, seen)
        self._of_document = self._of_title(document)
        self._sentence = Span(0, 0)
        self._stated = _NONE
        self._baselines: list[PeriodMention] = []
        self._carried: PeriodMention | None = None
        self._latest: PeriodMention | None = None
        self._noted: list[PeriodMention] = []
        self._now: bool | None = None  # not yet looked for

    def enter_line(self) -> None:
        """A new paragraph: what was dated above it no longer is."""
        self._carried = None
        self._now = None

    def enter_sentence(self, sentence: Span) -> None:
        """A new sentence: its own periods come first."""
        self._sentence, self._now = sentence, None
        found = read_periods(self._seen, sentence, self._published, self._year)
        self._stated = Ordered((period for period in found if not period.baseline), _start) if found else _NONE
        self._baselines = [period for period in found if period.baseline]
        opening = sentence.start, min(sentence.end, sentence.start + _REACH)
        if self._latest is not self._carried and _SAME_DATE.search(self._seen, *opening):
            self._carried = self._latest
        note = (
            _NOTE.search(self._seen, max(sentence.start, sentence.end - _REACH), sentence.end) if self._stated.items else None
        )
        self._noted = self._stated.between(note.start(), note.end())[:1] if note else []

    def leave_sentence(self) -> None:
        """What the sentence dates holds for the next one, until a sentence speaks of the present."""
        if self._stated.items and (lasting := self._lasting(self._stated.items)):
            self._carried = lasting
        elif self._carried and self._speaks_of_now():
            self._carried = None

    def pass_over(self, line: Span) -> None:
        """A paragraph without figures: what it dates is only pointed back to."""
        if names_period(self._seen, line):
            found = read_periods(self._seen, line, self._published, self._year)
            self._lasting([period for period in found if not period.baseline])

    def _lasting(self, stated: Sequence[PeriodMention]) -> PeriodMention | None:
        """The last of the periods that the text does not only compare with or look back at."""
        dated = [period for period in stated if not self._is_compared(period)]
        if dated:
            self._latest = dated[-1]
        since = self._of_document.start if self._of_document else date.min
        lasting = [period for period in dated if period.end >= since]
        if not lasting:
            return None
        self._year = lasting[-1].end.year
        return lasting[-1]

    def _speaks_of_now(self) -> bool:
        if self._now is None:
            self._now = says_now(self._seen, self._sentence)
        return self._now

    def _is_compared(self, period: PeriodMention) -> bool:
        return _COMPARED.search(self._seen, max(0, period.span.start - _REACH), period.span.start) is not None

    def forget(self) -> None:
        """What the sentences before were dated with holds no more."""
        self._carried = None

    def spans(self) -> list[Span]:
        """Where the sentence being read names periods."""
        return [period.span for period in self._stated.items]

    def period(self, number: Number, part: Span, heading: PeriodMention | None) -> Period:
        """The period of a figure whose own part is ``part``; ``heading`` is what the sections above it say."""
        begins = number.span.start
        before = [p for p in self._stated.between(begins - _LOOK_BACK, begins) if p.span.end <= begins][-2:]
        in_part = self._stated.between(part.start, part.end)
        near = self._stated.between(number.end, number.end + _NEAR)
        follows = [
            p
            for p in near
            if _RIGHT_AFTER.fullmatch(self._seen, number.end, p.span.start)
            and not _OF_WHAT_FOLLOWS.match(self._seen, p.span.end)
        ]
        if before and self._is_over(before, number):
            before = before[:-1]
        stated = follows[:1] or self._in_its_aside(number) or before[-1:] or in_part[:1] or self._noted
        ended = bool(stated) and says_now(self._seen, Span(stated[0].span.end, max(stated[0].span.end, number.span.start)))
        inherited = None if ended or self._speaks_of_now() else self._carried or heading or self._of_document
        if stated and not ended:
            found = Period(stated[0].start, stated[0].end, stated[0].grain, Basis.STATED)
        elif inherited:
            found = Period(inherited.start, inherited.end, inherited.grain, Basis.INHERITED)
        else:
            return Period(self._published, self._published, "day", Basis.PUBLICATION)
        return _a_year_before(found) if _LAST_YEAR.search(self._seen, max(0, begins - _REACH), begins) else found

    def _in_its_aside(self, number: Number) -> list[PeriodMention]:
        """ "so với năm 2023 (hạng 3; 0,7380 điểm)": what is compared with dates what stands in parentheses after it."""
        opens = self._seen.rfind("(", max(0, number.span.start - _REACH), number.span.start)
        if opens < 0 or self._seen.find(")", opens, number.span.start) >= 0:
            return []
        return [period for period in self._baselines if self._seen[period.span.end : opens].isspace()]

    def _is_over(self, before: list[PeriodMention], number: Number) -> bool:
        """Whether the last period before a number is that of other figures only."""
        last = before[-1]
        if self._is_left_again(last, number) and (len(before) > 1 or self._is_compared(last)):
            return True
        return self._is_in_an_aside(last, number) or self._is_where_it_came_from(last, number)

    def _is_where_it_came_from(self, period: PeriodMention, number: Number) -> bool:
        """ "từ 21.500 hồ sơ của năm 2019 lên 68.912": the year is the first figure's alone."""
        return (
            _CAME_FROM.search(self._seen, max(0, period.span.start - _REACH), period.span.start) is not None
            and _WENT_TO.search(self._seen, period.span.end, number.span.start) is not None
        )

    def _is_in_an_aside(self, period: PeriodMention, number: Number) -> bool:
        """ "thứ 20 (năm 2021 là hạng 23) và …": what a parenthesis says of its own figure ends with it."""
        start, end = period.span
        opens, closes = self._seen.rfind("(", max(0, start - _REACH), start), self._seen.find(")", end, number.span.start)
        if opens < 0 or closes < 0 or self._seen.find(")", opens, start) >= 0:
            return False
        return bool(_FIGURE.search(self._seen, opens, start) or _FIGURE.search(self._seen, end, closes))

    def _is_left_again(self, period: PeriodMention, number: Number) -> bool:
        """ "…, trong khi năm 2023 mới 71%; …": what was only compared with ends with its clause."""
        start, end = period.span
        compared = _WHILE.search(self._seen, max(0, start - 20), start) or self._is_compared(period)
        return bool(compared) and ";" in self._seen[end : number.span.start]

    def first_in(self, line: Span) -> PeriodMention | None:
        """The first period of a heading, an opening line or a column's head."""
        if line.end - line.start > _LONGEST_HEADING:
            return None
        stated = (p for p in read_periods(self._seen, line, self._published, self._year) if not p.baseline)
        first = next(stated, None) or bare_year(self._seen, line)
        return None if first and is_dateline(self._seen, line) else first

    def _of_title(self, document: Document) -> PeriodMention | None:
        if document.title:
            title = view(document.title)
            found = read_periods(title, Span(0, len(title)), self._published, self._year)
            if found:
                return min(found, key=lambda period: period.end - period.start)
            if year := bare_year(title, Span(0, len(title))):
                return year
        first = first_line(self._seen)
        if first is None or self._seen[first.end - 1] in '.;!?…"' or "%" in self._seen[first.start : first.end]:
            return None
        return self.first_in(first)


def _a_year_before(period: Period) -> Period:
    """The same days of the year before; the last of February stays the last."""

    def back(day: date | None) -> date | None:
        if day is None:
            return None
        return date(day.year - 1, day.month, min(day.day, monthrange(day.year - 1, day.month)[1]))

    return period._replace(start=back(period.start), end=back(period.end))


def _first_year(title: str | None, seen: View) -> int | None:
    """The first year that a document names: an undated one's "6 tháng đầu năm" is of that year until it names another."""
    match = _YEAR.search(title or "") or _YEAR.search(seen)
    return int(match[0]) if match else None
