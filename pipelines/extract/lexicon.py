"""The lexicon: every cue of the catalogue in one automaton, compiled once.

Belongs here: turning catalogue entries into numbered terms, their weights, and one scan of a text.
Does not: the entries themselves (reference/catalogue.py), judging what the hits mean (link.py).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from pipelines.extract.view import nfc, view
from pipelines.model import Span
from pipelines.reference.catalogue import Catalogue, Cues, Metric

Group = frozenset[int]  # the terms that satisfy one item of a cue


class Hit(NamedTuple):
    """A term found in the text."""

    start: int
    end: int
    term: int


@dataclass(frozen=True, slots=True)
class CompiledMetric:
    """A metric in terms: each pattern is a list of groups, all of which must be met."""

    metric: Metric
    unit_kind: str
    patterns: tuple[tuple[Group, ...], ...]
    exclude: Group
    nouns: Group


class Lexicon:
    """The compiled catalogue. ``scan`` finds its terms; ``weight`` says how telling a term is."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._synonyms = [[view(nfc(say)) for say in (term.say, *term.also)] for term in catalogue.terms]
        self._terms: dict[str, int] = {}
        self.metrics = tuple(self._compile(metric) for metric in catalogue.metrics.values())
        self.platform_of = {term: p.id for p in catalogue.platforms.values() for term in self._group("|".join(p.cues))}
        self.unit_nouns = self._group("|".join(noun for unit in catalogue.units.values() for noun in unit.nouns))
        self.unit_nouns |= frozenset(noun for compiled in self.metrics for noun in compiled.nouns)
        self._automaton = AhoCorasick(list(self._terms))
        self._weights = self._weigh()
        self.by_kind = {
            kind: tuple(m for m in self.metrics if m.unit_kind == kind) for kind in ("share", "count", "score", "rank")
        }
        self.cue_terms = frozenset(t for m in self.metrics for pattern in m.patterns for group in pattern for t in group)

    def scan(self, seen: str, within: Span) -> list[Hit]:
        """The terms in ``seen[within]`` that stand as whole words, overlapping ones included."""
        part = seen[within.start : within.end]
        return [
            Hit(within.start + start, within.start + end, term)
            for term, start, end in self._automaton.find_matches_as_indexes(part, overlapping=True)
            if _whole_word(part, start, end)
        ]

    def weight(self, term: int) -> float:
        """How much a term tells: long and rare ones more."""
        return self._weights[term]

    def _compile(self, metric: Metric) -> CompiledMetric:
        unit = self.catalogue.units[metric.unit]
        return CompiledMetric(
            metric,
            unit.kind,
            tuple(self._pattern(cues) for cues in metric.cues),
            self._group("|".join(metric.exclude)),
            self._group("|".join(metric.nouns or unit.nouns)),
        )

    def _pattern(self, cues: Cues) -> tuple[Group, ...]:
        groups = [self._group(item) for item in cues.all]
        return (*groups, self._group("|".join(cues.any))) if cues.any else tuple(groups)

    def _group(self, alternatives: str) -> Group:
        phrases = (view(nfc(phrase.strip())) for phrase in alternatives.split("|"))
        spelt = (spelling for phrase in phrases if phrase for spelling in self._spellings(phrase))
        return frozenset(self._terms.setdefault(spelling, len(self._terms)) for spelling in spelt)

    def _spellings(self, phrase: str) -> set[str]:
        found = {phrase}
        for synonyms in self._synonyms:
            for known in list(found):
                for say in synonyms:
                    if _whole_word_in(say, known):
                        found.update(known.replace(say, other) for other in synonyms)
                        break
        return found

    def _weigh(self) -> list[float]:
        used = Counter(term for m in self.metrics for term in {t for pattern in m.patterns for group in pattern for t in group})
        return [
            math.sqrt(len(phrase.split())) * math.log(1 + len(self.metrics) / used.get(term, 1))
            for phrase, term in self._terms.items()
        ]


def _whole_word(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


def _whole_word_in(word: str, phrase: str) -> bool:
    start = phrase.find(word)
    return start >= 0 and _whole_word(phrase, start, start + len(word))
