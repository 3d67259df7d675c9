"""Tables flattened to lines: "STT | Chỉ tiêu | Kế hoạch | Kết quả", a row a line.

Belongs here: which lines make a table, the header, label and group of each cell, and what a column's head
says of the values below it. Does not: what a cell's number states (reader.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.extract.flow import has_bar
from pipelines.extract.view import View
from pipelines.model import Span

_BOUND = r"(?:trên|hơn|dưới|khoảng|gần|từ|đạt|tối đa|tối thiểu|ít nhất|không quá|không dưới|đến|[≥≤<>~≈]=?)"
_VALUE = re.compile(
    rf"\s*(?:{_BOUND}\s*)*[\d.,/]+(?:\s?-\s?[\d.,]+)?\s*(?:%|điểm|phần trăm)?(?:\s?/\s?[\d.,]+)?(?:\s*trở (?:lên|xuống))?\s*"
)
_COUNTS_ROWS = re.compile(r"\s*(?:s?tt|số tt|số thứ tự)\s*")
_COMPARES = re.compile(
    r"so với|so sánh|tăng|giảm|chênh lệch|đánh giá|ghi chú|tỷ lệ (?:đạt|hoàn thành)|thay đổi|mức độ hoàn thành"
)
_RANKS = re.compile(r"(?<!\w)(?:thứ |xếp |vị )?(?:hạng|thứ bậc|thứ|trí)(?!\w)")
_SCORES = re.compile(r"(?<!\w)(?:điểm|p?dti)(?!\w)")
_SHARES = re.compile(r"%|tỷ lệ|phần trăm")
# "%" as a unit, "Hồ sơ nộp trực tuyến (%)", "Tỷ lệ văn bản được ký số".
_IN_PERCENT = re.compile(r"\s*(?:%|phần trăm)\s*$|.*\((?:%|phần trăm)\)|[\s+*•-]*t[ỷỉ] lệ(?!\w)")
_FIGURE = re.compile(
    r"(?<!\w)(?<![/.-])(?!(?:19|20)\d\d(?!\d))\d+(?:[.,]\d+)*(?![\w/-])(?=\s[^\W\d])(?!\s(?:tháng|quý|tuần|ngày)(?!\w))"
)
_SITES = re.compile(
    r"(?<!\w)điểm (?:cầu|truy nhập|truy cập|phát|giao dịch|bán|tiếp nhận|trường|thu|đăng ký|bưu điện|wifi)(?!\w)"
)
_RANKING = re.compile(r"(?<!\w)(?:xếp hạng|thứ hạng)(?!\w)")
_ESTIMATED = re.compile(r"\s*(?:số\s)?ước(?!\w)")
_TOTALS = re.compile(r"\s*(?:tổng (?:số )?điểm|điểm tổng|tổng cộng|điểm chung)\s*(?:\([^()]*\)\s*)?")
_LETTER = re.compile(r"\s*(?:[ivx]+|[a-hđ])[.)]?\s*")
# "- Cấp xã" goes on with what the row above it measures.
_TIER_ALONE = re.compile(r"[\s+*•–-]*(?:cấp|khối)\s[^\W\d]+(?:,?\s[^\W\d]+){0,3}\s*(?:\([^()]*\)\s*)?")
_NOTHING = re.compile(r"\s*(?:-|\.{2,}|…|x|/)\s*")
_YEAR = re.compile(r"\s*20[0-4]\d\s*")
_LONGEST_GROUP, _FEWEST_NUMBERED = 120, 3


@dataclass(frozen=True, slots=True)
class Row:
    """A row of values: ``cells`` by column, ``labels`` its cells of words, ``headers`` the rows of column heads, the
    lowest first, ``group`` the line of words above it that its label continues ("Hồ sơ công việc" above "+ Cấp tỉnh"),
    ``caption`` the one above the table; ``numbered`` where the first cell counts the rows, whatever its column is called.
    """

    line: Span
    cells: tuple[Span, ...]
    labels: tuple[Span, ...]
    headers: tuple[tuple[Span, ...], ...]
    group: Span | None
    caption: Span | None
    numbered: bool = False

    def values(self) -> Iterator[tuple[Span, tuple[Span, ...]]]:
        """The cells of values, each with the heads of its column, the lowest first."""
        shift = len(self.headers[0]) - len(self.cells) if self.headers else 0  # a row of totals leaves out its number
        for column, cell in enumerate(self.cells):
            if cell not in self.labels and cell.end > cell.start and not (self.numbered and column == 0):
                yield cell, tuple(heads[column + shift] for heads in self.headers if column + shift >= 0)


def says_no_value(head: str) -> bool:
    """Whether a column numbers the rows or compares other columns."""
    return bool(_COUNTS_ROWS.fullmatch(head) or _COMPARES.search(head))


def counts_sites(label: str) -> bool:
    """Whether a row counts points on the map ("Điểm truy nhập Internet công cộng"), and no points of a score."""
    return _SITES.search(label) is not None


def sums_up(head: str) -> bool:
    """Whether a column has the whole of what those to its left have the parts of ("Tổng điểm")."""
    return _TOTALS.fullmatch(head) is not None


def measure_of_head(head: str) -> str | None:
    """What a column's values are by its head: rank, score or share; None where it does not say."""
    if _SHARES.search(head):
        return "share"
    if _RANKS.search(head):
        return "rank"
    return "score" if _SCORES.search(head) else None


def is_ranking(label: str) -> bool:
    """Whether the values of a row are ranks by one of its labels ("Xếp hạng DTI")."""
    return _RANKING.search(label) is not None


def estimates(head: str) -> bool:
    """Whether a column's values are estimates ("Ước thực hiện năm 2025")."""
    return _ESTIMATED.match(head) is not None


def in_percent(label: str) -> bool:
    """Whether the values of a row are shares by one of its labels."""
    return _IN_PERCENT.match(label) is not None


def rows(text: str, seen: View, lines: list[Span]) -> dict[Span, Row | None]:
    """The lines of every table in the text: a row of values, or None for a header or a group within the table.

    A short line of words inside a table names a group of rows; a paragraph ends the table.
    """
    found: dict[Span, Row | None] = {}
    headers: tuple[tuple[Span, ...], ...] = ()
    group: Span | None = None
    caption: Span | None = None
    measured: Span | None = None
    in_header = False
    for index, line in enumerate(lines):
        if not has_bar(text, line):
            if line.end - line.start > _LONGEST_GROUP or seen[line.end - 1] == ".":
                headers = ()
            group, in_header = line, False
            continue
        beside = (*lines[max(0, index - 2) : index], *lines[index + 1 : index + 3])
        if not headers and not any(has_bar(text, other) for other in beside):
            continue  # a bar in a byline makes no table
        cells = _cells(text, line)
        values = [cell for cell in cells if _VALUE.fullmatch(seen, cell.start, cell.end)]
        nothing = [cell for cell in cells if _NOTHING.fullmatch(seen, *cell)]
        if nothing and not values and len(cells) - len(nothing) == 1:  # "Đặc khu Hoàng Sa | - | -"
            measured, found[line] = None, None
            continue
        values = [] if _are_years(seen, values, bool(headers)) else values
        words = tuple(cell for cell in cells if cell not in values and seen[cell.start : cell.end].strip())
        if values and not _only_numbers_it(seen, values, cells, headers):
            goes_on = bool(words) and _TIER_ALONE.fullmatch(seen, *words[0]) is not None
            measured, in_header = measured if goes_on else (words[0] if words else None), False
            found[line] = Row(line, cells, words, headers, group or (measured if goes_on else None), caption)
            continue
        measured = None
        if any(_FIGURE.search(seen, cell.start, cell.end) for cell in words):
            continue  # a sentence with bars
        found[line] = None
        if headers and len(words) == 2 and _LETTER.fullmatch(seen, words[0].start, words[0].end):
            group = words[1]  # "II | Xã hội số"
        elif len(words) > 1:
            goes_on = in_header and len(cells) == len(headers[0])  # merged heads, and those below them
            headers, in_header = (cells, *(headers if goes_on else ())), True
            caption, group = caption if goes_on else group, None
        else:
            group = words[0] if words else line
    return found | _numbered(seen, [row for row in found.values() if row])


def _numbered(seen: View, table: list[Row]) -> dict[Span, Row]:
    """The rows that are numbered 1, 2, 3 … under one head, which may be misspelt, unread in a scan or none."""
    numbered: dict[Span, Row] = {}
    run: list[Row] = []
    for row in (*table, None):
        first = seen[row.cells[0].start : row.cells[0].end].strip() if row else ""
        if row and first == str(len(run) + 1) and (not run or row.headers == run[0].headers):
            run.append(row)
            continue
        if len(run) >= _FEWEST_NUMBERED:
            numbered |= {each.line: replace(each, numbered=True) for each in run}
        run = [row] if row and first == "1" else []
    return numbered


def _only_numbers_it(seen: View, values: list[Span], cells: tuple[Span, ...], headers: tuple[tuple[Span, ...], ...]) -> bool:
    """Whether a row holds no value but its number: "2 | Hồ sơ công việc | |" heads the rows below it."""
    heads_rows = not headers or says_no_value(seen[headers[0][0].start : headers[0][0].end])
    return values == [cells[0]] and len(cells) > 1 and heads_rows


def _are_years(seen: View, values: list[Span], below_heads: bool) -> bool:
    """Whether what looks like values are the years that head their columns: "Chỉ tiêu | 2023 | 2024"; below other heads
    several that follow each other.
    """
    years = [int(seen[cell.start : cell.end]) for cell in values if _YEAR.fullmatch(seen, *cell)]
    if not years or len(years) < len(values):
        return False
    return not below_heads or (len(years) > 1 and all(abs(one - other) == 1 for one, other in pairwise(years)))


def _cells(text: str, line: Span) -> tuple[Span, ...]:
    """The cells of a row; an empty one keeps its column."""
    inner = text[line.start : line.end].strip()
    framed = inner.startswith("|")  # else a bar at the end leaves the last cell empty
    start = line.start + framed
    end = line.end - (framed and inner.endswith("|"))
    cells, begin = [], start
    for position in range(start, end + 1):
        if position == end or text[position] in "|\t":
            cells.append(Span(begin, position))
            begin = position + 1
    return tuple(cells)
