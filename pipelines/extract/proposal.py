"""Proposals: what a mapping for the tables of a workbook may be, by what the catalogue's cues say of their heads and labels.

Belongs here: what each column holds, and what a person has to look at.
Does not: which rows head a table (layout.py), the shape of a mapping (reference/forms.py), reading by one (forms.py),
printing one (cli/map.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipelines.extract.cells import PATH, Row, Sheet, bare, column_under, continues, heads, sheets, spoken
from pipelines.extract.entries import Entries, sums_up, unit_kind
from pipelines.extract.kinds import column_kind
from pipelines.extract.layout import VALUE, layout, texts
from pipelines.extract.numerals import parse_digits
from pipelines.extract.reader import Reader
from pipelines.extract.tables import in_percent, measure_of_head, says_no_value
from pipelines.extract.view import view
from pipelines.model import Document, Kind, Level, Place, Span
from pipelines.reference.forms import Form

_UNITS = re.compile(r"đơn vị tính|đvt|đơn vị đo")
_LEVELS = ("xã", "phường", "huyện", "tỉnh")
_YEARLY = re.compile(r"(?:kế hoạch|kh|chỉ tiêu|mục tiêu)(?: giao| được giao)? (?:cả )?năm")
_LEAD = re.compile(r"[^:\d]{3,30}:")
_PERIOD_IN_TITLE = re.compile(
    r"[,(]?\s+(?:(?:đến|trong|tính đến)\s)?(?:hết\s)?(?:\d|(?:năm|quý|quí|tháng|ngày|kỳ)\s).*", re.IGNORECASE
)
_ENOUGH = 0.5
_MOST_ROWS = 200

_Spec = dict[str, Any]  # a part of a mapping, as YAML has it


@dataclass(slots=True)
class Proposal:
    """A mapping for a table of the sheet ``name``; ``form`` is None where nothing in it is linked to a metric.

    ``notes`` say by key of the form what a person has to look at, ``left_out`` which columns and rows are not in it.
    """

    name: str | None
    form: Form | None
    notes: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def propose(document: Document, reader: Reader) -> list[Proposal]:
    """A mapping for the first table of each sheet that has one."""
    laid_out = ((sheet, layout(document.text, sheet)) for sheet in sheets(document))
    return [_Proposing(document, reader, sheet, *rows).proposal() for sheet, rows in laid_out if rows]


class _Proposing:
    """One table that a mapping is sought for."""

    def __init__(self, document: Document, reader: Reader, sheet: Sheet, first: int, end: int) -> None:
        self.text = document.text
        self.reader = reader
        self.sheet = sheet
        self.above = sheet.rows[:first]
        self.header_rows = end - first
        self.paths = heads(document.text, sheet.rows[first:end])
        self.written = {spoken(said): said for row in sheet.rows[first:end] for said in map(self._said, row.cells.values())}
        self.rows = [row for row in sheet.rows[end:] if self._has_value(row)][:_MOST_ROWS]
        self.entries = Entries(document.published, None)
        self.notes: dict[str, str] = {}
        self.left_out: list[str] = []

    def proposal(self) -> Proposal:
        place, period = self._place(), self._period()
        values, rows = self._values(place, period)
        if not values:
            return Proposal(self.sheet.name, None, {}, self.left_out)
        if rows and self.units:
            rows["unit"] = self._head(self.units)
        title = self._said(self.title) if self.title else ""
        words = _PERIOD_IN_TITLE.sub("", title).strip(" ,.-:") if title else ""
        form = Form.model_validate(
            {
                "id": _slug(words or self.sheet.name or "bieu"),
                "name": words or self.sheet.name or "Biểu",
                "words": [words] if len(words.split()) > 2 else [self._head(values[0][0])],
                "header_rows": self.header_rows,
                "place": place,
                "period": period,
                **rows,
                "values": [value for _, value in values],
            }
        )
        return Proposal(self.sheet.name, form, self.notes, self.left_out)

    @cached_property
    def title(self) -> Span | None:
        """The longest text that stands alone in a row above the table."""
        lone = [next(iter(row.cells.values())) for row in self.above if len(row.cells) == 1]
        return max(lone, key=lambda cell: cell.end - cell.start, default=None)

    @cached_property
    def valued(self) -> list[str]:
        """The columns of values."""
        return [column for column in self.paths if not says_no_value(self.paths[column]) and self._mostly(column, VALUE)]

    @cached_property
    def worded(self) -> list[str]:
        """The columns of words, but those of units and of notes."""
        others = (column for column in self.paths if column not in self.valued and column != self.units)
        return [column for column in others if not says_no_value(self.paths[column]) and self._cells(column)]

    @cached_property
    def units(self) -> str | None:
        """The column with the unit of each row."""
        return next((column for column, path in self.paths.items() if _UNITS.search(path)), None)

    @cached_property
    def place_above(self) -> tuple[str, str] | None:
        """The first cell above the table that names a place of the country, and the place by its words."""
        for row in self.above:
            for column, cell in row.cells.items():
                place = self.entries.place(self._said(cell), None, None)
                if isinstance(place, Place) and place.level in _LEVEL_WORD:
                    return f"{column}{row.number}", f"{_LEVEL_WORD[place.level]} {place.name}"
        return None

    @property
    def within(self) -> str | None:
        """What contains the places in the table: the one named above it."""
        return self.place_above[1] if self.place_above else None

    def _place(self) -> _Spec | None:
        """Where the place stands: in a column, else in a cell above."""
        best: tuple[int, str, str | None] = (0, "", None)
        for column in self.worded:
            said_here = [said for said in self._cells(column) if not sums_up(said)]
            for level in (None, *_LEVELS):
                known = sum(self._is_place(said, level) for said in said_here)
                if known > best[0] and known >= _ENOUGH * len(said_here):
                    best = known, column, level
        known, column, level = best
        if column:
            self.notes["place"] = f"{known} of {len(self._cells(column))} cells name a place that is known"
            found = {"column": self._head(column), "level": level, "within": self.within}
            return {key: value for key, value in found.items() if value}
        if self.place_above:
            self.notes["place"] = f"now {self.place_above[1]!r}"
            return {"cell": self.place_above[0]}
        self.notes["place"] = 'no place is named; write {fixed: "tỉnh …"}, or leave it out if the columns have their own'
        return None

    def _period(self) -> _Spec | None:
        """Where the period stands: in a cell above, else in a column."""
        for row in self.above:
            for column, cell in row.cells.items():
                said = self._said(cell)
                if not isinstance(self.entries.period(said), str):
                    self.notes["period"] = f"now {said!r}"
                    lead = _LEAD.match(said)
                    return {"text": f"{lead[0]}*"} if lead else {"cell": f"{column}{row.number}"}
        for column in self.worded:
            said_here = self._cells(column)
            if sum(not isinstance(self.entries.period(said), str) for said in said_here) >= _ENOUGH * len(said_here):
                return {"column": self._head(column)}
        self.notes["period"] = 'no period is named; write {fixed: "quý II/2024"}, or leave it out for the day of publication'
        return None

    def _values(self, place: _Spec | None, period: _Spec | None) -> tuple[list[tuple[str, Any]], _Spec]:
        """The columns of values, each as the mapping has it, and the rows where those have the metrics."""
        found = {column: self._metric(self.paths[column], self._sample(column), "") for column in self.valued}
        label, by_row = self._metrics_of_rows(place)
        if by_row and sum(map(bool, found.values())) < _ENOUGH * len(found):
            rows = {"rows": {"column": self._head(label), "metrics": by_row}}
            return [(column, self._value(column, None, period)) for column in self.valued], rows
        title = self._said(self.title) if self.title else ""
        self.left_out = []
        values = []
        for column, metric in found.items():
            if not metric and title and (metric := self._metric(f"{title} {self.paths[column]}", self._sample(column), "")):
                self.notes[self._head(column)] = "the metric is that of the title"
            if metric:
                values.append((column, self._value(column, metric, period)))
            else:
                self.left_out.append(f"column {self._head(column)!r}: no metric of the catalogue fits")
        return values, {}

    def _value(self, column: str, metric: str | None, period: _Spec | None) -> _Spec:
        path = self.paths[column]
        kind = column_kind(path.split(PATH)[-1]) or column_kind(path) or Kind.ACTUAL
        value: _Spec = {"column": self._head(column), "metric": metric, "kind": kind}
        if not isinstance(self.entries.period(path), str):
            value["period"] = "head"
        elif kind is Kind.TARGET and period and _YEARLY.search(path):
            value["period"] = "year"
        elif kind is Kind.TARGET:
            self.notes[value["column"]] = "a plan for a whole year has period: year"
        leaf = self.written[path.split(PATH)[-1]]
        if metric is None and isinstance(self.entries.place(leaf, None, self.within), Place):
            value["place"] = leaf
        if metric and self._is_fraction(column, metric):
            value["times"] = 100
            self.notes[value["column"]] = "no value is above 1: shares are taken to be written as 0,85"
        return value

    def _metrics_of_rows(self, place: _Spec | None) -> tuple[str, dict[str, str]]:
        """The column of labels that links most rows to metrics, and the metric by label."""
        best: tuple[str, dict[str, str]] = ("", {})
        for column in self.worded:
            if place and column_under(place.get("column", ""), self.paths) == column:
                continue
            metrics, left_out = {}, []
            for label, row in self._labelled(column):
                sample = next((value for each in self.valued if (value := self._cell(row, each))), "")
                if metric := self._metric(label.replace(PATH, " "), sample, self._cell(row, self.units)):
                    metrics[label] = metric
                elif sample:
                    left_out.append(f"row {label!r}: no metric of the catalogue fits")
            if len(metrics) > len(best[1]):
                best = column, metrics
                self.left_out = left_out
        return best

    def _labelled(self, column: str) -> Iterator[tuple[str, Row]]:
        """The rows with their labels in a column; of one that goes on with another the path."""
        lead = ""
        for row in self.rows:
            if label := self._cell(row, column):
                goes_on = continues(label) and lead != ""
                lead = lead if goes_on else bare(label)
                yield f"{lead}{PATH}{bare(label)}" if goes_on else lead, row

    def _metric(self, words: str, sample: str, unit: str) -> str | None:
        """The metric that the catalogue's reader links to a value with these words beside it."""
        if not VALUE.fullmatch(spoken(sample)):
            return None
        kind = unit_kind(view(unit))
        said = view(words)
        share = kind == "share" or (kind is None and (in_percent(said) or measure_of_head(said) == "share" or "%" in words))
        ending = "" if "%" in sample else "%" if share else f" {unit}" if unit else ""
        document = Document("proposal", f"Nội dung | Kết quả\n{words} | {sample}{ending}")
        return next((found.metric_id for found in self.reader.read(document) if found.metric_id), None)

    def _is_fraction(self, column: str, metric: str) -> bool:
        catalogue = self.reader.lexicon.catalogue
        said = self._cells(column)
        if catalogue.units[catalogue.metrics[metric].unit].kind != "share" or any("%" in each for each in said):
            return False
        values = [parse_digits(each) for each in said if re.fullmatch(r"\d+(?:,\d+)?", each)]
        return bool(values) and max(values) <= 1 and min(values) < 1

    def _has_value(self, row: Row) -> bool:
        return len(row.cells) > 1 and any(VALUE.fullmatch(said) for said in texts(self.text, row))

    def _is_place(self, said: str, level: str | None) -> bool:
        place = self.entries.place(said, level, self.within)
        return isinstance(place, Place) and place.key is not None

    def _head(self, column: str) -> str:
        """The shortest end of a column's path that no other column has, in the words of the table."""
        parts = [self.written[part] for part in self.paths[column].split(PATH)]
        ends = (PATH.join(parts[index:]) for index in range(len(parts) - 1, -1, -1))
        return next((end for end in ends if column_under(end, self.paths) == column), PATH.join(parts))

    def _mostly(self, column: str, pattern: re.Pattern[str]) -> bool:
        said = self._cells(column)
        return bool(said) and sum(pattern.fullmatch(spoken(each)) is not None for each in said) >= _ENOUGH * len(said)

    def _sample(self, column: str) -> str:
        return next((said for said in self._cells(column) if VALUE.fullmatch(spoken(said))), "")

    def _cells(self, column: str) -> list[str]:
        return [said for row in self.rows if (said := self._cell(row, column))]

    def _cell(self, row: Row, column: str | None) -> str:
        cell = row.cells.get(column) if column else None
        return self._said(cell) if cell else ""

    def _said(self, cell: Span) -> str:
        return self.text[cell.start : cell.end]


_LEVEL_WORD = {Level.PROVINCE: "tỉnh", Level.DISTRICT: "huyện", Level.COMMUNE: "xã"}


def _slug(words: str) -> str:
    """An id made of words: "Biểu 2" is bieu_2."""
    plain = unicodedata.normalize("NFD", words.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:48].strip("_")
    return slug if slug[:1].isalpha() else f"bieu_{slug}".strip("_")
