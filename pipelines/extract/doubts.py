"""Doubts: links of figures whose own part names somebody and goes on about another thing.

Belongs here: "64% tiểu thương là phụ nữ" after the share of stalls with a QR code, "trụ sở kiên cố ở 87% xã": whom
the number counts is known, but words that no cue knows say of what; counts of some of those that were just counted.
Does not: cues that speak against a metric (link.py).
"""

from __future__ import annotations

import re

from pipelines.extract.clauses import head_begins, tail_ends
from pipelines.extract.cued import Cued
from pipelines.extract.lexicon import Lexicon
from pipelines.extract.link import OPPOSED, Link, Surroundings
from pipelines.extract.ordered import Ordered
from pipelines.extract.residue import words_left
from pipelines.extract.view import View
from pipelines.model import Span

_SOME_WORDS = 2
_TAKEN_UP = re.compile(r"\s(?:này|ấy|đó|nói trên|kể trên)(?!\w)")  # "100% phường đã vận hành phần mềm này"
_SOME_OF_THEM = Cued("trong đó|trong số", r"(?<!\w)(?:trong đó|trong số đó|trong số này)(?:\s[^\W\d]+){0,5}\s$")
_LONGEST_NAME, _LONGEST_LEAD = 120, 60


def doubted(seen: View, lexicon: Lexicon, one: Link, around: Surroundings, part: Span, names: Ordered[Span]) -> Link:
    """``one``, below the threshold of facts where its own part gives reason to doubt it."""
    if one.rule_id == "link.share.elided" and _only_says_whom(seen, lexicon, one, around, part, names):
        return one._replace(confidence=min(one.confidence, OPPOSED))
    if one.metric.unit_kind == "count" and _counts_some_of_them(seen, one, around, names):
        return one._replace(confidence=min(one.confidence, OPPOSED))
    goes_on = one.rule_id == "link.share.continued" and around.previous is not None and around.previous.carried
    if goes_on and not around.empty and _names_another(seen, around, part, names):
        return one._replace(confidence=min(one.confidence, OPPOSED))
    return one


def _counts_some_of_them(seen: View, one: Link, around: Surroundings, names: Ordered[Span]) -> bool:
    """ "hỗ trợ 2.085 doanh nghiệp, trong đó 90 doanh nghiệp được miễn phí": whether a count is of some of those just counted,
    told apart by what no cue knows; those of a place are its own.
    """
    if one.rule_id.endswith(".own") or around.previous is None or around.previous.metric is not one.metric:
        return False
    start = around.number.span.start
    said = _SOME_OF_THEM.first(seen, start - _LONGEST_LEAD, start)
    return said is not None and not names.between(said.start(), start)


def _names_another(seen: View, around: Surroundings, part: Span, names: Ordered[Span]) -> bool:
    """ "đạt 28,7% kế hoạch; nợ đọng chiếm 4,3%": whether a share that only goes on has a head that no cue knows."""
    head = Span(head_begins(seen, part, around.number.span), around.number.span.start)
    return words_left(seen, head, names.between(part.start - _LONGEST_NAME, part.end)) >= _SOME_WORDS


def _only_says_whom(seen: View, lexicon: Lexicon, one: Link, around: Surroundings, part: Span, names: Ordered[Span]) -> bool:
    """Whether a share's ``part`` has no cue of its metric but those of whom, beside words that no cue knows."""
    known = [hit for hit in around.own if hit.term in one.metric.known or hit.term in lexicon.faint]
    if any(hit.term not in lexicon.unit_nouns for hit in known if hit.term in one.metric.known):
        return False
    number = Span(around.number.span.start, around.number.end)
    near = names.between(part.start - _LONGEST_NAME, part.end)
    if _TAKEN_UP.search(seen, number.end, part.end):
        return False
    within = Span(head_begins(seen, part, around.number.span), tail_ends(seen, part, number.end))
    return words_left(seen, within, [*(Span(hit.start, hit.end) for hit in known), number, *near]) >= _SOME_WORDS
