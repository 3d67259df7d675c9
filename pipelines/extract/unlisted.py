"""Unlisted places: names after a level word that no list has, of units that were renamed or merged before.

Belongs here: finding them, and putting them together with what contains them. They have no key.
Does not: the names of the lists (places.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pipelines.extract.cued import Cued
from pipelines.extract.place_levels import CONTAINER_GAP, LEVEL_OF, LEVEL_WORDS, PlaceMention, is_below
from pipelines.extract.view import CAPITAL, View
from pipelines.model import Level, Place, Span

_LEVEL_WORD = Cued(
    "thành phố|tp|huyện|quận|thị xã|xã|phường|thị trấn",
    r"(?<!\w)(?P<word>thành phố|tp\.?|huyện|quận|thị xã|xã|phường|thị trấn)(?!\w)",
)
_NAME_AFTER = re.compile(rf" ({CAPITAL}\w*(?: {CAPITAL}\w*){{0,3}})")
_OFFICE = re.compile(r"(?<!\w)(?:chủ tịch|bí thư|trưởng|giám đốc|cán bộ|công chức|chánh văn phòng)(?:\s[^\W\d]+){0,4}\s$")
_PERSON = re.compile(  # "Phó Trưởng phòng LĐ-TB&XH huyện Đỗ Thị Mai Anh"
    r"(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trương|Lâm|Trịnh|Đoàn|Hà|Tô|Tạ|Lương)"
    r" \w+ \w+"
)
_NO_NAMES = frozenset("Đoàn Đảng Hội Ủy Uỷ Ban Nông Văn Trung Công Sở".split())


def unlisted(text: str, seen: View, named: Callable[[int, int], Sequence[object]]) -> list[PlaceMention]:
    """The names that no list has; ``named`` gives those that one has, in a stretch."""
    found = []
    for match in _LEVEL_WORD.find(seen, 0, len(seen)):
        name = _NAME_AFTER.match(text, match.end())
        if not name or name[1].split()[0] in _NO_NAMES or _PERSON.match(name[1]) or named(match.start() - 2, name.end()):
            continue
        if name[1].isupper() and text[match.start() : match.end()].isupper():  # in a line of capitals no name shows
            continue
        if not _OFFICE.search(seen, max(0, match.start() - 40), match.start()):
            place = Place(name[1], LEVEL_OF.get(LEVEL_WORDS[match["word"]], Level.DISTRICT), None)
            found.append(PlaceMention(Span(match.start(), name.end()), place))
    return found


def with_unlisted(seen: View, named: list[PlaceMention], others: list[PlaceMention]) -> list[PlaceMention]:
    """Both in reading order, an unlisted place with what contains it ("xã X, huyện Y") as one."""
    both: list[PlaceMention] = []
    for mention in sorted([*named, *others]):
        inner = both[-1] if both and None in (both[-1].place.key, mention.place.key) else None
        if inner and CONTAINER_GAP.fullmatch(seen, inner.span.end, mention.span.start) and is_below(inner.place, mention.place):
            both[-1] = PlaceMention(Span(inner.span.start, mention.span.end), inner.place)
        else:
            both.append(mention)
    return both
