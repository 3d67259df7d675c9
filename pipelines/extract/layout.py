"""Layouts: where the table of a sheet begins, for a mapping to be proposed.

Belongs here: telling the rows of a header from titles above it and values below it.
Does not: what the columns hold (proposal.py), tables whose mapping is known (forms.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.extract.cells import Row, Sheet, numbers_columns, spoken

VALUE = re.compile(r"(?:[≥≤<>~]=?|trên|hơn|dưới|khoảng|đạt)?\s?[\d.,]*\d\s?%?")
_GROUP = re.compile(r"(?:[ivx]+|[a-hđ])[.)]?")
_MOST_HEADER_ROWS, _MOST_ROWS_BETWEEN = 4, 4


def layout(text: str, sheet: Sheet) -> tuple[int, int] | None:
    """Where the header begins and where it ends; None where the sheet has no table.

    The header is the row of words next above the first row of values; rows between them name groups or number the columns.
    """
    begins = next((at for at, row in enumerate(sheet.rows) if _states_values(texts(text, row))), None)
    if begins is None:
        return None
    above = range(begins - 1, max(-1, begins - 1 - _MOST_ROWS_BETWEEN), -1)
    last = next((at for at in above if _is_header(texts(text, sheet.rows[at]))), None)
    if last is None:
        return None
    first = last
    while first > 0 and last - first < _MOST_HEADER_ROWS - 1 and _spans(text, sheet.rows[first - 1], sheet.rows[first]):
        first -= 1
    return first, last + 1


def texts(text: str, row: Row) -> list[str]:
    """What stands in the cells of a row, as ``spoken``."""
    return [spoken(text[cell.start : cell.end]) for cell in row.cells.values()]


def _states_values(said: Sequence[str]) -> bool:
    """Whether a row has values beside words, not only its number."""
    values = [VALUE.fullmatch(each) is not None for each in said]
    return any(values[1:] or values) and not all(values) and not numbers_columns(said)


def _is_header(said: Sequence[str]) -> bool:
    states_nothing = numbers_columns(said) or any(map(VALUE.fullmatch, said))
    return len(said) > 1 and not _GROUP.fullmatch(said[0]) and not states_nothing


def _spans(text: str, row: Row, below: Row) -> bool:
    """Whether a row heads the header below it: merged cells are repeated across or down."""
    said = texts(text, row)
    repeated = len(set(said)) < len(said)
    return len(said) > 1 and (repeated or bool({*_pairs(text, row)} & {*_pairs(text, below)}))


def _pairs(text: str, row: Row) -> Iterator[tuple[str, str]]:
    return ((column, spoken(text[cell.start : cell.end])) for column, cell in row.cells.items())
