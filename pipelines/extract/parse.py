"""Parsing a sentence by itself: its quantities, periods and places as plain values.

Belongs here: the form that `kpi parse` prints. Does not: what the quantities measure (reader.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pipelines.extract.comparators import bounds, read_comparator
from pipelines.extract.flow import Flow, flow
from pipelines.extract.link import measure_kind
from pipelines.extract.nonfacts import PART_OF_SOMETHING, masks, why_no_fact
from pipelines.extract.numerals import Number, read_numbers
from pipelines.extract.periods import read_periods
from pipelines.extract.places import place_finder
from pipelines.extract.view import View, nfc, view
from pipelines.model import Span
from pipelines.reference.catalogue import Unit

_UNIT_OF = {"share": "percent", "rank": "rank", "score": "point"}


def parse_text(text: str, reference: date | None, units: Mapping[str, Unit]) -> dict[str, list[dict[str, Any]]]:
    """What ``text`` says, without what it measures.

    ``quantities``: start, end, value, low, high, comparator, unit (the id of the unit whose noun follows, null where
    none does); ``periods``: start, end, period_start, period_end, grain; ``places``: start, end, name, level, key.
    Offsets are half-open, in NFC code points. ``reference`` gives missing years and says which map is in force.
    """
    flowing = flow(nfc(text))
    seen = view(flowing.text)
    whole = Span(0, len(seen))
    masked = masks(seen)
    numbers = [n for n in read_numbers(seen, whole) if why_no_fact(seen, n, masked) not in PART_OF_SOMETHING]
    return {
        "quantities": [_offsets(flowing, number.span) | _quantity(seen, number, units) for number in numbers],
        "periods": [
            {
                **_offsets(flowing, period.span),
                "period_start": period.start.isoformat(),
                "period_end": period.end.isoformat(),
                "grain": period.grain,
            }
            for period in read_periods(seen, whole, reference)
        ],
        "places": [
            {**_offsets(flowing, span), "name": place.name, "level": place.level, "key": place.key}
            for span, place in place_finder().find(flowing.text, seen, reference, None)
        ],
    }


def _quantity(seen: View, number: Number, units: Mapping[str, Unit]) -> dict[str, Any]:
    comparator, _ = read_comparator(seen, number)
    low, high = bounds(number.value, number.high, comparator)
    unit = _UNIT_OF.get(measure_kind(seen, number)) or _unit_after(seen, number, units)
    return {"value": number.value, "low": low, "high": high, "comparator": comparator, "unit": unit}


def _unit_after(seen: View, number: Number, units: Mapping[str, Unit]) -> str | None:
    """The unit whose longest noun stands right after the number."""
    after = seen[number.end :].lstrip()
    nouns = [(len(noun), unit.id) for unit in units.values() for noun in map(view, unit.nouns) if after.startswith(noun)]
    return max(nouns)[1] if nouns else None


def _offsets(flowing: Flow, span: Span) -> dict[str, int]:
    start, end = flowing.back(span)
    return {"start": start, "end": end}
