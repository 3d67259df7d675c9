"""Clauses: which part of a sentence each of its numbers owns.

Belongs here: cutting a sentence between its numbers ("A đạt 80%, B đạt 90%"; "80% A, 90% B"); its parentheses.
Does not: what the part says (link.py).
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.extract.cued import Cued
from pipelines.extract.view import View
from pipelines.model import Span

_STRONG = re.compile(r"[;\n|•]|[.!?]\s")
_WEAK = re.compile(
    r"[,(:)]|\s-\s|(?<!\w)(?:và|còn|trong đó|trong khi|riêng|với|gồm|nhưng|tương đương|tương ứng|cùng|thì)(?!\w)"
)
_TRIVIAL = re.compile(
    r"(?:[\s,:;(\"'-]|(?<!\w)(?:và|đạt|có|là|được|đã|còn|trong đó|tỷ lệ|chiếm|với|cùng|thì|khi|gồm|bằng|tương đương"
    r"|hiện|cũng|lên|xuống|tới|đến|từ|mức|tương ứng|đạt tỷ lệ|cho|ở|trong khi|riêng|của)(?!\w))*"
)
# "• 88,9%: tỷ lệ hồ sơ nộp qua mạng của phường …": an item that begins with its figure.
# What is listed as one thing: "cán bộ, công chức, viên chức", "xã, phường, thị trấn".
_ONE_THING = re.compile(
    "|".join(
        rf"(?<!\w)(?:các\s)?(?:{kind})(?:,?\s(?:và\s)?(?:{kind})(?!\w))+".replace(" ", r"\s")
        for kind in (
            "cán bộ|công chức|viên chức|người lao động|đảng viên",
            "sở|ban|ngành|tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|thôn|bản|ấp|khóm|buôn|làng",
            "tiếp nhận|giải quyết|xử lý|trả kết quả|gửi|nhận|kê khai|nộp",
            "người dân|công dân|doanh nghiệp|tổ chức|hợp tác xã|hộ kinh doanh|cá nhân",
        )
    )
)
_NAMED_AFTER = re.compile(r"\s?:\s[^,;(\d\n]{8,}")
_BULLET = re.compile(r"\s*[-•*+–·]\s*")
_UNIT_TAIL = re.compile(r"\s?(?:trở lên|trở xuống)")


_THOUGHTS = (
    "trong khi|song|nhưng|dù|mặc dù|tuy|do|vì|bởi|nhờ|không để|sau khi|thế nhưng|chậm nhất|muộn nhất"
    "|góp phần|tạo thuận lợi|tạo điều kiện|tạo chuyển biến|tạo nền tảng|nhằm|qua đó|từ đó|phục vụ cho"
)
_OTHER_THOUGHT = Cued(
    f"nên|{_THOUGHTS}",
    rf"(?<!trở )(?<!làm )(?<!tạo )(?<!gây )(?<!xây )nên(?!\w)|(?<=[,;]\s)(?:{_THOUGHTS})(?!\w)",
)


def opened_before(seen: View, since: int, at: int) -> int:
    """Where the parenthesis opens, not before ``since``, that what stands at ``at`` is in; -1 where it is in none."""
    opens = seen.rfind("(", since, at)
    return opens if opens >= 0 and seen.find(")", opens, at) < 0 else -1


def own_parts(seen: View, sentence: Span, figures: list[Span]) -> list[Span]:
    """For each of ``figures`` (in order) the stretch of ``sentence`` that speaks of it; they don't overlap.

    A figure's span begins with its comparator, "trên" of "trên 80%", and ends after its "%".

    Between two numbers the cut falls at a semicolon, else before the words that lead to the second
    number; a number at once followed by a separator owns nothing to its right.
    """
    cuts = [sentence.start]
    for one, other in pairwise(figures):
        names = (
            _NAMED_AFTER.match(seen, one.end)
            if one.start == sentence.start or _BULLET.fullmatch(seen, sentence.start, one.start)
            else None
        )
        cuts.append(_cut(seen, names.end() if names else one.end, max(one.end, other.start)))
    cuts.append(sentence.end)
    return [Span(start, end) for start, end in pairwise(cuts)]


def head_begins(seen: View, part: Span, number: Span) -> int:
    """Where the words begin that lead to the number: after the last semicolon before it."""
    return max(part.start, seen.rfind("; ", part.start, number.start) + 1)


def tail_ends(seen: View, part: Span, number_end: int) -> int:
    """Where what a part says of its number ends: before another thought ("…, trong khi vài xã vẫn nhờ cán bộ làm hộ")."""
    other = _OTHER_THOUGHT.first(seen, number_end, part.end)
    semicolon = seen.find("; ", number_end, part.end)
    ends = other.start() if other else part.end
    return min(ends, semicolon) if semicolon >= 0 else ends


def _cut(seen: View, start: int, end: int) -> int:
    if tail := _UNIT_TAIL.match(seen, start, end):
        start = tail.end()
    gap = seen[start:end]
    if strong := list(_STRONG.finditer(gap)):
        return start + strong[-1].end()
    things = [match.span() for match in _ONE_THING.finditer(gap)] if "," in gap else []
    separators = [
        m
        for m in _WEAK.finditer(gap)
        if not any(begin < m.start() < stop for begin, stop in things)
        and not (m[0] == "thì" and _TRIVIAL.fullmatch(gap, m.start()))  # "viên chức thì 98,5%": its head stands before
    ]
    if not separators and things:
        return start + things[-1][1]
    if not separators:
        return end if _TRIVIAL.fullmatch(gap) is None else start
    if not gap[: separators[0].start()].strip():
        return start
    marks = [separator for separator in separators if separator[0] in ",(:)"]
    for separator in separators:
        if _TRIVIAL.fullmatch(gap, separator.start()):
            label = [mark for mark in marks if mark.start() < separator.start()] if separator[0] == ":" else []
            return start + (label[-1] if label else separator).start()  # "803 toàn trình, một phần: 520"
    return start + (marks or separators)[-1].start()
