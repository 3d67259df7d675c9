"""Roles: what a place or an agency is named for, when no figure is its own.

Belongs here: what is compared with, owns a system, gives a plan, is where people met, is the office of who speaks.
Does not: choosing the place of a figure (place_attribution.py).

The functions look back from a mention, no farther than where its sentence begins (``since``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.agencies import Body
from pipelines.extract.coordination import groups
from pipelines.extract.cued import Cued
from pipelines.extract.place_levels import COUNTRY_PLACE, LEVEL_WORDS, PlaceMention, is_below
from pipelines.extract.view import View
from pipelines.model import Place

# What is compared with, or done something to: "vượt cả Hải Phòng", "đưa Quy Nhơn thành trung tâm".
_PASSING = re.compile(
    r"(?<!\w)(?:(?:so|hợp nhất|sáp nhập|cùng|giáp) với|(?:còn|từng|trước đây|trước) thuộc|vượt|vượt qua|hơn|kém|sau"
    r"|bỏ lại sau|như|trừ|giáp"
    r"|đưa|xây dựng|biến|chọn|phát triển|kết nối)\s(?:cả\s)?$"
)
# "cao hơn mức bình quân 96,3% của toàn tỉnh Đắk Lắk": whose figure another is held against.
_HELD_AGAINST = re.compile(
    r"(?<!\w)(?:hơn|kém|vượt|so với|bằng)\s(?:(?:nhiều|hẳn|xa|khá xa)\s)?"
    r"(?:mức\s|con số\s|bình quân\s|trung bình\s|chung\s)*[\d.,]+%?\s"
    r"(?:điểm\s)?(?:chung\s)?của\s(?:toàn\s|cả\s)?$"
)
SPEAKS = re.compile(
    r"(?<!\w)(?:cho biết|cho hay|thông tin|thống kê|yêu cầu|đánh giá|công bố"
    r"|phê duyệt|giao|chỉ đạo|đề nghị|ban hành|xếp|chấm|hướng dẫn"
    r"|phối hợp|triển khai|tổ chức)(?!\w)"
)
_OFFICE = re.compile(
    r"(?<!\w)(?:chủ tịch|bí thư|giám đốc|trưởng phòng|trưởng ban|trưởng công an|lãnh đạo|đại diện)(?:\s[^\W\d]+){0,4}\s$"
)
_FORMER = re.compile(r"\s\(?(?:cũ|trước đây|trước sáp nhập|ngày trước)(?!\w)")
_JOINED = re.compile(r"\([^()\d]{0,40}(?:(?:sáp nhập|hợp nhất)\s(?:với|từ|cùng)|gồm cả)\s(?:tỉnh\s|huyện\s|xã\s|phường\s)?$")
_GIVES = re.compile(r"\s(?:giao|đề ra)(?=\s?(?:[.,;)]|$|cho năm|trong năm))")
# "Giao Sở Tư pháp rà soát", "Bộ Y tế đặt đích": the figures that follow are not the agency's own.
_OBJECT = re.compile(
    r"(?<!\w)(?:giao|đề nghị|phối hợp với|cùng|cùng với|theo|thuộc)\s(?:cho\s)?(?:(?:bộ|sở|ubnd)\s[^.;:\d]{2,60},\s)*$"
)
SETS = re.compile(r"\s(?:\([^()]*\)\s)?(?:đặt|yêu cầu|giao|phấn đấu|đề ra|hướng tới)(?!\w)")
# "mở đầu tọa đàm ngày 14/11/2025 tại Hà Nội": where people met.
_MEETING = re.compile(
    r"(?<!\w)(?:hội nghị|hội thảo|tọa đàm|diễn đàn|buổi|lễ|phiên họp)(?!\w)[^.;]{0,60}\stại\s$"
    r"|(?:\A|(?<=\n)|(?<=[.!?]\s))(?:sáng|chiều|tối|ngày|hôm)\s[\d/.-]+,\stại\s(?:tp\.?\s|thành phố\s|tỉnh\s)?$"
)
# "báo cáo trên hệ thống thông tin của tỉnh": whose system it is, not whose figure.
_OF_A_SYSTEM = re.compile(
    r"(?<!\w)(?:hệ thống|cổng|trục|nền tảng|phần mềm|kho|ứng dụng|app|cơ sở dữ liệu|dịch vụ công)(?!\w)[^,;.\d]{0,50}\scủa\s$"
)
_ABOVE_MEAN = re.compile(
    r"(?<!\w)(?:trên|dưới|hơn|kém|vượt|bằng|so với)\s(?:mức\s)?(?:trung bình|bình quân|mặt bằng)(?:\schung)?"
    r"(?:\scủa)?\s(?:toàn\s|cả\s)?$"
)
_MEAN = re.compile(r"(?<!\w)(?:trung bình|bình quân|mặt bằng)(?:\schung)?(?:\scủa)?\s(?:toàn\s|cả\s)?$")
_UNITS = r"(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu|địa phương|đơn vị)"
_HOLDS = (" của ", " trong ", " ở ", " thuộc ", " toàn ")
_AMONG = re.compile(
    rf"(?:(?:/\d+|(?<!\w)trong\s(?:tổng\s)?(?:số\s)?(?:\d+|các))\s{_UNITS}(?:(?:,|\svà)\s{_UNITS})*"
    rf"|(?<!\w)(?:top|tốp|nhóm)\s\d+(?:\s(?:cấp\s)?{_UNITS}(?:(?:,|\svà)\s{_UNITS})*)?)\s(?:của|trong|ở|thuộc)\s(?:toàn\s)?$"
)
# "thực hiện chỉ đạo của Chủ tịch UBND tỉnh tại Chỉ thị …": who gave the order.
_PAPERS = "chỉ đạo|yêu cầu|hướng dẫn|kế hoạch|chỉ thị|quyết định|công văn|kết luận|nghị quyết"
_ORDERS = Cued(
    f"{_PAPERS}|với|giữa",
    rf"(?<!\w)(?:{_PAPERS})(?:\s[^,;.\s]+){{0,5}}\scủa\s"
    r"(?:chủ tịch\s|phó chủ tịch\s|ban thường vụ\s)?(?:ubnd|hđnd|tỉnh ủy|huyện ủy)\s$"
    r"|(?<!\w)(?:với|giữa)\s(?:các\s)?(?:cơ quan|đơn vị|sở|ngành)(?!\w)[^,;.]{0,24}\s(?:trong|của)\s$",  # with whom
)
_MEASURE = re.compile(
    r"(?<!\w)(?:nhóm|tốp|top|nhất|mức chung|bình quân|trung bình|hàng đầu|dẫn đầu|hạng|thứ \S+)(?!\w)[^,.;]*$"
)
# "gọi cho con đi làm ở Bắc Ninh": where somebody is who is only told of.
_AWAY = re.compile(r"(?<!\w)(?:đi làm|làm ăn|làm thuê|đi học|học đại học|lấy chồng|quê)\s(?:ở|tại|ngoài|dưới|trong)?\s?$")
_NEAR, _OPENING, _LONGEST_OFFICE, _FARTHEST = 24, 40, 60, 160


def is_bare(seen: View, mention: PlaceMention) -> bool:
    """Whether a place is mentioned by its level word alone."""
    return seen[mention.span.start : mention.span.end] in LEVEL_WORDS


def is_passing(seen: View, since: int, mention: PlaceMention) -> bool:
    """Whether a place is only compared with, or has something done to it."""
    start = mention.span.start
    return _PASSING.search(seen, max(since, start - _NEAR), start) is not None


def is_held_against(seen: View, since: int, mention: PlaceMention) -> bool:
    """Whether a place is that of a figure which only measures another."""
    start = mention.span.start
    return _HELD_AGAINST.search(seen, max(since, start - _LONGEST_OFFICE), start) is not None


def not_passing(seen: View, since: int, mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """Without what is compared with, one or several: "vượt cả Đà Nẵng, Hải Phòng"."""
    passing = {m for m in mentions if is_passing(seen, since, m)}
    if passing:
        passing |= {m for group in groups(seen, mentions) if group.mentions[0] in passing for m in group.mentions}
    return [m for m in mentions if m not in passing]


def is_among(seen: View, since: int, mention: PlaceMention) -> bool:
    """Whether a place only holds those that another is counted among: "hạng 2 trong 64 xã, phường của tỉnh"."""
    start = mention.span.start
    return seen.endswith(_HOLDS, 0, start) and _AMONG.search(seen, max(since, start - _LONGEST_OFFICE), start) is not None


def is_of_a_mean(seen: View, since: int, mention: PlaceMention) -> bool:
    """Whether the country is named for its mean: "so với bình quân cả nước là 70%"."""
    if mention.place != COUNTRY_PLACE:
        return False
    start = mention.span.start
    is_named_so = seen.startswith(("bình quân", "trung bình"), start)
    return is_named_so or _MEAN.search(seen, max(since, start - _NEAR), start) is not None


def is_former(seen: View, mention: PlaceMention) -> bool:
    """Whether it is said of a place that it is no more ("Bạc Liêu cũ")."""
    return _FORMER.match(seen, mention.span.end) is not None


def was_joined(seen: View, since: int, mention: PlaceMention) -> bool:
    """ "Tây Ninh (sau sáp nhập với Long An)": whether a place is named in brackets as what another was joined with."""
    start = mention.span.start
    return seen.find("(", since, start) >= 0 and _JOINED.search(seen, max(since, start - _LONGEST_OFFICE), start) is not None


def is_beside(seen: View, since: int, mention: PlaceMention) -> bool:
    """Whether a place before a figure is only a measure, no more, or what another was joined with or is counted among."""
    return (
        is_only_measure(seen, since, mention)
        or is_former(seen, mention)
        or was_joined(seen, since, mention)
        or is_among(seen, since, mention)
    )


def is_where_they_met(seen: View, since: int, mention: PlaceMention) -> bool:
    """Whether a place is only where a meeting was held."""
    start = mention.span.start
    return _MEETING.search(seen, max(since, start - _FARTHEST), start) is not None


def is_whose_home(seen: View, mention: PlaceMention) -> bool:
    """Whether a place only says where somebody is from or went: "muối của chị Trần Hồng Diễm (xã Đất Mũi)"."""
    start, end = mention.span
    in_brackets = seen.endswith("(", 0, start) and seen.startswith(")", end)
    return in_brackets or _AWAY.search(seen, max(0, start - _NEAR), start) is not None


def is_ranked_among(seen: View, since: int, mention: PlaceMention, topic: Place) -> bool:
    """ "Lượng hồ sơ thuộc nhóm đông của tỉnh": what a place above the one that is spoken of is the measure of."""
    start = mention.span.start
    if not is_bare(seen, mention) or not is_below(topic, mention.place):
        return False
    return _MEASURE.search(seen, max(since, start - _OPENING), start) is not None


def speaks_for(seen: View, since: int, mention: PlaceMention) -> bool:
    """Whether the place is named by the office of somebody who speaks ("Chủ tịch UBND xã Tân Ân")."""
    start = mention.span.start
    return _OFFICE.search(seen, max(since, start - _LONGEST_OFFICE), start) is not None


def is_only_measure(seen: View, since: int, mention: PlaceMention) -> bool:
    """ "trên mức trung bình cả nước, xếp hạng 15": a place compared with, which the next comma leaves again."""
    start, end = mention.span
    return seen[end : end + 1] == "," and _ABOVE_MEAN.search(seen, max(since, start - _OPENING), start) is not None


def is_of_a_system(seen: View, since: int, mention: PlaceMention | Body) -> bool:
    """Whether a place or an agency only owns a system that is named before it."""
    start = mention.span.start
    return _OF_A_SYSTEM.search(seen, max(since, start - _FARTHEST), start) is not None


def only_owns(seen: View, since: int, mention: PlaceMention, topic: Place) -> bool:
    """Whether a place is named only as who owns or sets something, above the place that is spoken of: "dùng 14 cơ sở dữ liệu
    của thành phố", "kế hoạch tỉnh giao", "Kế hoạch số 301/KH-UBND của UBND tỉnh Tuyên Quang".
    """
    start = mention.span.start
    if _ORDERS.first(seen, max(since, start - _LONGEST_OFFICE), start):
        return is_bare(seen, mention) or is_below(topic, mention.place)
    if not (is_bare(seen, mention) and is_below(topic, mention.place)):
        return False
    return is_of_a_system(seen, since, mention) or _GIVES.match(seen, mention.span.end) is not None


def is_object(seen: View, since: int, body: Body) -> bool:
    """Whether an agency is only spoken to, or with ("Giao Sở Tư pháp, Sở Y tế rà soát")."""
    start = body.span.start
    return _OBJECT.search(seen, max(since, start - _FARTHEST), start) is not None


def is_the_nation(seen: View, mention: PlaceMention, begins: int) -> bool:
    """ "Bình quân cả nước là 84%, hơn con số 82% của năm trước": the country as a whole, within the clause."""
    start, end = mention.span
    return mention.place == COUNTRY_PLACE and seen[start:end] in ("cả nước", "toàn quốc") and seen.find(";", end, begins) < 0
