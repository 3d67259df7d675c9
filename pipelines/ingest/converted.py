"""What every converter returns: a document's text and what the bytes say of its origin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pipelines.model import Mark

_CONTROLS = (*range(9), *range(11, 32), *range(127, 160))  # all but tab and line feed
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_DIRECTIONS = dict.fromkeys((*_CONTROLS, *_BIDI), " ")


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
        return replace(self, text=self.text.translate(_DIRECTIONS), title=self.title and self.title.translate(_DIRECTIONS))

    def dated_between(self, earliest: date, latest: date) -> Converted:
        """The same, without a publication date outside the bounds."""
        if self.published and not earliest <= self.published <= latest:
            return replace(self, published=None, published_basis=DateBasis.NONE)
        return self
