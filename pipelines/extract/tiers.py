"""Tiers: the level of government that a figure is stated of ("cấp huyện 80%, cấp xã 60%").

Belongs here: recognising the tier's name beside a number. A tier is no place: the place is the one spoken of.
"""

from __future__ import annotations

import re

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


def read_tier(seen: View, part: Span, number: Span) -> Level | None:
    """The tier named in ``part`` before ``number``, the nearest one, else the first one after it."""
    named = list(_TIER.finditer(seen, *part))
    before = [match for match in named if match.end() <= number.start]
    match = before[-1] if before else next(iter(named), None)
    return _LEVEL_OF[match["tier"]] if match else None
