"""Tiers: the level of government that a figure is stated of ("cấp huyện 80%, cấp xã 60%").

Belongs here: recognising the tier's name beside a number. A tier is no place: the place is the one spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.coordination import runs, says_in_turn
from pipelines.extract.numerals import Number
from pipelines.extract.view import View
from pipelines.model import Level, Span

_LEVEL_OF = {
    "trung ương": Level.NATIONAL,
    "tỉnh": Level.PROVINCE,
    "thành phố": Level.PROVINCE,
    "huyện": Level.DISTRICT,
    "quận": Level.DISTRICT,
    "xã": Level.COMMUNE,
    "phường": Level.COMMUNE,
    "cơ sở": Level.COMMUNE,
}
_TIER = re.compile(rf"(?<!\w)cấp\s(?P<tier>{'|'.join(_LEVEL_OF)})(?!\w)")


def read_tiers(seen: View, sentence: Span, numbers: Sequence[Number], parts: Sequence[Span]) -> list[Level | None]:
    """The tier of each of a sentence's ``numbers``, whose own parts are ``parts``: paired where the sentence says so
    ("cấp tỉnh, cấp huyện và cấp xã lần lượt là 99%, 98% và 91%"), else the nearest one named in the part before the
    number, else the first one after it.
    """
    named = list(_TIER.finditer(seen, *sentence)) if "cấp" in seen[sentence.start : sentence.end] else []
    if not named:
        return [None] * len(numbers)
    found = [_in_part(named, part, number.span) for number, part in zip(numbers, parts, strict=True)]
    for run in runs(seen, numbers) if len(named) > 1 and says_in_turn(seen, sentence) else ():
        before = [match for match in named if match.end() <= numbers[run[0]].span.start]
        if len(before) == len(run):
            for index, match in zip(run, before, strict=True):
                found[index] = _LEVEL_OF[match["tier"]]
    return found


def _in_part(named: Sequence[re.Match[str]], part: Span, number: Span) -> Level | None:
    inside = [match for match in named if part.start <= match.start() and match.end() <= part.end]
    before = [match for match in inside if match.end() <= number.start]
    match = before[-1] if before else next(iter(inside), None)
    return _LEVEL_OF[match["tier"]] if match else None
