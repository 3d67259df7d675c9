"""The reach of periods: which of a sentence's periods date one of its figures alone, or only those before them.

Belongs here: what is compared with, goals that figures are held against, where a figure came from, deadlines, asides.
Does not: finding periods (periods.py), choosing the one of a figure (period_attribution.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.clauses import opened_before
from pipelines.extract.numerals import Number
from pipelines.extract.periods import PeriodMention
from pipelines.extract.view import View
from pipelines.model import Span

_NEAR, _REACH, _REACH_OF_GOAL, _FARTHEST = 24, 80, 120, 400
_WHILE = re.compile(r"(?<!\w)(?:trong khi|còn|trước đó|cùng kỳ|hồi)\s$")
# "so với 62% của 6 tháng đầu năm 2023": the time of what is compared with.
_COMPARED = re.compile(
    r"(?<!\w)(?:so với|cùng kỳ|trong khi|thay vì|trước đó|từ mức|(?:hơn|kém)\s(?:con số|mức|tỷ lệ))(?!\w)[^.;:\n]{0,60}$"
    r"|(?<!\w)(?:hơn|kém)\s$"
)
# "vượt mốc 80% mà Đề án đặt ra cho năm 2025", "đích 20% của năm 2025": what figures are held against.
_GOAL = re.compile(
    r"(?P<beside>(?<!\w)(?:vượt|qua|vượt qua|so với|cách|xa|khá xa|hơn|kém|bằng|dưới|chưa đạt|chưa tới)\s)?"
    r"(?:đích|mốc|mục tiêu|chỉ tiêu|kế hoạch|mức)(?!\w)[^.;\n]{0,90}?\s(?:của|cho|vào|đến|tới)\s(?:cuối\s|hết\s)?$"
)
_NAMES_GOAL = re.compile(r"(?<!\w)(?:đích|mốc|mục tiêu|chỉ tiêu|mức)\s(?:trên\s|hơn\s|tối thiểu\s|ít nhất\s)?$")
_OF_THE_GOAL = re.compile(r"(?<!\w)(?:của|cho|vào|đến|tới)\s(?:cuối\s|hết\s)?$")
# "…, mục tiêu kinh tế số đạt 12% GRDP vào năm 2030": the goal's year follows it.
_AIMS = re.compile(r"(?<!\w)(?:mục tiêu|phấn đấu|đặt đích|hướng tới|sẽ|quyết tâm|kỳ vọng|dự kiến)(?!\w)")
_BY_THEN = re.compile(r"(?<!\w)(?:vào|đến|tới)\s(?:cuối\s|hết\s|trước\s)*$")
_SINCE = re.compile(r"(?:\s[^\W\d]+){0,8}?\stừ\s(?:giữa\s|đầu\s|cuối\s|sau\s|ngày\s)*")
_TILL = re.compile(r"\s(?:đến|tới|lên|trở)(?!\w)")
_BY = re.compile(r"(?<=[^,;.] )(?:xong )?(?:trước|chậm nhất|muộn nhất)\s(?:ngày\s)?$")
_BARELY = re.compile(r"\s(?:mới|chỉ|còn)\s(?:(?:là|đạt|có|được|chỉ)\s)*\d")
_SHARE = re.compile(r"\d\s?%|(?<!\w)(?:đạt|là|có|hạng|thứ)\s\d")
_ASIDE = re.compile(r"(?<!\w)(?:riêng|chỉ riêng|nhất là|trong đó)\s(?:trong\s)?$")
_ITS_OWN = re.compile(
    r"\s?(?::|là|đạt|chỉ|mới|xếp|đứng|hạng|thứ)\s?[^()\d]{0,20}\d[^()]{0,40}\)"
)  # "812,4 điểm (năm 2022: 745,9 điểm)"
_FIGURE = re.compile(r"%|(?<!\w)(?:là|hạng|thứ|đạt|mới|chỉ|có|xếp)\s(?:hạng\s|thứ\s|đạt\s|có\s)?\d")
_CAME_FROM = re.compile(
    r"(?<!\w)(?:từ|từ mức|từ chỗ)\s(?:chỉ\s|có\s|hơn\s|gần\s|hạng\s|thứ\s|vị trí\s|vị trí thứ\s)*\d[\d.,]*%?(?:\s[^\W\d]+){0,4}"
    r"\s(?:của|hồi|vào|trong|ở)?\s?(?:cuối\s|đầu\s)?$"
)
_WENT_TO = re.compile(r"(?<!\w)(?:lên|xuống|còn|đến|tới|thành)(?!\w)")


def dates_more(seen: View, sentence: Span, period: PeriodMention, first: PeriodMention) -> bool:
    """Whether a period dates more than one figure of its sentence; ``first`` is the sentence's first period."""
    start = period.span.start
    if _ASIDE.search(seen, max(sentence.start + 1, start - _NEAR), start):
        return False
    if seen.startswith("(", start - 1) and _ITS_OWN.match(seen, period.span.end):
        return False
    return not (
        _is_compared(seen, period)
        or _is_passing_goal(seen, sentence, period, first)
        or _is_where_it_came_from(seen, period, min(sentence.end, period.span.end + _FARTHEST))
    )


def of_its_goal(seen: View, number: Number, in_part: Sequence[PeriodMention]) -> list[PeriodMention]:
    """ "qua mốc 80% mà đề án đặt ra cho năm 2025": the year of a goal that is named with its number."""
    begins = number.span.start
    after = [period for period in in_part if period.span.start >= number.end][:1]
    if not after or not _NAMES_GOAL.search(seen, max(0, begins - _NEAR), begins):
        return []
    leads = max(number.end, after[0].span.start - _NEAR)
    return after if _OF_THE_GOAL.search(seen, leads, after[0].span.start) else []


def aimed_at(
    seen: View, number: Number, before: Sequence[PeriodMention], in_part: Sequence[PeriodMention]
) -> list[PeriodMention]:
    """The year that follows what is aimed at, where only an earlier time was named before the aim."""
    begins = number.span.start
    after = [period for period in in_part if period.span.start >= number.end][:1]
    if not after or not before or after[0].end <= before[-1].end:
        return []
    if not _BY_THEN.search(seen, max(number.end, after[0].span.start - _NEAR), after[0].span.start):
        return []
    return after if _AIMS.search(seen, before[-1].span.end, begins) else []


def is_of_an_aim(seen: View, number: Number, period: PeriodMention) -> bool:
    """ "có 186 trạm, dự kiến 260 trạm trong năm 2026": whether a period after a number is that of something to come."""
    return number.end < period.span.start and _AIMS.search(seen, number.end, period.span.start) is not None


def reached_since(seen: View, number: Number, baselines: Sequence[PeriodMention]) -> list[PeriodMention]:
    """ "đạt 90% hồ sơ nộp trực tuyến từ tháng 3/2024": the beginning that follows a share is when it was reached."""
    if not number.percent:
        return []
    return [
        period
        for period in baselines
        if number.end <= period.span.start < number.end + _REACH
        and _SINCE.fullmatch(seen, number.end, period.span.start)
        and not _TILL.match(seen, period.span.end)
    ][:1]


def is_over(seen: View, before: Sequence[PeriodMention], begins: int) -> bool:
    """Whether the last of the periods ``before`` a number that ``begins`` there is that of other figures only."""
    last = before[-1]
    if _is_left_again(seen, last, begins) and (len(before) > 1 or _is_compared(seen, last) or _is_held_against(seen, last)):
        return True
    if len(before) > 1 and _is_a_deadline(seen, last):
        return True
    return _is_in_an_aside(seen, last, begins) or _is_where_it_came_from(seen, last, begins)


def _is_compared(seen: View, period: PeriodMention) -> bool:
    return _COMPARED.search(seen, max(0, period.span.start - _REACH), period.span.start) is not None


def _is_passing_goal(seen: View, sentence: Span, period: PeriodMention, first: PeriodMention) -> bool:
    """Whether a period is that of a goal which figures of another time are held against."""
    goal = _GOAL.search(seen, max(sentence.start, period.span.start - _REACH_OF_GOAL), period.span.start)
    if goal is None:
        return False
    since, until = first.span.end, min(goal.start(), first.span.end + _FARTHEST)
    return bool(goal["beside"]) or (since < until and _SHARE.search(seen, since, until) is not None)


def _is_held_against(seen: View, period: PeriodMention) -> bool:
    """ "vượt mục tiêu 90% của năm 2024; …": a goal's year ends with its clause."""
    goal = _GOAL.search(seen, max(0, period.span.start - _REACH_OF_GOAL), period.span.start)
    return goal is not None and goal["beside"] is not None


def _is_where_it_came_from(seen: View, period: PeriodMention, until: int) -> bool:
    """ "từ 21.500 hồ sơ của năm 2019 lên 68.912": the year is the first figure's alone."""
    start, end = period.span
    return _CAME_FROM.search(seen, max(0, start - _REACH), start) is not None and _WENT_TO.search(seen, end, until) is not None


def _is_a_deadline(seen: View, period: PeriodMention) -> bool:
    """ "hoàn thành ở 31/31 bệnh viện trước 30/9/2026, …": by when one thing is to be done ends with its item."""
    start, end = period.span
    return seen[end : end + 1] == "," and _BY.search(seen, max(0, start - _NEAR), start) is not None


def _is_in_an_aside(seen: View, period: PeriodMention, begins: int) -> bool:
    """ "thứ 20 (năm 2021 là hạng 23) và …": what a parenthesis says of its own figure ends with it."""
    start, end = period.span
    opens, closes = opened_before(seen, max(0, start - _REACH), start), seen.find(")", end, begins)
    if opens < 0 or closes < 0:
        return False
    return bool(_FIGURE.search(seen, opens, start) or _FIGURE.search(seen, end, closes))


def _is_left_again(seen: View, period: PeriodMention, begins: int) -> bool:
    """ "…, năm 2023 mới 71%; …": what was only compared with ends with its clause."""
    start, end = period.span
    told = _WHILE.search(seen, max(0, start - 20), start) or _BARELY.match(seen, end, begins)
    compared = bool(told) or _is_compared(seen, period) or _is_held_against(seen, period)
    return compared and ";" in seen[end:begins]
