"""What every converter returns: a document's text and what the bytes say of its origin."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pipelines.model import Mark

# Controls, all but tab and line feed, and those that reverse what is read.
_DIRECTIONS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


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

    def cleaned(self) -> Converted:
        """The same, a space for each character that only directs a screen: controls, and those that reverse what is read."""
        return replace(self, text=_DIRECTIONS.sub(" ", self.text), title=self.title and _DIRECTIONS.sub(" ", self.title))

    def dated_between(self, earliest: date, latest: date) -> Converted:
        """The same, without a publication date outside the bounds."""
        if self.published and not earliest <= self.published <= latest:
            return replace(self, published=None, published_basis=DateBasis.NONE)
        return self
