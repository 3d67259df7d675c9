"""Bare names: which names without a level word mean a place at all, and of which level.

Belongs here: persons and longer names that look like one, what is called after a place, names coordinated with another,
names of the document's own province.
Does not: finding names, and those with a level word (places.py).
"""

from __future__ import annotations

import re

from pipelines.extract.view import CAPITAL, View
from pipelines.model import Level, Place
from pipelines.reference.gazetteer import Unit

_REACH, _LONGEST_OFFICE = 16, 48
_OFFICER = re.compile(r"(?<!\w)(?:chủ tịch|bí thư|trưởng|giám đốc|cán bộ|công chức)(?:\s[^\W\d]+){1,5}\s$")
# "chợ Hà Lam", "cầu Rạch Miễu": what is called after a place.
_BEARS_A_NAME = re.compile(
    r"(?<!\w)(?:chợ|cầu|đường|phố|trường|thpt|thcs|bệnh viện|cảng"
    r"|sông|suối|núi|dãy|chân|đỉnh|rừng|vịnh|cao nguyên|đèo|hồ|biển|ga|bến|chùa|đền|đình|công ty|"
    r"hợp tác xã|htx|khách sạn|công viên|khu công nghiệp|cụm công nghiệp|thủy điện|quốc lộ|đảo|giống"
    r"|làng|thôn|ấp|bản|buôn|xóm|khóm)\s$"
)
_SAME_LEVEL = re.compile(r"\s?(?:,|và|,\svà)\s")  # "các huyện Sa Thầy, Ngọc Hồi và Kon Rẫy"
_PERSON = re.compile(r"(?<!\w)(?:ông|bà|anh|chị|em|đồng chí|cháu|cụ|bác)\s$")
_CAPITAL_AFTER = re.compile(rf"\s({CAPITAL}\w*)")
_CAPITALS_BEFORE = re.compile(rf"(?<!\w)(?:{CAPITAL}\w*\s)+$")
# The commonest family names (nine Vietnamese in ten bear one of them).
_FAMILY_NAMES = frozenset(
    "Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đào Đoàn Lâm Mai Trịnh Trương Thị Văn".split()
)


def coordinated_with(before: tuple[int, tuple[Unit, ...]] | None, candidates: list[Unit], seen: View, start: int) -> list[Unit]:
    """Of the units that a bare name may mean, those of the level and province of the one it is coordinated with.

    ``before`` is where that one ends and what it may mean. None where the name may be its
    province's: "huyện Trần Văn Thời, Cà Mau" names no city.
    """
    if before is None or not _SAME_LEVEL.fullmatch(seen, before[0], start):
        return []
    others = before[1]
    if {unit.province_key for unit in others} & {unit.place_key for unit in candidates}:
        return []
    like = {(unit.level, unit.code_list, unit.province_key) for unit in others if unit.level is not Level.PROVINCE}
    return [unit for unit in candidates if (unit.level, unit.code_list, unit.province_key) in like]


def own(candidates: list[Unit], province: Place | None, seen: View, start: int) -> list[Unit]:
    """The units of the document's province that a bare name of two words may mean; without one, a district of no namesake."""
    if _BEARS_A_NAME.search(seen, max(0, start - _REACH), start):
        return []
    if province is None:
        districts = [unit for unit in candidates if unit.level is Level.DISTRICT and " " in unit.name]
        return districts if len(districts) == 1 else []
    found = [unit for unit in candidates if province.key == unit.province_key and " " in unit.name]
    seats = {unit.place_key for unit in found if any(u.place_key == unit.parent_key for u in found)}
    return [unit for unit in found if unit.place_key not in seats]  # a district, not its town of the same name


def inside_longer_name(text: str, start: int, end: int) -> bool:
    """Whether a bare name is part of a person's or a longer name: "Nguyễn Thị Hà Giang", "Hòa Bình Minh"."""
    if _PERSON.search(text[max(0, start - 12) : start].lower()):
        return True
    before = _CAPITALS_BEFORE.search(text, max(0, start - 32), start)
    if before and any(word in _FAMILY_NAMES for word in before[0].split()):
        return True
    after = _CAPITAL_AFTER.match(text, end)
    return after is not None and after[1] not in _FAMILY_NAMES and not after[1].isupper()


def is_officer(text: str, seen: View, start: int, end: int) -> bool:
    """Whether a name after a level word is a person's: "Chủ tịch xã Hồ Ngọc Thanh"."""
    if text[start:end] not in _FAMILY_NAMES or not _CAPITAL_AFTER.match(text, end):
        return False
    return _OFFICER.search(seen, max(0, start - _LONGEST_OFFICE), start) is not None
