"""Numbers that state no KPI: dates, document numbers, phones, money, ages, versions, changes.

Belongs here: saying why a number is no figure, from the characters around it.
Does not: judging a number that could be one (link.py).
"""

from __future__ import annotations

import re

from pipelines.extract.comparators import none_is_beyond
from pipelines.extract.cued import Cued
from pipelines.extract.events import is_of_an_event
from pipelines.extract.numerals import Number
from pipelines.extract.opposites import states_the_opposite
from pipelines.extract.ordered import Ordered
from pipelines.extract.view import View
from pipelines.model import Span

_LONGEST_MASK, _LONGEST_WHOLE = 120, 80
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])"
# "10/10 xã" is a count of what there is, "10/10" after the name of a day a date.
_NO_WHOLE = r"(?![\d/%]|\s(?:chỉ tiêu|tiêu chí|xã|huyện|phường|thị trấn|thôn|bản|ấp|tỉnh|đơn vị|cơ quan|sở|hồ sơ|hộ)(?!\w))"
_ORDINAL = r"(?:\d{1,2}(?!\d)|nhất|nhì|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)(?!\w)"
_WEEKDAY = r"(?:[2-7]|hai|ba|tư|năm|sáu|bảy)(?!\w)"
_NUMBERED = r"\s(?:số\s)?\d{1,12}(?!\d)(?:[-/]\w+)*(?!\s?(?:%|phần|điểm|[.,]\d))"
# What makes a number part of something: the reason, the words before the number, the number with what follows it.
_AFTER_WORDS = (
    ("date", "ngày|mùng|mồng|hôm|sáng|chiều|tối|trưa|đêm",
     rf"\s\d{{1,2}}(?:\s?[./-]\s?\d{{1,2}}(?!\d))?(?:\stháng\s\d{{1,2}})?(?:(?:\snăm\s|/){_YEAR})?"),
    ("date", "tháng",
     rf"\s\d{{1,2}}(?:(?:,\s\d{{1,2}})*(?:\s?-\s?|\svà\s)(?:[1-9]|1[0-2])(?![\d%/]|[.,]\d|\s?%))?"
     rf"(?:\s?[./-]\s?{_YEAR}|\snăm\s{_YEAR})?(?!\d)"),
    ("date", "quý|quí", rf"\s(?:[ivx]{{1,3}}|\d)(?!\w)(?:\s?[/-]\s?{_YEAR})?"),
    ("date", "tuần", r"\s(?:thứ\s|lễ\s)?\d{1,2}(?!\d)"),
    ("date", "từ|trước|sau|chậm nhất|hạn|hết|vào|tính đến|tính tới", rf"\s(?:hết\s)?(?:\d{{1,2}}\s?-\s?)?{_DAY}{_NO_WHOLE}"),
    ("date", "trước|sau|chậm nhất|vào", r"\s(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2])(?=\s?[.,;)\n]|\s?$)"),
    ("date", "từ", r"\s(?:ngày\s)?(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])(?=\s(?:đến|tới)\s)"),
    ("document_number", "xếp hạng|bộ chỉ số|chỉ số", r"\s766(?!\w)"),
    ("date", "ngày", rf"\s(?:[^\W\d]+\s){{1,6}}{_DAY}{_NO_WHOLE}"),
    ("date", "thứ", rf"\s{_WEEKDAY}(?:(?:,|\svà|\s?-|\sđến)\s(?:thứ\s)?{_WEEKDAY})*\s(?:hằng|hàng|mỗi)\stuần"),
    ("date", "sáng|chiều|tối|trưa|đêm|ngày", rf"\sthứ\s{_WEEKDAY}"),
    ("date", "thứ", rf"\s{_WEEKDAY}(?=,?\sngày\s\d|(?:\svà|,|\shoặc)\schủ nhật)"),
    ("name", "phần|chương|mục", rf"(?<!một\sphần)(?<!hai\sphần)(?<!ba\sphần)(?<!bốn\sphần)\s(?:thứ\s)?{_ORDINAL}(?=\s?[.:/])"),
    ("name", "phiên|phiên họp|kỳ|kỳ họp|năm|tháng|tuần|buổi|đợt|vòng|khóa|lần", rf"\sthứ\s{_ORDINAL}"),
    ("name", "cán bộ|công dân|học viên|thành viên|người|khách|hộ|đứa|ngày", rf"\sthứ\s{_ORDINAL}(?![\d/])"),
    ("address", "nhà số|số nhà|ngõ|ngách|hẻm|kiệt|tầng|số phòng", r"\s(?:số\s)?\d{1,4}(?:/\d{1,4})*[a-z]?(?![\w%]|\s?%)"),
    ("date", "đến", r"\s\d{1,2}/\d{1,2}(?=\s?[,;)])"),
    ("date", "tính đến|tính tới", rf"\s(?:hết\s)?(?:[12]\d|3[01]|0?[1-9])-(?:1[0-2]|0?[1-9]){_NO_WHOLE}"),
    ("name", "phần mềm|bộ phận|hạng mục|công viên|cửa|quầy|cổng|tổ|nhóm|khu|trường|trạm|bến|cầu|tuyến|cơ sở|nhà máy",
     r"\ssố\s\d{1,2}(?![\d%]|[.,]\d|\s?%)"),
    ("name", "nhóm", r"(?<!\bvào\snhóm)\s\d{1,2}(?=[.:](?:\s|$))"),
    ("name", "phường|quận", r"\s\d{1,2}(?![\d%/]|[.,]\d|\s?%|\strong)"),
    ("date", "năm", rf"\s{_YEAR}(?:\s?(?:,|và|-)\s?{_YEAR}(?!\w))*"),
    ("document_number", "quyết định|nghị quyết|nghị định|thông tư|chỉ thị|công điện|công văn|đề án|luật|pháp lệnh"
     "|bộ chỉ số|chỉ số|điều", _NUMBERED),
    ("document_number", "khoản", rf"(?<!tài\skhoản){_NUMBERED}"),
    ("document_number", "kế hoạch|dự án|thông báo|báo cáo|tờ trình|văn bản|chương trình|hướng dẫn",
     r"\ssố\s\d{1,12}(?:[-/]\w+)*"),
    ("document_number", "số", r":?\s\d{1,12}(?:[-/]\w+)+"),
    ("phone", "điện thoại|đt|hotline|số máy|máy lẻ|số nội bộ|tổng đài|đường dây nóng|đường dây hỗ trợ|gọi|liên hệ|zalo|fax"
     "|đầu số",
     r"(?:\s(?:số|theo\ssố|tới\ssố|đến\ssố))?\s?:?\s?\+?\d(?:[\d.\s-]{1,14}\d)"),
    ("phone", "cổng", r"\s(?:số\s)?1\d{3}(?!\d)"),
    ("version", "iso|tcvn|windows|covid", r"[\s-][\d:./-]+"),
    ("name", "mức độ|mức|cấp độ|giai đoạn|khóa|nhiệm kỳ|bước|phiên bản|mẫu|biểu|bảng|phụ lục|hình|ảnh|tổ dân phố|khu phố"
     "|ấp|thôn|khóm|khối|khối phố|xóm|đường|quốc lộ|lần thứ|lần|số thứ tự",
     r"\s(?:số\s)?\d{1,3}(?:(?:,\s|\svà\s|\s?-\s?)\d)?(?![\d/]|[.,]\d|\s?%)"),
)  # fmt: skip
# The same for numbers that no word leads to.
_BARE = (
    ("date", rf"(?<![\d./-])\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?{_YEAR}(?!\d)"),
    ("date", r"(?<!\w)\d{1,2}\stháng(?=\s(?:đầu|cuối|năm|qua|của))"),
    ("date", rf"(?<![\d./])\d{{1,2}}/{_YEAR}(?!\d)"),
    ("date", rf"(?<![\d.,/]){_YEAR}\s?-\s?{_YEAR}(?!\d)"),
    ("date", rf"(?<![\w.,/-])\d{{1,2}}\s?-\s?{_DAY}{_NO_WHOLE}"),
    ("document_number", r"(?<=[a-zđ])\d{1,6}(?:[.-]\d{2,12})+(?![\w%])"),
    ("document_number", r"(?<![\w.,])\d{1,12}(?:/\d{4})?[-/][a-zđ]{2,}(?:[-/][a-zđ]+)+"),
    ("document_number", r"(?<![\w.,])\d{1,12}/(?:qđ|kh|nq|ct|bc|tb|tt|nđ|ttr|cv|cđ|hd|đa)(?!\w)(?:-\w+)*"),
    ("list_number", r"(?<=\()\d{1,2}(?=\)\s[^\W\d])"),
    ("phone", r"(?<![\w.,])0\d{2,4}[.\s-]?x{2,4}[.\s-]?\d{2,4}(?!\d)"),
    ("phone", r"(?<![\w.,])0\d{2,4}[.\s-]?\d{3,4}[.\s-]?\d{3,4}(?!\d)"),
    ("phone", r"(?<![\w.,])0\d{2,3}[.\s-](?:\d{3,4}[.\s-]?)?\d{3,4}(?!\d|\s?%)"),
    ("phone", r"(?<=\()0\d{2,3}\)\s?\d{3,4}(?:[.\s-]?\d{3,4}){0,2}(?!\d|\s?%)"),  # "(0257) 3820 345"
    ("phone", r"(?<![\w.,])1[89]00[.\s-]?\d{4}(?!\d)"),
    ("phone", r"(?:(?<=qua\s)|(?<=kênh\s)|(?<=lên\s))1022(?![\d%]|[.,]\d)"),
    ("time", r"(?<!\w)\d{1,2}\s?(?:giờ|h)(?:\s?\d{1,2})?(?!\w)|(?<!\w)\d{1,2}:\d{2}(?!\d)"),
    ("name", r"(?<=\")\d{1,2}(?=\s[^\"\n\d%]{1,24}\")"),  # a slogan: "4 tại chỗ"
    ("name", r"(?<![\w.,])[234]\scấp(?!\w|\s(?:tỉnh|huyện|xã))"),  # "chính quyền địa phương 2 cấp"
    ("version", r"(?<![\w.,])\d\.0(?![\d%])"),
)
_BARE_REASONS = [reason for reason, _ in _BARE]
_BARE_MASK = Cued("", "|".join(f"({number})" for _, number in _BARE), at_digits=True)
# Each has a pattern of its own: a choice of them all would be tried whole at every word of any.
_MASKS = [(reason, Cued(words, rf"(?<!\w)(?:{words}){number}".replace(" ", r"\s"))) for reason, words, number in _AFTER_WORDS]
_LIST_NUMBER = re.compile(r"\n[ ]*\(?(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]\s")
_FIRST_LIST_NUMBER = re.compile(_LIST_NUMBER.pattern.removeprefix(r"\n"))
_FILE_END = re.compile(r"\.(?<=\d\.)(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|mp4)(?!\w)")
_FILE_NAME = re.compile(rf"(?<![\w.,])[\w-]{{0,60}}?\d{{1,6}}{_FILE_END.pattern}")
_LONGEST_FILE_NAME = 66
# Such numbers are part of a date or a name; they don't divide a sentence as a figure does.
PART_OF_SOMETHING = {*_BARE_REASONS, *(reason for reason, _ in _MASKS)} | {"file_name", "list_number", "age", "duration"}

_AFTER = (
    r"(?P<age>(?:\s?-\s?\d+)?\stuổi(?!\w))",
    r"(?P<money>\s?(?:(?:nghìn|ngàn|triệu|tỷ|tỉ)\s?)*(?:đồng(?!\s(?:nai|tháp|hới|xoài)\b)|đ|vnđ|vnd|usd|đô la|euro)(?!\w))",
    r"(?P<duration>\s(?:(?:ngày|tháng|năm|tuần|quý)(?!\s\d)|giờ|phút|giây|buổi|thập kỷ)(?!\w))",
    r"(?P<change>\s?(?:điểm\s(?:phần trăm|%)|lần(?!\w|\slượt)|bậc(?!\w)|hạng(?!\w)|%\s?/\s?năm))",
    r"(?P<measure>\s?(?:km2?|m2|m3|m|ha|kg|tấn|mbps|gbps|tb|gb|mb|kv|kw|mw|độ)(?!\w))",
)
_AFTER_COUNT = re.compile("|".join(_AFTER))
_AFTER_SHARE = re.compile("|".join(pattern for pattern in _AFTER if pattern.startswith(("(?P<age>", "(?P<change>"))))
_CHANGE_VERBS = (
    "chênh lệch từ|chênh lệch|chênh nhau|tăng|giảm|nhích|vọt|leo|lùi|tụt|thêm|bớt|cao hơn|thấp hơn|nhiều hơn|ít hơn"
    "|gấp|rút ngắn|cắt giảm|tiết kiệm"
)
_CHANGE_BEFORE = Cued(
    f"{_CHANGE_VERBS}|vượt|hơn",
    rf"(?<!\w)(?<!không )(?:{_CHANGE_VERBS}|(?<=\()vượt|(?<=\()hơn)"
    r"(?:\s(?:thêm|hơn|gần|khoảng|trên|tới|được|bình quân|trung bình|tối thiểu|ít nhất|ước|xấp xỉ|dưới|nhẹ|mạnh))*\s$",
)
# The size of one of many: "mỗi tổ 5-7 người", "một tổ nên gồm 5 - 7 người", but "mỗi ngày 200 hồ sơ" is a flow.
_ONE_OF_MANY = Cued(
    "mỗi|một",
    r"(?<!\w)(?:mỗi\s(?!ngày|tuần|tháng|quý|năm|giờ|phút|phiên|lần)|một\s(?=[^,;.()\d]{1,40}\s(?:nên|phải|cần|thường)\s))"
    r"(?:[^\W\d]+\s){1,8}(?:\d{1,3}\s(?:đến|tới|-)\s)?$",
)
# All that could be put online is no KPI: "trong tổng số 1.640 thủ tục", "trên tổng số 1.896 TTHC".
_WHOLE = Cued("trong|trên", r"(?<!\w)(?:trong|trên)\stổng\s(?:số\s)?(?:gần\s|hơn\s|trên\s|khoảng\s)?$")
# The whole of what was counted before it: "3.118 trong tổng số 3.240 hồ sơ", "1.542 dịch vụ công trên 1.871 thủ tục".
_OF_WHOLE = re.compile(
    r"\d[^.;\n]{0,70}?\s(?:trong|trên)\stổng\s(?:số\s)?(?:gần\s|hơn\s|trên\s|khoảng\s)?$"
    r"|(?<!\s20\d)\d(?:\s(?!và\s)[^\W\d][\w-]*){0,6}(?<!\sđạt)\strên\s$"
    r"|(?<![/-])(?<!\w)[\d.,]+(?:\s[^\W\d]+){0,2}\strong\s(?:số\s)?$"  # "412 trong 530 hộ"
    r"|(?<!\w)tổng\ssố\s(?:tthc|thủ\stục(?:\shành\schính)?|dịch\svụ\scông|hồ\ssơ)\s\($"  # "34% tổng số TTHC (1.803 TTHC)"
)
_IN_A_NAME = re.compile(r"\s?[,;:)]")
_NTH = re.compile(r"(?<!\w)(?:thứ|hạng|vị\strí|số|top|tốp)\s$")
_SAID_AGAIN = re.compile(r",?\s\(?tức\s[^.;]{0,16}\d")  # "quá nửa, tức từ 51%"
_PROCEDURES = re.compile(r"\s(?:thủ\stục|tthc|dịch\svụ\scông)(?!\w)")
_SIZE_NOUN = re.compile(r"\s(?:người|thành viên|đoàn viên|hội viên|cán bộ|hộ|thôn|máy)(?!\w)")
_OF_MONEY = re.compile(r"\s(?:tổng\s)?(?:số\s)?(?:kinh phí|vốn|ngân sách|tiền|học bổng)(?!\w)".replace(" ", r"\s"))
_OF_MONEY_BEFORE = re.compile(
    r"(?:\d\s(?:nghìn\s|triệu\s|tỷ\s)*đồng|(?<!\w)(?:giải\sngân|dự\stoán|kinh\sphí))(?:\s[^\W\d]+){0,3}\s?[(,]?\s?(?:đạt|bằng|chiếm|tức)?\s?$"
    r"|(?<!\w)ngân\ssách\s(?:dành|chi|bố\strí|phân\sbổ)(?:,?\s[^\W\d]+){0,8}\s?$"
)
# People who live there, what could be reached at most, what is made a day: none is a state reached.
_POPULATION = re.compile(
    r"(?<!\w)(?<!công )(?:dân\ssố|số\sdân|quy\smô\sdân\ssố)"
    r"(?:\s(?:là|có|khoảng|gần|hơn|trên|chưa|tới|đến|chừng|ước|toàn|xã|tỉnh|huyện))*\s$"
)
_SCALE = re.compile(r"(?<!\w)thang\s(?:(?:điểm|đo)(?!\w)[^.;:]{0,60})?$")
# "khoảng cách giữa hai nhóm thu hẹp, từ 0,31 xuống còn 0,25 điểm"
_DISTANCE = re.compile(r"(?<!\w)khoảng cách(?!\w)[^.;%]{0,60}?\s(?:là|còn|từ\s(?:[\d,.]+\s(?:xuống|lên)\s(?:còn\s)?)?)\s?$")
_HELPED_WITH = re.compile(r"(?<!\w)(?:hỗ trợ|miễn|giảm|miễn giảm|miễn, giảm)\s(?:tới\s|đến\s)?$")
_CHARGE = re.compile(r"\s(?:các\s)?(?:loại\s)?(?:phí|lệ\sphí|học\sphí|chi\sphí|cước|giá)(?!\w)")
_OLDEST = Cued(
    "lớn tuổi|nhiều tuổi|cao tuổi|ít tuổi|nhỏ tuổi|tuổi bình quân|tuổi trung bình",
    r"(?<!\w)(?:(?:lớn|nhiều|cao|ít|nhỏ)\stuổi\snhất|tuổi\s(?:bình quân|trung bình))"
    r"(?:\s(?:đã|mới|là|nay|năm nay|gần|hơn|ngoài))*\s$",
)
_RATE = re.compile(
    r"(?:\s[^\W\d]+){0,2}\s?/\s?(?:ngày|giờ|phút|tuần)(?!\w)"
    r"|(?:\s[^\W\d]+){1,6}(?:\strên\s|\s?/\s?)(?:100|1\.000|10\.000|100\.000|một\snghìn|một\svạn|vạn)\s(?:dân|người)(?!\w)"
)
_PLAN_SHARE = re.compile(r"\s?(?:so với\s)?(?:kế hoạch|chỉ tiêu|dự toán)(?!\w)(?!(?:\s(?:là|đề ra|được giao|giao))?\s\d)")
_YEAR_ALONE = re.compile(_YEAR)


def masks(seen: View) -> Ordered[tuple[Span, str]]:
    """The stretches of ``seen`` whose digits are parts of something else, each with its reason."""
    bare = _BARE_MASK.find(seen, 0, len(seen))
    found = [(Span(*match.span()), _BARE_REASONS[(match.lastindex or 0) - 1]) for match in bare]
    found += [(Span(*match.span()), reason) for reason, mask in _MASKS for match in mask.find(seen, 0, len(seen))]
    found += [(span, "list_number") for span in _list_numbers(seen)]
    found += [(span, "file_name") for span in _file_names(seen)]
    return Ordered(found, lambda mask: mask[0].start)


def why_no_fact(seen: View, number: Number, masked: Ordered[tuple[Span, str]]) -> str | None:
    """The reason why ``number`` states no KPI, or None. ``masked`` is what ``masks`` found."""
    for span, reason in masked.between(number.span.start - _LONGEST_MASK, number.end):
        if number.span.start < span.end:
            return reason
    if after := (_AFTER_SHARE if number.percent else _AFTER_COUNT).match(seen, number.end):
        return after.lastgroup
    if _CHANGE_BEFORE.first(seen, number.span.start - 40, number.span.start) and not none_is_beyond(seen, number):
        return "change"
    if (
        not number.percent
        and _SIZE_NOUN.match(seen, number.end)
        and _ONE_OF_MANY.first(seen, number.span.start - 60, number.span.start)
    ):
        return "size_of_one"
    if not number.percent and _OF_WHOLE.search(seen, max(0, number.span.start - _LONGEST_WHOLE), number.span.start):
        return "whole"
    if _PROCEDURES.match(seen, number.end) and _WHOLE.first(seen, number.span.start - 30, number.span.start):
        return "whole"
    if (
        number.worded
        and not number.percent
        and _IN_A_NAME.match(seen, number.end)
        and not _NTH.search(seen, max(0, number.span.start - 10), number.span.start)
    ):
        return "name"  # "bà Trần Thị Ba, …"
    if number.worded and number.percent and _SAID_AGAIN.match(seen, number.end):
        return "said_again"
    if is_of_an_event(seen, number):
        return "event"
    start = number.span.start
    if number.percent:
        if _OF_MONEY.match(seen, number.end) or _OF_MONEY_BEFORE.search(seen, max(0, start - _LONGEST_WHOLE), start):
            return "money"
        if _CHARGE.match(seen, number.end) and _HELPED_WITH.search(seen, max(0, start - 24), start):
            return "money"
    elif _OLDEST.first(seen, start - 40, start):
        return "age"
    elif _POPULATION.search(seen, max(0, start - 40), start):
        return "population"
    elif _RATE.match(seen, number.end):
        return "rate"
    if seen.find("khoảng cách", max(0, start - _LONGEST_WHOLE), start) >= 0 and _DISTANCE.search(
        seen, max(0, start - _LONGEST_WHOLE), start
    ):
        return "change"
    if _SCALE.search(seen, max(0, start - 80), start):
        return "scale"
    if number.percent and _PLAN_SHARE.match(seen, number.end):
        return "share_of_plan"
    if not number.percent and not number.worded and _YEAR_ALONE.fullmatch(seen, number.span.start, number.end):
        return "date"
    return "opposite" if states_the_opposite(seen, number) else None


def _list_numbers(seen: View) -> list[Span]:
    """The numbers at the beginning of a line ("2.", "1.3)")."""
    first = _FIRST_LIST_NUMBER.match(seen)
    found = [first] if first else []
    found += _LIST_NUMBER.finditer(seen, first.end() if first else 0)
    return [Span(*match.span("number")) for match in found]


def _file_names(seen: View) -> list[Span]:
    """The names of files that end in a number ("anh-12.jpg"), found from their ends: those are rare."""
    found: list[Span] = []
    for end in _FILE_END.finditer(seen):
        begins = max(end.start() - _LONGEST_FILE_NAME, found[-1].end if found else 0)
        if name := _FILE_NAME.search(seen, begins, end.end()):
            found.append(Span(*name.span()))
    return found
