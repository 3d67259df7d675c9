"""Shapes: what each number of a sentence can measure by its form, with the others beside it.

Belongs here: a rank that a list goes on with ("xếp thứ 7, 19 và 33"), points without their word.
Does not: the form of a number alone (measure_kind in link.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipelines.extract.link import measure_kind
from pipelines.extract.numerals import Number
from pipelines.extract.view import View
from pipelines.model import Span

_RANKING = re.compile(r"(?<!\w)(?:thứ hạng|xếp hạng|bảng xếp hạng|thứ tự)(?!\w)")
_NEXT_PILLAR = re.compile(r"\s?[,;]\s(?:và\s|còn\s)?(?:[^\W\d]+\s){1,5}")  # "kinh tế số xếp 14, xã hội số 19."
_ENDS_THERE = re.compile(r"\s?(?:[.,;)\n]|$)(?!\d)")
_COORDINATED = re.compile(r"\s?(?:,|;|và|-|/|rồi|hay)\s?(?:và\s|thứ\s|hạng\s)*")


def shapes(seen: View, sentence: Span, numbers: Sequence[Number], names: set[int]) -> list[str]:
    """The shape of each number: share, rank, score or count. One that only continues a list has the shape of the one
    before it; one that stands before a name in a ranking is a rank ("Thứ hạng: 11 Long An; 12 Bình Phước"). ``names`` are
    where places and periods begin.
    """
    kinds = [measure_kind(seen, number) for number in numbers]
    ranking = _RANKING.search(seen, *sentence)
    for index, number in enumerate(numbers):
        if kinds[index] == "count" and ranking and ranking.end() <= number.span.start and number.end + 1 in names:
            kinds[index] = "rank"
        elif kinds[index] == "count" and number.value % 1 and "score" in kinds[:index]:
            kinds[index] = "score"  # "xã A 94,8 điểm, xã B 93,07"
    for index, (one, other) in enumerate(pairwise(numbers), start=1):
        if kinds[index] == "count" and kinds[index - 1] in ("rank", "score") and _coordinated(seen, one, other):
            kinds[index] = kinds[index - 1]
        elif kinds[index] == "count" and kinds[index - 1] == "rank" and _goes_on(seen, one, other):
            kinds[index] = "rank"
    for index in range(len(numbers) - 2, -1, -1):  # "với 0,7415 và 0,7288 điểm"
        one, other = numbers[index], numbers[index + 1]
        if kinds[index] == "count" and kinds[index + 1] == "score" and one.value % 1 and _coordinated(seen, one, other):
            kinds[index] = "score"
    return kinds


def _goes_on(seen: View, one: Number, other: Number) -> bool:
    """Whether a bare number after a few words goes on with the places that were begun."""
    few_words = _NEXT_PILLAR.fullmatch(seen, one.end, other.span.start)
    return few_words is not None and other.value.is_integer() and _ENDS_THERE.match(seen, other.end) is not None


def _coordinated(seen: View, one: Number, other: Number) -> bool:
    return _COORDINATED.fullmatch(seen, one.end, other.span.start) is not None
