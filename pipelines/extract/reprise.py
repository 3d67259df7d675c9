"""Reprise: what a number says of measures that were just said: the share of a count, several taken up together.

Belongs here: "4.680 người đã kích hoạt, chiếm 90%": the share of what was just counted. "Hai tỷ lệ này lần lượt là 96%
và 100%", "ba chỉ tiêu vừa nêu phải đạt 90%, 80% và 50%": as many numbers as were measures said before.
Does not: one measure taken up again ("tỷ lệ này", residue.py), heads that the sentence names itself (focus.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.coordination import runs
from pipelines.extract.cued import Cued
from pipelines.extract.lexicon import Hit, Lexicon
from pipelines.extract.link import Link, Surroundings, hits_within, link
from pipelines.extract.numerals import Number
from pipelines.extract.ordered import Ordered
from pipelines.extract.place_attribution import Owned
from pipelines.extract.view import View
from pipelines.model import Span

CONFIDENCE = 0.8
_MEASURES = r"(?:tỷ lệ|chỉ tiêu|con số|chỉ số|mục tiêu|mức|số liệu|tỷ trọng)".replace(" ", r"\s")
_HOW_MANY = {"hai": 2, "2": 2, "ba": 3, "3": 3, "bốn": 4, "4": 4}
_TAKEN_UP = Cued(
    "|".join(_HOW_MANY),
    rf"(?<![\w.,])(?P<count>{'|'.join(_HOW_MANY)})\s{_MEASURES}\s"
    r"(?:(?P<back>này|đó|ấy|kia|trên|nói\strên|nêu\strên|kể\strên|vừa\snêu|vừa\skể|tương\sứng|sau\scùng|cuối)|(?P<first>đầu(?:\stiên)?))(?!\w)",
)
_IN_TURN = Cued(
    "tỷ lệ|chỉ tiêu|con số|mục tiêu",
    rf"(?<!\w){_MEASURES}(?:\s(?!của\s)[^\W\d]+|\s20\d\d){{0,6}}\s(?:tương\sứng|lần\slượt)(?:\s(?:là|đạt|phải|ở|mức|lên|đến)){{0,3}}\s$",
)
_REACH = 90
_SHARE_OF_IT = re.compile(
    r"[\s,(;=-]*(?:(?:đã|mới|chỉ|tức|là|tương đương|tương ứng|ứng|với|bằng|chiếm|đạt|tỷ lệ|được|khoảng|hơn|trên|gần|chừng"
    r"|xấp xỉ|ước|tới|đến|cho|mức|vào|dưới)\s:?\s?)*"
)


def only_leads(seen: View, part: Span, number: Number) -> bool:
    """Whether nothing but a verb stands before the number in its part."""
    return _SHARE_OF_IT.fullmatch(seen, part.start, number.span.start) is not None


def share_of(seen: View, lexicon: Lexicon, counted: Owned, around: Surroundings, part: Span, hits: Ordered[Hit]) -> Link | None:
    """What a share measures that only a verb leads to: that of what was just ``counted``."""
    if not only_leads(seen, part, around.number):
        return None
    if link(seen, around._replace(earlier=(), heading=(), previous=None), lexicon):
        return None  # it says itself of what
    both = hits_within(hits, Span(counted.part.start, part.end))
    for earlier in ((), around.earlier):
        one = link(seen, around._replace(own=both, earlier=earlier, previous=None), lexicon)
        if one and one.rule_id == "link.share.own":
            return one
    return None


def taken_up(
    seen: View, sentence: Span, numbers: Sequence[Number], said: Sequence[Link], before: Sequence[Link | None]
) -> dict[int, Link]:
    """The measure of each number of a run that continues several, by the number's position: ``said`` are those of the
    sentence before, ``before`` those of this one in order.
    """
    found: dict[int, Link] = {}
    for run in runs(seen, numbers):
        if not numbers[run[0]].percent:
            continue
        start = numbers[run[0]].span.start
        here = [one for one in before[: run[0]] if one and one.metric.unit_kind == "share"]
        named = _TAKEN_UP.first(seen, max(sentence.start, start - _REACH), start)
        if named and _HOW_MANY[named["count"]] == len(run):
            measures = _distinct(said)[: len(run)] if named["first"] else _distinct([*said, *here])[-len(run) :]
        elif not named and _IN_TURN.first(seen, max(sentence.start, start - _REACH), start):
            measures = _distinct(here or said)
        else:
            continue
        if len(measures) == len(run):
            found |= {i: _again(one) for i, one in zip(run, measures, strict=True)}
    return found


def _again(one: Link) -> Link:
    return one._replace(confidence=CONFIDENCE, rule_id="link.share.reprise", because=None)


def _distinct(links: Sequence[Link]) -> list[Link]:
    """The links of different metrics, each where it was last said."""
    latest = {one.metric.metric.id: place for place, one in enumerate(links)}
    return [links[place] for place in sorted(latest.values())]
