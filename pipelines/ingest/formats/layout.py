"""The layout of a page: words that stand somewhere on it, as lines and table rows in the order they are read.

Belongs here: lines, columns, the rows of ruled and of unruled tables; the same for PDF and for recognised images.
Does not: where the words come from (pdf.py, ocr.py), which lines make a paragraph (paragraphs.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

_WIDE = 1.5  # a blank between columns, in heights of a line
_GUTTER = 0.6  # what must stay blank all along a column's side
_APART = 3.0  # lines further apart don't stand beside the same gutter
_VALUE = re.compile(r"\W*\d[\d.,/\s]*%?\W*|[-–—]")


class Box(NamedTuple):
    """A rectangle; ``top`` is less than ``bottom``, in whatever unit the page is measured."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, other: Box) -> bool:
        """Whether the middle of the other lies inside."""
        x, y = (other.x0 + other.x1) / 2, (other.top + other.bottom) / 2
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


class Word(NamedTuple):
    """Text without white space, NFC, and where it stands."""

    text: str
    box: Box


Grid = Sequence[Sequence[Box | None]]  # the cells of a ruled table by rows; None where a merged cell goes on


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a page and the ruled tables on it; ``confidence`` is how sure the words are, 1 where none was guessed."""

    words: list[Word]
    grids: list[Grid]
    confidence: float = 1.0


@dataclass(frozen=True)
class Line:
    """Words beside each other. ``column`` is the stretch that its column takes; ``row`` the text of a table's row."""

    words: tuple[Word, ...]
    column: tuple[float, float] = (0, 0)
    row: str | None = None

    @cached_property
    def box(self) -> Box:
        return around(word.box for word in self.words)

    @property
    def height(self) -> float:
        return self.box.bottom - self.box.top

    @cached_property
    def text(self) -> str:
        return self.row if self.row is not None else " ".join(word.text for word in self.words)

    @cached_property
    def gaps(self) -> list[tuple[float, float]]:
        """The wide blanks between its words, from left to right."""
        beside = pairwise(word.box for word in self.words)
        return [(one.x1, other.x0) for one, other in beside if other.x0 - one.x1 > _WIDE * self.height]

    def cut(self, gutters: list[tuple[float, float]]) -> list[Line | None]:
        """Its parts between gutters; None where there is nothing."""
        parts: list[list[Word]] = [[] for _ in range(len(gutters) + 1)]
        for word in self.words:
            parts[sum(word.box.x0 >= gutter[1] - 0.01 for gutter in gutters)].append(word)
        return [Line(tuple(part)) if part else None for part in parts]


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them."""
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return Box(min(x0), min(top), max(x1), max(bottom))


def row_text(cells: Sequence[str]) -> str:
    """A table's row: "a | b | c". Bars stand outside too where a cell at the edge is empty, so that it keeps its column."""
    row = " | ".join(cells)
    return row if cells[0] and cells[-1] else f"| {row} |"


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Words gathered to lines from top to bottom, each from left to right."""
    gathered: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.box.top + word.box.bottom, word.box.x0)):
        middle = (word.box.top + word.box.bottom) / 2
        for line in gathered[-3:][::-1]:  # small words of one line may come after taller ones of the next
            if min(other.box.top for other in line[-3:]) < middle < min(other.box.bottom for other in line[-3:]):
                line.append(word)
                break
        else:
            gathered.append([word])
    return [Line(tuple(sorted(line, key=lambda word: word.box.x0))) for line in gathered]


def split_by_grids(page: Page) -> tuple[list[Line], list[Line]]:
    """The lines of a page outside its ruled tables, and the rows of those."""
    outside, rows = list(page.words), []
    for grid in page.grids:
        whole = around(cell for cells in grid for cell in cells if cell)
        inside = [word for word in outside if whole.holds(word.box)]
        held = [_grid_row(cells, inside) for cells in grid]
        rows += [row for row in held if row]
        taken = {id(word) for row in held if row for word in row.words}
        outside = [word for word in outside if id(word) not in taken]
    return lines_of(outside), rows


def in_reading_order(lines: list[Line], rows: list[Line]) -> list[Line]:
    """Lines and rows as they are read: from top to bottom, what stands in columns column by column."""
    found: list[Line] = []
    pending: list[Line] = []
    for line in sorted([*lines, *rows], key=lambda line: line.box.top):
        if line.row is None:
            pending.append(line)
            continue
        found += _read_between(pending)
        pending = []
        found.append(line)
    return [*found, *_read_between(pending)]


def _grid_row(cells: Sequence[Box | None], words: list[Word]) -> Line | None:
    held = [[word for word in words if cell and cell.holds(word.box)] for cell in cells]
    if not any(held):
        return None
    texts = [" ".join(line.text for line in lines_of(cell)) for cell in held]
    return Line(tuple(word for cell in held for word in cell), row=row_text(texts))


def _read_between(lines: list[Line]) -> Iterator[Line]:
    """Lines between ruled tables."""
    if not lines:
        return
    plain = [line.box for line in lines if not line.gaps]
    body = around(plain or [line.box for line in lines])
    start = 0
    after_table = False
    while start < len(lines):
        block, gutters = _block(lines, start)
        cut = [line.cut(gutters) for line in block]
        if gutters and (_is_table(cut) or (after_table and len(block) == 1)):
            yield from (_row(parts) for parts in cut)
            after_table = True
        elif gutters and len(block) == 1 and _heads_table(lines, start + 1):
            yield _row(cut[0])
        else:
            for parts in zip(*cut, strict=True):
                column = [part for part in parts if part]
                box = around(part.box for part in column)
                side = (box.x0, box.x1) if gutters else (body.x0, body.x1)
                yield from (Line(part.words, side) for part in column)
            after_table = False
        start += len(block)


def _block(lines: list[Line], start: int) -> tuple[list[Line], list[tuple[float, float]]]:
    """The lines from ``start`` on that leave the gutters blank which the first one shows; itself alone where it shows none."""
    gutters = lines[start].gaps
    end = last = start + 1
    while gutters and end < len(lines):
        line, before = lines[end], lines[end - 1]
        if line.box.top - before.box.bottom > _APART * before.height or len(line.gaps) > len(gutters):
            break
        left = [_blank(gutter, line) for gutter in gutters]
        if not all(found and found[1] - found[0] > _GUTTER * line.height for found in left):
            break
        gutters = [found for found in left if found]
        end += 1
        if line.gaps:
            last = end
    return lines[start:last], gutters


def _blank(gutter: tuple[float, float], line: Line) -> tuple[float, float] | None:
    """What ``line`` leaves blank of a gutter; None where a word stands in the middle of it."""
    start, end = gutter
    for word in line.words:
        if word.box.x1 <= start or word.box.x0 >= end:
            continue
        if word.box.x0 - start > end - word.box.x1:
            end = word.box.x0
        else:
            start = word.box.x1
    return (start, end) if start < end else None


def _is_table(cut: list[list[Line | None]]) -> bool:
    """Whether lines cut into columns are rows: three columns and more, or two with values in the last."""
    last = [parts[-1].text for parts in cut if parts[-1]]
    values = sum(_VALUE.fullmatch(text) is not None for text in last)
    return len(cut) > 1 and (len(cut[0]) > 2 or values * 2 > len(last))


def _heads_table(lines: list[Line], start: int) -> bool:
    if start >= len(lines):
        return False
    block, gutters = _block(lines, start)
    return bool(gutters) and _is_table([line.cut(gutters) for line in block])


def _row(parts: list[Line | None]) -> Line:
    words = tuple(word for part in parts if part for word in part.words)
    return Line(words, row=row_text([part.text if part else "" for part in parts]))
