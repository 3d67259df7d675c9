"""Numerals: Vietnamese numbers in digits and in words, with their multipliers, ranges and denominators.

Belongs here: finding a number and its value. "1.234" is a thousand and more, "12,5" has a decimal comma,
"77.93" a decimal dot (no group of three), "1,7 triệu" and "1 triệu 450 nghìn" are one number each.
Does not: saying whether it is a KPI (nonfacts.py), a bound (comparators.py) or what it measures (link.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from pipelines.extract.cued import Cued, digit_runs
from pipelines.extract.ordered import SPAN_START, Ordered
from pipelines.extract.view import View
from pipelines.model import Span

_DIGITS = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)"
_MULTIPLIERS = {"trăm": 1e2, "nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9}
_TIMES = r"(?:trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)"
_PERCENT = r"[ ]?(?:%|phần[ ]?trăm(?!\w))"
# Report writers also part thousands by a space: "1 284 tập dữ liệu".
_SPACED = (
    r"(?<!tháng[ ])(?<!ngày[ ])(?<!quý[ ])(?<!thứ[ ])(?<!số[ ])[1-9]\d{0,2}(?:[ ]\d{3})+(?=[ ][^\W\d]|[.;]?(?:\n|$)|[.;][ ])"
)
_AMOUNT = rf"(?:{_SPACED}|{_DIGITS})(?:[ ]?(?:{_TIMES}(?:[ ]{_TIMES})?)(?!\w)(?:[ ]\d{{1,3}}[ ](?:nghìn|ngàn|triệu)(?!\w))?)?"

# Carelessly typed: "đạt98%", "bằng76,5%", "52ngàn tài khoản", "212tổ", but not "4g" or "5km"; "21 lớp/850 người".
_GLUED = "|".join(
    [
        *(rf"(?<=\b{word})" for word in "đạt trên hơn gần bằng là có được với chỉ mới dưới khoảng nhận".split()),
        r"(?<=[^\W\d]{2}/)",
    ]
)
_BEFORE_A_WORD = "(?=[a-zđ]{1,4}[à-ỹ]|[à-ỹ][^\\W\\d])"
_NUMBER = re.compile(
    rf"""(?:(?<![\w/])|{_GLUED})(?<![\d][.,])
    (?P<low>{_AMOUNT})
    (?:
        (?P<low_percent>{_PERCENT})?[ ]?(?:-|đến|tới)[ ]?(?P<high>{_AMOUNT})(?P<high_percent>{_PERCENT})?
      | [ ]?/[ ]?(?P<denominator>{_DIGITS})(?P<fraction_percent>{_PERCENT})?
      | (?P<percent>{_PERCENT})
    )?
    (?:(?<=%)(?!\d)|(?![\w]|[.,/]\d)|{_BEFORE_A_WORD})""",
    re.VERBOSE,
)
_ONE = re.compile(
    rf"(?<![\w/])(?<!\d[.,])(?P<low>{_AMOUNT})(?P<percent>{_PERCENT})?(?:(?<=%)(?!\d)|(?!\w|[.,/]\d)|{_BEFORE_A_WORD})"
)
_SHARED = (
    "(?:tổng )?số|người|hộ|công dân|cư dân|dân số|(?:bộ )?hồ sơ|doanh nghiệp|cơ sở(?! dữ liệu)|cửa hàng|tiểu thương|cán bộ"
    "|grdp|gdp|khách hàng|giao dịch|học sinh|phụ huynh|lao động|thanh niên"
).replace(" ", "[ ]")
# "cứ 10 hộ thì có 8 hộ", "9 trong 10 người", "2/3 số hộ" state a share, read at the part's number.
_FEW = "hai|ba|bốn|năm|sáu|bảy|tám|chín|mười"
_RATIOS = Cued(
    "cứ|mỗi|bình quân|trung bình|trong",
    rf"(?<!\w)(?:(?P<every>cứ)|mỗi|bình quân|trung bình|trong)[ ](?P<whole>{_DIGITS}|{_FEW})[ ][^,.;%\d\n]{{1,60}}?"
    rf"[ ](?:thì|(?(every)(?:mới|chỉ|đã|có)|thì))[ ](?:(?:có|tới|chỉ|mới|đã|gần|hơn|trên|khoảng|ít nhất)[ ])*"
    rf"(?P<part>{_DIGITS}|{_FEW}|một(?=[ ]?(?:[.,;)]|$)))(?![\w.,]\d|\w)",
)
_BARE_RATIOS = Cued(
    "",
    r"(?<![\w.,/])(?<!thứ[ ])(?<!hạng[ ])(?P<part>\d{1,3})"
    r"(?:[ ](?:trong|trên)[ ](?:số[ ])?(?P<whole>10|100|1\.000)(?!\w|[.,]\d)"
    rf"|(?<=(?<!\d)[1-9])/(?P<of>[2-9]|10)(?=[ ](?:{_SHARED})(?!\w)))",
    at_digits=True,
)
_FEW_OF = rf"mười(?!\w)|(?:{_FEW})[ ](?:{_SHARED})(?!\w)"  # but not "ba trong năm 2024"
# "hai phần ba số hộ", "bốn trong năm hồ sơ", "quá nửa số hộ", "nửa triệu tài khoản".
_PARTS = Cued(
    "một|hai|ba|bốn|năm|sáu|bảy|tám|chín|nửa|phân nửa",
    rf"(?<!\w)(?:(?P<part>một|hai|ba|bốn|năm|sáu|bảy|tám|chín)[ ](?:phần[ ]|(?<!một[ ])trong[ ](?:số[ ])?(?={_FEW_OF}))"
    r"(?P<whole>hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)"
    r"|(?:một[ ]|phân[ ])?nửa(?:[ ](?P<times>nghìn|ngàn|triệu|tỷ))?)(?!\w)"
    r"(?![ ](?:đầu|cuối|trên|dưới|sau|trước|năm|tháng|ngày|giờ|buổi|chừng|đường|vời|còn|kia|muốn|là))",
)
# "hạng nhất", "xếp thứ nhì", "vị trí thứ tư", but not "thứ tư hằng tuần".
_RANK_WORDS = {"nhất": 1, "nhì": 2, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_RANKS = Cued(
    "hạng|xếp thứ|đứng thứ|vị trí thứ|giữ thứ|lên thứ",
    rf"(?<!\w)(?:(?:xếp[ ]|đứng[ ]|giữ[ ])?hạng|(?:xếp|đứng|giữ|lên|vị[ ]trí)[ ]thứ)[ ](?P<rank>{'|'.join(_RANK_WORDS)})(?!\w)"
    r"(?![ ](?:mục|mươi|trăm|tuần|ngày))",
)
_FROM = re.compile(r"(?:từ|khoảng|mức)\s*$")

_CHANGES = re.compile(r"(?<!\w)(?:tăng|nâng|từ mức|lên)\s(?:từ\s)?$")
_PIECE = re.compile(r"[\d.,]+|[^\W\d]+")
_LONGEST = 120  # no number and no ratio is longer

_UNITS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_WORD = rf"(?:{'|'.join(_UNITS)}|mười|mươi|trăm|nghìn|ngàn|triệu|tỷ|tỉ|linh|lẻ|rưỡi|không(?=[ ]trăm))"
_WORDS = Cued(
    f"{'|'.join(_UNITS)}|mười|mươi|trăm|nghìn|ngàn|triệu|tỷ|tỉ|linh|lẻ|rưỡi|không trăm",
    rf"(?<![\w-])(?:{_WORD})(?:[ ]{_WORD})*(?:(?P<percent>{_PERCENT}))?(?![\w])",
)
_MORE_THAN_NUMBERS = ("một", "năm", "tư", "lăm", "mốt")  # "năm" is also a year: alone they count nothing
_ROUND, _ABOUT = ("trăm", "nghìn", "ngàn"), ("gần ", "hơn ")  # "gần trăm người", but not "hàng trăm người"
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")


class Number(NamedTuple):
    """A number in the text. ``span`` is the number itself with its multiplier, ``end`` lies after "%".

    ``value`` in plain units (13,700,000 for "13,7 triệu"; 80 for "80%"); ``high`` is the upper end of a
    range; ``denominator`` that of "57/75"; ``worded`` numbers were written in words.
    """

    span: Span
    end: int
    value: float
    high: float | None = None
    denominator: float | None = None
    percent: bool = False
    worded: bool = False


def read_numbers(seen: View, within: Span) -> list[Number]:
    """The numbers of ``seen`` inside ``within``, in reading order, none overlapping another or crossing a line's end."""
    in_digits = _in_digits(seen, within)
    in_parts = [_from_parts(match) for match in _PARTS.find(seen, *within)]
    in_parts += [_from_rank(match) for match in _RANKS.find(seen, *within)]
    in_words = [worded for match in _WORDS.find(seen, *within) if (worded := _from_words(match))]
    if not in_words and not in_parts:
        return in_digits
    in_digits += in_parts
    digits = Ordered(in_digits, SPAN_START)
    in_words = [
        worded
        for worded in in_words
        if not any(_overlap(worded, other) for other in digits.between(worded.span.start - _LONGEST, worded.end))
    ]
    return sorted(in_digits + in_words, key=SPAN_START)


def parse_digits(text: str) -> float:
    """The value of a number in digits, as Vietnamese writes it.

    A dot before every group of exactly three digits separates thousands, any other dot is a decimal one;
    a comma is the decimal sign. Raises ``ValueError`` where ``text`` is no such number.
    """
    if "." in text and _THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    return float(text.replace(",", "."))


def parse_words(words: str) -> float | None:
    """The value of a number in words ("một trăm chín mươi tư" is 194); None where they make no number."""
    total, group, digit = 0.0, 0.0, None
    saw_ten = False
    for word in words.split():
        if word in _UNITS or word == "không":  # "một nghìn không trăm linh hai"
            if digit is not None:
                return None
            digit = _UNITS.get(word, 0)
        elif word == "mười":
            if digit is not None:
                return None
            group, saw_ten = group + 10, True
        elif word == "mươi":
            if digit is None or saw_ten:
                return None
            group, digit, saw_ten = group + digit * 10, None, True
        elif word == "trăm":
            if digit is None:
                return None
            group, digit, saw_ten = group + digit * 100, None, False
        elif word in _MULTIPLIERS:
            group += digit or 0
            if not group:
                return None
            total, group, digit, saw_ten = total + group * _MULTIPLIERS[word], 0.0, None, False
        elif word in ("linh", "lẻ") and digit is None:
            continue
        elif word == "rưỡi" and total and not group:
            total *= 1 + 0.5 / (total / _scale(total))
        else:
            return None
    value = total + group + (digit or 0)
    return value or None


def _in_digits(seen: View, within: Span) -> list[Number]:
    runs = digit_runs(seen)
    starts = runs[bisect_left(runs, within.start) : bisect_left(runs, within.end)]
    found = []
    position = within.start
    for start in starts:
        if start >= position and (match := _NUMBER.match(seen, start, within.end)):
            number = _from_digits(seen, match)
            found.append(number)
            position = number.end
    ratios = _ratios(seen, within)
    if not ratios.items:
        return found
    outside = [
        number
        for number in found
        if not any(number.span.start < said.end for said, _ in _begun_before(ratios, number.span.start))
    ]
    return sorted([*(number for _, number in ratios.items), *outside], key=SPAN_START)


def _ratios(seen: View, within: Span) -> Ordered[tuple[Span, Number]]:
    """The shares stated as "so many of so many": the whole expression, and the number it makes."""
    found = []
    for match in (*_RATIOS.find(seen, *within), *_BARE_RATIOS.find(seen, *within)):
        whole = match["whole"] or match["of"]
        part, of = _few(match["part"]), _few(whole)
        if 0 < part <= of:
            number = Number(Span(*match.span("part")), match.end(), round(100 * part / of, 2), percent=True)
            found.append((Span(*match.span()), number))
    return Ordered(found, lambda ratio: ratio[0].start)


def _few(written: str) -> float:
    """A number up to ten in words, or any in digits."""
    return parse_words(written) or parse_digits(written)


def _from_parts(match: re.Match[str]) -> Number:
    span = Span(*match.span())
    if match["part"]:
        whole = 10 if match["whole"] == "mười" else _UNITS[match["whole"]]
        return Number(span, span.end, round(100 * _UNITS[match["part"]] / whole, 2), percent=True, worded=True)
    if match["times"]:
        return Number(span, span.end, _MULTIPLIERS[match["times"]] / 2, worded=True)
    return Number(span, span.end, 50, percent=True, worded=True)


def _from_rank(match: re.Match[str]) -> Number:
    return Number(Span(*match.span("rank")), match.end(), _RANK_WORDS[match["rank"]], worded=True)


def _begun_before(ratios: Ordered[tuple[Span, Number]], at: int) -> list[tuple[Span, Number]]:
    return ratios.between(at - _LONGEST, at + 1)


def _scale(total: float) -> float:
    return next(m for m in (1e9, 1e6, 1e3) if total % m == 0)


def _from_digits(seen: View, match: re.Match[str]) -> Number:
    if match["high"] and not _is_range(seen, match):
        match = _ONE.match(seen, match.start()) or match
        return Number(Span(*match.span("low")), match.end(), _amount(match["low"]), percent=match.start("percent") >= 0)
    low, low_percent, high, high_percent, denominator, fraction_percent, percent = match.groups()
    value = _amount(low)
    if high:
        share = bool(low_percent or high_percent)
        scale = 1.0 if share else _shared_multiplier(low, high)
        span = Span(match.start(), match.end("high"))
        return Number(span, match.end(), value * scale, high=_amount(high), percent=share)
    span = Span(match.start(), match.end("low"))
    if denominator:
        return Number(span, match.end(), value, denominator=parse_digits(denominator), percent=bool(fraction_percent))
    return Number(span, match.end(), value, percent=bool(percent))


def _is_range(seen: View, match: re.Match[str]) -> bool:
    """Whether "70-80%" or "từ 70 đến 80%" is meant: rising, and with "từ" before a spelt "đến"."""
    if _amount(match["high"]) <= _amount(match["low"]):
        return False
    between = seen[match.end("low") : match.start("high")]
    if match["low_percent"] and not match["high_percent"]:
        return False
    if match["high_percent"] and not match["low_percent"] and "-" not in between:  # "70 đến 80%"
        return not _CHANGES.search(seen, max(0, match.start() - 12), match.start())
    if "-" in between:
        return not all(re.fullmatch(r"(?:19|20)\d\d", match[side]) for side in ("low", "high"))
    return bool(_FROM.search(seen, max(0, match.start() - 12), match.start()))


def _shared_multiplier(low: str, high: str) -> float:
    """ "1-2 triệu" scales both ends."""
    words = re.findall(_TIMES, high)
    return _MULTIPLIERS[words[-1]] if words and not re.search(_TIMES, low) else 1.0


def _amount(text: str) -> float:
    if text.isdigit():
        return float(text)
    first, *rest = _PIECE.findall(text)
    while rest and rest[0].isdigit():  # "1 284"
        first += rest.pop(0)
    value = parse_digits(first)
    while rest and rest[0] in _MULTIPLIERS:
        value *= _MULTIPLIERS[rest.pop(0)]
    if rest:  # "1 triệu 450 nghìn"
        value += _amount(" ".join(rest))
    return round(value, 6)


def _from_words(match: re.Match[str]) -> Number | None:
    percent = match["percent"]
    words = match[0].removesuffix(percent) if percent else match[0]
    if words in _MORE_THAN_NUMBERS:
        return None
    about = words in _ROUND and match.string.startswith(_ABOUT, max(0, match.start() - len(_ABOUT[0])))
    value = _MULTIPLIERS[words] if about else parse_words(words)
    if value is None:
        return None
    span = Span(match.start(), match.start() + len(words))
    return Number(span, match.end(), value, percent=bool(percent), worded=True)


def _overlap(one: Number, other: Number) -> bool:
    return one.span.start < other.end and other.span.start < one.end
