"""Holders: the agency or institution that has a figure.

Belongs here: "Sở Y tế đạt 91 điểm", "ở Bệnh viện Trung ương Huế, 64% lượt thanh toán …": whose a figure is that a body leads
to. Does not: finding bodies (agencies.py), the administrative units that figures speak of (place_attribution.py).
"""

from __future__ import annotations

import re

from pipelines.extract.agencies import Body
from pipelines.extract.numerals import Number
from pipelines.extract.ordered import Ordered
from pipelines.extract.place_levels import PlaceMention
from pipelines.extract.place_roles import SETS, SPEAKS, is_object, is_of_a_system
from pipelines.extract.residue import says_nothing
from pipelines.extract.view import View
from pipelines.model import Span

_REPORTS = re.compile(r"(?:\s\w+){0,4}\s(?:cho biết|cho hay|thông tin|thống kê|đánh giá|công bố|nêu)(?!\w)")
_MOST = re.compile(r"\s(?:nhiều|cao|thấp|ít|tốt|chậm) nhất(?:\svới)?(?=\s)")
_FARTHEST, _LOOK_BACK = 160, 800


class Holders:
    """The bodies of one document among its places."""

    def __init__(self, seen: View, bodies: Ordered[Body], mentions: Ordered[PlaceMention]) -> None:
        self._seen = seen
        self._bodies = bodies
        self._mentions = mentions

    def of(self, sentence: Span, number: Number, part: Span, previous: Number | None) -> Body | None:
        """The agency that the figure follows with nothing between them, or that is the subject of its part."""
        begins = number.span.start
        before = self._bodies.between(max(sentence.start, begins - _FARTHEST), begins)
        if not before or before[-1].span.end > begins or self._mentions.between(before[-1].span.end, begins):
            return None
        body = before[-1]
        gap = Span(body.span.end, begins)
        if is_object(self._seen, sentence.start, body) or (not body.local and SETS.match(self._seen, body.span.end)):
            return None
        if _REPORTS.match(self._seen, *gap) or is_of_a_system(self._seen, sentence.start, body):
            return None
        if most := _MOST.match(self._seen, *gap):
            gap = Span(most.end(), begins)
        if says_nothing(self._seen, gap, [Span(previous.span.start, previous.end)] if previous else ()):
            return body
        lead = Span(part.start, body.span.start)
        is_subject = not body.local and lead.start <= lead.end and says_nothing(self._seen, lead, ())
        return body if is_subject and not SPEAKS.search(self._seen, *gap) else None

    def still(self, holder: Body | None, number: Number) -> Body | None:
        """The agency of the figure before, where nothing else was named since."""
        if holder is None:
            return None
        since = Span(holder.span.end, number.span.start)
        if since.end - since.start > _LOOK_BACK or self._mentions.between(*since) or self._bodies.between(*since):
            return None
        return None if ";" in self._seen[since.start : since.end] else holder
