"""Tables flattened to lines: "STT | Chỉ tiêu | Kế hoạch | Kết quả", a row a line.

Belongs here: which lines make a table, and the header and row label of each cell.
Does not: what a cell's number states (reader.py).
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

from pipelines.extract.view import View
from pipelines.model import Span

_VALUE = re.compile(r"\s*[≥≤<>~]?\s*[\d.,/]+\s*%?\s*")


class Row(NamedTuple):
    """A row below a header: ``cells`` by column, ``labels`` its cells of words, ``header`` the column heads."""

    line: Span
    cells: tuple[Span, ...]
    labels: tuple[Span, ...]
    header: tuple[Span, ...]

    def head_of(self, column: int) -> Span | None:
        """The head of a column, where the header has one for it."""
        return self.header[column] if column < len(self.header) else None


def rows(seen: View, lines: list[Span]) -> dict[Span, Row]:
    """The rows of every table in the text, by line; headers and captions are no rows."""
    found: dict[Span, Row] = {}
    if "|" not in seen and "\t" not in seen:
        return found
    for is_row, group in groupby(lines, key=lambda line: _is_row(seen, line)):
        table = list(group)
        if not is_row or len(table) < 2:
            continue
        header: tuple[Span, ...] = ()
        for line in table:
            cells = _cells(seen, line)
            values = {cell for cell in cells if _VALUE.fullmatch(seen, cell.start, cell.end)}
            if not values:
                header = cells
                continue
            labels = tuple(cell for cell in cells if cell not in values)
            found[line] = Row(line, cells, labels, header)
    return found


def _is_row(seen: View, line: Span) -> bool:
    return seen.count("|", line.start, line.end) >= 2 or seen.count("\t", line.start, line.end) >= 2


def _cells(seen: View, line: Span) -> tuple[Span, ...]:
    """The cells of a row; an empty one keeps its column."""
    inner = seen[line.start : line.end].strip()
    start = line.start + (1 if inner.startswith("|") else 0)
    end = line.end - (1 if inner.endswith("|") else 0)
    cells, begin = [], start
    for position in range(start, end + 1):
        if position == end or seen[position] in "|\t":
            cells.append(Span(begin, position))
            begin = position + 1
    return tuple(cells)
