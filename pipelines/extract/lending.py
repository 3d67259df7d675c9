"""Lending: what the numbers of one sentence take from each other, once each was looked at alone.

Belongs here: "100% công chức và 48% người dân đã thanh toán …" (what one lacks follows the next), "A, B và C lần lượt là 1, 2
và 3" (a head of its own for each), "cáp quang và sóng 4G đã phủ 100% xã" (two heads of one number).
Does not: what was said in the sentences before (focus.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.coordination import pieces, runs, says_in_turn
from pipelines.extract.lexicon import Hit, Lexicon
from pipelines.extract.link import Link, Surroundings, hits_within, link, noun_after
from pipelines.extract.ordered import Ordered
from pipelines.extract.place_attribution import Owned
from pipelines.extract.view import View
from pipelines.model import Span

CARRIED = 0.75
_OF_ANOTHER = re.compile(r";|(?<!\w)(?:trong đó|gồm|trên tổng|trên|còn|với|trong)(?!\w)")
_JOINS = re.compile(r"(?:\s[^\W\d]+){1,4},?\svà\s(?:(?:trên|hơn|gần|khoảng)\s)?")
_WHOLE = re.compile(r"(?<!\w)trong\s(?:tổng\s)?(?:số\s)?$")  # "trong tổng số 1.640 thủ tục, 1.311 …"


class Lending:
    """The numbers of one sentence, by their position: ``figures`` with the ``shapes`` they have and the cues around."""

    def __init__(
        self, seen: View, lexicon: Lexicon, sentence: Span, figures: Sequence[Owned], shapes: Sequence[str], hits: Ordered[Hit]
    ) -> None:
        self._seen = seen
        self._lexicon = lexicon
        self._sentence = sentence
        self._figures = figures
        self._shapes = shapes
        self._hits = hits

    def complete(self, found: list[Link | None]) -> None:
        """What a number lacks may follow its coordinate: "100% công chức và 48% người dân đã thanh toán …"."""
        for index in range(len(found) - 2, -1, -1):
            number, part, *_ = self._figures[index]
            following = self._figures[index + 1]
            own, after = hits_within(self._hits, part), hits_within(self._hits, following.part)
            around = Surroundings(number, self._shapes[index], own, after, ())
            names_its_thing = any(hit.start >= number.end for hit in own)
            if self._shapes[index] == "count":
                names_its_thing = noun_after(self._seen, around, self._lexicon) is not None
            apart = _OF_ANOTHER.search(self._seen, number.end, following.number.span.start) or _WHOLE.search(
                self._seen, max(0, number.span.start - 20), number.span.start
            )
            if (found[index] is None or self._begins_anew(found, index)) and names_its_thing and not apart:
                found[index] = link(self._seen, around, self._lexicon) or found[index]

    def _begins_anew(self, found: Sequence[Link | None], index: int) -> bool:
        """ "Sóng 4G phủ 98% thôn; 100% xã và 94% thôn có cáp quang": a semicolon ends what was measured, and what comes is
        joined to another measure.
        """
        one, following = found[index], found[index + 1]
        if not index or one is None or following is None or not one.rule_id.endswith(".continued"):
            return False
        number, before = self._figures[index].number, self._figures[index - 1].number
        if one.metric is following.metric or not following.rule_id.endswith(".own"):
            return False
        return (
            self._seen.find(";", before.end, number.span.start) >= 0
            and _JOINS.fullmatch(self._seen, number.end, self._figures[index + 1].number.span.start) is not None
        )

    def lend_back(self, found: list[Link | None], empty: Sequence[bool]) -> None:
        """A number that says nothing, before one of its shape, measures the same."""
        for index in range(len(found) - 2, -1, -1):
            lender = found[index + 1]
            if found[index] is None and empty[index] and lender and self._shapes[index] == self._shapes[index + 1]:
                found[index] = Link(lender.metric, min(lender.confidence, CARRIED), f"link.{self._shapes[index]}.following")

    def in_turn(self) -> dict[int, Link]:
        """The metric of each number that the sentence pairs with a head of its own: "A, B và C lần lượt là 1, 2 và 3"."""
        paired: dict[int, Link] = {}
        numbers = [figure.number for figure in self._figures]
        for run in runs(self._seen, numbers) if says_in_turn(self._seen, self._sentence) else ():
            begins = numbers[run[0]].span.start
            clause = max(self._sentence.start, self._seen.rfind(";", self._sentence.start, begins) + 1)
            heads = [head for head in pieces(self._seen, Span(clause, begins)) if hits_within(self._hits, head)]
            if len(heads) != len(run):
                continue
            about = hits_within(self._hits, Span(clause, begins))
            links = [
                link(
                    self._seen,
                    Surroundings(numbers[i], self._shapes[i], hits_within(self._hits, head), about, ()),
                    self._lexicon,
                )
                for i, head in zip(run, heads, strict=True)
            ]
            found = {i: one for i, one in zip(run, links, strict=True) if one}
            if len(found) == len(run) and len({one.metric.metric.id for one in found.values()}) > 1:
                paired |= found
        return paired

    def of_heads_after(self, figure: Owned) -> tuple[Link, ...]:
        """ "100% thôn có cáp quang và sóng 4G": two facts, if what "và" joins would each state its own of the same thing."""
        number, part, *_ = figure
        joined = self._seen.rfind(" và ", number.end, part.end)
        if not number.percent or joined < 0:
            return ()
        heads = Span(number.end, joined), Span(joined, part.end)
        begins = hits_within(self._hits, heads[0])
        whose = [hit for hit in begins if hit.term in self._lexicon.unit_nouns or hit.term in self._lexicon.faint]
        said = (begins, (*whose, *hits_within(self._hits, heads[1])))
        each = [link(self._seen, Surroundings(number, "share", own, (), ()), self._lexicon) for own in said]
        first, second = each
        if first and second and first.metric is not second.metric and first.rule_id == second.rule_id == "link.share.own":
            return (first, second)
        return ()

    def of_both_heads(self, figure: Owned, one: Link) -> tuple[Link, ...]:
        """ "cáp quang và sóng 4G đã phủ 100% xã" states two facts, if either head alone would state its own."""
        number, part, *_ = figure
        if not number.percent:
            return (one,)
        heads = [head for head in pieces(self._seen, Span(part.start, number.span.start)) if hits_within(self._hits, head)]
        if len(heads) != 2 or says_in_turn(self._seen, part):
            return (one,)
        after = hits_within(self._hits, Span(number.end, part.end))
        each = [
            link(self._seen, Surroundings(number, "share", (*hits_within(self._hits, head), *after), (), ()), self._lexicon)
            for head in heads
        ]
        first, second = each
        if first and second and one.metric in (first.metric, second.metric) and first.metric != second.metric:
            return (first, second)
        return (one,)
