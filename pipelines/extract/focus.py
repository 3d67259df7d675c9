"""Focus: what the numbers of a sentence measure, each with the others and with what was said before.

Belongs here: what a number takes from those before it. "Đà Nẵng (58,89%), Hà Giang (55,76%)" and "tỷ lệ này là 45%":
one whose own part says nothing measures what the last one of its shape did, in this sentence or before it.
Does not: the shapes (shapes.py), what numbers of a sentence lend each other afterwards (lending.py), scoring the metrics
for one number (link.py), its place and period (place_attribution.py, period_attribution.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from pipelines.extract.clauses import head_begins, tail_ends
from pipelines.extract.counted import areas_after, counts_places, counts_something_else
from pipelines.extract.doubts import doubted
from pipelines.extract.learned import ENOUGH, SecondOpinion, words_around
from pipelines.extract.lending import CARRIED, Lending
from pipelines.extract.lexicon import CompiledMetric, Hit, Lexicon
from pipelines.extract.link import CONTINUED, Link, Surroundings, hits_within, link, names_a_tier, noun_after, rules_out
from pipelines.extract.ordered import START, Ordered
from pipelines.extract.place_attribution import Owned
from pipelines.extract.reprise import only_leads, share_of, taken_up
from pipelines.extract.residue import points_back, says_nothing
from pipelines.extract.shapes import shapes
from pipelines.extract.view import View
from pipelines.model import Span

LOOK_BACK = 800  # how far back in a sentence a head may stand
FIRM, FACT = 0.7, 0.6
_NOUN = 8  # "75 điểm chỉ số này"
_LONGEST_NAME, _LONGEST_ASIDE, _FARTHEST_BACK = 120, 200, 5
_ASIDE = re.compile(r"\([^()]{0,100}\s[^()]{0,48}\s[^()]{0,48}\)")  # "(có thêm kinh tế số, xã hội số)", but not "(DTI)"
_DIGRESSION = re.compile(r"[\s,;(-]*(?:riêng|trong đó|cụ thể)(?!\w)")
_OF_A_TIER = re.compile(r"\s(?:hồ sơ\s)?(?:(?:tại|ở|của|đối với)\s)?cấp\s(?:tỉnh|huyện|xã|cơ sở|bộ|sở)(?!\w)")
_INDEX = re.compile(r"(?<!\w)(?:chỉ số|index|bộ tiêu chí|tiêu chí)(?!\w)")


def _only(one: Link | None) -> tuple[Link, ...]:
    return (one,) if one else ()


class _Sentence:
    """A sentence being measured: its numbers, what each is by its form, and what was found of those before."""

    def __init__(self, seen: View, span: Span, figures: Sequence[Owned], names: Ordered[Span], hits: Ordered[Hit]) -> None:
        self._seen = seen
        self.span = span
        self.figures = figures
        self.names = names
        self.hits = hits
        self.shapes = shapes(seen, span, [figure.number for figure in figures], {name.start for name in names.items})
        self.empty = [
            self._is_empty(figure) and not (shape == "count" and counts_places(seen, figure.number))
            for figure, shape in zip(figures, self.shapes, strict=True)
        ]
        self.found: list[Link | None] = []
        self.previous: dict[str, Link] = {}
        self.aside: CompiledMetric | None = None
        self._asides = Ordered((Span(*match.span()) for match in _ASIDE.finditer(seen, *span)), START)
        self._outside = hits
        if self._asides.items:
            self._outside = Ordered((hit for hit in hits.items if not self._in_an_aside(hit.start)), START)

    def surroundings(self, index: int, heading: tuple[Hit, ...]) -> Surroundings:
        """What the linker sees of a number; the cues of an aside are heard only in it."""
        number, part, *_ = self.figures[index]
        heard = self.hits if self._in_an_aside(number.span.start) else self._outside
        begins = head_begins(self._seen, part, number.span)
        before = hits_within(heard, Span(begins, number.span.start))
        after = hits_within(self.hits, Span(number.span.start, tail_ends(self._seen, part, number.end)))
        said = heard.between(max(self.span.start, part.start - LOOK_BACK), begins)
        earlier = tuple([hit for hit in said if hit.end <= begins])
        leads = [hit for hit in said if begins < hit.end <= number.span.start]  # "41 tổ công nghệ số | với 287 người"
        shape = self.shapes[index]
        return Surroundings(
            number, shape, (*leads, *before, *after), earlier, heading, self.previous.get(shape), self.empty[index]
        )

    def note(self, index: int, one: Link | None, lexicon: Lexicon) -> None:
        """Keep what a number measures, for those that follow it."""
        number, part, *_ = self.figures[index]
        shape = self.shapes[index]
        digresses = shape in self.previous and _DIGRESSION.match(self._seen, part.start, number.span.start)
        twin = lexicon.twin(one.metric) if one else None
        self.aside = twin if digresses else None
        if one and not digresses:
            self.previous[shape] = self.previous[one.metric.unit_kind] = one  # a bare "74,8" may be points
            if twin:  # "thứ 4 với 702,5 điểm"
                self.previous[twin.unit_kind] = one._replace(metric=twin, confidence=min(one.confidence, CONTINUED))
        self.found.append(one)

    def counts_the_unknown(self, index: int) -> bool:
        """Whether a number only goes on with one that no metric fits: "PCI xếp thứ 7 với 70,1 điểm", "có 6 kỹ sư, nay
        đã 140".
        """
        if not index or self.found[-1] is not None:
            return False
        number, part, *_ = self.figures[index]
        shape, before = self.shapes[index], self.shapes[index - 1]
        if before == "rank" and shape in ("share", "score"):
            return only_leads(self._seen, part, number)
        if before == shape == "share" and self.empty[index] and not self.empty[index - 1]:
            return not self.names.between(*part)  # "độ bao phủ bảo hiểm y tế là 91,8%, phấn đấu đạt 93,2%"
        if not (before == shape == "count" and self.empty[index]) or self.names.between(*part):
            return False
        return counts_something_else(self._seen, self.figures[index - 1].number, set())

    def _in_an_aside(self, at: int) -> bool:
        return any(aside.end > at for aside in self._asides.between(at - _LONGEST_ASIDE, at))

    def _is_empty(self, figure: Owned) -> bool:
        part, number = figure.part, figure.number
        back = points_back(self._seen, part)
        if back and not self.hits.between(number.end, back.start - _NOUN):  # "99% nộp thuế điện tử, con số này ở …" says it
            return True
        near = self.names.between(part.start - _LONGEST_NAME, part.end)
        if (
            number.percent
            and (areas := areas_after(self._seen, number))
            and not any(areas.start <= n.start < areas.end for n in near)
        ):
            return False  # "100% xã"
        return says_nothing(self._seen, part, [Span(number.span.start, number.end), *near])


class Focus:
    """What was last measured, by the shape of the number; fed with one sentence after the other."""

    def __init__(
        self,
        seen: View,
        lexicon: Lexicon,
        sentences: Callable[[Span], list[Span]],
        second: SecondOpinion | None = None,
        title: Callable[[], tuple[Hit, ...]] = tuple,
    ) -> None:
        self._seen = seen
        self._lexicon = lexicon
        self._sentences = sentences
        self._second = second
        self._title = title
        self._last: dict[str, Link] = {}
        self._silent: list[Span] = []
        self._said: tuple[Hit, ...] = ()
        self._shares: list[Link] = []  # of the last sentence with any
        self._indices: set[str | None] = set()  # of which figures were given

    def pass_over(self, passage: Span) -> None:
        """A sentence or line without figures: what it speaks of is what a later one may point back to."""
        self._silent.append(passage)

    def links(
        self,
        sentence: Span,
        figures: Sequence[Owned],
        hits: Ordered[Hit],
        heading: tuple[Hit, ...],
        apart: Sequence[Span],
    ) -> list[tuple[Link, ...]]:
        """The metrics of each figure, a number with its own part of the sentence: none, one, or one of each of two heads.
        ``hits`` are the cues of the sentence, ``heading`` those of the list's opening line, ``apart`` the spans that
        name places and periods.
        """
        names = Ordered(apart, START)
        now = _Sentence(self._seen, sentence, figures, names, hits)
        for index in range(len(figures)):
            now.note(index, self._measure(now, index, heading), self._lexicon)
        found = now.found
        lending = Lending(self._seen, self._lexicon, sentence, figures, now.shapes, hits)
        lending.complete(found)
        lending.lend_back(found, now.empty)
        for index, paired in lending.in_turn().items():
            found[index] = paired
        if self._second:
            self._reconsider(self._second, now)
        for index, again in taken_up(self._seen, sentence, [f.number for f in figures], self._shares, found).items():
            found[index] = again
        self._remember(now)
        return [
            lending.of_both_heads(figure, one)
            if one and one.confidence >= FACT
            else lending.of_heads_after(figure) or _only(one)
            for figure, one in zip(figures, found, strict=True)
        ]

    def _measure(self, now: _Sentence, index: int, heading: tuple[Hit, ...]) -> Link | None:
        """The metric of one number, from its own part, those before it, and what was said before the sentence."""
        number, part, *_ = now.figures[index]
        shape, empty = now.shapes[index], now.empty[index]
        if now.counts_the_unknown(index):
            return None
        if now.aside and now.aside.unit_kind == shape and only_leads(self._seen, part, number):
            return Link(now.aside, CONTINUED, f"link.{shape}.continued")  # "riêng kinh tế số xếp thứ 11, được 0,69 điểm"
        around = now.surroundings(index, heading)
        names_another = any(hit.end <= number.span.start for hit in around.own if hit.term in self._lexicon.cue_terms)
        counted = now.figures[index - 1] if index and shape == "share" and now.shapes[index - 1] == "count" else None
        one = share_of(self._seen, self._lexicon, counted, around, part, now.hits) if counted else None
        one = one or (self._continued(around) if empty and not names_another else None)
        one = one or link(self._seen, around, self._lexicon)
        if one and self._goes_down_the_tiers(now, index, one, around):
            one = self._continued(around)
        if number.denominator == 100 and shape != "share" and (one is None or one.confidence < FACT):
            share = link(self._seen, around._replace(measures="share", previous=None), self._lexicon)
            if share and share.confidence >= FIRM:  # "hài lòng 82,1/100 điểm" is a share too
                one = share
        if empty and (one is None or (one.confidence < FIRM and around.previous is None)):
            one = self._from_before(around) or one
        if shape in ("rank", "score"):
            one = one or self._of_its_shape(around, part)
        one = one or self._by_what_was_said(around)
        with_points = shape == "rank" and now.shapes[index + 1 : index + 2] == ["score"]  # "đứng thứ nhất với 768,4 điểm"
        if one is None and (shape == "score" or with_points):  # a list of points below a title that says of which index
            one = link(self._seen, around._replace(heading=self._title()), self._lexicon)
        return one and doubted(self._seen, self._lexicon, one, around, part, now.names)

    def _goes_down_the_tiers(self, now: _Sentence, index: int, one: Link, around: Surroundings) -> bool:
        """ "90% hồ sơ công việc cấp tỉnh, 80% cấp huyện và 60% cấp xã được xử lý qua mạng": the last tier has what is said
        of them all.
        """
        if not index or around.previous is None or not one.rule_id.endswith(".elided"):
            return False
        if not all(_OF_A_TIER.match(self._seen, now.figures[i].number.end) for i in (index - 1, index)):
            return False
        cues = [h for h in around.own if h.term in self._lexicon.cue_terms and not names_a_tier(self._seen, h)]
        known = [h for h in cues if h.term in around.previous.metric.known or h.term in self._lexicon.faint]
        return all(h in known or any(k.start < h.end and h.start < k.end for k in known) for h in cues)

    def _remember(self, now: _Sentence) -> None:
        self._shares = [one for one in now.found if one and one.metric.unit_kind == "share"] or self._shares
        self._last |= {shape: self._as_a_whole(one) for shape, one in now.previous.items()}
        self._silent.clear()
        self._said = tuple(now.hits.items)

    def _as_a_whole(self, one: Link) -> Link:
        """A part of an index is the subject of its sentence only; what follows speaks of the index again."""
        whole = self._lexicon.whole(one.metric)
        self._indices.add(one.metric.metric.index)
        return one._replace(metric=whole) if whole and whole.metric.index in self._indices else one

    def _reconsider(self, second: SecondOpinion, now: _Sentence) -> None:
        """Ask for a second opinion of what is unsure; what only went on with such a number goes on with the answer."""
        learned: dict[str, Link] = {}
        for index, one in enumerate(now.found):
            shape = now.shapes[index]
            if now.figures[index].is_figure and not now.empty[index] and second.wants(shape, one):
                now.found[index] = self._reconsidered(second, now, index, one)
            again = now.found[index]
            if again is not one and again:
                learned[shape] = again
            elif one and shape in learned:
                if now.empty[index] and one.rule_id.endswith((".carried", ".continued")):
                    confidence = min(learned[shape].confidence, CONTINUED)
                    now.found[index] = Link(learned[shape].metric, confidence, f"link.{shape}.continued")
                else:
                    del learned[shape]
        now.previous |= learned

    def _reconsidered(self, second: SecondOpinion, now: _Sentence, index: int, one: Link | None) -> Link | None:
        """The link of the rules, or the learned one where that is likely enough against it."""
        number, part, *_ = now.figures[index]
        part, shape = Span(part.start, max(part.end, number.end)), now.shapes[index]
        own = Span(number.span.start, number.end)
        opinion = second.judge(words_around(self._seen, shape, part, own, now.span.start, now.names.items))
        metric = self._lexicon.metric_of.get(opinion.metric_id or "")
        if metric is None or opinion.probability < ENOUGH or (one and one.metric is metric):
            return one
        if rules_out(hits_within(now.hits, part), metric):
            return one
        return Link(metric, round(min(opinion.probability, 0.99), 3), f"link.{shape}.learned", opinion.because)

    def _continued(self, around: Surroundings) -> Link | None:
        previous = around.previous
        return previous and Link(previous.metric, min(previous.confidence, CONTINUED), f"link.{around.measures}.continued")

    def _from_before(self, around: Surroundings) -> Link | None:
        """What a sentence since the last figure speaks of, else what the last number of this shape measured."""
        for sentence in islice(self._passed_over(), _FARTHEST_BACK):
            said = tuple(self._lexicon.scan(self._seen, sentence))
            if any(hit.term in self._lexicon.cue_terms for hit in said):
                if one := link(self._seen, around._replace(earlier=said), self._lexicon):
                    return one
                break
        if last := self._last.get(around.measures):
            return Link(last.metric, min(last.confidence, CARRIED), f"link.{around.measures}.carried")
        return None

    def _passed_over(self) -> Iterator[Span]:
        """The sentences since the last figure, the last one first."""
        return (sentence for passage in reversed(self._silent) for sentence in reversed(self._sentences(passage)))

    def _by_what_was_said(self, around: Surroundings) -> Link | None:
        """ "Huyện có 54 tổ công nghệ số cộng đồng. Các tổ gồm 378 thành viên": a head begun in the sentence before."""
        if around.measures == "count" and noun_after(self._seen, around, self._lexicon) is None:
            return None
        if around.measures == "share" and not any(self._tells(hit) for hit in around.own):
            return None
        last = next(self._passed_over(), None)
        said = tuple(self._lexicon.scan(self._seen, last)) if last else self._said
        return link(self._seen, around._replace(earlier=(*around.earlier, *said)), self._lexicon) if said else None

    def _tells(self, hit: Hit) -> bool:
        """Whether a cue says more than whom or what is counted."""
        return hit.term in self._lexicon.cue_terms and hit.term not in self._lexicon.unit_nouns

    def _of_its_shape(self, around: Surroundings, part: Span) -> Link | None:
        """Points and places go on as those of the last index, unless another is named."""
        if around.measures not in ("score", "rank") or _INDEX.search(self._seen, *part):
            return None
        last = around.previous or self._last.get(around.measures)
        return last and Link(last.metric, min(last.confidence, CARRIED), f"link.{around.measures}.carried")
