"""The lexicon: every cue of the catalogue in one automaton, compiled once.

Belongs here: turning catalogue entries into numbered terms, their weights, and one scan of a text.
Does not: the entries themselves (reference/catalogue.py), judging what the hits mean (link.py).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from pipelines.extract.view import nfc, view
from pipelines.model import Span
from pipelines.reference.catalogue import Catalogue, Cues, Metric

# Words of every other sentence: cues beside others, none alone.
_FAINT = (
    "có|được|lên|làm|dùng|sử dụng|trả|nhận|gửi|cấp|đổi|in|bộ|bản|dân|người|hộ|nhà|điểm|đưa|đưa lên|mở|học|phát|phát sinh"
    "|sở|cơ sở|bán|lập|triển khai|thực hiện|hỗ trợ|đơn vị|cơ quan|tổ|gồm|nhờ|biết|quy mô|tổng số|số người|tham gia"
    "|đánh giá|kết quả|báo cáo|chiếm|hoàn thành|hoàn tất|tiếp cận|hệ thống|trên hệ thống|lao động|ngành|ban|phòng|khối"
)
Group = frozenset[int]  # the terms that satisfy one item of a cue


class Hit(NamedTuple):
    """A term found in the text."""

    start: int
    end: int
    term: int


class CompiledMetric(NamedTuple):
    """A metric in terms: each pattern is a list of groups, all of which must be met."""

    metric: Metric
    unit_kind: str
    patterns: tuple[tuple[Group, ...], ...]
    exclude: Group
    nouns: Group
    known: Group  # all that it may be said with


class Wording(NamedTuple):
    """One pattern of a metric, in bits: ``metric`` is the metric's, ``groups`` those of its groups, ``needs`` their sum."""

    metric: int
    groups: tuple[int, ...]
    needs: int


class Lexicon:
    """The compiled catalogue. ``scan`` finds its terms. By term, ``weights`` says how telling it is, ``meets`` which
    groups it satisfies, ``excludes`` which metrics it rules out, ``counts`` of which metrics it is the noun. Groups and
    metrics are bits there, so that what a set of terms does is the union of what each does. ``calls`` gives, by kind of
    unit and by term, the ``wordings`` that may be met where the term stands.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._synonyms = [[view(nfc(say)) for say in (term.say, *term.also)] for term in catalogue.terms]
        self._terms: dict[str, int] = {}
        self.metrics = tuple(self._compile(metric) for metric in catalogue.metrics.values())
        self.metric_of = {compiled.metric.id: compiled for compiled in self.metrics}
        self._of_index = {(m.metric.index, m.unit_kind): m for m in self.metrics if m.metric.index}
        self.platform_of = {term: p.id for p in catalogue.platforms.values() for term in self._group("|".join(p.cues))}
        self.unit_nouns = self._group("|".join(noun for unit in catalogue.units.values() for noun in unit.nouns))
        self.unit_nouns |= frozenset(noun for compiled in self.metrics for noun in compiled.nouns)
        self.faint = self._group(_FAINT) | self._group("|".join(catalogue.units["area"].nouns))
        self._automaton = AhoCorasick(list(self._terms))
        self.weights = self._weigh()
        self.cue_terms = frozenset(t for m in self.metrics for pattern in m.patterns for group in pattern for t in group)
        groups = list(dict.fromkeys(group for m in self.metrics for pattern in m.patterns for group in pattern))
        self.wordings = self._number_wordings(groups)
        self.calls = self._index_wordings()
        terms = range(len(self._terms))
        self.meets = [_bits(term in group for group in groups) for term in terms]
        self.excludes = [_bits(term in m.exclude for m in self.metrics) for term in terms]
        self.counts = [_bits(term in m.nouns for m in self.metrics) for term in terms]

    def scan(self, seen: str, within: Span) -> list[Hit]:
        """The terms in ``seen[within]`` that stand as whole words, overlapping ones included."""
        offset = within.start
        part = f" {seen[offset : within.end]} "  # so that a word at its edge stands between two characters too
        return [
            Hit(offset + start - 1, offset + end - 1, term)
            for term, start, end in self._automaton.find_matches_as_indexes(part, overlapping=True)
            if not part[start - 1].isalpha() and not part[end].isalnum()  # "212tổ"
        ]

    def twin(self, metric: CompiledMetric) -> CompiledMetric | None:
        """Of an index's points its places, and of its places its points."""
        index, other = metric.metric.index, "score" if metric.unit_kind == "rank" else "rank"
        return self._of_index.get((index, other)) if index else None

    def whole(self, metric: CompiledMetric) -> CompiledMetric | None:
        """What the index as a whole has, of what a part of it has."""
        index = metric.metric.part_of
        return self._of_index.get((index, metric.unit_kind)) if index else None

    def _compile(self, metric: Metric) -> CompiledMetric:
        unit = self.catalogue.units[metric.unit]
        patterns = tuple(self._pattern(cues) for cues in metric.cues)
        nouns = self._group("|".join(metric.nouns or unit.nouns))
        known = nouns.union(*(group for pattern in patterns for group in pattern))
        return CompiledMetric(metric, unit.kind, patterns, self._group("|".join(metric.exclude)), nouns, known)

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

    def _number_wordings(self, groups: list[Group]) -> tuple[Wording, ...]:
        bit = {group: 1 << place for place, group in enumerate(groups)}
        return tuple(
            Wording(1 << place, tuple(bit[group] for group in pattern), _bits(group in pattern for group in groups))
            for place, metric in enumerate(self.metrics)
            for pattern in metric.patterns
        )

    def _index_wordings(self) -> dict[str, dict[int, tuple[int, ...]]]:
        """A wording is met only with all of its groups, so one of them is enough to call it: the rarest.

        ``calls`` holds the wordings by number, which is the catalogue's order.
        """
        use = Counter(term for m in self.metrics for pattern in m.patterns for group in pattern for term in group)
        found: dict[str, dict[int, tuple[int, ...]]] = {"count": {}, "score": {}, "share": {}, "rank": {}}
        patterns = ((m.unit_kind, pattern) for m in self.metrics for pattern in m.patterns)
        for number, (kind, pattern) in enumerate(patterns):
            for term in min(pattern, key=lambda group: sum(use[term] for term in group)):
                found[kind][term] = (*found[kind].get(term, ()), number)
        return found

    def _weigh(self) -> list[float]:
        """How much each term tells: long and rare ones more."""
        used = Counter(term for m in self.metrics for term in {t for pattern in m.patterns for group in pattern for t in group})
        return [
            math.sqrt(len(phrase.split())) * math.log(1 + len(self.metrics) / used.get(term, 1))
            for phrase, term in self._terms.items()
        ]


def _bits(flags: Iterable[bool]) -> int:
    """The flags as the bits of one number, the first of them the lowest."""
    return sum(1 << place for place, flag in enumerate(flags) if flag)


def _whole_word(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


def _whole_word_in(word: str, phrase: str) -> bool:
    start = phrase.find(word)
    return start >= 0 and _whole_word(phrase, start, start + len(word))
