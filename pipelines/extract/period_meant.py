"""The period that is meant: what the period chosen for a figure comes to by the words around the figure.

Belongs here: goals of the whole year beside figures of its months, the same days of another year.
Does not: choosing the period (period_attribution.py), finding periods (periods.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from pipelines.extract.numerals import Number
from pipelines.extract.periods import PeriodMention
from pipelines.extract.view import View
from pipelines.model import Period, Span

_NEAR, _REACH = 24, 80
_GOAL = "(?:kế hoạch|chỉ tiêu|mục tiêu)"
_PLAN_OF_THE_YEAR = re.compile(
    rf"(?<!\w){_GOAL}\s(?:(?:cả\s)?năm|(?:[^\W\d]+\s){{1,5}}?cả\snăm)(?:\s(?:nay|giao|đề ra|là|đạt))*\s?:?\s?$"
)
# "còn cách xa chỉ tiêu 60% của năm"
_OF_THE_YEAR = re.compile(r"\s(?:của|cho)\s(?:cả\s)?năm(?:\snay)?(?=\s?[.,;)]|\s?$)")
_GOAL_BEFORE = re.compile(rf"(?<!\w){_GOAL}\s(?:[^\W\d]+\s){{0,3}}$")
_GOAL_IN_BRACKETS = re.compile(r"\((?:kế hoạch|chỉ tiêu|mục tiêu|kh)(?:\s(?:là|giao|được giao|đề ra))?\s?:?\s?$")
# "…, cùng kỳ năm trước là 49%": the same months of the year before.
_LAST_YEAR = re.compile(
    r"(?<!so với )cùng kỳ(?:\snăm\s(?:trước|ngoái))?(?:\s(?:là|đạt|mới|chỉ|có|ở mức|được|gần|hơn|trên|khoảng)|\s?[(:])*\s?$"
)
_THE_SAME_DAYS = ("cùng kỳ ", "cùng thời gian ", "cùng thời điểm ")


def as_meant(
    seen: View, number: Number, part: Span, period: Period, stated: PeriodMention | None, others: Sequence[PeriodMention]
) -> Period:
    """The ``period`` of a figure, or what its goal or its comparison makes of it; ``stated`` is where the sentence states it,
    ``others`` are the periods that it may be compared with, the nearest first.
    """
    begins = number.span.start
    if _is_of_the_year(seen, number, part):
        return whole_year(period)
    if stated and stated.grain == "year" and seen.endswith(_THE_SAME_DAYS, 0, stated.span.start):
        days = next((other for other in others if other.grain != "year"), others[0] if others else None)
        return _same_days(period, days) if days else period
    said = seen.find("cùng kỳ", max(0, begins - _REACH), begins)
    return _a_year_before(period) if said >= 0 and _LAST_YEAR.search(seen, max(0, said - _NEAR), begins) else period


def whole_year(period: Period) -> Period:
    """The year in which a period ends: "kế hoạch năm 85%" beside the figures of a month."""
    if period.end is None:
        return period
    return period._replace(start=date(period.end.year, 1, 1), end=date(period.end.year, 12, 31), grain="year")


def _is_of_the_year(seen: View, number: Number, part: Span) -> bool:
    """Whether a figure is a goal set for the year."""
    near, far = max(0, number.span.start - _NEAR), max(0, number.span.start - _REACH)
    begins = number.span.start
    if seen.startswith((" của ", " cho "), number.end) and _OF_THE_YEAR.match(seen, number.end, part.end):
        return _GOAL_BEFORE.search(seen, far, begins) is not None
    if seen.find("(", near, begins) >= 0 and _GOAL_IN_BRACKETS.search(seen, near, begins):
        return True
    return seen.find(" năm", near, begins) >= 0 and _PLAN_OF_THE_YEAR.search(seen, far, begins) is not None


def _a_year_before(period: Period) -> Period:
    """The same days of the year before."""
    return period._replace(start=_in_year(period.start, -1), end=_in_year(period.end, -1))


def _same_days(year: Period, days: PeriodMention) -> Period:
    """The ``days`` of another year: "cùng kỳ năm 2023" of the first half of 2024 is the first half of 2023."""
    if year.end is None:
        return year
    ahead = year.end.year - days.end.year
    return year._replace(start=_in_year(days.start, ahead), end=_in_year(days.end, ahead), grain=days.grain)


def _in_year(day: date | None, ahead: int) -> date | None:
    """The same day so many years on; the last of February stays the last."""
    if day is None:
        return None
    year = day.year + ahead
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
