"""Linking: which metric a number states, from the cues around it and the noun it counts.

Belongs here: scoring the metrics of the catalogue against a number's part of the sentence.
Does not: finding the cues (lexicon.py) or the parts (clauses.py), deciding what becomes a fact (reader.py).

A cue in the number's own part counts in full, one earlier in the sentence by half (an elided head:
"doanh nghiệp dùng hóa đơn điện tử 100%, dùng hợp đồng điện tử 80%"), one in the opening line of a list
by a third. The metric with the greatest sum wins; its confidence grows with what stood in the number's
own part and with the distance to the runner-up. A number whose own part has no cue continues the one
before it ("cấp huyện đạt 85%, cấp xã 70%").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipelines.extract.comparators import leads
from pipelines.extract.counted import counts_something_else
from pipelines.extract.cued import Cued
from pipelines.extract.lexicon import CompiledMetric, Hit, Lexicon, Wording
from pipelines.extract.numerals import Number
from pipelines.extract.ordered import START, Ordered
from pipelines.extract.view import View
from pipelines.model import Span

OWN, EARLIER, HEADING = 1.0, 0.5, 0.33
INHERITED = 0.6  # what a wording keeps of its rating when no word of it stands in the number's own part
ELIDED = 0.5
CONTINUED = 0.8
OPPOSED = 0.55  # too little for a fact
LOOSE = 0.74  # below it shares with a strange cue of their own were wrong as often as right
TELLING = 4.0  # the weight of a cue that says more than "hồ sơ", "thủ tục", "doanh nghiệp"

_RANK_BEFORE = Cued(
    "hạng|thứ|vị trí|xếp|đứng|top|tốp|nhóm|ngôi",
    r"(?<!\w)(?:ngôi|hạng|thứ|vị trí|vị trí thứ|xếp|xếp thứ|đứng|đứng thứ|top|tốp|nhóm)\s?(?:là\s|số\s|ở\s)?$",
)
_RANKING_BEFORE = Cued(
    "thứ hạng|xếp hạng",
    r"(?:thứ hạng|xếp hạng)(?!\w)[^.;\n|]{0,90}(?:\slà|:)\s$",  # "thứ hạng về kinh tế số của tỉnh là 19"
)
_RANK_AFTER = re.compile(r"(?:/\d+)?(?:\s(?:toàn quốc|cả nước|trong|trên|toàn tỉnh)(?!\w)|\s?[.,;)\n]|\s?$)")
_TIER = re.compile(r"cấp\s(?:tỉnh|thành phố|huyện|quận|xã|phường|cơ sở|trung ương)(?!\w)")
# "18 điểm cầu" are places, no score.
_POINTS_AFTER = re.compile(
    r"(?:\s?/\s?[\d.,]+)?\s?điểm(?!\w)(?!\s(?:cầu|trường|bưu|bán|dân|giao|hỗ trợ|phát|tiếp nhận|chấp|sáng)(?!\w))"
)
_POINTS_BEFORE = Cued(  # "điểm bình quân cấp xã là 82,7"
    "điểm",
    r"(?<!\w)điểm\s(?:số\s)?(?:bình quân|trung bình|chung|tổng)(?:\s[^\W\d]+){0,8}?\s(?:là|đạt|được)\s$",
)
_OF_AN_INDEX = re.compile(r"0[,.]\d{3,4}")  # "0,6527": such a number is an index, said so or not
_NOUN_GAP = re.compile(
    r"(?:\s(?:là số|là tổng số|lượt|cái|số|bộ|trường hợp|đơn vị|tổng|loại|hệ thống)|\s?:\s(?:tổng\s)?số(?:\slượng)?)?\s?\"?"
)
_WIDEST_GAP = 14


class Link(NamedTuple):
    """A metric proposed for a number; ``because`` is what a learned opinion rests on."""

    metric: CompiledMetric
    confidence: float
    rule_id: str
    because: str | None = None

    @property
    def carried(self) -> bool:
        """Whether it only goes on with what a figure of another sentence measured."""
        return self.rule_id.endswith(".carried")


class Surroundings(NamedTuple):
    """What the linker sees of a number: its own part, the sentence before it, the list's opening line.

    ``measures`` is what the number can measure by its shape (``measure_kind``).
    """

    number: Number
    measures: str
    own: tuple[Hit, ...]
    earlier: tuple[Hit, ...]
    heading: tuple[Hit, ...]
    previous: Link | None = None  # of the last number of the same shape in the sentence
    empty: bool = False  # whether the own part says nothing of what is measured


class _Rating(NamedTuple):
    """How well a metric fits: the sum of its cues' weights, and the share of it from the own part."""

    score: float
    own: float


class _Reach(NamedTuple):
    """The hits that lie equally near to the number, what a cue among them counts, and the groups that they meet."""

    factor: float
    hits: tuple[Hit, ...]
    groups: int


def measure_kind(seen: View, number: Number) -> str:
    """What the number can measure by its shape: share, rank, score or count."""
    if number.percent:
        return "share"
    if _RANK_BEFORE.first(seen, number.span.start - 20, number.span.start):
        return "rank"
    if leads(seen, number):
        return "rank"
    if _POINTS_AFTER.match(seen, number.span.end) or _OF_AN_INDEX.fullmatch(seen, *number.span):
        return "score"
    if _POINTS_BEFORE.first(seen, number.span.start - 80, number.span.start):
        return "score"
    if _RANK_AFTER.match(seen, number.span.end) and _RANKING_BEFORE.first(seen, number.span.start - 110, number.span.start):
        return "rank" if number.value.is_integer() else "count"
    return "count"


def link(seen: View, around: Surroundings, lexicon: Lexicon) -> Link | None:
    """The best metric for the number, or None where no metric's cues are met."""
    kind = around.measures
    noun = noun_after(seen, around, lexicon)
    if kind == "count" and noun is None and counts_something_else(seen, around.number, {hit.start for hit in around.own}):
        return None
    begins = around.number.span.start
    elided = not any(
        hit.term in lexicon.cue_terms and not (hit.end <= begins and hit.term in lexicon.faint) and not names_a_tier(seen, hit)
        for hit in around.own
    )
    if elided and around.previous and noun is None and not rules_out(around.own, around.previous.metric):
        confidence = min(around.previous.confidence, CONTINUED)
        return Link(around.previous.metric, confidence, f"link.{kind}.continued")
    reaches = [
        _Reach(factor, hits, _union(lexicon.meets, hits))
        for factor, hits in ((OWN, around.own), (EARLIER, around.earlier), (HEADING, around.heading))
        if hits
    ]
    if kind != "count":
        rated = _rate_metrics(kind, around.own, reaches, lexicon)
    else:
        rated = _rate_metrics(kind, around.own, reaches, lexicon, *_countable(around, noun, lexicon))
        if noun is None and not around.number.worded:  # "đạt 0,6421": a score may be bare
            rated |= _rate_metrics("score", around.own, reaches, lexicon)
    if not rated:
        return None
    metric = max(rated, key=lambda metric: rated[metric].score)
    score, own = rated.pop(metric)
    runner_up = max((rating.score for rating in rated.values()), default=0.0)
    margin = 1 - runner_up / score
    confidence = round(min(0.99, 0.5 + 0.35 * (ELIDED if elided else own) + 0.3 * min(margin, 0.5)), 3)
    rule = "own" if own > 0.99 else "elided" if own else "inherited"
    meant = lexicon.metrics[metric.bit_length() - 1]
    if rule != "own" and _is_doubtful(seen, around, meant, rule, confidence, lexicon):
        confidence = min(confidence, OPPOSED)
    return Link(meant, confidence, f"link.{kind}.{rule}")


def _is_doubtful(
    seen: View, around: Surroundings, metric: CompiledMetric, rule: str, confidence: float, lexicon: Lexicon
) -> bool:
    """Whether a share's or a count's own part speaks against a metric that earlier words propose: its cues that the
    metric lacks tell more than those that it has (what follows a count is what those counted do), a count has no cue
    but its noun, or a loose link of a share has any that the metric lacks.
    """
    if metric.unit_kind not in ("count", "share"):
        return False
    cues = [hit for hit in around.own if hit.term in lexicon.cue_terms and not names_a_tier(seen, hit)]
    known = [hit for hit in cues if hit.term in metric.known]
    most = max((lexicon.weights[hit.term] for hit in known), default=0.0)
    is_count = around.measures == "count"
    continues = around.previous is not None and around.previous.metric is metric
    if is_count and rule == "elided" and most < TELLING and not continues and all(hit.term in metric.nouns for hit in known):
        return True
    strange = [
        hit
        for hit in cues
        if hit.term not in metric.known
        and (not is_count or hit.end <= around.number.span.start)
        and not any(hit.start <= other.start < hit.end or other.start <= hit.start < other.end for other in known)
    ]
    telling = [hit for hit in strange if hit.term not in lexicon.faint]
    if (
        metric.unit_kind == "share"
        and confidence < LOOSE
        and ((rule == "inherited" and not around.empty) or telling or (strange and most < TELLING))
    ):
        return True
    return any(lexicon.weights[hit.term] > most for hit in telling)


def _rate_metrics(
    kind: str, own: tuple[Hit, ...], reaches: list[_Reach], lexicon: Lexicon, allowed: int = ~0, counted: int = 0
) -> dict[int, _Rating]:
    """The metrics of a kind that can be meant, each with its best wording, in the catalogue's order.

    ``allowed`` and ``counted`` are what ``_countable`` says.
    """
    met = 0
    for reach in reaches:
        met |= reach.groups
    allowed &= ~_union(lexicon.excludes, own)
    calls = lexicon.calls[kind]
    called = {number for reach in reaches for hit in reach.hits if hit.term in calls for number in calls[hit.term]}
    rated: dict[int, _Rating] = {}
    for number in sorted(called):
        wording = lexicon.wordings[number]
        if wording.needs & ~met or not allowed & wording.metric:
            continue
        rating = _rate(wording, reaches, 1.0 if counted & wording.metric else 0.0, lexicon)
        if wording.metric not in rated or rating.score > rated[wording.metric].score:
            rated[wording.metric] = rating
    return rated


def rules_out(hits: Iterable[Hit], metric: CompiledMetric) -> bool:
    """Whether the hits say that another thing is measured ("0,4% quá hạn" after the share on time)."""
    return any(hit.term in metric.exclude for hit in hits)


def _countable(around: Surroundings, noun: Hit | None, lexicon: Lexicon) -> tuple[int, int]:
    """The metrics of a count that may be meant by what is counted, and those whose noun stands in the own part."""
    if noun is not None:
        return lexicon.counts[noun.term], lexicon.counts[noun.term]
    begins = around.number.span.start
    counted = _union(lexicon.counts, [hit for hit in around.own if hit.end <= begins])
    return counted | _union(lexicon.counts, around.earlier), counted


def _rate(wording: Wording, reaches: list[_Reach], counted: float, lexicon: Lexicon) -> _Rating:
    """Each group counts with its most telling cue, as near to the number as one of its cues stands."""
    total = own = full = 0.0
    for group in wording.groups:
        factor, hits, _ = next(reach for reach in reaches if reach.groups & group)
        weight = max([lexicon.weights[hit.term] for hit in hits if lexicon.meets[hit.term] & group])
        total, full = total + factor * weight, full + weight
        if factor == OWN:
            own += weight
    here = INHERITED + (1 - INHERITED) * own / full
    return _Rating(total * here + counted, own / full)


def _union(bits: list[int], hits: Iterable[Hit]) -> int:
    """What the hits' terms have between them, of one of the lexicon's lists of bits."""
    found = 0
    for hit in hits:
        found |= bits[hit.term]
    return found


def noun_after(seen: View, around: Surroundings, lexicon: Lexicon) -> Hit | None:
    """The counted noun right after the number ("194 thành viên"), the longest where several begin there."""
    begins = around.number.end
    if not any(begins <= hit.start <= begins + _WIDEST_GAP for hit in around.own):
        return None
    gap = _NOUN_GAP.match(seen, begins)
    starts = {begins, begins + 1, gap.end() if gap else begins}
    nouns = [hit for hit in around.own if hit.start in starts and hit.term in lexicon.unit_nouns]
    return max(nouns, key=lambda hit: hit.end, default=None)


def names_a_tier(seen: View, hit: Hit) -> bool:
    """Whether the hit is of a tier's name ("cấp xã"), which is no cue of what is measured."""
    return bool(_TIER.match(seen, hit.start) or _TIER.match(seen, max(0, hit.start - len("cấp "))))


def hits_within(hits: Ordered[Hit], span: Span) -> tuple[Hit, ...]:
    """The hits that lie wholly inside ``span``."""
    start, end = span
    return tuple([hit for hit in hits.between(start, end) if hit.end <= end])


def outside_names(hits: Ordered[Hit], names: Iterable[Span]) -> Ordered[Hit]:
    """The hits without those that are only part of a longer name: "xã" of "xã Ea Rốk" says nothing of communes."""
    inside = {
        hit for start, end in names for hit in hits.between(start, end) if hit.end <= end and hit.end - hit.start < end - start
    }
    return Ordered((hit for hit in hits.items if hit not in inside), START) if inside else hits
