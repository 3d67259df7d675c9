"""Figures: what the stages hand each other while a sentence or row is read.

Belongs here: a number that may be a figure, and the passage that it stands in. Does not: reading them (reader.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pipelines.extract.numerals import Number
from pipelines.extract.periods import PeriodMention
from pipelines.model import Comparator, Kind, Span

OUT_OF_BOUNDS = "the metric can't have such a value"


class Figure(NamedTuple):
    """A number that may be a figure; ``reason`` says why it is none, ``begins`` where its comparator does."""

    number: Number
    reason: str | None
    comparator: Comparator
    begins: int


class Passage(NamedTuple):
    """The sentence or row being read, and what the headings above it say of its figures."""

    span: Span
    quote: str
    kind: Kind | None
    period: PeriodMention | None
    settled: Kind | None = None  # what a table's column says, whatever its row does
    carried: Kind | None = None  # what the figures of the sentence before were


def is_inside(number: Span, names: Iterable[Span]) -> bool:
    """Whether a number is part of a name: "Hà Giang 1", "Tháp Mười"."""
    return any(name.start <= number.start and number.end <= name.end for name in names)
