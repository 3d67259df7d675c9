"""Kinds: whether a figure is reached or to be reached.

Belongs here: the words of plans and of results, and which of them governs a number.
Does not: the period, except that a figure of a year to come is a target.
"""

from __future__ import annotations

import re
from datetime import date

from pipelines.extract.clauses import opened_before
from pipelines.extract.comparators import GIVEN
from pipelines.extract.cued import Cued
from pipelines.extract.periods import FROM_TODAY, is_of_today
from pipelines.extract.view import View
from pipelines.model import Basis, Kind, Period, Span

_GOAL = r"mục tiêu|chỉ tiêu|kế hoạch|mức giao"
_TARGET = (
    r"phấn đấu|buộc(?= \d)|nhắm(?= (?:đến|tới|trở lại|đạt))|mục tiêu"
    r"|(?<!từng )(?<!mỗi )chỉ tiêu (?:đến|cho|giao|phấn đấu|đề ra|cụ thể|chủ yếu|đặt ra|cấp|là)"
    r"|(?<!từng )(?<!mỗi )(?<!các )(?<!nhiều )(?<!số )(?<!\d )chỉ tiêu"
    r"(?= (?!đạt|vượt|đều|đã)(?:[^\W\d]+ ){1,4}(?:trên|từ|tối thiểu|ít nhất) \d)"
    r"|(?:đặt|giao|đưa ra) chỉ tiêu|(?<!từng )(?<!mỗi )(?<!các )chỉ tiêu(?=[^.;|:,]{0,60}:)"
    r"|kế hoạch (?:đề ra|năm|đặt ra|giao|là|20\d\d(?! đã))|theo kế hoạch|sẽ|dự kiến|hướng tới|hướng đến"
    r"|yêu cầu|phải đạt|cần đạt|đặt ra|đặt đích|(?<!về )đích|muốn|mong muốn|mong(?! chờ| đợi| muốn)"
    r"|kỳ vọng|quyết tâm|cam kết|định hướng|phương hướng|lộ trình"
    r"|đề ra(?=:| (?:mục tiêu|chỉ tiêu|cho|đến|\d|ít|tối|trên|hơn))"
    r"|(?<!đúng )(?<!trễ )(?<!trước )hẹn(?= (?:đến|hết|cuối|năm|sẽ|tới))"
    r"|đăng ký(?= (?:chỉ tiêu|đạt|ở mức|phấn đấu|năm 20\d\d))|cố gắng"
    r"|(?<!thực hiện )(?<!hoàn thành )(?<!các )nhiệm vụ(?= [^:.;,]{0,40}:)"
    r"|hứa(?! hẹn)|ấn định|(?<!giải )(?<!nghị )quyết(?= (?:nâng|đưa|đạt))"
    r"|để(?= (?:ít nhất |tối thiểu |trên |hơn )?\d)|(?:hết|cuối) nhiệm kỳ(?! (?:qua|trước|vừa))|giao(?=: | \(1\))"
    r"|(?:bảo đảm|đảm bảo)(?! an )|(?<!không )(?<!chẳng )phải"
    r"|(?<!được )(?<!bàn )giao(?= (?:cho|các|mỗi|từng|huyện|xã|phường|tỉnh|thành phố|thị xã))"
)
_ACTUAL = (
    r"đã|theo (?:báo cáo|thống kê|số liệu)|(?<!thực )(?<!thể )(?<!phát )(?<!xuất )hiện(?! trường| đại| thực| hữu| vật| hành)"
    r"|đến nay|tới nay|ghi nhận|tính đến|thực hiện(?: được)?(?=\s\d)"
    r"|(?<!hóa )(?<!trả )(?<!nhận )(?<!bản )kết quả(?! giải quyết| thủ tục| tthc| điện tử)"
    r"|thực hiện được|thực tế|thực trạng"
    r"|(?<!phấn đấu )(?<!sẽ )(?<!phải )(?<!sớm )(?<!quyết tâm )(?<!cơ bản )(?<!đăng ký )hoàn thành"
    r"|mới (?:chỉ |là |có |đạt |được |chiếm )+|mới(?=\s\d)"
    rf"|(?:vượt|cán|đạt) mốc|(?:vượt|đạt|so với|với|bằng) (?:{_GOAL})"
    rf"|được giao(?! chỉ tiêu|[^.;,\d]{{0,60}} (?:tối thiểu|ít nhất))|tương đương|đang có|đang sở hữu"
)
_DONE = re.compile(r"\s*(?:ước\s)?thực hiện(?!\w)")  # the head of a column of results
_NUMBERED = r"(?:(?:[ivx]+|[a-h]|\d+)[.)/:]\s)?"
# "III. Nhiệm vụ quý IV", and the part of a plan that looks back: "I. TÌNH HÌNH", "1. Bối cảnh".
_LOOKS_AHEAD = re.compile(rf"{_NUMBERED}(?:nhiệm vụ|phương hướng|giải pháp)(?!\w)")
_LOOKS_BACK = re.compile(rf"{_NUMBERED}(?:tình hình|bối cảnh|sự cần thiết|những kết quả|ưu điểm|tồn tại|hạn chế)(?!\w)")
_CUES = Cued(
    "phấn đấu|cố gắng|nhiệm vụ|buộc|nhắm|hứa|ấn định|để|hết nhiệm kỳ|cuối nhiệm kỳ|theo báo cáo|theo thống kê|theo số liệu"
    "|mục tiêu|chỉ tiêu|kế hoạch|theo kế hoạch|sẽ|dự kiến|hướng tới|hướng đến|yêu cầu|phải|cần đạt"
    "|đặt|đưa ra|đích|muốn|mong muốn|mong|kỳ vọng|quyết tâm|quyết|đề ra|hẹn|đăng ký|cam kết|định hướng|phương hướng|lộ trình"
    "|bảo đảm|đảm bảo|giao|đã|hiện"
    "|đến nay|tới nay|kết quả|ghi nhận|tính đến|thực hiện|thực tế|thực trạng|hoàn thành"
    "|mới|vượt|cán|đạt|so với|với|bằng|được giao"
    "|tương đương|đang",
    rf"(?<!\w)(?:(?P<actual>{_ACTUAL})|(?P<target>{_TARGET}))(?!\w)",
)
_WHO_GIVES = "tỉnh|thành phố|huyện|xã|trung ương|bộ|cấp trên|trên"
# The goal itself is named: "vượt chỉ tiêu 75%", "(kế hoạch 70%)", "trong khi mục tiêu là 50%".
_GOAL_ITSELF = re.compile(
    rf"(?:{_GOAL}|\(kh)(?:\s(?:đề ra|đặt ra|được giao|(?:{_WHO_GIVES}) giao|giao|năm 20\d\d|năm|là|của năm|cả năm"
    r"|tối thiểu|ít nhất|đạt))*\s?:?\s?$"
)
_AHEAD = 16
_REACH_OF_GOAL = 60
_MUST_BE_DONE = re.compile(r"(?<!\w)(?:phải (?:được|đạt|có|thực|xử|giải|sử|dùng|là)|được yêu cầu|cần được|sẽ được)(?!\w)")
# A least value is set for somebody, unless it is said to be reached: "tối thiểu 80% hồ sơ", but "đạt tối thiểu 90%".
_MARK = re.compile(r"(?<!\w)(?:mức|mốc|ngưỡng)\s(?:trên\s|hơn\s|tối thiểu\s|ít nhất\s)?$")
# "nâng tỷ lệ này từ 55,6% hiện nay lên 75%": what is, and what is to be.
_CAME_FROM = Cued(
    "từ",
    rf"(?<!\w)từ\s(?:[^\W\d]+\s)?\d[\d.,]*\s?%?\s(?:[^\W\d]+\s){{0,3}}?{FROM_TODAY}\s(?:[^\W\d]+\s){{0,2}}$",
)
_THAT_WAS_SET = re.compile(  # "60%: mức phủ 5G mà tỉnh đặt ra cho năm 2026"
    r"[^;.,\d]{0,60}?\smà\s(?:[^\W\d]+\s){1,5}(?:giao|đề ra|đặt ra)(?!\w)(?! dịch| kết| thông| ban)"
)
_LEAST = re.compile(r"(?:tối thiểu|ít nhất)(?!\w)")
_OR_TO_BE = frozenset({"được giao", "hoàn thành", "thực hiện"})  # of a least value: not reached yet
_KEEP_UP = re.compile(r"(?:[-+•*]\s|\d+[.)]\s|[a-hđ]\)\s)?duy trì\s(?:[^\W\d]+\s){0,3}")  # nobody has: "Duy trì 100% hồ sơ …"
_REACHES = re.compile(r"(?<!\w)(?:đạt|có|được(?! giao)|đã|giúp)\s(?:[^\W\d]+\s){0,3}$")
_REACH_OF_VERB = 32
_COMPARED_WITH = re.compile(
    r"so với\s[^().;]{0,30}(?:20\d\d|năm ngoái|năm trước|cùng kỳ)\s$"
)  # "tăng 12 điểm so với năm 2023 (53%)"
_DATED = re.compile(r"(?<!\w)(?:năm|tháng|quý)\s\S*\d")
# "Đến hết năm 2024, đưa tỷ lệ số hóa lên 90%": what is to be done by then, without anybody who did it.
_TO_DO = re.compile(
    r"(?<!\w)(?:đến|tới|trong|trước|hết)\s[^,;.:]{2,40},\s(?:đưa|nâng|phủ|cắt giảm|phổ cập|đẩy)\s(?![^;]*(?<!\w)(?:đã|được)\s)"
)
_BY_YEAR = re.compile(r"(?<!\w)(?:đến|tới|tầm nhìn)(?:\shết|\scuối)?(?:\snăm)?\s20\d\d(?!\d)")
_ASIDE = re.compile(r"\([^()]*\)|trong khi[^;.]*;")  # "(mục tiêu 70%)"
_OPENS = 24
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def read_kind(
    seen: View,
    before: Span,
    after: Span,
    heading: Kind | None,
    period: Period,
    published: date | None,
    carried: Kind | None = None,
    written: date | None = None,
) -> Kind:
    """The kind of a number, from the last telling word in ``before`` (its sentence up to it), else from what its own
    part says ``after`` it must be done.

    Without one, a year still to come makes a target, a stated period that is over an actual, and else what the
    sentence ``carried`` with its period was, or the section's ``heading``, decides ("Mục tiêu đến năm 2025:"). A plan's
    year without a publication date ("Đến năm 2025, 100% thôn có cáp quang") makes a target; a bare least value
    ("tối thiểu 80%") does not. ``written`` is the day of an undated document by its title.
    """
    if _GOAL_ITSELF.search(seen, max(before.start, before.end - _REACH_OF_GOAL), before.end):
        return Kind.TARGET
    if _MARK.search(seen, max(before.start, before.end - _REACH_OF_VERB), before.end) and GIVEN.match(seen, after.start):
        return Kind.TARGET
    if is_of_today(seen, after.start) and seen.endswith("từ ", before.start, before.end):
        return Kind.ACTUAL
    if came := _CAME_FROM.first(seen, max(before.start, before.end - _REACH_OF_GOAL), before.end):
        before = Span(before.start, came.start())
    opened = opened_before(seen, *before)
    in_aside = opened >= 0  # "(năm 2023 ước 15,6%)", "(tháng 6/2024: 93,2%)"
    if in_aside and not _CUES.find(seen, opened, before.end) and _DATED.search(seen, opened, before.end):
        return Kind.TARGET if published and period.end and period.end.year > published.year else Kind.ACTUAL
    if in_aside and _COMPARED_WITH.search(seen, max(before.start, opened - _REACH_OF_GOAL), opened):
        return Kind.ACTUAL
    asides = [Span(*match.span()) for match in _ASIDE.finditer(seen, *before)]
    cues = [m for m in _cues_of(seen, before) if not any(aside.start < m.start() < aside.end for aside in asides)]
    if not cues and _TO_DO.search(seen, *before):
        return Kind.TARGET
    if _is_set(seen, before) and (not cues or cues[-1][0] in _OR_TO_BE):
        return Kind.TARGET
    to_come = published is not None and period.basis is Basis.STATED and period.start is not None and period.start > published
    tasks = to_come or (cues and cues[0][0] == "nhiệm vụ")
    if tasks and cues and cues[-1][0] == "hoàn thành":  # "năm 2027 phấn đấu …; hoàn thành cáp quang tới 100% thôn"
        return Kind.TARGET
    if cues and not _left_the_goal(seen, cues[-1], before.end, published):
        return Kind(str(cues[-1].lastgroup))
    if GIVEN.match(seen, after.start) or (
        " mà " in seen[after.start : after.start + 60] and _THAT_WAS_SET.match(seen, after.start)
    ):
        return Kind.TARGET
    if _KEEP_UP.fullmatch(seen, *before) or (_MUST_BE_DONE.search(seen, *after) and not seen.startswith("vượt", before.end)):
        return Kind.TARGET
    if period.end and published:
        if period.end.year > published.year or (period.start and period.start > published):
            return Kind.TARGET
        if period.basis is Basis.STATED and period.end < published:
            return Kind.ACTUAL
    if published is None and written and period.end and period.end.year > written.year:
        return Kind.TARGET
    if carried is Kind.TARGET and period.basis is Basis.INHERITED:
        return Kind.TARGET
    if heading:
        return heading
    planned = published is None and period.end is not None and period.end.year % 5 == 0 and _BY_YEAR.search(seen, *before)
    return Kind.TARGET if planned else Kind.ACTUAL


def _cues_of(seen: View, before: Span) -> list[re.Match[str]]:
    """The telling words in ``before``; the last one may need to see the number ("đề ra 50%", "buộc 100%")."""
    said = _CUES.find(seen, *before)
    start = max(before.start, before.end - _AHEAD, said[-1].end() if said else 0)
    return said + [m for m in _CUES.find(seen, start, before.end + _AHEAD) if m.end() <= before.end]


def _is_set(seen: View, before: Span) -> bool:
    """Whether the number is a least value that nobody is said to have reached; ``before`` ends where its comparator begins."""
    reaches = _REACHES.search(seen, max(before.start, before.end - _REACH_OF_VERB), before.end)
    return reaches is None and _LEAST.match(seen, before.end) is not None


_NAMED_GOAL = re.compile(
    rf"(?:yêu cầu|{_GOAL})\s(?:[^\W\d]+\s){{0,4}}[\d.,]+%?[^;]*;[^;]*(?<!\w)(?:đạt|có|chuyển|đều|là)(?!\w)"
)


_LAST_TIME = re.compile(r"(?<!so với )cùng kỳ(?!\w)|(?<!so với )(?<!cùng kỳ )năm (?:ngoái|trước)(?!\w)")


def _left_the_goal(seen: View, cue: re.Match[str], end: int, published: date | None) -> bool:
    """ "kém xa yêu cầu 100%; cấp tỉnh đạt 88%": a goal that was named with its own number ends with its clause.

    "định hướng đến năm 2030 …; năm 2023 con số này ước": a year that is over, after the goal's own, ends the goal."""
    if _NAMED_GOAL.match(seen, cue.start(), end) or _LAST_TIME.search(seen, cue.end(), end):
        return True
    years = [int(match[0]) for match in _YEAR.finditer(seen, cue.end(), end)]
    return published is not None and len(years) > 1 and years[-1] < years[0] and years[-1] <= published.year


_GOALS = re.compile(  # "I. Các chỉ tiêu chủ yếu", "A. Đến năm 2030"
    r"(?:(?:(?:phần|mục|chương)\s(?:thứ\s)?)?(?:[ivx]+|[a-h]|\d+|nhất|hai|ba|bốn|tư|năm)[.)/:]\s)?"
    r"(?:(?:các\s)?chỉ tiêu(?:\s(?:chủ yếu|cụ thể|phấn đấu))?(?:\s(?:đến\s)?năm\s20\d\d)?"
    r"|(?:đến|tới)\s(?:hết\s)?năm\s20\d\d)\s?:?"
)
_PLANNED = re.compile(r"(?<!\w)(?:kế hoạch|kh|đề ra|mục tiêu|giao|phấn đấu|chỉ tiêu năm|dự kiến)(?!\w)")
_REACHED = re.compile(
    r"(?<!\w)(?:kết quả(?! giải quyết| thủ tục| tthc| điện tử)|kq|thực hiện|th|uth|ước th|đạt|đạt được|ước|hiện|hiện trạng"
    r"|đến nay)(?!\w)"
)


# A title may wish ("Phú Quốc muốn thành đảo không tiền mặt"): its article states what is.
_WISHES = frozenset("muốn|mong muốn|mong|kỳ vọng|quyết tâm|cam kết|hứa|sẽ|phải|hẹn|buộc|quyết|nhắm|đích".split("|"))


def column_kind(head: str) -> Kind | None:
    """What the head of a table's column says of its values: planned or reached."""
    if _REACHED.search(head):
        return Kind.ACTUAL
    return Kind.TARGET if _PLANNED.search(head) else None


def heading_kind(seen: View, line: Span) -> Kind | None:
    """What a heading or an opening line says of the figures below it. A title may name a goal without being the
    heading of one ("cả nước lỡ hẹn mục tiêu"): the word must open it, or lead to a year, or to a list.
    """
    if _GOALS.fullmatch(seen, *line) or _LOOKS_AHEAD.match(seen, *line):
        return Kind.TARGET
    leads = seen[line.end - 1] == ":"
    if found := [cue for cue in _CUES.find(seen, *line) if leads or cue[0] not in _WISHES]:
        last = found[-1]
        opens = last.start() - line.start < _OPENS or leads or _YEAR.search(seen, last.end(), line.end)
        return Kind(str(last.lastgroup)) if opens else None
    return Kind.ACTUAL if _DONE.match(seen, *line) or _LOOKS_BACK.match(seen, *line) else None
