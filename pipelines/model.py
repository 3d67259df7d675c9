"""The words every part of the pipeline shares: document, span, observation and their enumerations.

Belongs here: plain values without behaviour beyond their own arithmetic.
Does not: reading them from text (extract/), storing them (store/).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open interval of NFC code points."""

    start: int
    end: int


class Comparator(StrEnum):
    """How a stated value bounds the true one: "trên 80%" is gt, "80% trở lên" ge."""

    EQ = "eq"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    APPROX = "approx"
    RANGE = "range"


class Kind(StrEnum):
    """What a figure claims: a state of affairs, or one to be reached."""

    ACTUAL = "actual"
    TARGET = "target"


class Basis(StrEnum):
    """Where a figure's period comes from."""

    STATED = "stated"
    INHERITED = "inherited"
    PUBLICATION = "publication_date"


class Level(StrEnum):
    """The tier of a place."""

    NATIONAL = "national"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    OTHER = "other"


class Status(StrEnum):
    """What becomes of an observation: only facts reach the fact table."""

    FACT = "fact"
    LOW_CONFIDENCE = "low_confidence"
    CANDIDATE = "candidate"
    REJECTED = "rejected"


class Mark(NamedTuple):
    """From ``start`` on, to the next mark, the text stands at ``label``: "trang 3", "Biểu 2!D17"."""

    start: int
    label: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text to read, NFC, and what is known of its origin. ``published`` is the publication date.

    ``marks`` say on which page or in which cell the text stands, in its order; ``legibility`` is the share of it that was
    surely recognised, 1 where no machine had to.
    """

    doc_id: str
    text: str
    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    url: str | None = None
    marks: tuple[Mark, ...] = ()
    legibility: float = 1.0


class Period(NamedTuple):
    """``start`` and ``end`` are both inclusive; null where nothing dates the figure."""

    start: date | None
    end: date | None
    grain: str
    basis: Basis


class Place(NamedTuple):
    """``name`` is without its level word ("Thới Bình"); ``key`` is null where the name is ambiguous."""

    name: str | None
    level: Level | None
    key: str | None


class Observation(NamedTuple):
    """One statement of a metric's value, tied to the characters it was read from.

    Offsets are NFC code points of the document's text: ``quote`` spans the clause or sentence,
    ``number`` the number itself. Shares are percent, counts plain units. ``value_low`` and
    ``value_high`` bound the true value as far as the comparator says. ``reason`` explains a status
    other than fact. ``tier`` is the level of government that the figure is of ("cấp xã 60%"), ``denominator`` that
    of "57/75"; ``phrase`` the words that name a figure without a metric; ``location`` the page or cell of the number.
    """

    doc_id: str
    metric_id: str | None
    value: float
    value_low: float | None
    value_high: float | None
    unit: str | None
    comparator: Comparator
    kind: Kind
    place: Place
    period: Period
    quote: str
    quote_span: Span
    number: Span
    confidence: float
    rule_id: str
    status: Status
    reason: str | None = None
    platform_id: str | None = None
    tier: Level | None = None
    denominator: float | None = None
    phrase: str | None = None
    location: str | None = None


class PlatformMention(NamedTuple):
    """A sentence that speaks of a named digital system; ``span`` is the system's name in the document's text."""

    doc_id: str
    platform_id: str
    quote: str
    span: Span
