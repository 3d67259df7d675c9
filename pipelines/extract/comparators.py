"""Comparators: the words around a number that make it a bound ("trên 80%", "80% trở lên").

Belongs here: recognising the words and where they begin.
Does not: finding the number (numerals.py), deciding what it measures (link.py).
"""

from __future__ import annotations

import re

from pipelines.extract.cued import Cued
from pipelines.extract.numerals import Number
from pipelines.extract.view import View
from pipelines.model import Comparator

_BEFORE = {
    Comparator.APPROX: "khoảng|gần|xấp xỉ|chừng|ước|ước tính|ước khoảng|trên dưới|cỡ|tầm|ngót|ngót nghét|quãng"
    "|loanh quanh|quanh|quanh mức|suýt soát|xêm xêm|~|≈",
    Comparator.LE: "không quá|chưa quá|chưa vượt|chưa vượt quá"
    "|không vượt|không vượt quá|không trên|không hơn|tối đa|nhiều nhất|top|tốp|nhóm|≤|<=",
    Comparator.GE: "ít nhất|tối thiểu|không dưới|không thể dưới|không được dưới|không để dưới|không thể thấp hơn"
    "|không thấp hơn|không ít hơn|không kém|≥|>=",
    Comparator.LT: "dưới|chưa đến|chưa tới|chưa đầy|chưa được|chưa nổi|không đến|không tới|không đầy|thấp hơn|<",
    Comparator.GT: "trên|hơn|vượt|vượt trên|vượt mức|vượt mốc|vượt ngưỡng|vượt quá|quá|cao hơn|>",
}
_FILLER = r"(?:\s(?:là|đạt|được|có|mức|đến|tới|từ|lên|bằng|cho|con số|chiếm|đóng góp|gần|khoảng))?"
_COMPARATOR_OF = {word: comparator for comparator, words in _BEFORE.items() for word in words.split("|")}
_BEFORE_NUMBER = Cued(
    "|".join(_COMPARATOR_OF),
    r"(?<!\w)(?P<word>"
    + "|".join(re.escape(word) for word in sorted(_COMPARATOR_OF, key=len, reverse=True))
    + rf"){_FILLER}\s?$",
)
_AFTER_NUMBER = re.compile(
    r"\s?(?:(?P<ge>(?:\w+\s){0,3}?trở lên(?!\w))|(?P<le>(?:\w+\s){0,3}?trở xuống(?!\w))|(?P<approx>hơn kém(?!\w)))",
)
_LEADING = re.compile(
    r"\s(?:địa phương|tỉnh, thành phố|tỉnh, thành|tỉnh|huyện|xã|phường|đơn vị|cơ quan|sở, ngành)\s(?:dẫn đầu|đứng đầu)(?!\w)"
)
_REACH = 28
_FROM_UP = re.compile(r"\s?(?:[^\W\d][\w-]*\s){1,12}trở lên(?!\w)")  # "từ 95% số xã ở Cà Mau trở lên"
_SHARE_AND_UP = re.compile(
    r"\s(?:(?!cấp|từ|sao|hạng|mức|loại)[^\W\d]+\s){1,8}trở lên(?!\w)"
)  # "80% công dân đủ điều kiện trở lên"
_FROM_A_SHARE = Cued("từ", r"(?<!\w)(?<!tăng )(?<!giảm )(?<!nâng )(?<!lên )(?<!hạ )(?<!xuống )(?<!kéo )(?<!đưa )từ\s$")
_ON_TO = re.compile(r"[^;.\n]{0,90}?(?<!\w)(?:lên|xuống|đến|tới|còn|sang|thành)(?!\w)|\s?(?:-|–|đến|tới)\s?\d")
_FROM = re.compile(r"(?<!\w)từ\s$")
# "Ước đến hết năm 2024, tỉnh có 420 doanh nghiệp", "Ước tỷ trọng kinh tế số trong GRDP đạt 9,8%": the estimate stands
# before the date or the head.
_ESTIMATE = Cued(
    "ước",
    r"(?<!\w)ước\s(?:(?:tính\s(?:[^\W\d]+\s){0,6}?)?(?:đến|tới|hết|cả|trong|năm|quý|tháng)\s"
    r"(?:[^.;\n\d]|\d{1,2}/20\d\d|(?<!\d)(?:19|20)\d\d(?!\d))*"
    r"|(?<!\w\sước\s)(?:tỷ lệ|tỉ lệ|tỷ trọng|tổng số|số|mức)\s(?:[^\W\d]+\s){1,14}(?:đạt|là|chiếm|có|được)\s)$",
)
_REACH_OF_ESTIMATE = 90
# "không xã nào dưới 75 điểm": none is below, so all have at least that.
_NONE_OF_THEM = re.compile(r"(?<!\w)không\s(?:còn\s|để\s|có\s)?(?:\w+,?\s){1,5}nào\s[^.;,]*$")
_REACH_OF_NONE = 100
_OF_A_MARK = re.compile(r"(?:dưới|trên|vượt|vượt quá|chưa đến|chưa tới)\s(?:mức|mốc|ngưỡng)\s")  # "dưới mức 50% tỉnh đề ra"
# What follows a number that somebody set: "thấp hơn mức 80% tỉnh giao".
GIVEN = re.compile(r"\s(?:[^\W\d]+\s){0,3}(?:giao|đề ra|đặt ra)(?!\w)(?! dịch| kết| thông| ban)")
_THAN_A_MARK = re.compile(r"(?:cao hơn|thấp hơn|hơn)\s(?:mức|con số)\s")  # the mark is another's: "thấp hơn mức 80% tỉnh giao"


def read_comparator(seen: View, number: Number) -> tuple[Comparator, int]:
    """The comparator that governs ``number``, and where its words begin (the number's start if none do).

    Looks a few words back and on. "từ 11,91% lên 14,26%" is a change, not a bound. A range is RANGE
    whatever stands before it, but "khoảng 30-35%" is APPROX.
    """
    before = _BEFORE_NUMBER.first(seen, number.span.start - _REACH, number.span.start)
    begins = before.start() if before else number.span.start
    if number.high is not None:
        return (
            Comparator.APPROX if before and _COMPARATOR_OF[before["word"]] is Comparator.APPROX else Comparator.RANGE
        ), begins
    if _FROM.search(seen, max(0, number.span.start - 4), number.span.start) and _FROM_UP.match(seen, number.end):
        return Comparator.GE, begins
    if after := _AFTER_NUMBER.match(seen, number.end, number.end + _REACH):
        return Comparator(str(after.lastgroup)), begins
    if number.percent and _SHARE_AND_UP.match(seen, number.end):
        return Comparator.GE, begins
    if before is None:
        if number.percent and _FROM_A_SHARE.first(seen, begins - 4, begins) and not _ON_TO.match(seen, number.end):
            return Comparator.GE, begins
        if leads(seen, number):
            return Comparator.LE, begins
        estimate = _ESTIMATE.first(seen, begins - _REACH_OF_ESTIMATE, begins)
        return Comparator.APPROX if estimate else Comparator.EQ, begins
    comparator = _COMPARATOR_OF[before["word"]]
    if _THAN_A_MARK.fullmatch(seen, before.start(), number.span.start):
        return Comparator.EQ, begins
    if _OF_A_MARK.fullmatch(seen, before.start(), number.span.start) and GIVEN.match(seen, number.end):
        return Comparator.EQ, begins
    if comparator is Comparator.LT and _NONE_OF_THEM.search(seen, max(0, begins - _REACH_OF_NONE), begins):
        return Comparator.GE, begins
    return comparator, begins


def none_is_beyond(seen: View, number: Number) -> bool:
    """Whether nobody is below the number ("không đơn vị nào thấp hơn 82 điểm"), which bounds what all have."""
    start = number.span.start
    before = _BEFORE_NUMBER.first(seen, start - _REACH, start)
    return bool(before and _NONE_OF_THEM.search(seen, max(0, before.start() - _REACH_OF_NONE), before.start()))


def leads(seen: View, number: Number) -> bool:
    """Whether the number says how many lead: "5 địa phương dẫn đầu" are the top five."""
    return not number.percent and _LEADING.match(seen, number.end) is not None


def bounds(value: float, high: float | None, comparator: Comparator) -> tuple[float | None, float | None]:
    """What ``comparator`` says of the true value: (low, high), null where it is open."""
    match comparator:
        case Comparator.GT | Comparator.GE:
            return value, None
        case Comparator.LT | Comparator.LE:
            return None, value
        case Comparator.APPROX:
            return (value, high) if high is not None else (None, None)
        case Comparator.RANGE:
            return value, high
        case _:
            return value, value
