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
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipelines.extract.lexicon import CompiledMetric, Group, Hit, Lexicon
from pipelines.extract.numerals import Number
from pipelines.extract.ordered import Ordered
from pipelines.model import Span

OWN, EARLIER, HEADING = 1.0, 0.5, 0.33
ELIDED = 0.5
CONTINUED = 0.8

_RANK_BEFORE = re.compile(r"(?<!\w)(?:hạng|thứ|vị trí|vị trí thứ|xếp|xếp thứ|đứng|đứng thứ|top|tốp|nhóm)\s?(?:là\s|số\s|ở\s)?$")
_TIER = re.compile(r"cấp\s(?:tỉnh|thành phố|huyện|quận|xã|phường|cơ sở|trung ương)(?!\w)")
_POINTS_AFTER = re.compile(r"(?:\s?/\s?[\d.,]+)?\s?điểm(?!\w)")
_NOUN_GAP = re.compile(r"(?:\s(?:lượt|cái|số|bộ|trường hợp|đơn vị|tổng|loại|hệ thống))?\s?")


@dataclass(frozen=True, slots=True)
class Link:
    """A metric proposed for a number; ``cues`` are the hits that speak for it."""

    metric: CompiledMetric
    score: float
    confidence: float
    rule_id: str
    cues: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the linker sees of a number: its own part, the sentence before it, the list's opening line."""

    number: Number
    own: tuple[Hit, ...]
    earlier: tuple[Hit, ...]
    heading: tuple[Hit, ...]
    previous: Link | None = None  # of the last number of the same shape in the sentence


class _Rating(NamedTuple):
    """How well a wording fits: the sum of its cues' weights, the share of it from the own part, the cues."""

    score: float
    own: float
    cues: tuple[Hit, ...]


def measure_kind(seen: str, number: Number) -> str:
    """What the number can measure by its shape: share, rank, score or count."""
    if number.percent:
        return "share"
    if _RANK_BEFORE.search(seen, max(0, number.span.start - 20), number.span.start):
        return "rank"
    if _POINTS_AFTER.match(seen, number.span.end):
        return "score"
    return "count"


def link(seen: str, around: Surroundings, lexicon: Lexicon) -> Link | None:
    """The best metric for the number, or None where no metric's cues are met."""
    kind = measure_kind(seen, around.number)
    noun = _noun_after(seen, around, lexicon)
    elided = not any(hit.term in lexicon.cue_terms and not _names_a_tier(seen, hit) for hit in around.own)
    if elided and around.previous and noun is None:
        confidence = min(around.previous.confidence, CONTINUED)
        return replace(around.previous, confidence=confidence, rule_id=f"link.{kind}.continued")
    metrics = lexicon.by_kind[kind]
    if kind == "count" and noun is None and not around.number.worded:  # "đạt 0,6421": a score may be bare
        metrics = (*metrics, *lexicon.by_kind["score"])
    rated = [(rating, metric) for metric in metrics if (rating := _rate(metric, around, noun, lexicon))]
    if not rated:
        return None
    rated.sort(key=lambda item: item[0].score, reverse=True)
    (score, own, cues), best = rated[0]
    margin = 1 - (rated[1][0].score / score if len(rated) > 1 else 0.0)
    confidence = round(min(0.99, 0.5 + 0.35 * (ELIDED if elided else own) + 0.3 * min(margin, 0.5)), 3)
    return Link(best, score, confidence, f"link.{kind}.{'own' if own > 0.99 else 'elided' if own else 'inherited'}", cues)


def _rate(metric: CompiledMetric, around: Surroundings, noun: Hit | None, lexicon: Lexicon) -> _Rating | None:
    """The metric's best wording; None if none is met or something rules the metric out."""
    if any(hit.term in metric.exclude for hit in around.own):
        return None
    noun_score = 0.0
    if metric.unit_kind == "count":
        if noun is not None and noun.term not in metric.nouns:
            return None
        counted = noun is not None or any(
            hit.term in metric.nouns and hit.end <= around.number.span.start for hit in around.own
        )
        if not counted and not any(hit.term in metric.nouns for hit in around.earlier):
            return None
        noun_score = 1.0 if counted else 0.0
    ratings = [rating for pattern in metric.patterns if (rating := _rate_pattern(pattern, around, lexicon))]
    best = max(ratings, key=lambda rating: rating.score, default=None)
    return best and best._replace(score=best.score + noun_score)


def _rate_pattern(pattern: tuple[Group, ...], around: Surroundings, lexicon: Lexicon) -> _Rating | None:
    total = own = full = 0.0
    cues: list[Hit] = []
    for group in pattern:
        for hits, factor in ((around.own, OWN), (around.earlier, EARLIER), (around.heading, HEADING)):
            found = [hit for hit in hits if hit.term in group]
            if found:
                hit = max(found, key=lambda hit: (lexicon.weight(hit.term), hit.start))
                weight = lexicon.weight(hit.term)
                total, full = total + factor * weight, full + weight
                own += weight if factor == OWN else 0.0
                cues.append(hit)
                break
        else:
            return None
    return _Rating(total, own / full, tuple(cues))


def _noun_after(seen: str, around: Surroundings, lexicon: Lexicon) -> Hit | None:
    """The counted noun right after the number ("194 thành viên"), the longest where several begin there."""
    begins = around.number.end
    gap = _NOUN_GAP.match(seen, begins)
    starts = {begins, begins + 1, gap.end() if gap else begins}
    nouns = [hit for hit in around.own if hit.start in starts and hit.term in lexicon.unit_nouns]
    return max(nouns, key=lambda hit: hit.end, default=None)


def _names_a_tier(seen: str, hit: Hit) -> bool:
    """Whether the hit is of a tier's name ("cấp xã"), which is no cue of what is measured."""
    return bool(_TIER.match(seen, hit.start) or _TIER.match(seen, max(0, hit.start - len("cấp "))))


def hits_within(hits: Ordered[Hit], span: Span) -> tuple[Hit, ...]:
    """The hits that lie wholly inside ``span``."""
    return tuple(hit for hit in hits.between(span.start, span.end) if hit.end <= span.end)
