"""Kinds: whether a figure is reached or to be reached.

Belongs here: the words of plans and of results, and which of them governs a number.
Does not: the period, except that a figure of a year to come is a target.
"""

from __future__ import annotations

import re
from datetime import date

from pipelines.extract.cued import Cued
from pipelines.extract.view import View
from pipelines.model import Basis, Kind, Period, Span

_TARGET = (
    r"phấn đấu|mục tiêu|chỉ tiêu|kế hoạch (?:đề ra|năm|đặt ra|giao|là)|theo kế hoạch|sẽ|dự kiến|hướng tới|hướng đến"
    r"|yêu cầu|phải đạt|cần đạt|đặt ra|quyết tâm|định hướng|lộ trình|bảo đảm|đảm bảo|phải"
)
_ACTUAL = (
    r"đã|(?<!thực )(?<!thể )(?<!phát )(?<!xuất )hiện|đến nay|tới nay|kết quả|ghi nhận|tính đến|thực hiện được|thực tế"
    r"|hoàn thành|vượt (?:mục tiêu|chỉ tiêu|kế hoạch)"
    r"|đạt (?:mục tiêu|chỉ tiêu|kế hoạch)|so với (?:mục tiêu|chỉ tiêu|kế hoạch)|với mục tiêu|được giao|tương đương"
)
_DONE = re.compile(r"\s*(?:ước\s)?thực hiện(?!\w)")  # the head of a column of results
_CUES = Cued(
    "phấn đấu|mục tiêu|chỉ tiêu|kế hoạch|theo kế hoạch|sẽ|dự kiến|hướng tới|hướng đến|yêu cầu|phải|cần đạt|đặt ra|quyết tâm"
    "|định hướng|lộ trình|bảo đảm|đảm bảo|đã|hiện|đến nay|tới nay|kết quả|ghi nhận|tính đến|thực hiện được|thực tế|hoàn thành"
    "|vượt|đạt mục|đạt chỉ|đạt kế|so với|với mục tiêu|được giao|tương đương",
    rf"(?<!\w)(?:(?P<actual>{_ACTUAL})|(?P<target>{_TARGET}))(?!\w)",
)


def read_kind(seen: View, before: Span, heading: Kind | None, period: Period, published: date | None) -> Kind:
    """The kind of a number, from the last telling word in ``before`` (its sentence up to it).

    Without one, a year still to come makes a target, a stated period that is over an actual, and else
    the section's ``heading`` decides ("Mục tiêu đến năm 2025:").
    """
    cues = [str(match.lastgroup) for match in _CUES.find(seen, *before)]
    if cues:
        return Kind(cues[-1])
    if period.end and published:
        if period.end.year > published.year:
            return Kind.TARGET
        if period.basis is Basis.STATED and period.end < published:
            return Kind.ACTUAL
    return heading or Kind.ACTUAL


def heading_kind(seen: View, line: Span) -> Kind | None:
    """What a heading or an opening line says of the figures below it."""
    cues = [str(match.lastgroup) for match in _CUES.find(seen, *line)]
    if not cues and _DONE.match(seen, line.start, line.end):
        return Kind.ACTUAL
    return Kind(cues[-1]) if cues else None
