"""The cells of a spreadsheet's text: which text stands in which cell of which sheet, by its marks.

Belongs here: rows and columns, the heads above a column, comparing words with what a form looks for.
Does not: what the cells state (forms.py), making the text (ingest/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from pipelines.extract.view import nfc, view
from pipelines.model import Document, Span

PATH = " > "
_LABEL = re.compile(r"(?:(?P<sheet>.*)!)?(?P<column>[A-Z]{1,3})(?P<row>[1-9]\d*)", re.DOTALL)
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[a-h])\)?(?:\s?[=:].*)?")
_BULLET = re.compile(r"(?:[-+*•–]|\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-hđ]|[ivx]+)[.)])\s*", re.IGNORECASE)
_CONTINUES = re.compile(r"[-+*•–]")
_CELL_ENDS = re.compile(r"[|\n]|\Z")


@dataclass(slots=True)
class Row:
    """A row: its number, its line in the text, and the text of its cells by the name of their column."""

    number: int
    line: Span
    cells: dict[str, Span]


@dataclass(slots=True)
class Sheet:
    """A sheet with its rows, those without a text left out; ``name`` is None of a CSV file."""

    name: str | None
    rows: list[Row] = field(default_factory=list)


def sheets(document: Document) -> list[Sheet]:
    """The sheets of a document; none where its marks are pages."""
    found: list[Sheet] = []
    for start, label in document.marks:
        match = _LABEL.fullmatch(label)
        if match is None:
            continue
        name, column, number = match["sheet"], match["column"], int(match["row"])
        if not found or found[-1].name != name:
            found.append(Sheet(name))
        rows = found[-1].rows
        if not rows or rows[-1].number != number:
            rows.append(Row(number, _line(document.text, start), {}))
        rows[-1].cells[column] = _cell(document.text, start)
    return found


def spoken(text: str) -> str:
    """Words as they are compared: one case, one spelling, single spaces."""
    return " ".join(view(nfc(text)).split())


def fits(pattern: str, said: str) -> bool:
    """Whether words, as ``spoken``, are those that a form looks for; "*" stands for anything."""
    return _compiled(pattern).fullmatch(said) is not None


def stands_in(words: str, said: str) -> bool:
    """Whether the words that a form looks for stand in a longer text, as ``spoken``."""
    return _compiled(words).search(said) is not None


def path_fits(pattern: str, path: str) -> bool:
    """Whether a path, or the last parts of one, is what a form looks for."""
    parts = path.split(PATH)
    return any(fits(pattern, PATH.join(parts[index:])) for index in range(len(parts)))


def heads(text: str, rows: Iterable[Row]) -> dict[str, str]:
    """The path of each column's head, as ``spoken``: what stands in it in ``rows``, merged cells once."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for column, cell in row.cells.items():
            said = spoken(text[cell.start : cell.end])
            path = found.setdefault(column, [])
            if said not in path[-1:]:
                path.append(said)
    return {column: PATH.join(path) for column, path in found.items()}


def column_under(head: str, paths: dict[str, str]) -> str | None:
    """The column below a head, if there is one and no other."""
    whole = [column for column, path in paths.items() if fits(head, path)]
    found = whole or [column for column, path in paths.items() if path_fits(head, path)]
    return found[0] if len(found) == 1 else None


def words_of(text: str, rows: Sequence[Row]) -> str:
    """All that stands in ``rows``, as ``spoken``."""
    return spoken(text[rows[0].line.start : rows[-1].line.end]) if rows else ""


def numbers_columns(said: Sequence[str]) -> bool:
    """Whether the cells of a row below the header only number its columns: "(1) | (2) | (3)=(2)/(1)"."""
    return len(said) > 1 and all(map(_NUMBERING.fullmatch, said))


def bare(label: str) -> str:
    """A label without its number or bullet."""
    return _BULLET.sub("", label, count=1) if _BULLET.match(label) else label


def continues(label: str) -> bool:
    """Whether a label goes on with the one above it: "- Cấp xã"."""
    return _CONTINUES.match(label) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, spoken(pattern).split("*"))))


def _line(text: str, at: int) -> Span:
    ends = text.find("\n", at)
    return Span(text.rfind("\n", 0, at) + 1, ends if ends >= 0 else len(text))


def _cell(text: str, start: int) -> Span:
    match = _CELL_ENDS.search(text, start)
    end = match.start() if match else len(text)
    return Span(start, start + len(text[start:end].rstrip()))
