"""Hamlets: villages and quarters below the commune ("ấp Tân Lợi, xã Vĩnh Thuận Tây"), which are in no list.

Belongs here: finding those that a sentence speaks of, and what "của thôn" stands for. Their level is "other", they have
no key, and they are named with their commune.
Does not: communes (places.py), choosing the place of one figure (place_attribution.py).

Where somebody lives ("anh Út ở ấp Tân Lợi") is no place of a figure: a hamlet must open a sentence, or be chosen or owned.
"""

from __future__ import annotations

import re

from pipelines.extract.cued import Cued
from pipelines.extract.ordered import SPAN_START, Ordered
from pipelines.extract.place_levels import CONTAINER_GAP, PlaceMention
from pipelines.extract.view import CAPITAL, View
from pipelines.model import Level, Place, Span

_WORDS = "ấp|thôn|bản|buôn|làng|khóm|khu phố|tổ dân phố|xóm|bon"
_HAMLET = Cued(_WORDS, rf"(?<!\w)(?P<word>{_WORDS})(?!\w)")
_NAME = re.compile(rf"\s(\d{{1,2}}[A-Z]?(?!\w)|{CAPITAL}[\w']*(?:\s{CAPITAL}[\w']*){{0,3}})")
_OPENS = re.compile(r"(?:^|[.!?;:”\n]\s*|(?<!\w)(?:chọn|của)\s)(?:[-•*+–]\s?)?(?:(?:ở|tại|riêng|đến|về)\s)?$")
_OWNS = re.compile(r"(?<!\w)(?:của|nhân dân|cộng đồng|toàn|cả|trên địa bàn|trong|tại)\s$")
_REACH, _FARTHEST = 24, 2000


def with_hamlets(text: str, seen: View, named: list[PlaceMention]) -> list[PlaceMention]:
    """The mentions that are ``named``, and hamlets among them; a commune that ends a hamlet's name lies inside its span."""
    names = Ordered(named, SPAN_START)
    latest: dict[str, Place] = {}
    found = []
    for match in _HAMLET.find(seen, 0, len(seen)):
        start, word = match.start(), match["word"]
        left = max(0, start - _REACH), start
        if not (name := _NAME.match(text, match.end())):
            if word in latest and _OWNS.search(seen, *left):
                found.append(PlaceMention(Span(*match.span()), latest[word]))
            continue
        commune, end = _commune(seen, names, start, name.end())
        if commune:
            latest[word] = Place(f"{word} {name[1]}, {commune}", Level.OTHER, None)
            if _OPENS.search(seen, *left):
                found.append(PlaceMention(Span(start, end), latest[word]))
    return sorted([*named, *found]) if found else named


def _commune(seen: View, names: Ordered[PlaceMention], start: int, end: int) -> tuple[str | None, int]:
    """The commune that a hamlet is named with, or that was named last, and where the hamlet's name ends with it."""
    after = names.between(end, end + _REACH)[:1]
    if after and after[0].place.level is Level.COMMUNE and CONTAINER_GAP.fullmatch(seen, end, after[0].span.start):
        return _with_level(seen, after[0]), after[0].span.end
    for mention in reversed(names.last_between(start - _FARTHEST, start, 8)):
        if mention.place.level is Level.COMMUNE:
            return _with_level(seen, mention), end
    return None, end


def _with_level(seen: View, commune: PlaceMention) -> str:
    word = next((w for w in ("phường", "thị trấn", "đặc khu") if seen.startswith(w, commune.span.start)), "xã")
    return f"{word} {commune.place.name}"
