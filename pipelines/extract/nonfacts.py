"""Numbers that state no KPI: dates, document numbers, phones, money, ages, versions, changes.

Belongs here: saying why a number is no figure, from the characters around it.
Does not: judging a number that could be one (link.py).
"""

from __future__ import annotations

import re

from pipelines.extract.numerals import Number
from pipelines.extract.ordered import Ordered
from pipelines.model import Span

_LONGEST_MASK = 120
_YEAR = r"(?:19|20)\d\d"
_MASKS = re.compile(
    rf"""
    (?P<date>(?<![\d./-])\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?{_YEAR}(?!\d)
        | (?<!\w)(?:ngày|mùng|mồng|hôm|sáng|chiều|tối|trưa|đêm)\s\d{{1,2}}(?:\s?[./-]\s?\d{{1,2}}(?!\d))?
            (?:\stháng\s\d{{1,2}})?(?:(?:\snăm\s|/){_YEAR})?
        | (?<!\w)tháng\s\d{{1,2}}(?:\s?[./-]\s?{_YEAR}|\snăm\s{_YEAR})?(?!\d)
        | (?<!\w)\d{{1,2}}\stháng(?=\s(?:đầu|cuối|năm|qua|của|thực hiện|triển khai))
        | (?<![\d./])\d{{1,2}}/{_YEAR}(?!\d)
        | (?<!\w)(?:quý|quí)\s(?:[ivx]{{1,3}}|\d)(?!\w)(?:\s?[/-]\s?{_YEAR})?
        | (?<!\w)tuần\s(?:thứ\s|lễ\s)?\d{{1,2}}(?!\d)
        | (?<![\d.,/]){_YEAR}\s?-\s?{_YEAR}(?!\d)
        | (?<!\w)năm\s{_YEAR}(?:\s?(?:,|và|-)\s?{_YEAR}(?!\w))*)
  | (?P<document_number>
        (?<!\w)(?:quyết\sđịnh|nghị\squyết|nghị\sđịnh|thông\stư|chỉ\sthị|công\sđiện|công\svăn|đề\sán|luật|pháp\slệnh
            |bộ\schỉ\ssố|chỉ\ssố|điều|(?<!tài\s)khoản)\s(?:số\s)?\d{{1,12}}(?!\d)(?:[-/]\w+)*(?!\s?(?:%|phần|điểm|[.,]\d))
      | (?<!\w)(?:kế\shoạch|dự\sán|thông\sbáo|báo\scáo|tờ\strình|văn\sbản|chương\strình|hướng\sdẫn)\ssố\s\d{{1,12}}(?:[-/]\w+)*
      | (?<!\w)số:?\s\d{{1,12}}(?:[-/]\w+)+
      | (?<![\w.,])\d{{1,12}}(?:/\d{{4}})?[-/][a-zđ]{{2,}}(?:[-/][a-zđ]+)+
      | (?<![\w.,])\d{{1,12}}/(?:qđ|kh|nq|ct|bc|tb|tt|nđ|ttr|cv|cđ|hd|đa)(?!\w)(?:-\w+)*)
  | (?P<phone>(?<!\w)(?:điện\sthoại|đt|hotline|số\smáy|tổng\sđài|đường\sdây\snóng|gọi|zalo|fax|đầu\ssố|cổng)
            (?:\s(?:số|theo\ssố|tới\ssố|đến\ssố))?\s?:?\s?\+?\d(?:[\d.\s-]{{1,14}}\d)
      | (?<![\w.,])0\d{{2,3}}[.\s-]?\d{{3,4}}[.\s-]?\d{{3,4}}(?!\d)
      | (?<![\w.,])1[89]00[.\s-]?\d{{4}}(?!\d))
  | (?P<time>(?<!\w)\d{{1,2}}\s?(?:giờ|h)(?:\s?\d{{1,2}})?(?!\w)|(?<!\w)\d{{1,2}}:\d{{2}}(?!\d))
  | (?P<file_name>(?<![\w.,])[\w-]{{0,60}}?\d{{1,6}}\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|mp4)(?!\w))
  | (?P<version>(?<![\w.,])\d\.0(?![\d%])|(?<!\w)(?:iso|tcvn|windows|covid)[\s-][\d:./-]+)
  | (?P<name>(?<!\w)(?:mức\sđộ|mức|cấp\sđộ|giai\sđoạn|khóa|nhiệm\skỳ|bước|phiên\sbản|mẫu|biểu|bảng|phụ\slục
            |hình|ảnh|tổ\sdân\sphố|khu\sphố|ấp|thôn|khóm|đường|quốc\slộ|lần\sthứ|lần|số\sthứ\stự)
            \s(?:số\s)?\d{{1,3}}(?:(?:,\s|\svà\s|\s?-\s?)\d)?(?![\d/]|[.,]\d|\s?%))
    """,
    re.VERBOSE,
)
# Such numbers are part of a date or a name; they don't divide a sentence as a figure does.
PART_OF_SOMETHING = frozenset(_MASKS.groupindex) | {"list_number", "age", "duration"}
_LIST_NUMBER = re.compile(r"(?:^|\n)[ ]*(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]\s")

_AFTER = {
    "money": re.compile(r"\s?(?:(?:nghìn|ngàn|triệu|tỷ|tỉ)\s?)*(?:đồng|đ|vnđ|vnd|usd|đô la|euro)(?!\w)"),
    "duration": re.compile(r"\s(?:(?:ngày|tháng|năm|tuần|quý)(?!\s\d)|giờ|phút|giây|buổi|thập kỷ)(?!\w)"),
    "change": re.compile(r"\s?(?:điểm\s(?:phần trăm|%)|lần(?!\w)|bậc(?!\w)|hạng(?!\w)|%\s?/\s?năm)"),
    "measure": re.compile(r"\s?(?:km2?|m2|m3|m|ha|kg|tấn|mbps|gbps|tb|gb|mb|kv|kw|mw|độ)(?!\w)"),
}
_CHANGE_BEFORE = re.compile(
    r"(?<!\w)(?:tăng|giảm|nhích|tụt|thêm|bớt|cao hơn|(?<!không )thấp hơn|nhiều hơn|(?<!không )ít hơn|gấp|rút ngắn"
    r"|cắt giảm|tiết kiệm"
    r"|(?<=\()vượt|(?<=\()hơn)"
    r"(?:\s(?:thêm|hơn|gần|khoảng|trên|tới|được|bình quân|trung bình|tối thiểu|ít nhất|ước|xấp xỉ|dưới|nhẹ|mạnh))*\s$"
)
_AGE_AFTER = re.compile(r"(?:\s?-\s?\d+)?\s(?:tuổi)(?!\w)")
_PLAN_SHARE = re.compile(r"\s?(?:so với\s)?(?:kế hoạch|chỉ tiêu|dự toán)(?!\w)")
_YEAR_ALONE = re.compile(_YEAR)


def masks(view: str) -> Ordered[tuple[Span, str]]:
    """The stretches of ``view`` whose digits are parts of something else, each with its reason."""
    found = [(Span(*match.span()), str(match.lastgroup)) for match in _MASKS.finditer(view)]
    found += [(Span(*match.span("number")), "list_number") for match in _LIST_NUMBER.finditer(view)]
    return Ordered(found, lambda mask: mask[0].start)


def why_no_fact(view: str, number: Number, masked: Ordered[tuple[Span, str]]) -> str | None:
    """The reason why ``number`` states no KPI, or None. ``masked`` is what ``masks`` found."""
    for span, reason in masked.between(number.span.start - _LONGEST_MASK, number.end):
        if number.span.start < span.end:
            return reason
    if _AGE_AFTER.match(view, number.end):
        return "age"
    for reason, pattern in _AFTER.items():
        if pattern.match(view, number.end) and not (number.percent and reason != "change"):
            return reason
    left = view[max(0, number.span.start - 40) : number.span.start]
    if _CHANGE_BEFORE.search(left):
        return "change"
    if number.percent and _PLAN_SHARE.match(view, number.end):
        return "share_of_plan"
    if not number.percent and not number.worded and _YEAR_ALONE.fullmatch(view[number.span.start : number.end]):
        return "date"
    return None
