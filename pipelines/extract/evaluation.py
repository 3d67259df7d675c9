"""Evaluation: how well observations agree with annotated facts, and why they don't where they don't.

Belongs here: the three strict levels (metric, value, full), scores overall and by metric, the cause of each error.
Does not: reading the annotated file, printing (cli/evaluation.py).

A fact and an observation meet where they state the same metric at the same number. Level ``metric`` asks no
more; ``value`` also value, upper bound of a range, unit, comparator and kind; ``full`` also place and period. An
observation at a number that is annotated only with an unknown metric counts neither way.
"""

from __future__ import annotations

import calendar
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from pipelines.model import Basis, Observation, Status


@dataclass(frozen=True, slots=True)
class GoldFact:
    """An annotated fact. ``start`` is the offset of its number; ``as_of`` YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn or
    YYYY-Hn, null where the text dates nothing; ``place`` and ``level`` null where it names no place; ``metric_id``
    null for a figure that the catalogue lacks.
    """

    metric_id: str | None
    value: float
    value_high: float | None
    unit: str | None
    comparator: str
    kind: str
    place: str | None
    level: str | None
    as_of: str | None
    start: int

    @classmethod
    def of(cls, item: dict[str, Any]) -> GoldFact:
        """The fact of an annotation's JSON object. Raises ``KeyError``, ``TypeError``."""
        return cls(
            metric_id=item["metric_id"],
            value=item["value"],
            value_high=item.get("value_high"),
            unit=item["unit"],
            comparator=item["comparator"],
            kind=item["kind"],
            place=item["place"]["name"],
            level=item["place"]["level"],
            as_of=item["as_of"],
            start=item["start"],
        )


class Level(StrEnum):
    """How much must agree."""

    METRIC = "metric"
    VALUE = "value"
    FULL = "full"


@dataclass(slots=True)
class Score:
    """Counts of right, superfluous and missed observations, and what follows from them."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra) if self.right + self.extra else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.extra + self.missed) if self.right + self.extra + self.missed else 0.0


@dataclass(frozen=True, slots=True)
class Error:
    """One disagreement at the full level: its cause, and the fact or the observation or both."""

    doc_id: str
    cause: str
    fact: GoldFact | None
    observation: Observation | None


class Band(NamedTuple):
    """Observations of about the same confidence: how many, their mean confidence, and the share that is right."""

    low: float
    size: int
    promised: float
    right: float


@dataclass(slots=True)
class Evaluation:
    """Scores by level, by metric (at level ``value``), and the errors; fed with one document after the other."""

    scores: dict[Level, Score] = field(default_factory=lambda: {level: Score() for level in Level})
    by_metric: defaultdict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    errors: list[Error] = field(default_factory=list)
    judged: list[tuple[float, bool]] = field(default_factory=list)  # confidence, and whether right at level value

    def add(self, doc_id: str, facts: Sequence[GoldFact], observations: Sequence[Observation]) -> None:
        """Compare one document's facts with everything read from it, rejected numbers included."""
        known = [fact for fact in facts if fact.metric_id]
        starts = {fact.start for fact in known}
        only_unknown = {fact.start for fact in facts if not fact.metric_id} - starts
        read = [o for o in observations if o.status is Status.FACT]
        for level, agrees in _LEVELS.items():
            left, extra = _matched(known, read, agrees)
            extra = [o for o in extra if o.number.start not in only_unknown]
            score = self.scores[level]
            score.right += len(known) - len(left)
            score.extra += len(extra)
            score.missed += len(left)
            if level is Level.VALUE:
                self._count_metrics(known, left, extra)
                self._judge(known, [o for o in observations if o.number.start not in only_unknown])
        self.errors += _errors(doc_id, left, extra, observations)

    def causes(self) -> Counter[str]:
        """How many errors each cause made."""
        return Counter(error.cause for error in self.errors)

    def calibration(self, width: float = 0.1) -> list[Band]:
        """The observations by bands of confidence of a ``width``: what was promised, and how many of them are right."""
        bands: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
        for confidence, right in self.judged:
            bands[int(confidence / width + 1e-9)].append((confidence, right))
        return [
            Band(low * width, len(held), sum(c for c, _ in held) / len(held), sum(right for _, right in held) / len(held))
            for low, held in sorted(bands.items())
        ]

    def _judge(self, known: list[GoldFact], observations: list[Observation]) -> None:
        proposed = [o for o in observations if o.status in (Status.FACT, Status.LOW_CONFIDENCE)]
        _, extra = _matched(known, proposed, _LEVELS[Level.VALUE])
        wrong = {id(o) for o in extra}
        self.judged += [(o.confidence, id(o) not in wrong) for o in proposed]

    def _count_metrics(self, known: list[GoldFact], left: list[GoldFact], extra: list[Observation]) -> None:
        for fact in known:
            self.by_metric[str(fact.metric_id)].right += 1
        for fact in left:
            self.by_metric[str(fact.metric_id)].right -= 1
            self.by_metric[str(fact.metric_id)].missed += 1
        for o in extra:
            self.by_metric[str(o.metric_id)].extra += 1


Agrees = Callable[[GoldFact, Observation], bool]


def last_day(as_of: str) -> date:
    """The last day of an annotated period: of YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn or YYYY-Hn."""
    year, _, part = as_of.partition("-")
    if "-" in part:
        return date.fromisoformat(as_of)
    month = {"Q": 3, "H": 6}.get(part[:1], 1) * int(part.lstrip("QH") or 12)
    return date(int(year), month, calendar.monthrange(int(year), month)[1])


def _same_value(fact: GoldFact, o: Observation) -> bool:
    high = o.value_high if o.value_high != o.value else None  # given for ranges only
    return _close(fact.value, o.value) and _close(fact.value_high, high)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)


def _same_comparator(fact: GoldFact, o: Observation) -> bool:
    return fact.value_high is not None or fact.comparator == o.comparator


def _same_period(fact: GoldFact, o: Observation) -> bool:
    if fact.as_of is None:
        return o.period.basis is not Basis.STATED
    return o.period.basis is not Basis.PUBLICATION and o.period.end == last_day(fact.as_of)


def _same_place(fact: GoldFact, o: Observation) -> bool:
    return fact.place is None or ((o.place.name or "").casefold(), o.place.level) == (fact.place.casefold(), fact.level)


# What a fact and an observation of the same metric may disagree in, in the order in which a cause is named.
_FIELDS: dict[str, tuple[Level, Agrees]] = {
    "value": (Level.VALUE, _same_value),
    "unit": (Level.VALUE, lambda fact, o: fact.unit == o.unit),
    "comparator": (Level.VALUE, _same_comparator),
    "kind": (Level.VALUE, lambda fact, o: fact.kind == o.kind),
    "place": (Level.FULL, _same_place),
    "period": (Level.FULL, _same_period),
}


def _agree_on(*levels: Level) -> Agrees:
    checks = [check for level, check in _FIELDS.values() if level in levels]
    return lambda fact, o: all(check(fact, o) for check in checks)


_LEVELS: dict[Level, Agrees] = {
    Level.METRIC: _agree_on(),
    Level.VALUE: _agree_on(Level.VALUE),
    Level.FULL: _agree_on(Level.VALUE, Level.FULL),
}


def _matched(
    facts: Sequence[GoldFact], observations: Iterable[Observation], agrees: Agrees
) -> tuple[list[GoldFact], list[Observation]]:
    """What is left on either side once each observation took the first fact that agrees with it."""
    left, extra = list(facts), []
    for o in observations:
        for fact in left:
            if (fact.start, fact.metric_id) == (o.number.start, o.metric_id) and agrees(fact, o):
                left.remove(fact)
                break
        else:
            extra.append(o)
    return left, extra


def _errors(
    doc_id: str, missed: list[GoldFact], extra: list[Observation], observations: Sequence[Observation]
) -> Iterator[Error]:
    """One error for each missed fact, with the observation that stands in its place, and for what is left over."""
    unused = list(extra)
    for fact in missed:
        at_number = [o for o in observations if o.number.start == fact.start]
        o = next((o for o in unused if o.number.start == fact.start and o.metric_id == fact.metric_id), None)
        o = o or next((o for o in unused if o.number.start == fact.start), None)
        if o:
            unused.remove(o)
            yield Error(doc_id, _difference(fact, o), fact, o)
        else:
            yield Error(doc_id, _why_missed(at_number), fact, at_number[0] if at_number else None)
    for o in unused:
        yield Error(doc_id, "no such fact", None, o)


def _difference(fact: GoldFact, o: Observation) -> str:
    if fact.metric_id != o.metric_id:
        return "other metric"
    return "other " + " and ".join(name for name, (_, same) in _FIELDS.items() if not same(fact, o))


def _why_missed(at_number: Sequence[Observation]) -> str:
    """Why nothing was read as a fact at a number, from what the reader made of it."""
    if not at_number:
        return "number not read"
    o = at_number[0]
    match o.status:
        case Status.FACT:
            return "one fact read, more stated"
        case Status.LOW_CONFIDENCE:
            return "low confidence"
        case Status.CANDIDATE:
            return "no metric found"
        case _:
            return f"rejected: {o.reason}"
