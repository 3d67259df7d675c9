"""Agencies, regions and groups of units: what has figures of its own and is no administrative unit of the lists.

Belongs here: finding them and naming them, and hospitals, schools and markets by their own names; their level is "other"
and they have no key.
Does not: administrative units (places.py), deciding whose a figure is (place_attribution.py).

An agency of a province is named with it ("Sở Y tế Phú Thọ").
The fields of ministries and departments are those of the Government's own lists (Nghị quyết 08/2021/QH15,
176/2025/QH15; Nghị định 24/2014/NĐ-CP, 45/2025/NĐ-CP).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.extract.cued import Cued
from pipelines.extract.view import CAPITAL, View
from pipelines.model import Level, Place, Span

_FIELDS = (
    "giáo dục và đào tạo|gd&đt|khoa học và công nghệ|kh&cn|thông tin và truyền thông|tt&tt|tài nguyên và môi trường|tn&mt"
    "|nông nghiệp và phát triển nông thôn|nn&ptnt|nông nghiệp và môi trường|lao động - thương binh và xã hội|lđ-tb&xh"
    "|lao động, thương binh và xã hội|giao thông vận tải|gtvt|kế hoạch và đầu tư|kh&đt|văn hóa, thể thao và du lịch|vhtt&dl"
    "|văn hóa và thể thao|dân tộc và tôn giáo|quy hoạch - kiến trúc|công thương|tư pháp|tài chính|nội vụ|ngoại vụ|ngoại giao"
    "|y tế|xây dựng|quốc phòng|công an|du lịch|an toàn thực phẩm"
)
_LOCAL_BODIES = (
    "cục thuế|bảo hiểm xã hội|bhxh|văn phòng ubnd|văn phòng hđnd|thanh tra|kho bạc nhà nước|cục hải quan|ban dân tộc"
)
_CENTRAL_BODIES = (
    "ngân hàng nhà nước việt nam|ngân hàng nhà nước|bảo hiểm xã hội việt nam|bhxh việt nam|văn phòng chính phủ"
    "|thanh tra chính phủ|ủy ban dân tộc|đài truyền hình việt nam|thông tấn xã việt nam"
)
_BODY = Cued(
    f"bộ|sở|cục|tổng cục|{_LOCAL_BODIES}|{_CENTRAL_BODIES}",
    rf"(?<!\w)(?:(?P<central>bộ\s(?:{_FIELDS})|{_CENTRAL_BODIES}|(?:tổng )?cục\s(?:[^\W\d]+\s){{1,6}}?việt nam)"
    rf"|sở\s(?:{_FIELDS})|(?:{_LOCAL_BODIES})(?:\s(?:tỉnh|thành phố))?)(?!\w)",
)
_GROUP = Cued(
    "khối|các tỉnh|các bộ",
    r"(?<!\w)(?:(?<=của )các bộ, ngành(?= (?:là|đạt|mới|chỉ|có) )"
    r"|khối\s(?:các\s)?(?:bộ, ngành|tỉnh, thành phố|tỉnh, thành|địa phương)|các tỉnh, ?thành(?: phố)? còn lại"
    r"|các tỉnh thành còn lại|các địa phương còn lại)(?!\w)",
)
_REGIONS = (
    "tây nguyên|đồng bằng sông cửu long|đồng bằng sông hồng|đông nam bộ|tây bắc|đông bắc|bắc trung bộ"
    "|duyên hải nam trung bộ|trung du và miền núi phía bắc"
)
_REGION = Cued(
    "toàn vùng|toàn khu vực|vùng|khu vực|cả|gộp cả|tính cả",
    rf"(?<!\w)(?:(?:toàn\s)?(?:vùng|khu vực)\s(?P<region>{_REGIONS})(?=\s(?:mới\s|đã\s)?(?:có|đạt))"
    rf"|(?:(?:gộp|tính)\s)?cả\s(?:vùng\s)?(?P<whole>{_REGIONS})(?:\slại)?)(?!\w)",
)
_SCHOOLS = "tiểu học|mầm non|thcs|thpt|đại học|cao đẳng|phổ thông"
_INSTITUTION = Cued("bệnh viện|trường|chợ", rf"(?<!\w)(?:bệnh viện|trường (?:{_SCHOOLS})|chợ)(?!\w)")
_ITS_NAME = re.compile(
    rf"(?:[ ](?:Đa khoa|đa khoa|Trung ương|trung ương|Chuyên|chuyên|dân tộc nội trú|tỉnh|huyện|khu vực))*"
    rf"[ ]{CAPITAL}\w*(?:[ ]{CAPITAL}\w*){{0,3}}(?:[ ]\d{{1,2}}(?![\w.,%/]))?"
)
# Its name says "received" and "returned" of nothing.
_COUNTER = Cued("bộ phận tiếp nhận", r"(?<!\w)bộ phận tiếp nhận(?:,| và)(?: hướng dẫn và)? trả kết quả(?!\w)")


class Body(NamedTuple):
    """A body in the text: ``name`` as written, ``local`` where it belongs to the province spoken of, ``inner`` where it is
    one institution.
    """

    span: Span
    name: str
    local: bool
    inner: bool = False

    def place(self, province: str | None) -> Place:
        """The body as the place of a figure; a local one is named with its province."""
        if self.local and province and not self.name.endswith(province):
            return Place(f"{self.name} {province}", Level.OTHER, None)
        return Place(self.name.replace("BHXH", "Bảo hiểm xã hội"), Level.OTHER, None)


def bodies(text: str, seen: View) -> list[Body]:
    """The agencies, groups and regions that ``text`` names, in reading order."""
    found = [
        Body(Span(*match.span()), text[match.start() : match.end()], match["central"] is None)
        for match in _BODY.find(seen, 0, len(seen))
        if text[match.start()].isupper()
    ]
    found += [Body(Span(*match.span()), text[match.start() : match.end()], False) for match in _GROUP.find(seen, 0, len(seen))]
    found += [
        Body(Span(*match.span()), text[slice(*match.span("region" if match["region"] else "whole"))], False)
        for match in _REGION.find(seen, 0, len(seen))
    ]
    found += institutions(text, seen)
    return sorted(found)


def counters(seen: View, within: Span) -> list[Span]:
    """Where a stretch names the counter of an office, of which each has one."""
    return [Span(*match.span()) for match in _COUNTER.find(seen, *within)]


def institutions(text: str, seen: View) -> list[Body]:
    """Hospitals, schools and markets with a name: "Bệnh viện Đa khoa tỉnh Hà Nam"; "Chợ Mới" with a capital is a district."""
    found = []
    for match in _INSTITUTION.find(seen, 0, len(seen)):
        name = _ITS_NAME.match(text, match.end())
        if name and not text.startswith("Chợ", match.start()):
            found.append(Body(Span(match.start(), name.end()), text[match.start() : name.end()], False, inner=True))
    return found
