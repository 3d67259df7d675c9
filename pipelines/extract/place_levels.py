"""Levels of places: the words for them, which stands under which, and a place as it is mentioned.

Belongs here: what places.py and the modules it is made of share.
Does not: names (places.py, unlisted.py), what a level word stands for by itself (anaphora.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipelines.model import Level, Place, Span
from pipelines.reference.gazetteer import COUNTRY

NOWHERE = Place(None, None, None)
COUNTRY_PLACE = Place(COUNTRY.name, Level.NATIONAL, COUNTRY.place_key)

LEVEL_WORDS = {
    "tỉnh": "Tỉnh",
    "thành phố": "Thành phố", "tp": "Thành phố", "tp.": "Thành phố",
    "huyện": "Huyện", "h.": "Huyện",
    "quận": "Quận", "q.": "Quận",
    "thị xã": "Thị xã", "tx": "Thị xã", "tx.": "Thị xã",
    "xã": "Xã", "x.": "Xã",
    "phường": "Phường", "p.": "Phường",
    "thị trấn": "Thị trấn", "tt": "Thị trấn", "tt.": "Thị trấn",
    "đặc khu": "Đặc khu",
}  # fmt: skip
# What a unit of this kind may have been raised or lowered to without changing its level.
LEVEL_OF = {
    "Tỉnh": Level.PROVINCE,
    **dict.fromkeys(("Huyện", "Quận", "Thị xã"), Level.DISTRICT),
    **dict.fromkeys(("Xã", "Phường", "Thị trấn"), Level.COMMUNE),
}
RANK = {Level.COMMUNE: 0, Level.DISTRICT: 1, Level.PROVINCE: 2, Level.NATIONAL: 3}
LONGEST_CHAIN = 160
# What may stand between a place and the one that contains it.
CONTAINER_GAP = re.compile(r"\s?(?:,|\(|-|của|thuộc|,\s?thuộc)?\s?(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tx\.?|h\.)?\s?$")


class PlaceMention(NamedTuple):
    """A place in the text; ``span`` covers the level word too, or is only that ("huyện")."""

    span: Span
    place: Place


def outermost(mentions: Iterable[PlaceMention]) -> list[PlaceMention]:
    """The mentions in reading order without those that lie inside another, as the commune does in a hamlet's name."""
    kept: list[PlaceMention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.span.start, -mention.span.end)):
        if not kept or mention.span.end > kept[-1].span.end:
            kept.append(mention)
    return kept


def is_below(inner: Place, outer: Place) -> bool:
    """Whether a place's level is under another's; an agency has no rank."""
    if inner.level not in RANK or outer.level not in RANK:
        return False
    return RANK[inner.level] < RANK[outer.level]
