"""Yardsticks: numbers that only measure other figures of their sentence.

Belongs here: the excess over a goal ("đạt 92,28%, vượt chỉ tiêu 12,28%") or over others ("nhiều hơn năm ngoái
4.500 lượt"), and the mark that so many places pass
("9 xã đạt tỷ lệ hồ sơ nộp trực tuyến 100%"): the one is a change, the other is nobody's figure.
Does not: changes over time, which their own verb shows (nonfacts.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.coordination import runs
from pipelines.extract.cued import Cued
from pipelines.extract.numerals import Number
from pipelines.extract.view import View

EXCESS, MARK = "excess", "mark"
_REACH = 60
_LOOK_BACK = 12  # numbers
_GOAL = r"(?:chỉ tiêu|mục tiêu|kế hoạch|mức giao|dự toán|yêu cầu)".replace(" ", r"\s")
_WORDS = r"(?:[^\W\d]+\s)"
# What a number right after "chỉ tiêu là", "mục tiêu đạt" says is the goal itself.
_NO_NAMING = r"(?<!\slà\s)(?<!\sđạt\s)(?<!\smức\s)(?<!\smức bình quân\s)(?<!\smức trung bình\s)(?<!\smức chung\s)"
_OVER_GOAL = Cued(
    "vượt|cao hơn|hơn|thấp hơn|kém",
    rf"(?<!\w)(?:vượt|cao\shơn|hơn|thấp\shơn|kém)\s{_WORDS}{{0,3}}?{_GOAL}\s{_WORDS}{{0,6}}{_NO_NAMING}$",
)
_OVER_OTHERS = Cued(
    "cao hơn|thấp hơn|nhiều hơn|ít hơn|kém",
    rf"(?<!\w)(?<!không )(?:(?:cao|thấp|nhiều|ít)\shơn|kém)\s(?!{_WORDS}{{0,3}}{_GOAL})"
    rf"(?:{_WORDS}|20\d\d\s){{1,8}}{_NO_NAMING}$",
)
_OVER = Cued(
    "vượt|cao hơn|hơn|thấp hơn|kém",
    r"(?<!\w)(?<!không )(?:vượt|cao hơn|hơn|thấp hơn|kém)(?:\s(?:tới|đến|gần|hơn|khoảng|trên))*\s$",
)
_THAN_GOAL = re.compile(rf"\s(?:so\s)?với\s{_WORDS}{{0,3}}?{_GOAL}(?!\w)")
_NOUN_THAN_GOAL = re.compile(rf"\s{_WORDS}{{0,3}}?so\svới\s{_WORDS}{{0,3}}?{_GOAL}(?!\w)")
_AREA = (
    r"(?:bộ|ban|ngành|sở|cơ quan|đơn vị|tỉnh|tỉnh thành|thành phố|thành|huyện|quận|thị xã|thị|xã|phường|thị trấn|thôn|bản|ấp"
    r"|khóm|địa phương|nơi)(?!\w)"
).replace(" ", r"\s")
_AREAS = rf"\s{_AREA}(?:(?:,|,?\svà|/|\s-)\s?{_AREA})*"
_PASS = re.compile(
    rf"{_AREAS}(?=\s)(?![^,;]*\s(?:gồm|như)\s)(?=[^,;]*\s(?:có|đạt|dưới|trên|hơn|vượt|trong|từ|ngưỡng|mốc|mức)\s)(?:\s[^\W\d][\w/-]*)*?\s?"
)
_SCORE = re.compile(r"\s?điểm(?!\w)")
# "xã nào dưới 80 điểm phải …": whoever that is.
_WHOEVER = re.compile(rf"(?<!\w)(?<!không )(?<!mỗi ){_AREA}\snào\s(?:có\s|còn\s|đạt\s|chưa\s)?[^.;,\d]{{0,30}}$")
# "nhắc các xã dưới 65 điểm giải trình": the same.
_ANY_OF_THEM = Cued("các|những|mọi", rf"(?<!\w)(?:các|những|mọi)\s{_AREA}\s(?:có\s|đạt\s|được\s)?(?:dưới|trên|từ)\s$")
_DENIED = re.compile(r"(?<!\w)(?:không|chẳng|chưa)\s[^.;]{0,40}$")
_OF_THEM_ALL = re.compile(r"(?<!\w)(?:ở|tại|của|trong|cả|tất cả|toàn bộ|đủ|khắp|cho|từ|trên địa bàn|với)\s$")
_STEP = re.compile(r"(?<!\w)(?:bậc|nhóm|dưới|trên|mức|khoảng|từ)\s(?:từ\s|trên\s|dưới\s)?$")
_HOW_MANY = re.compile(rf"\s(?:với|có|gồm|là)\s\d+(?:{_AREA}|{_AREAS}|\s?(?:[.,;)]|$))")


def yardsticks(seen: View, numbers: Sequence[Number]) -> dict[int, str]:
    """Why some of a sentence's ``numbers`` are no figures, by their position."""
    found: dict[int, str] = {}
    coordinated = {run[0]: run for run in runs(seen, numbers)}
    for index, number in enumerate(numbers):
        if index in found:
            continue
        if (number.percent or _SCORE.match(seen, number.end)) and _is_of_whoever(seen, number):
            found[index] = MARK
            continue
        if not number.percent:
            if number.value % 1 and _is_mark(seen, numbers, index):
                found[index] = MARK
            elif _OVER.first(seen, number.span.start - _REACH, number.span.start) and _NOUN_THAN_GOAL.match(seen, number.end):
                found[index] = EXCESS  # "mở 134 bộ dữ liệu, vượt 34 bộ so với kế hoạch"
            elif _OVER_OTHERS.first(seen, number.span.start - _REACH, number.span.start):
                found[index] = EXCESS
            continue
        run = coordinated.get(index, range(index, index + 1))
        if _is_excess(seen, numbers, run):
            found |= dict.fromkeys(run, EXCESS)
        elif _is_mark(seen, numbers, index):
            found[index] = MARK
    return found


def _is_excess(seen: View, numbers: Sequence[Number], run: range) -> bool:
    """Whether the numbers of ``run``, which are listed together, say by how much others are passed."""
    first, start = numbers[run[0]], numbers[run[0]].span.start
    over = _OVER.first(seen, start - _REACH, start)
    if over and _THAN_GOAL.match(seen, numbers[run[-1]].end):
        return True
    over_goal = _OVER_GOAL.first(seen, start - _REACH, start)
    if not (over_goal or _OVER_OTHERS.first(seen, start - _REACH, start)):
        return False
    before = [number for number in numbers[max(0, run[0] - _LOOK_BACK) : run[0]] if number.percent][-len(run) :]
    reached = before[0] if before else None
    if over_goal:
        return reached is not None and _is_difference(first.value, reached.value)
    return _is_difference(first.value, reached.value if reached else 100.0)


def _is_difference(value: float, reached: float) -> bool:
    """Whether ``value`` was left between a goal and what was ``reached``: far below it, or to a round goal."""
    goal = round(reached - value, 6)
    return value < reached / 2 or (goal > 0 and goal % 5 == 0 and value % 1 != 0)


def _is_of_whoever(seen: View, number: Number) -> bool:
    """Whether the number tells which places are meant ("xã nào dưới 80 điểm"), and none has it."""
    start = number.span.start
    if _ANY_OF_THEM.first(seen, start - _REACH, start):
        return True
    if seen.find(" nào ", max(0, start - _REACH), start) < 0:
        return False
    whoever = _WHOEVER.search(seen, max(0, start - _REACH), start)
    return bool(whoever and not _DENIED.search(seen, max(0, whoever.start() - 45), whoever.start()))


def _is_mark(seen: View, numbers: Sequence[Number], index: int) -> bool:
    """Whether the number before counts the places that reach this one, or the number after it does."""
    number = numbers[index]
    start = number.span.start
    if index and not (counted := numbers[index - 1]).percent and _PASS.fullmatch(seen, counted.end, start):
        return not _OF_THEM_ALL.search(seen, max(0, counted.span.start - 16), counted.span.start)
    return bool(_HOW_MANY.match(seen, number.end) and _STEP.search(seen, max(0, start - 16), start))
