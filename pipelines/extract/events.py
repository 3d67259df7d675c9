"""Events: who came, signed or competed, and with how many points.

Belongs here: "đại diện 100% xã dự hội nghị", "ba doanh nghiệp ký biên bản hợp tác", "thí sinh đạt 95 điểm".
Does not: people who were trained, which a metric counts.
"""

from __future__ import annotations

import re

from pipelines.extract.cued import Cued
from pipelines.extract.numerals import Number
from pipelines.extract.view import View

_REACH = 100
_DELEGATES = Cued("đại diện|đại biểu", r"(?<!\w)đại\s(?:diện|biểu)\s(?:của\s|từ\s|hơn\s|gần\s|khoảng\s)?$")
_OCCASION = "hội nghị|hội thảo|hội thi|cuộc thi|lễ|phiên|tọa đàm"
_TAKES_PART = re.compile(
    (
        rf"[^,;.\n\d]{{1,60}}? (?:(?:tham dự|về dự|dự|thi tài) (?:{_OCCASION})(?! tập huấn)"
        r"|ký (?:biên bản|thỏa thuận|cam kết|kết(?! hợp đồng)|hợp tác)|tranh tài)(?!\w)"
    ).replace(" ", r"\s")
)
_IN_A_CONTEST = re.compile(rf" điểm [^,;.\n]{{0,20}}?(?:{_OCCASION}|vòng thi|phần thi)(?!\w)".replace(" ", r"\s"))
_WINS = re.compile(r"\sđiểm,?\s(?:và\s)?(?:giành|đoạt|đạt|nhận|về)\s(?:\w+\s)?giải(?!\w)")
_TEAM = Cued("đội", r"(?<!\w)(?<!quân )(?<!biên )đội\s(?!hình|ngũ|trưởng|viên|sổ)[^.;\n]{1,60}$")
_PLACED = re.compile(r"(?<!\w)(?:xếp|đứng|về|hạng|vị trí)\s(?:thứ\s|hạng\s)?$")
_POINTS = re.compile(r"\sđiểm(?!\w)")
_CLASS = re.compile(r"(?<!\w)lớp(?!\w)[^.;\n]{0,60}\s(?:có|gồm|với)\s(?:hơn\s|gần\s|khoảng\s)?$")
_PUPILS = re.compile(r"\s(?:học viên|học sinh|người học)(?!\w)")
_CONTESTANTS = "thí sinh|đội thi|bài thi|bài dự thi|phần thi|vòng thi|giải nhất|giải nhì|giải ba|giải khuyến khích"
_CONTESTANT = Cued(_CONTESTANTS, rf"(?<!\w)(?:{_CONTESTANTS})(?!\w)[^.;\n]{{0,80}}$")


def is_of_an_event(seen: View, number: Number) -> bool:
    """Whether the number counts those at an event or the points that one of them won."""
    start = number.span.start
    if _DELEGATES.first(seen, start - _REACH, start) or _CONTESTANT.first(seen, start - _REACH, start):
        return True
    if _WINS.match(seen, number.end):
        return True
    placed = _POINTS.match(seen, number.end) or _PLACED.search(seen, max(0, start - 16), start)
    if placed and _TEAM.first(seen, start - _REACH, start):
        return True  # "đội Văn Yên xếp thứ nhì với 90 điểm"
    if _PUPILS.match(seen, number.end) and _CLASS.search(seen, max(0, start - _REACH), start):
        return True  # 'Lớp "Bình dân học vụ số" có 34 học viên'
    return bool(_TAKES_PART.match(seen, number.end) or _IN_A_CONTEST.match(seen, number.span.end))
