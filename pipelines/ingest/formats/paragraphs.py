"""Pages to text: running heads out, broken lines mended into paragraphs, marks where a page begins.

Belongs here: what all formats of pages have in common after their words are known.
Does not: the order of lines on one page (layout.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.ingest.formats.layout import Line, Page, in_reading_order, split_by_grids
from pipelines.ingest.legacy import is_syllable
from pipelines.model import Mark

_EDGE = 2  # lines at the top and at the bottom of a page that may be running heads
_PAGE_NUMBER = re.compile(r"\W*(?:trang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?\W*", re.IGNORECASE)
_NUMBER_AT_EDGE = re.compile(r"^\d+(?!\S)|(?<!\S)\d+(?:/\d+)?$")
_STOPS = (".", ":", ";", "!", "?", "…")
_BULLET = re.compile(r"[-–+*•●▪]\s")
_ITEM = re.compile(
    r"\(?[a-zđ]\)\s|\(?\d{1,3}[.)]\s|\d{1,2}(?:\.\d{1,2})+\.?\s|[IVX]+\s?[.)]\s|(?:Điều|Mục|Chương|Phụ lục|Biểu)\s"
)
_BROKEN_WORD = re.compile(r"([^\W\d_]+)-$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")


class Composed(NamedTuple):
    """``legibility`` is the mean confidence over the text's characters."""

    text: str
    marks: tuple[Mark, ...]
    legibility: float


def compose(pages: list[Page]) -> Composed:
    """The text of pages, a paragraph or a table's row a line; one that goes on overleaf stays whole."""
    parts: list[str] = []
    length = 0
    marks: list[Mark] = []
    before: Line | None = None
    for number, lines in enumerate(_reading(pages), 1):
        for index, line in enumerate(lines):
            if before:
                joint = _joint(before, line) if _goes_on(before, line, overleaf=index == 0) else "\n"
                if joint is None:
                    parts[-1] = parts[-1][:-1]
                    length -= 1
                parts.append(joint or "")
                length += len(joint or "")
            if index == 0:
                marks.append(Mark(length, f"trang {number}"))
            parts.append(line.text)
            length += len(line.text)
            before = line
    return Composed("".join((*parts, "\n")) if parts else "", tuple(marks), _legibility(pages))


def _reading(pages: list[Page]) -> Iterator[list[Line]]:
    split = [split_by_grids(page) for page in pages]
    heads = _running([lines for lines, _ in split])
    for (lines, rows), out in zip(split, heads, strict=True):
        yield in_reading_order([line for index, line in enumerate(lines) if index not in out], rows)


def _running(pages: list[list[Line]]) -> list[set[int]]:
    """Which lines of each page are running heads, feet or page numbers: they stand at its edge, and on half of the pages
    in the same words at the same height.
    """
    edges = [{*range(min(_EDGE, len(lines))), *range(max(len(lines) - _EDGE, 0), len(lines))} for lines in pages]
    seen = Counter(key for lines, edge in zip(pages, edges, strict=True) for key in {_place(lines[index]) for index in edge})
    often = max(2, len(pages) / 2)
    return [
        {
            index
            for index in edge
            if max(seen[near] for near in _near(lines[index])) >= often
            or (index in (0, len(lines) - 1) and _PAGE_NUMBER.fullmatch(lines[index].text))
        }
        for lines, edge in zip(pages, edges, strict=True)
    ]


def _place(line: Line) -> tuple[str, int]:
    """A line's words without the page's number, and roughly its height on the page."""
    return _NUMBER_AT_EDGE.sub("#", line.text.casefold()), round(line.box.top / (2 * line.height or 1))


def _near(line: Line) -> Iterator[tuple[str, int]]:
    words, height = _place(line)
    return ((words, height + off) for off in (-1, 0, 1))


def _goes_on(before: Line, line: Line, overleaf: bool) -> bool:
    """Whether a line goes on with the paragraph of the line before it.

    It does where it begins small, and where its first word had no room in the line before.
    """
    if before.row is not None or line.row is not None:
        return False
    if not overleaf and (before.column != line.column or line.box.top - before.box.bottom > 1.5 * before.height):
        return False
    small = line.text[0].islower()
    open_end = not before.text.endswith(_STOPS)
    first = line.words[0].box
    full = before.box.x1 + (first.x1 - first.x0) + 0.25 * before.height > before.column[1]
    if _ITEM.match(line.text):
        return False
    if _BULLET.match(line.text):
        return full and open_end and line.text[2:3].islower()
    indented = line.box.x0 > line.column[0] + before.height
    return (small and open_end) or (full and not indented and not before.text.endswith(":"))


def _joint(before: Line, line: Line) -> str | None:
    """What stands between two lines of a paragraph: a blank; nothing after the hyphen of a compound; None where the hyphen
    itself must go, for it broke a syllable.
    """
    left, right = _BROKEN_WORD.search(before.text), _FIRST_WORD.match(line.text)
    if not (left and right):
        return " "
    return "" if is_syllable(left[1].lower()) and is_syllable(right[0].lower()) else None


def _legibility(pages: list[Page]) -> float:
    sizes = [sum(len(word.text) for word in page.words) for page in pages]
    weighed = sum(page.confidence * size for page, size in zip(pages, sizes, strict=True))
    return weighed / sum(sizes) if any(sizes) else 1.0
