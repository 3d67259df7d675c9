"""Focus: what the numbers of a sentence measure, each with the others and with what was said before.

Belongs here: what one number lends another. "xếp thứ 7, 19 và 33": the first one's shape holds for all.
"Đà Nẵng (58,89%), Hà Giang (55,76%)" and "tỷ lệ này là 45%": a number whose own part says nothing measures what
the last one of its shape did, in this sentence or before it. "Huyện A đạt 97%, huyện B đạt 95% về hồ sơ đúng
hạn": or what the next one does.
Does not: scoring the metrics for one number (link.py), its place and period (place_attribution.py, period_attribution.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

from pipelines.extract.clauses import head_begins, tail_ends
from pipelines.extract.coordination import pieces, runs, says_in_turn
from pipelines.extract.counted import areas_after, counts_places, counts_something_else
from pipelines.extract.doubts import doubted
from pipelines.extract.learned import ALONE, ENOUGH, SecondOpinion, words_around
from pipelines.extract.lexicon import CompiledMetric, Hit, Lexicon
from pipelines.extract.link import CONTINUED, Link, Surroundings, hits_within, link, measure_kind, noun_after, rules_out
from pipelines.extract.numerals import Number
from pipelines.extract.ordered import START, Ordered
from pipelines.extract.place_attribution import Owned
from pipelines.extract.reprise import only_leads, share_of, taken_up
from pipelines.extract.residue import points_back, says_nothing
from pipelines.extract.view import View
from pipelines.model import Span

LOOK_BACK = 800  # how far back in a sentence a head may stand
CARRIED = 0.75
FIRM = 0.7
_LONGEST_NAME, _LONGEST_ASIDE, _FARTHEST_BACK = 120, 200, 5
_ASIDE = re.compile(r"\([^()]{0,100}\s[^()]{0,48}\s[^()]{0,48}\)")  # "(có thêm kinh tế số, xã hội số)", but not "(DTI)"
_DIGRESSION = re.compile(r"[\s,;(-]*(?:riêng|trong đó|cụ thể)(?!\w)")
_RANKING = re.compile(r"(?<!\w)(?:thứ hạng|xếp hạng|bảng xếp hạng|thứ tự)(?!\w)")
_INDEX = re.compile(r"(?<!\w)(?:chỉ số|index|bộ tiêu chí|tiêu chí)(?!\w)")
_OF_ANOTHER = re.compile(r";|(?<!\w)(?:trong đó|gồm|trên tổng|trên|còn|với|trong)(?!\w)")
_NEXT_PILLAR = re.compile(r"\s?[,;]\s(?:và\s|còn\s)?(?:[^\W\d]+\s){1,5}")  # "kinh tế số xếp 14, xã hội số 19."
_ENDS_THERE = re.compile(r"\s?(?:[.,;)\n]|$)(?!\d)")
_WHOLE = re.compile(r"(?<!\w)trong\s(?:tổng\s)?(?:số\s)?$")  # "trong tổng số 1.640 thủ tục, 1.311 …"
_COORDINATED = re.compile(r"\s?(?:,|;|và|-|/|rồi|hay)\s?(?:và\s|thứ\s|hạng\s)*")


def _inside(at: int, asides: Ordered[Span]) -> bool:
    return any(aside.end > at for aside in asides.between(at - _LONGEST_ASIDE, at))


class Focus:
    """What was last measured, by the shape of the number; fed with one sentence after the other."""

    def __init__(
        self, seen: View, lexicon: Lexicon, sentences: Callable[[Span], list[Span]], second: SecondOpinion | None = None
    ) -> None:
        self._seen = seen
        self._lexicon = lexicon
        self._sentences = sentences
        self._second = second
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
        kinds = self._kinds(sentence, [figure.number for figure in figures], {span.start for span in apart})
        names = Ordered(apart, START)
        asides = Ordered((Span(*m.span()) for m in _ASIDE.finditer(self._seen, *sentence)), START)
        outside = hits
        if asides.items:
            outside = Ordered((hit for hit in hits.items if not _inside(hit.start, asides)), START)
        empty = [
            self._is_empty(figure, names) and not (kind == "count" and counts_places(self._seen, figure.number))
            for figure, kind in zip(figures, kinds, strict=True)
        ]
        found: list[Link | None] = []
        previous: dict[str, Link] = {}
        aside: CompiledMetric | None = None
        for index, ((number, part, *_), kind, says_little) in enumerate(zip(figures, kinds, empty, strict=True)):
            heard = hits if _inside(number.span.start, asides) else outside
            begins = head_begins(self._seen, part, number.span)
            around = Surroundings(
                number,
                kind,
                (
                    *hits_within(heard, Span(begins, number.span.start)),
                    *hits_within(hits, Span(number.span.start, tail_ends(self._seen, part, number.end))),
                ),
                hits_within(heard, Span(max(sentence.start, part.start - LOOK_BACK), begins)),
                heading,
                previous.get(kind),
                says_little,
            )
            names_another = any(hit.end <= number.span.start for hit in around.own if hit.term in self._lexicon.cue_terms)
            counted = figures[index - 1] if index and kind == "share" and kinds[index - 1] == "count" else None
            one = share_of(self._seen, self._lexicon, counted, around, part, hits) if counted else None
            unknown = index and kinds[index - 1] == "rank" and found[-1] is None and kind in ("share", "score")
            if unknown and only_leads(self._seen, part, number):  # "PCI xếp thứ 7 với 70,1 điểm"
                found.append(None)
                continue
            unknown = index and kind == kinds[index - 1] == "count" and found[-1] is None and says_little
            if unknown and counts_something_else(self._seen, figures[index - 1].number, set()) and not names.between(*part):
                found.append(None)  # "có 6 kỹ sư, nay đã 140"
                continue
            if aside and aside.unit_kind == kind and only_leads(self._seen, part, number):
                one = Link(aside, CONTINUED, f"link.{kind}.continued")  # "riêng kinh tế số xếp thứ 11, được 0,69 điểm"
            one = one or (self._continued(around) if says_little and not names_another else None)
            one = one or link(self._seen, around, self._lexicon)
            if one is None and kind == "score" and number.denominator == 100:  # "hài lòng 82,1/100 điểm" is a share too
                one = link(self._seen, around._replace(measures="share"), self._lexicon)
            if says_little and (one is None or (one.confidence < FIRM and around.previous is None)):
                one = self._from_before(around) or one
            if kind in ("rank", "score"):
                one = one or self._of_its_shape(around, part)
            one = one or self._by_what_was_said(around)
            one = one and doubted(self._seen, self._lexicon, one, around, part, names)
            digresses = kind in previous and _DIGRESSION.match(self._seen, part.start, number.span.start)
            aside = self._lexicon.twin(one.metric) if one and digresses else None
            if one and not digresses:
                previous[kind] = previous[one.metric.unit_kind] = one  # a bare "74,8" may be points
                if twin := self._lexicon.twin(one.metric):  # "thứ 4 với 702,5 điểm"
                    previous[twin.unit_kind] = one._replace(metric=twin, confidence=min(one.confidence, CONTINUED))
            found.append(one)
        self._complete(found, figures, kinds, hits)
        self._lend_back(found, kinds, empty)
        for index, one in self._in_turn(sentence, figures, kinds, hits).items():
            found[index] = one
        for index, one in enumerate(found):
            if self._second and figures[index].is_figure and not empty[index] and self._second.wants(kinds[index], one):
                found[index] = self._reconsidered(self._second, figures[index], kinds[index], one, sentence, names, hits)
        for index, one in taken_up(self._seen, sentence, [f.number for f in figures], self._shares, found).items():
            found[index] = one
        self._shares = [one for one in found if one and one.metric.unit_kind == "share"] or self._shares
        self._last |= {kind: self._as_a_whole(one) for kind, one in previous.items()}
        self._silent.clear()
        self._said = tuple(hits.items)
        return [self._of_both_heads(figure, one, hits) if one else () for figure, one in zip(figures, found, strict=True)]

    def _as_a_whole(self, one: Link) -> Link:
        """A part of an index is the subject of its sentence only; what follows speaks of the index again."""
        whole = self._lexicon.whole(one.metric)
        self._indices.add(one.metric.metric.index)
        return one._replace(metric=whole) if whole and whole.metric.index in self._indices else one

    def _reconsidered(
        self,
        second: SecondOpinion,
        figure: Owned,
        kind: str,
        one: Link | None,
        sentence: Span,
        names: Ordered[Span],
        hits: Ordered[Hit],
    ) -> Link | None:
        """The link of the rules, or the learned one where that is likely enough against it."""
        number, part = figure.number, Span(figure.part.start, max(figure.part.end, figure.number.end))
        opinion = second.judge(
            words_around(self._seen, kind, part, Span(number.span.start, number.end), sentence.start, names.items)
        )
        metric = self._lexicon.metric_of.get(opinion.metric_id or "")
        if metric is None or opinion.probability < (ENOUGH if one else ALONE) or (one and one.metric is metric):
            return one
        if rules_out(hits_within(hits, part), metric):
            return one
        return Link(metric, round(min(opinion.probability, 0.99), 3), f"link.{kind}.learned", opinion.because)

    def _of_both_heads(self, figure: Owned, one: Link, hits: Ordered[Hit]) -> tuple[Link, ...]:
        """ "cáp quang và sóng 4G đã phủ 100% xã" states two facts, if either head alone would state its own."""
        number, part, *_ = figure
        if not number.percent:
            return (one,)
        heads = [head for head in pieces(self._seen, Span(part.start, number.span.start)) if hits_within(hits, head)]
        if len(heads) != 2 or says_in_turn(self._seen, part):
            return (one,)
        after = hits_within(hits, Span(number.end, part.end))
        each = [
            link(self._seen, Surroundings(number, "share", (*hits_within(hits, head), *after), (), ()), self._lexicon)
            for head in heads
        ]
        first, second = each
        if first and second and one.metric in (first.metric, second.metric) and first.metric != second.metric:
            return (first, second)
        return (one,)

    def _in_turn(self, sentence: Span, figures: Sequence[Owned], kinds: list[str], hits: Ordered[Hit]) -> dict[int, Link]:
        """The metric of each number that the sentence pairs with a head of its own: "A, B và C lần lượt là 1, 2 và 3"."""
        paired: dict[int, Link] = {}
        numbers = [figure.number for figure in figures]
        for run in runs(self._seen, numbers) if says_in_turn(self._seen, sentence) else ():
            begins = numbers[run[0]].span.start
            clause = max(sentence.start, self._seen.rfind(";", sentence.start, begins) + 1)
            heads = [head for head in pieces(self._seen, Span(clause, begins)) if hits_within(hits, head)]
            if len(heads) != len(run):
                continue
            about = hits_within(hits, Span(clause, begins))
            links = [
                link(self._seen, Surroundings(numbers[i], kinds[i], hits_within(hits, head), about, ()), self._lexicon)
                for i, head in zip(run, heads, strict=True)
            ]
            found = {i: one for i, one in zip(run, links, strict=True) if one}
            if len(found) == len(run) and len({one.metric.metric.id for one in found.values()}) > 1:
                paired |= found
        return paired

    def _kinds(self, sentence: Span, numbers: list[Number], names: set[int]) -> list[str]:
        """The shape of each number; one that only continues a list has the shape of the one before it, and one that
        stands before a name in a ranking is a rank ("Thứ hạng: 11 Long An; 12 Bình Phước").
        """
        kinds = [measure_kind(self._seen, number) for number in numbers]
        ranking = _RANKING.search(self._seen, *sentence)
        for index, number in enumerate(numbers):
            if kinds[index] == "count" and ranking and ranking.end() <= number.span.start and number.end + 1 in names:
                kinds[index] = "rank"
            elif kinds[index] == "count" and number.value % 1 and "score" in kinds[:index]:
                kinds[index] = "score"  # "xã A 94,8 điểm, xã B 93,07"
        for index, (one, other) in enumerate(pairwise(numbers), start=1):
            if kinds[index] == "count" and kinds[index - 1] in ("rank", "score") and self._coordinated(one, other):
                kinds[index] = kinds[index - 1]
            elif kinds[index] == "count" and kinds[index - 1] == "rank" and self._goes_on(one, other):
                kinds[index] = "rank"
        return kinds

    def _goes_on(self, one: Number, other: Number) -> bool:
        """Whether a bare number after a few words goes on with the places that were begun."""
        few_words = _NEXT_PILLAR.fullmatch(self._seen, one.end, other.span.start)
        return few_words is not None and other.value.is_integer() and _ENDS_THERE.match(self._seen, other.end) is not None

    def _coordinated(self, one: Number, other: Number) -> bool:
        return _COORDINATED.fullmatch(self._seen, one.end, other.span.start) is not None

    def _is_empty(self, figure: Owned, names: Ordered[Span]) -> bool:
        part, number = figure.part, figure.number
        if points_back(self._seen, part):
            return True
        near = names.between(part.start - _LONGEST_NAME, part.end)
        if (
            number.percent
            and (areas := areas_after(self._seen, number))
            and not any(areas.start <= n.start < areas.end for n in near)
        ):
            return False  # "100% xã"
        return says_nothing(self._seen, part, [Span(number.span.start, number.end), *near])

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

    def _complete(self, found: list[Link | None], figures: Sequence[Owned], kinds: list[str], hits: Ordered[Hit]) -> None:
        """What a number lacks may follow its coordinate: "100% công chức và 48% người dân đã thanh toán …"."""
        for index in range(len(found) - 2, -1, -1):
            number, part, *_ = figures[index]
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
