"""Coordination: places and numbers that are named together, and which goes with which.

Belongs here: "Hà Nội, Đà Nẵng và Hải Phòng cùng đạt 100%" (one figure of each), "xã A và xã B lần lượt có 89% và
96%" (one by one), "top 5 gồm A, B và C". Does not: the place of a figure that stands alone (place_attribution.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipelines.extract.numerals import Number
from pipelines.extract.ordered import Ordered
from pipelines.extract.place_levels import PlaceMention
from pipelines.extract.view import View
from pipelines.model import Span

_LEVEL = r"(?:(?:các\s)?(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tx\.?|xã|phường|thị trấn)\s?)?"
_AND = re.compile(rf"\s?(?:,|;|và|cùng|,\svà|\+)\s(?:và\s)?{_LEVEL}")
_FIGURE_AND = re.compile(rf"(?:\s\([^()]{{1,24}}\))?{_AND.pattern}")
_NUMBERS_AND = re.compile(r"\s?(?:[^\W\d]+\s){0,3}?(?:,|;|và|-|/|,\svà)\s?(?:và\s|trên\s|hơn\s|gần\s|khoảng\s|thứ\s|hạng\s)*")
# What parts numbers that are paired without "lần lượt": "đạt 96,1%, 94,7% và 90,3%".
_BARE_AND = re.compile(r"(?:\sđiểm)?\s?(?:,|và|,\svà)\s(?:trên\s|hơn\s|gần\s|khoảng\s|thứ\s|hạng\s)*")
_IN_TURN = re.compile(r"(?<!\w)(?:lần lượt|tương ứng|theo thứ tự)(?!\w)")
# "ở các vị trí 2, 3 và 4, lần lượt là Hồ Chí Minh, Hà Nội, Huế"
_ARE_IN_TURN = re.compile(rf"[\s,%]*(?:lần lượt|tương ứng|theo thứ tự)\s(?:là|thuộc về|gọi tên)?\s?{_LEVEL}")
_FOLLOWS = re.compile(rf"[^.;]{{0,60}}?(?<!\w)(?:gồm|là|còn có|có|thuộc về)(?:\scó)?\s?:?\s{_LEVEL}")
_BETWEEN_HEADS = re.compile(r",|(?<!\w)(?:và|với|cùng)(?!\w)|\+")
_FARTHEST = 80


class Group(NamedTuple):
    """Places named one after the other."""

    span: Span
    mentions: tuple[PlaceMention, ...]


def groups(seen: View, mentions: Sequence[PlaceMention], with_figures: bool = False) -> list[Group]:
    """The runs of two or more places that only commas and "và" part; ``with_figures``, also a figure of each in parentheses."""
    parts = _FIGURE_AND if with_figures else _AND
    runs: list[list[PlaceMention]] = [[mention] for mention in mentions[:1]]
    for one, other in pairwise(mentions):
        if one.place.level is other.place.level and parts.fullmatch(seen, one.span.end, other.span.start):
            runs[-1].append(other)
        else:
            runs.append([other])
    return [Group(Span(run[0].span.start, run[-1].span.end), tuple(run)) for run in runs if len(run) > 1]


def pieces(seen: View, head: Span) -> list[Span]:
    """The coordinated pieces of a stretch."""
    cuts = [match.span() for match in _BETWEEN_HEADS.finditer(seen, *head)]
    starts, ends = [head.start, *(end for _, end in cuts)], [*(start for start, _ in cuts), head.end]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True)]


def runs(seen: View, numbers: Sequence[Number]) -> list[range]:
    """The runs of two or more numbers that are listed, by their positions in ``numbers``."""
    found, first = [], 0
    for index, (one, other) in enumerate(pairwise(numbers), start=1):
        if not (one.percent == other.percent and _NUMBERS_AND.fullmatch(seen, one.end, other.span.start)):
            found.append(range(first, index))
            first = index
    found.append(range(first, len(numbers)))
    return [run for run in found if len(run) > 1]


def in_turn(seen: View, sentence: Span, numbers: Sequence[Number], named: Sequence[Group]) -> dict[int, PlaceMention]:
    """The place of each number that a sentence pairs with it, by the number's position: "lần lượt", or as many bare numbers
    as places before them.
    """
    paired: dict[int, PlaceMention] = {}
    for run in runs(seen, numbers):
        last = numbers[run[-1]]
        says_so = _IN_TURN.search(seen, sentence.start, min(sentence.end, last.end + _FARTHEST))
        if not says_so and not all(_BARE_AND.fullmatch(seen, numbers[i].end, numbers[i + 1].span.start) for i in run[:-1]):
            continue
        before = [group for group in named if group.span.end <= numbers[run[0]].span.start and len(group.mentions) == len(run)]
        after = [
            group
            for group in named
            if group.span.start >= last.end
            and len(group.mentions) == len(run)
            and _ARE_IN_TURN.fullmatch(seen, last.end, group.span.start)
        ]
        if not says_so:
            after = []
            before = [group for group in before[-1:] if seen.find(";", group.span.end, numbers[run[0]].span.start) < 0]
        if chosen := before[-1:] or after[:1]:
            paired |= dict(zip(run, chosen[0].mentions, strict=True))
    return paired


def says_in_turn(seen: View, within: Span) -> bool:
    """Whether a stretch pairs what it lists."""
    return _IN_TURN.search(seen, *within) is not None


def listed_after(seen: View, number: Number, named: Ordered[Group]) -> Group | None:
    """The places that follow "top 5 gồm"."""
    near = named.between(number.end, number.end + _FARTHEST)
    return next((group for group in near if _FOLLOWS.fullmatch(seen, number.end, group.span.start)), None)


def each_with_a_figure(mentions: Sequence[PlaceMention], figures: Sequence[int], end: int) -> list[PlaceMention]:
    """The places of one level that have a figure each ("Cần Thơ 91,2%, Hậu Giang gần 80%") in a sentence that ends there;
    ``figures`` is where its figures stand.
    """
    ends = [*(mention.span.start for mention in mentions[1:]), end]
    having = [
        mention
        for mention, until in zip(mentions, ends, strict=True)
        if bisect_left(figures, mention.span.end) < bisect_left(figures, until)
    ]
    levels = Counter(mention.place.level for mention in having)
    return [mention for mention in having if levels[mention.place.level] > 1]
