"""Entries of a form: what one cell's words are as a number, a place, a period or a unit.

Belongs here: cells, which say it in few words and nothing around them.
Does not: which cell says what (forms.py), the parts they are read with (numerals.py, places.py, periods.py).
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pipelines.extract.cells import bare
from pipelines.extract.comparators import read_comparator
from pipelines.extract.numerals import Number, read_numbers
from pipelines.extract.periods import bare_year, read_periods
from pipelines.extract.place_levels import LEVEL_WORDS
from pipelines.extract.places import place_finder
from pipelines.extract.tiers import read_tiers
from pipelines.extract.view import View, nfc, view
from pipelines.model import Basis, Comparator, Level, Period, Place, Span

_BLANK = re.compile(r"[\W_x]*|không có|k?có số liệu|n/a")
_MINUS = re.compile(r"-\s?$")
_WHOLE = re.compile(r"(?:tổng|toàn|cộng|chung)(?!\w)")
_SHARE = re.compile(r"%|phần trăm|tỷ lệ|tỉ lệ")
_TIMES = {"nghìn": 1e3, "ngàn": 1e3, "vạn": 1e4, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9}
_MULTIPLE = re.compile(rf"(?<!\w)({'|'.join(_TIMES)})(?!\w)(?! lệ)")


class Amount(NamedTuple):
    """A number in a cell: where it stands there, and what it comes to."""

    span: Span
    value: float
    high: float | None
    comparator: Comparator
    denominator: float | None


class Entries:
    """Reads the entries of one document; each place and period once."""

    def __init__(self, published: date | None, home: str | None) -> None:
        self.published = published
        self.home = home
        self._places: dict[tuple[str, str | None, str | None], Place | str] = {}
        self._periods: dict[tuple[str, int | None], Period | str] = {}

    def place(self, said: str, level: str | None, within: str | None) -> Place | str:
        """The place that a cell names, or why there is none; ``level`` and ``within`` are those of the mapping."""
        key = said, level, within
        if key not in self._places:
            self._places[key] = self._find_place(said, level, within)
        return self._places[key]

    def period(self, said: str, year: int | None = None) -> Period | str:
        """The period that a text states first, comparisons aside, or why there is none. One without a year is of ``year``, or
        of that of publication.
        """
        if (said, year) not in self._periods:
            seen = view(nfc(said))
            whole = Span(0, len(seen))
            anchor = date(year, 12, 31) if year else self.published
            stated = (each for each in read_periods(seen, whole, anchor) if not each.baseline)
            first = next(stated, None) or bare_year(seen, whole)
            self._periods[said, year] = (
                Period(first.start, first.end, first.grain, Basis.STATED) if first else f"{said!r} states no period"
            )
        return self._periods[said, year]

    def tier(self, label: str) -> Level | None:
        """The level of government that a label speaks of: "Tỷ lệ hồ sơ công việc cấp xã"."""
        seen = view(label)
        end = Span(len(seen), len(seen))
        return read_tiers(seen, Span(0, len(seen)), [Number(end, end.end, 0)], [Span(0, len(seen))])[0]

    def _find_place(self, said: str, level: str | None, within: str | None) -> Place | str:
        name = bare(nfc(said).strip())
        name = name.title() if name.isupper() else name  # the finder knows names by their capitals
        words = view(name)
        if within and sums_up(name):
            return self._find_place(within, None, None)
        names_level = any(words.startswith(f"{word} ") for word in LEVEL_WORDS)
        begins = [name] if names_level or level is None else [f"{level} {name}", name]
        for begin in begins:
            text = f"{begin}, {within}" if within else begin
            mentions = place_finder().find(text, view(text), self.published, self.home)
            of_it = [mention.place for mention in mentions if mention.span.start < len(begin)]
            if named := next((place for place in of_it if place.key), of_it[0] if of_it else None):
                return named
        return f"{said!r} is no place that is known"


def sums_up(label: str) -> bool:
    """Whether a row is that of all the places in the table: "Toàn tỉnh", "Tổng cộng"."""
    return _WHOLE.match(view(nfc(label))) is not None


def is_blank(said: str) -> bool:
    """Whether a cell says that it has nothing to say: "-", "x", "…"."""
    return _BLANK.fullmatch(view(said)) is not None


def amount_in(said: View, kind: str | None, times: float) -> Amount | str:
    """The number in a cell, or why there is none to use. ``kind`` is that of the metric's unit, ``times`` what a number is
    multiplied with unless it says itself that it is a percentage.
    """
    numbers = read_numbers(said, Span(0, len(said)))
    if not numbers:
        return f"{said!r} is no number"
    number = numbers[0]
    rest = said[: number.span.start] + said[number.end :]
    if len(numbers) > 1 or any(char.isdigit() for char in rest):
        return f"{said!r} is more than one number"
    if _MINUS.search(said[: number.span.start]):
        return f"{said!r} is negative"
    if kind and number.percent and kind != "share":
        return f"{said!r} is a share, and the metric is none"
    if kind == "share" and number.denominator is not None and not number.percent:
        return f"{said!r} is a part of a whole, and the metric is a share"
    scale = 1 if number.percent else times
    comparator, _ = read_comparator(said, number)
    high = None if number.high is None else round(number.high * scale, 6)
    return Amount(number.span, round(number.value * scale, 6), high, comparator, number.denominator)


def unit_kind(written: View) -> str | None:
    """Whether a unit is a share or something else by its name; None where there is none."""
    if not written.strip():
        return None
    return "share" if _SHARE.search(written) else "other"


def multiplier(written: View) -> float:
    """What numbers are counted in by their unit's name: 1000 of "nghìn hồ sơ"."""
    match = _MULTIPLE.search(written)
    return _TIMES[match[1]] if match else 1
