"""Periods: the dates and spans of time that a text states.

Belongs here: recognising "tính đến ngày 30.4.2023", "quý II/2023", "6 tháng đầu năm", and their calendar.
Does not: choosing which period a figure belongs to (period_attribution.py).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.extract.cued import Cued
from pipelines.extract.view import View
from pipelines.model import Span

_Y = r"(?P<{0}>(?:19|20)\d\d)"
_OF = r"(?:\s?[/.-]\s?|\s(?:của\s)?(?:năm\s)?)"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_MONTH_NAMES = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6,
    "bảy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
_MONTH_WORDS = "mười hai|mười một|mười|một(?!\\scửa)|hai|ba|bốn|tư|sáu|bảy|tám|chín|năm(?!\\s(?:19|20))"
# "Kết quả 6 tháng: 71,2%" is that of the year so far; "sau 6 tháng" is a while.
_SO_FAR = "|".join(
    [
        r"(?<![^\n])",
        r"(?<=[.;:(]\s)",
        *(f"(?<={word} )".replace(" ", r"\s") for word in "kết quả|trong|tính chung|lũy kế|số liệu|báo cáo|sơ kết".split("|")),
    ]
)
_AIMED = "|".join(
    rf"(?<={word} )".replace(" ", r"\s") for word in "từ nay|phấn đấu|mục tiêu|chỉ tiêu|kế hoạch|quyết tâm|yêu cầu".split("|")
)
_NOT_SOME = "".join(
    rf"(?<!{word}\s)" for word in r"\d các những mấy vài nhiều nửa một hai ba bốn sáu mười".split()
)  # "ba năm trước"
_PATTERN = Cued(
    "trong năm|đến|tới|hết|trước|tầm nhìn|ngày|sáng|chiều|tối|hôm|tuần|tháng|quý|quí|nửa|giai đoạn|từ năm|năm|sang năm"
    "|dti|index|papi|sipas|kỳ|mục tiêu|chỉ tiêu|kế hoạch|phương hướng|nhiệm vụ|một|hai|ba|bốn|tư|sáu|bảy|tám|chín|mười",
    rf"""(?<![\w/.,])(?:
        (?P<day>\d{{1,2}})\s?[./-]\s?(?P<day_month>\d{{1,2}})\s?[./-]\s?{_Y.format("day_year")}
      | ngày\s(?P<long_day>\d{{1,2}})\stháng\s(?P<long_month>\d{{1,2}})(?:\s?(?:năm\s|[/.-]){_Y.format("long_year")})?
      | (?:ngày|sáng|chiều|tối|hôm)\s(?P<short_day>\d{{1,2}})\s?[/.-]\s?(?P<short_month>\d{{1,2}})(?![\d/.-])
      | (?:đến|hết)\s(?P<bare_day>\d{{1,2}})/(?P<bare_day_month>\d{{1,2}})(?=\s?[,;)])
      | (?P<months>\d{{1,2}}|{_MONTH_WORDS})\stháng(?=\s(?:đầu|cuối|năm|của\snăm)(?!\w)|/(?:19|20)\d\d|\s?(?:[|)\n]|\(%|$))
            (?:\s(?P<half>đầu|cuối))?(?:\s(?:của\s)?năm)?(?:[\s/]{_Y.format("months_year")})?
      | (?:{_SO_FAR})(?P<so_far>[369]|1[01])\stháng(?=\s?[,:;]|\s(?:thực\shiện|triển\skhai)(?!\w))
      | (?P<short_months>\d{{1,2}})t(?:\s?/\s?|\s(?:đầu\s)?(?:năm\s)?|-)?{_Y.format("short_months_year")}
      | (?P<part>nửa|quý|quí)\s(?P<which>đầu|cuối)(?:\s(?:của\s)?năm)?(?:\s{_Y.format("part_year")})?
      | (?P<quarters>[23]|hai|ba)\s(?:quý|quí)(?=\s(?:đầu|cuối|năm|của\snăm)(?!\w))
            (?:\s(?P<ends>đầu|cuối))?(?:\s(?:của\s)?năm)?(?:\s{_Y.format("quarters_year")})?
      | (?<!sang\s)tuần\s(?:thứ\s|lễ\s)?(?P<week>\d{{1,2}})(?:{_OF}{_Y.format("week_year")})?(?!\s(?:của\s)?tháng)
      | tháng\s(?P<month>\d{{1,2}}|{_MONTH_WORDS}|giêng)(?:{_OF}{_Y.format("month_year")}|\snăm\s(?P<month_of>nay|ngoái))?
      | (?P<bare_month>\d{{1,2}})/{_Y.format("bare_month_year")}
      | (?:quý|quí)\s(?P<quarter>iv|i{{1,3}}|[1-4])(?:{_OF}{_Y.format("quarter_year")})?
      | (?:giai\sđoạn\s)?(?:từ\snăm\s)?{_Y.format("from_year")}\s?(?:-|đến(?:\snăm)?)\s?{_Y.format("to_year")}
      | (?:(?<!những\s)(?<!thập\sniên\s)năm|dti|index|papi|sipas|kỳ|mục\stiêu|chỉ\stiêu|kế\shoạch|phương\shướng|nhiệm\svụ
            |(?:đến|tới|hết|trước|tầm\snhìn)(?=\s20\d\d\s?[,;:)]))\s{_Y.format("year")}
            (?!\s?[-–]\s?20\d\d)
      | (?P<report>20[0-4]\d)(?=\s?[,;:.)]|\s(?:do|của|cho|vừa|được|mới|ghi|nêu|công|xếp|chấm)(?!\w))
      | (?P<this_year>(?:{_AIMED})(?:đến|tới)\s(?:cuối|hết)\snăm)(?!\s(?:20|học|sau|tới))
      | (?P<the_year>trong\snăm(?=\s(?!20\d\d(?!\d))\d[\d.]*\s(?!năm|tháng)[^\W\d]))
      | (?P<before>{_NOT_SOME}(?:tháng|quý)\strước(?:\sđó)?)(?!\s(?:khi|và)(?!\w))
      | (?P<relative>{_NOT_SOME}năm\s(?:ngoái|trước(?:\sđó)?|nay|tới|sau|qua)|sang\snăm(?!\s20))
    )(?![\w]|[/.]\d)""",
    at_digits=True,
    flags=re.VERBOSE,
)
_NOW = Cued(
    "đến nay|tới nay|lâu nay|hiện|nay|bây giờ|giờ đây|đến giờ|tới giờ|giờ",
    r"(?<!\w)(?:đến nay|tới nay|lâu nay|(?<!% )bây giờ|giờ đây|(?:đến|tới) giờ(?! học| làm)"
    r"|(?<!\d )giờ(?= (?:đã|lên|còn|chỉ|đạt))|(?<!năm )(?<!hôm )(?<!ngày )(?<!từ )(?<!tháng )(?<!lúc )(?<!xưa )(?<!% hiện )nay"
    r"(?! mai| thuộc| là)|(?<!thực )(?<!thể )(?<!phát )(?<!xuất )(?<!% )hiện(?: nay| tại)?"
    r"(?! trường| đại| thực| hữu| vật| tượng| hành| diện))(?!\w)",
)
FROM_TODAY = r"(?:hiện|hiện\snay|hiện\stại|bây\sgiờ)\s(?:lên|xuống|thành)"
_FROM_TODAY = re.compile(rf"\s{FROM_TODAY}(?!\w)")
# "Quyết định số 38/QĐ-UBND ngày 26/02/2024": the date of a paper dates no figure.
_PAPERS = (
    "quyết định|nghị quyết|kế hoạch|công văn|chỉ thị|nghị định|thông tư|báo cáo|thông báo|đề án|chương trình|tờ trình|luật"
)
_OF_A_DOCUMENT = re.compile(
    rf"(?:(?:{_PAPERS})(?:\ssố)?\s\d[\w/.-]*|\d/[\w/-]+)\s?(?:\([^()]{{1,20}})?(?:,\s?)?(?:ban hành\s|ký\s)?(?:ngày\s)?$"
)
# "Sáng 17/11, tại hội nghị tổng kết …": the day of an event dates what is said there, no figure.
_OF_AN_EVENT = re.compile(
    r"(?:\s?\([^()]{1,20}\))?,?\s(?:tại|trong)\s(?:khuôn khổ\s)?(?:hội nghị|hội thảo|hội thi|buổi|cuộc|lễ|phiên|kỳ họp|diễn đàn"
    r"|tọa đàm|chương trình|trụ sở)(?!\w)"
)
# "… được ông Phạm Quốc Thịnh công bố chiều 22/1/2025": the day on which it was said.
_OF_SAYING = re.compile(
    r"(?<!\w)(?:công bố|phát biểu|cho biết|cho hay|thông tin|trả lời|chia sẻ|nói|diễn ra|tổ chức|khai mạc)\s"
    r"(?:vào\s|hôm\s|trong\s)?(?:sáng\s|chiều\s|tối\s)?(?:ngày\s)?$"
)
# "Bộ Nội vụ hôm 6/4 công bố …": the same, the day first.
_SAID_THEN = re.compile(
    r"\s(?:vừa\s|đã\s|chính thức\s)?(?:công bố|ban hành|phát hành|khai mạc|phát biểu|cho biết|cho hay|ký)(?!\w)"
    r"|,\s(?:[^\W\d]+(?:\s-)?,?\s){1,16}?(?:công bố|ban hành|khai mạc|sơ kết|tổng kết|phát động|phê duyệt|họp|ra quân|ký kết"
    r"|tổ chức\s(?:hội nghị|hội thảo|lễ|buổi|họp|phiên|tọa đàm|công bố|sơ kết|tổng kết))(?!\w)"
)
# "phong trào … (ngày 12/5)", "tại hội nghị giao ban tháng 11": when something was held or begun, in its own name.
_OF_WHAT_WAS_HELD = re.compile(
    r"(?<!\w)(?:lễ|phát động|phong trào|khai mạc|hội nghị|hội thảo)(?!\w)[^().;,\d]{0,60}\((?:ngày\s)?$"
    r"|(?<!\w)(?:giao ban|thường kỳ|họp báo|phiên họp|cuộc họp)\s(?:định kỳ\s|thường kỳ\s)?$"
    r"|(?<!\w)(?:hội nghị|hội thảo|tọa đàm|buổi lễ)(?:\s(?!đến|tới|hết|tính|đánh|năm)[^\W\d]+){0,3}\s(?:ngày|sáng|chiều)\s$"
)
_UNTIL = re.compile(r"(?:đến|tới|hết)\s(?:hết\s)?(?:ngày\s)?$")
# "so với cùng kỳ năm 2022", "từ ngày 1/6/2024": what is compared with, and a beginning.
_BASELINE = re.compile(
    r"(?:so(?: với)?\s(?:cùng kỳ\s|cả\s|thời điểm\s|cuối\s|đầu\s|kế hoạch\s)*|(?<!\w)từ\s(?:sau\s|đầu\s|giữa\s|cuối\s)?)"
    r"(?:ngày\s)?$|(?<!\w)(?:hơn|kém|gấp\s(?:đôi|ba|[\d,]+\slần))\s$|(?<!\w)từ\s(?:khi|lúc|sau khi)\s[^,;.\d\n]{1,40}$"
)
_BARE_YEAR = re.compile(r"20[12]\d(?<![\w/.,-].{4})(?<!covid .{4})(?![\d%/-]|[.,]\d|\s?%)")
# "tuyến cáp quang mới đưa vào tháng 9/2025", "ra mắt hồi tháng 3": when something began dates no figure.
_BEGAN = re.compile(
    r"(?<!\w)(?:ra mắt|khai trương|khánh thành|khởi công|khởi động|đưa vào|đưa vào sử dụng|đưa vào khai thác|đưa vào vận hành"
    r"|đi vào hoạt động|thành lập)\s(?:hồi\s|vào\s|trong\s|từ\s|giữa\s|đầu\s|cuối\s)*(?:ngày\s)?$"
)
# "Báo cáo thường niên kinh tế số Việt Nam 2022 do …": the year in a report's name is that of its figures.
_SHORT = ("day", "month", "quarter")
_OF_A_REPORT = re.compile(
    r"(?<!\w)(?:báo cáo|bảng xếp hạng|xếp hạng|sách trắng|niên giám|khảo sát|bộ chỉ số|chỉ số)\s"
    r"(?:(?!đến|tới|năm|tháng|quý|ngày|trước|từ|sau)[^\W\d]+\s){1,10}$"
)
_DATELINE = re.compile(
    r"(?:số\s?:?\s?\d[\w/.-]*[,;]?\s)?[^,\n]{2,40},\sngày\s\d{1,2}\s?(?:tháng|/|-)\s?\d{1,2}\s?(?:năm|/|-)\s?20\d\d\W*"
)


class PeriodMention(NamedTuple):
    """A period in the text. ``start`` and ``end`` are inclusive days; ``grain`` is day, week, month, months,
    quarter, year or years. ``baseline``: the text only compares with it ("so với năm 2022").
    """

    span: Span
    start: date
    end: date
    grain: str
    baseline: bool = False


def read_periods(
    seen: View, within: Span, anchor: date | None, year: int | None = None, before: PeriodMention | None = None
) -> list[PeriodMention]:
    """The periods stated inside ``within``. ``anchor`` (the publication date) gives a missing year; without one,
    months and quarters are of the ``year`` that the text speaks of, and other periods without a year are left out. ``before``
    is the last one that was stated before.
    """
    found: list[PeriodMention] = []
    for match in _PATTERN.within(seen, *within):
        try:
            calendar = _calendar(match, anchor, anchor.year if anchor else year)
            if found and (match["relative"] or "").startswith("năm trước"):  # before the year that was just named
                calendar = _span(found[-1].end.year - 1, 1, 12, "year")
            if (match["before"] or "").endswith("đó"):  # before the month or quarter that was
                last = found[-1] if found else before
                calendar = _just_before(last.start, last.grain) if last and last.grain in _SHORT[1:] else None
        except ValueError:  # 31/2, month 13
            continue
        if match["report"] and not _OF_A_REPORT.search(seen, max(within.start, match.start() - 60), match.start()):
            continue
        if calendar:
            left = seen[max(within.start, match.start() - 48) : match.start()]
            dates_else = calendar[2] == "day" and _dates_something_else(seen, match.end(), left)
            if not (dates_else or (calendar[2] in _SHORT and _OF_WHAT_WAS_HELD.search(left))):
                found.append(
                    PeriodMention(Span(*match.span()), *calendar, baseline=bool(_BASELINE.search(left) or _BEGAN.search(left)))
                )
    return found


def names_period(seen: View, within: Span) -> bool:
    """Whether ``read_periods`` may find anything there."""
    return bool(_PATTERN.within(seen, *within))


def _dates_something_else(seen: View, end: int, left: str) -> bool:
    """Whether a day is that of a paper or an event."""
    return bool(
        _OF_A_DOCUMENT.search(left)
        or _OF_SAYING.search(left)
        or ((_OF_AN_EVENT.match(seen, end) or _SAID_THEN.match(seen, end)) and not _UNTIL.search(left))
    )


def is_dateline(seen: View, line: Span) -> bool:
    """Whether a line only dates the paper itself ("Lạng Sơn, ngày 24 tháng 02 năm 2025")."""
    return _DATELINE.fullmatch(seen, *line) is not None


def bare_year(seen: View, heading: Span) -> PeriodMention | None:
    """The year that a heading names by its number alone ("BẢNG DTI 2022")."""
    match = _BARE_YEAR.search(seen, *heading)
    return match and PeriodMention(Span(*match.span()), *_span(int(match[0]), 1, 12, "year"))


def is_of_today(seen: View, end: int) -> bool:
    """Whether what ends there is what is today and changes: "từ 55,6% hiện nay lên 75%"."""
    return _FROM_TODAY.match(seen, end) is not None


def now_words(seen: View, within: Span) -> list[int]:
    """Where the stretch speaks of the time of writing."""
    return [match.start() for match in _NOW.find(seen, *within)]


def says_now(seen: View, within: Span) -> bool:
    """Whether the stretch speaks of the time of writing ("đến nay")."""
    return _NOW.first(seen, *within) is not None


def _calendar(match: re.Match[str], anchor: date | None, missing: int | None) -> tuple[date, date, str] | None:
    def year_of(group: str) -> int | None:
        return int(match[group]) if match[group] else missing

    if match["day"]:
        return _day(int(match["day_year"]), int(match["day_month"]), int(match["day"]))
    if match["long_day"]:
        year = year_of("long_year")
        return _day(year, int(match["long_month"]), int(match["long_day"])) if year else None
    if match["short_day"]:
        return _day(anchor.year, int(match["short_month"]), int(match["short_day"])) if anchor else None
    if match["bare_day"]:
        return _day(missing, int(match["bare_day_month"]), int(match["bare_day"])) if missing else None
    if match["months"]:
        year = year_of("months_year")
        return _months(year, _month(match["months"]), match["half"]) if year else None
    if match["so_far"]:
        return _months(missing, int(match["so_far"]), None) if missing else None
    if match["short_months"]:  # "6T/2024"
        return _months(int(match["short_months_year"]), int(match["short_months"]), None)
    if match["part"]:
        year = year_of("part_year")
        return _months(year, 6 if match["part"] == "nửa" else 3, match["which"]) if year else None
    if match["quarters"]:
        year = year_of("quarters_year")
        return _months(year, 3 * _month(match["quarters"]), match["ends"]) if year else None
    if match["month"]:
        year = year_of("month_year")
        year = year - 1 if year and match["month_of"] == "ngoái" else year
        month = _month(match["month"])
        return _span(year, month, month, "month") if year else None
    if match["week"]:
        year = year_of("week_year")
        return _week(year, int(match["week"])) if year else None
    if match["bare_month"]:
        return _span(int(match["bare_month_year"]), int(match["bare_month"]), int(match["bare_month"]), "month")
    if match["quarter"]:
        year = year_of("quarter_year")
        number = _ROMAN.get(match["quarter"]) or int(match["quarter"])
        return _span(year, number * 3 - 2, number * 3, "quarter") if year else None
    if match["from_year"]:
        first, last = int(match["from_year"]), int(match["to_year"])
        return (date(first, 1, 1), date(last, 12, 31), "years") if first < last else None
    if match["report"]:
        return _span(int(match["report"]), 1, 12, "year")
    if match["year"]:
        return _span(int(match["year"]), 1, 12, "year")
    if match["this_year"] and (this := anchor.year if anchor else missing):
        return _span(this, 1, 12, "year")
    if match["the_year"] and (this := anchor.year - (anchor.month == 1) if anchor else missing):  # in January the last one
        return _span(this, 1, 12, "year")
    if match["before"] and anchor:
        return _just_before(anchor, "month" if match["before"].startswith("tháng") else "quarter")
    if match["relative"] and (this := anchor.year if anchor else missing):
        said = match["relative"]
        ahead = 0 if said.endswith("nay") else 1 if said.endswith(("tới", "sau")) or said.startswith("sang") else -1
        return _span(this + ahead, 1, 12, "year")
    return None


def _day(year: int, month: int, day: int) -> tuple[date, date, str]:
    return date(year, month, day), date(year, month, day), "day"


def _span(year: int, first: int, last: int, grain: str) -> tuple[date, date, str]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1]), grain


def _just_before(day: date, grain: str) -> tuple[date, date, str]:
    """The month or quarter before the one of a day."""
    months = 1 if grain == "month" else 3
    last = date(day.year, (day.month - 1) // months * months + 1, 1) - timedelta(days=1)
    return _span(last.year, last.month - months + 1, last.month, grain)


def _week(year: int, number: int) -> tuple[date, date, str]:
    """The week of a year as ISO 8601 counts it, Monday to Sunday."""
    return date.fromisocalendar(year, number, 1), date.fromisocalendar(year, number, 7), "week"


def _month(written: str) -> int:
    """A month, or a number of months, in digits or in words ("tháng Tư", "bốn tháng")."""
    return _MONTH_NAMES.get(written) or int(written)


def _months(year: int, count: int, half: str | None) -> tuple[date, date, str]:
    """The first ``count`` months of the year, or its last ones ("6 tháng cuối năm")."""
    if not 1 <= count <= 12:
        raise ValueError(count)
    first, last = (13 - count, 12) if half == "cuối" else (1, count)
    return _span(year, first, last, "months")
