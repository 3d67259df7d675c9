"""The period of a whole document: what its title or its first line says of when its figures are from.

Belongs here: periods of titles and headings, and the year that a document without a date speaks of.
Does not: the period of one figure (period_attribution.py), finding periods (periods.py).
"""

from __future__ import annotations

import re
from datetime import date

from pipelines.extract.periods import PeriodMention, bare_year, is_dateline, read_periods
from pipelines.extract.segment import first_line
from pipelines.extract.view import View, view
from pipelines.model import Document, Span

# "… 1.690 tổ với 7.800 thành viên (số liệu tháng 6/2022)."
NOTE = re.compile(r"\((?:số liệu|thống kê|cập nhật|tính|thời điểm)(?!\w)[^()]*\)\W*$")
_LONGEST_HEADING = 200
_YEAR = re.compile(r"20[0-4]\d(?:(?<![\d./-].{4})(?![\d.])|(?<=/.{4})(?!\d))")  # its first letters are looked for fast
_BY_THEN = re.compile(r"(?<!\w)(?:đến|tới)\s(?:hết\s|cuối\s)?$")


def of_document(document: Document, seen: View, year: int | None) -> tuple[PeriodMention | None, bool]:
    """The period that the title names, or the text's first line, and whether it is when something is to be done by ("… đến
    năm 2030"). The day of publication is none.
    """
    title, day = view(document.title or ""), document.published
    whole = Span(0, len(title))
    found = [period for period in read_periods(title, whole, day, year) if (period.start, period.end) != (day, day)]
    named = min(found, key=lambda period: period.end - period.start, default=None) or bare_year(title, whole)
    if named:
        return named, _BY_THEN.search(title, 0, named.span.start) is not None
    first = first_line(seen)
    if first is None or seen[first.end - 1] in '.;!?…"' or "%" in seen[first.start : first.end]:
        return None, False
    named = first_in(seen, first, day, year)
    return named, named is not None and _BY_THEN.search(seen, first.start, named.span.start) is not None


def first_in(seen: View, line: Span, anchor: date | None, year: int | None) -> PeriodMention | None:
    """The first period of a heading, or that of a note at its end; ``anchor`` and ``year`` as for ``read_periods``."""
    if line.end - line.start > _LONGEST_HEADING:
        return None
    stated = [period for period in read_periods(seen, line, anchor, year) if not period.baseline]
    note = NOTE.search(seen, *line) if stated else None
    noted = [period for period in stated if note and period.span.start >= note.start()]
    first = next(iter(noted or stated), None) or bare_year(seen, line)
    return None if first and is_dateline(seen, line) else first


def first_year(title: str | None, seen: View) -> int | None:
    """The first year that a document names: an undated one's "6 tháng đầu năm" is of that year until it names another."""
    match = _YEAR.search(title or "") or _YEAR.search(seen)
    return int(match[0]) if match else None
