"""Anaphora: the place that a level word by itself stands for ("toàn tỉnh", "huyện", "cả nước").

Belongs here: which level words name a place at all, and which place by what was named before them.
Does not: names (places.py), choosing the place of one figure (place_attribution.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from pipelines.extract.cued import Cued
from pipelines.extract.ordered import SPAN_START, Ordered
from pipelines.extract.place_levels import COUNTRY_PLACE, LEVEL_WORDS, LONGEST_CHAIN, PlaceMention
from pipelines.extract.view import CAPITAL, SMALL, View
from pipelines.model import Level, Place, Span
from pipelines.reference.gazetteer import Unit, on_day

_ANAPHOR_LEVELS = {
    "tỉnh": (Level.PROVINCE,),
    "thành phố": (Level.DISTRICT, Level.PROVINCE),
    **dict.fromkeys(("huyện", "quận", "thị xã"), (Level.DISTRICT,)),
    **dict.fromkeys(("xã", "phường", "thị trấn", "đặc khu"), (Level.COMMUNE,)),
}
_LEVELS = "|".join(_ANAPHOR_LEVELS)
_ANAPHOR = Cued(
    _LEVELS,
    r"(?<!\w)(?<!là )(?<!thành )(?<!các )(?<!cấp )(?<!mỗi )(?<!từng )(?<!nhiều )(?<!những )(?<!một số )(?<!không )"
    r"(?<!tỉnh, )(?<!phố, )(?<!huyện, )(?<!quận, )(?<!thị xã, )(?<!xã, )"
    r"(?<!phường, )(?<!trấn, )(?<!ngành, )(?<!sở, )(?<!ban, )(?<!bộ, )(?<!thôn, )"
    r"(?<!nhất )(?<!đầu )(?<!cuối )(?<!số )(?<!cán bộ )(?<!công chức )(?<!hợp tác )"
    r"(?<!chỉ tiêu )(?<!kế hoạch )(?<!mức )(?<!(?<!20\d)\d )"
    rf"(?P<word>{_LEVELS})"
    r"(?=\s(?:đã|có|hiện|đang|cũng|còn|luôn|tiếp|phấn|đạt|tổ|xây|được|thực|triển|ước|mới|vẫn|ta|nhà|này|là|đưa|ban"
    r"|xếp|đứng|giữ|sẽ|đặt|giao|yêu|muốn|nâng|lập|duy|mở|chỉ|ghi|phát|nhận|cấp|chuyển|cho|hẹn|quyết|đề|hướng|dự|cung|vận|hỗ|huy|tập|trang|phủ|bố|hoàn|thí|kích)(?!\w)"
    r"|[,.;:)](?! (?:xã|phường|đặc khu|thị trấn|huyện|sở|ban|ngành)(?!\w))|$"
    r"|(?:(?<=, tỉnh)|(?<=, huyện)|(?<=, xã)|(?<=, phường))\s"
    r"(?!(?:lộ|lỵ|ủy|đoàn|đội|hội|viên|bạn|khác|nào|lân|và|với)(?!\w))[^\W\d])",
)
_BEFORE_LEVEL = "dân số|toàn|trên địa bàn|trong|ubnd|hđnd|của|tại|ở|thuế|công an|bhxh|bảo hiểm xã hội|bưu điện|y tế|lãnh đạo"
_OF_LEVEL = Cued(
    "|".join(f"{before} {level}" for before in _BEFORE_LEVEL.split("|") for level in _ANAPHOR_LEVELS),
    rf"(?<!\w)(?:{_BEFORE_LEVEL})\s(?P<word>{_LEVELS})(?!\w)",
)
_NATION = Cued(
    "cả nước|toàn quốc|nước ta|người việt|63|34|trung bình chung|bình quân|quốc gia",
    r"(?<!\w)(?:(?:(?<=cấp )|(?<=dti ))quốc gia"
    r"|(?<=trung bình của )(?:63|34) (?:tỉnh|địa phương)(?:, thành phố|, thành)?"
    r"|(?<=bình quân của )(?:63|34) (?:tỉnh|địa phương)(?:, thành phố|, thành)?"
    r"|cả nước|nước ta|người việt(?: nam)?|toàn quốc|trung bình chung của cả nước|bình quân cả nước)(?!\w)",
)
_RANKED_IN = re.compile(r"(?:đứng|xếp|hạng|thứ|top|tốp|nhóm|dẫn đầu|trong số)[^.;]{0,30}$|so với[^.;\d%]{0,30}$")
# "so với mức bình quân cả nước là 70%": the nation's own figure.
_HAS_A_FIGURE = re.compile(r"\s(?:(?:là|đạt|ở|mức|khoảng|gần|hơn|trên|mới|chỉ)\s){0,3}\(?\d")

# "…, riêng xã Tân Ân 47%", "trong lúc xã Đất Mũi dừng ở 48%": a place that is only set against what is spoken of.
_SET_AGAINST = re.compile(
    r"(?<!\w)(?:riêng|còn|nhất là|trong khi|trong lúc|đơn cử|chẳng hạn|trong đó|so với|cá biệt)\s"
    r"(?:có\s|ở\s|tại\s|là\s|thì\s)?$"
)
_BEGINS = re.compile(rf"({'|'.join(map(re.escape, LEVEL_WORDS))})(?!\w)")
_IN_A_NAME = re.compile(rf"(?<![.:!?…] ){CAPITAL}{SMALL}+ {CAPITAL}$")  # "Trưởng Công an xã Vi Văn Tỉnh"
_REACH = 24


def is_set_against(seen: View, mention: PlaceMention, since: int = 0) -> bool:
    """Whether a place is named, after ``since``, only beside another that is spoken of."""
    start = mention.span.start
    return _SET_AGAINST.search(seen, max(since, start - _REACH), start) is not None


def _level_word(seen: View, mention: PlaceMention) -> str | None:
    """What kind of unit a mention says that the place is ("Thị xã")."""
    word = _BEGINS.match(seen, *mention.span)
    return word and LEVEL_WORDS[word[1]]


class Anaphora:
    """What level words stand for; ``by_key`` has the units of the lists."""

    def __init__(self, by_key: Mapping[str, Unit]) -> None:
        self._by_key = by_key

    def added_to(self, named: list[PlaceMention], text: str, seen: View, about: Place, day: date | None) -> list[PlaceMention]:
        """The mentions that are ``named``, and what level words and "cả nước" stand for, by what was named before them.

        "Toàn tỉnh" and "phường" mean the place that the document is ``about`` or what contains it, whatever others were
        named, unless one of their level was in the same sentence. ``day`` says what the places were then.
        """
        names = Ordered(named, SPAN_START)
        own: dict[Level, Place] = {}
        self._remember(about, own, day)
        words = {
            Span(*match.span("word")): match["word"] for p in (_ANAPHOR, _OF_LEVEL) for match in p.find(seen, 0, len(seen))
        }
        called = {m.place: word for m in named if (word := _level_word(seen, m))}
        latest: dict[Level, Place] = {}  # the last place of a level that was named, or contains one that was
        lasting: dict[Level, Place] = {}  # the same without what was only set against another
        found = []
        position = 0
        for span in sorted(words):
            for mention in names.between(position, span.start):
                self._remember(mention.place, latest, day)
                if mention.place.level not in lasting or not is_set_against(seen, mention):
                    self._remember(mention.place, lasting, day)
            position = span.start
            inside_a_name = any(span.start < m.span.end for m in names.between(span.start - LONGEST_CHAIN, span.end))
            levels = _ANAPHOR_LEVELS[words[span]]
            if self._is_apposed(seen, names, span, levels) or _IN_A_NAME.search(text, max(0, span.start - 12), span.start + 1):
                continue
            just_named = self._just_named(seen, names, span, levels)
            known = latest if just_named else lasting | own
            if not just_named:  # the paper's own city, not a town that it only named
                levels = tuple(sorted(levels, key=lambda level: level not in own))
            fits = (
                known[level] for level in levels if level in known and self._is_called(known[level], words[span], day, called)
            )
            place = next(fits, None)
            if place and not inside_a_name:
                found.append(PlaceMention(span, place))
        for match in _NATION.find(seen, 0, len(seen)):
            ranks = _RANKED_IN.search(seen, max(0, match.start() - 40), match.start())
            of_a_mean = match[0].startswith("bình quân")  # "đứng thứ 11, trong khi bình quân cả nước 84,09%"
            if not ranks or of_a_mean or (ranks[0].startswith("so với") and _HAS_A_FIGURE.match(seen, match.end())):
                found.append(PlaceMention(Span(*match.span()), COUNTRY_PLACE))
        return sorted([*named, *found], key=lambda mention: mention.span)

    def _is_called(self, place: Place, word: str, day: date | None, called: Mapping[Place, str]) -> bool:
        """Whether a place may be meant by the bare level word: "thành phố" means no quận and no tỉnh, "xã" no phường. What
        the text has ``called`` it counts before what it is now: a thành phố was a thị xã.
        """
        if place in called:
            return called[place] == LEVEL_WORDS[word]
        unit = self._by_key.get(place.key or "")
        return unit is None or on_day(unit, day).kind == LEVEL_WORDS[word]

    def _just_named(self, seen: View, names: Ordered[PlaceMention], word: Span, levels: tuple[Level, ...]) -> bool:
        near = [m for m in names.between(word.start - LONGEST_CHAIN, word.start) if m.place.level in levels]
        since = near[-1].span.end if near else 0
        return bool(near) and seen.find(". ", since, word.start) < 0 and seen.find("\n", since, word.start) < 0

    def _is_apposed(self, seen: View, names: Ordered[PlaceMention], word: Span, levels: tuple[Level, ...]) -> bool:
        """ "Ia Dom, xã có cửa khẩu, …": the word says again what was just named; "huyện Lấp Vò của tỉnh này": or in what
        that lies.
        """
        before = names.last_between(word.start - LONGEST_CHAIN, word.start)
        if not before or (level := before[0].place.level) is None:
            return False
        gap = seen[before[0].span.end : word.start]
        return (level in levels and gap == ", ") or (level not in levels and gap in (" của ", " thuộc "))

    def _remember(self, place: Place, latest: dict[Level, Place], day: date | None) -> None:
        unit = self._by_key.get(place.key or "")
        while unit and unit.parent_key:
            unit = self._by_key[unit.parent_key]
            latest[unit.level] = Place(on_day(unit, day).name, unit.level, unit.place_key)
        if place.level:
            latest[place.level] = place
