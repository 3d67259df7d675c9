"""Focus: what the numbers of a sentence measure, each with the others and with what was said before.

Belongs here: what one number lends another. "xếp thứ 7, 19 và 33": the first one's shape holds for all.
"Đà Nẵng (58,89%), Hà Giang (55,76%)" and "tỷ lệ này là 45%": a number whose own part says nothing measures what
the last one of its shape did, in this sentence or before it. "Huyện A đạt 97%, huyện B đạt 95% về hồ sơ đúng
hạn": or what the next one does.
Does not: scoring the metrics for one number (link.py), its place and period (attribution.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipelines.extract.counted import counts_places
from pipelines.extract.lexicon import Hit, Lexicon
from pipelines.extract.link import CONTINUED, Link, Surroundings, hits_within, link, measure_kind, noun_after
from pipelines.extract.numerals import Number
from pipelines.extract.ordered import Ordered
from pipelines.extract.place_attribution import Owned
from pipelines.extract.residue import points_back, says_nothing
from pipelines.extract.view import View
from pipelines.model import Span

LOOK_BACK = 800  # how far back in a sentence a head may stand
CARRIED = 0.75
FIRM = 0.7
_LONGEST_NAME = 160
_ASIDE = re.compile(r"\([^()\s]*\s[^()\s]*\s[^()]*\)")  # "(có thêm kinh tế số, xã hội số)", but not "(DTI)"
_DIGRESSION = re.compile(r"[\s,;(-]*(?:riêng|trong đó|cụ thể)(?!\w)")
_RANKING = re.compile(r"(?<!\w)(?:thứ hạng|xếp hạng|bảng xếp hạng|thứ tự)(?!\w)")
_OF_ANOTHER = re.compile(r";|(?<!\w)(?:trong đó|gồm|trên tổng|trên|còn|với|trong)(?!\w)")
_WHOLE = re.compile(r"(?<!\w)trong\s(?:tổng\s)?(?:số\s)?$")  # "trong tổng số 1.640 thủ tục, 1.311 …"
_COORDINATED = re.compile(r"\s?(?:,|;|và|-|/|rồi|hay)\s?(?:và\s|thứ\s|hạng\s)*")


class Focus:
    """What was last measured, by the shape of the number; fed with one sentence after the other."""

    def __init__(self, seen: View, lexicon: Lexicon) -> None:
        self._seen = seen
        self._lexicon = lexicon
        self._last: dict[str, Link] = {}
        self._said: tuple[Hit, ...] = ()

    def pass_over(self, hits: Sequence[Hit]) -> None:
        """A sentence or heading without figures: what it speaks of is what a later one may point back to."""
        if any(hit.term in self._lexicon.cue_terms for hit in hits):
            self._said = tuple(hits)

    def links(
        self,
        sentence: Span,
        figures: Sequence[Owned],
        hits: Ordered[Hit],
        heading: tuple[Hit, ...],
        apart: Sequence[Span],
    ) -> list[Link | None]:
        """A metric or none for each figure, a number with its own part of the sentence. ``hits`` are the cues of the
        sentence, ``heading`` those of the list's opening line, ``apart`` the spans that name places and periods.
        """
        kinds = self._kinds(sentence, [figure.number for figure in figures], {span.start for span in apart})
        numbers = (Span(number.span.start, number.end) for number, *_ in figures)
        named = Ordered([*numbers, *apart], lambda span: span.start)
        empty = [
            self._is_empty(figure.part, named) and not (kind == "count" and counts_places(self._seen, figure.number))
            for figure, kind in zip(figures, kinds, strict=True)
        ]
        found: list[Link | None] = []
        previous: dict[str, Link] = {}
        asides = Ordered((Span(*match.span()) for match in _ASIDE.finditer(self._seen, *sentence)), lambda aside: aside.start)
        for (number, part, _), kind, says_little in zip(figures, kinds, empty, strict=True):
            reach = max(sentence.start, part.start - LOOK_BACK)
            over = asides.between(reach - LOOK_BACK, number.span.start)
            near = hits.between(reach, part.end)
            heard = [hit for hit in near if not any(a.start < hit.start < a.end <= number.span.start for a in over)]
            around = Surroundings(
                number,
                kind,
                tuple(hit for hit in heard if hit.start >= part.start and hit.end <= part.end),
                tuple(hit for hit in heard if hit.start < part.start),
                heading,
                previous.get(kind),
            )
            names_another = any(hit.end <= number.span.start for hit in around.own if hit.term in self._lexicon.cue_terms)
            one = self._continued(around) if says_little and not names_another else None
            one = one or link(self._seen, around, self._lexicon)
            if says_little and (one is None or one.confidence < FIRM):
                one = self._from_before(around) or one
            if one and not (kind in previous and _DIGRESSION.match(self._seen, part.start, number.span.start)):
                previous[kind] = one
            found.append(one)
        self._complete(found, figures, kinds, hits)
        self._lend_back(found, kinds, empty)
        self._last |= previous
        self._said = ()
        return found

    def _kinds(self, sentence: Span, numbers: list[Number], names: set[int]) -> list[str]:
        """The shape of each number; one that only continues a list has the shape of the one before it, and one that
        stands before a name in a ranking is a rank ("Thứ hạng: 11 Long An; 12 Bình Phước").
        """
        kinds = [measure_kind(self._seen, number) for number in numbers]
        ranking = _RANKING.search(self._seen, *sentence)
        for index, number in enumerate(numbers):
            if kinds[index] == "count" and ranking and ranking.end() <= number.span.start and number.end + 1 in names:
                kinds[index] = "rank"
        for index, (one, other) in enumerate(pairwise(numbers), start=1):
            if kinds[index] == "count" and kinds[index - 1] in ("rank", "score") and self._coordinated(one, other):
                kinds[index] = kinds[index - 1]
        return kinds

    def _coordinated(self, one: Number, other: Number) -> bool:
        return _COORDINATED.fullmatch(self._seen, one.end, other.span.start) is not None

    def _is_empty(self, part: Span, named: Ordered[Span]) -> bool:
        near = named.between(part.start - _LONGEST_NAME, part.end)
        return points_back(self._seen, part) or says_nothing(self._seen, part, near)

    def _continued(self, around: Surroundings) -> Link | None:
        previous = around.previous
        return previous and Link(previous.metric, min(previous.confidence, CONTINUED), f"link.{around.measures}.continued")

    def _from_before(self, around: Surroundings) -> Link | None:
        """What a sentence since the last figure speaks of, else what the last number of this shape measured."""
        if self._said and (said := link(self._seen, around._replace(earlier=self._said), self._lexicon)):
            return said
        if last := self._last.get(around.measures):
            return Link(last.metric, min(last.confidence, CARRIED), f"link.{around.measures}.carried")
        return None

    def _complete(self, found: list[Link | None], figures: Sequence[Owned], kinds: list[str], hits: Ordered[Hit]) -> None:
        """What a number lacks may follow its coordinate: "100% công chức và 48% người dân đã thanh toán …"."""
        for index in range(len(found) - 2, -1, -1):
            number, part, _ = figures[index]
            following = figures[index + 1]
            own, after = hits_within(hits, part), hits_within(hits, following.part)
            around = Surroundings(number, kinds[index], own, after, ())
            names_its_thing = any(hit.start >= number.end for hit in own)
            if kinds[index] == "count":
                names_its_thing = noun_after(self._seen, around, self._lexicon) is not None
            apart = _OF_ANOTHER.search(self._seen, number.end, following.number.span.start) or _WHOLE.search(
                self._seen, max(0, number.span.start - 20), number.span.start
            )
            if found[index] is None and names_its_thing and not apart:
                found[index] = link(self._seen, around, self._lexicon)

    def _lend_back(self, found: list[Link | None], kinds: list[str], empty: list[bool]) -> None:
        """A number that says nothing, before one of its shape, measures the same."""
        for index in range(len(found) - 2, -1, -1):
            lender = found[index + 1]
            if found[index] is None and empty[index] and lender and kinds[index] == kinds[index + 1]:
                found[index] = Link(lender.metric, min(lender.confidence, CARRIED), f"link.{kinds[index]}.following")
