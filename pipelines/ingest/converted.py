"""What every converter returns: a document's text and what the bytes say of its origin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pipelines.model import Mark


class DateBasis(StrEnum):
    """How a publication date was found."""

    GIVEN = "given"
    METADATA = "metadata"
    TEXT = "text"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Converted:
    """``text`` is NFC; ``published`` with ``published_basis`` is the best the bytes themselves say; ``marks`` and
    ``legibility`` are those of ``pipelines.model.Document``.
    """

    media_type: str
    text: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    published_basis: DateBasis = DateBasis.NONE
    marks: tuple[Mark, ...] = ()
    legibility: float = 1.0

    def dated_between(self, earliest: date, latest: date) -> Converted:
        """The same, without a publication date outside the bounds."""
        if self.published and not earliest <= self.published <= latest:
            return replace(self, published=None, published_basis=DateBasis.NONE)
        return self
