"""Forms: the figures of a table whose mapping is known (reference/forms.py), by the cells they stand in.

Belongs here: finding the tables that a form fits, and what each of their cells states.
Does not: the cells themselves (cells.py), one cell's number, place or period (entries.py), all other text (reader.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipelines.extract.cells import (
    PATH,
    Row,
    Sheet,
    bare,
    column_under,
    continues,
    fits,
    heads,
    numbers_columns,
    path_fits,
    sheets,
    spoken,
    stands_in,
    words_of,
)
from pipelines.extract.comparators import bounds
from pipelines.extract.entries import Entries, amount_in, is_blank, multiplier, unit_kind
from pipelines.extract.figures import OUT_OF_BOUNDS
from pipelines.extract.period_meant import whole_year
from pipelines.extract.place_levels import NOWHERE
from pipelines.extract.view import view
from pipelines.model import Basis, Comparator, Document, Observation, Period, Place, Span, Status
from pipelines.reference.catalogue import Catalogue, Metric
from pipelines.reference.forms import Form, Value, Where

CONFIDENCE = 0.98
_MOST_ROWS_ABOVE = 60
_DIGIT = re.compile(r"\d")


class Table(NamedTuple):
    """A table that a form fits: its column by each head, the rows above its values, and the rest of its sheet."""

    form: Form
    columns: Mapping[str, str]
    paths: Mapping[str, str]
    above: Sequence[Row]
    below: Sequence[Row]


class Filled(NamedTuple):
    """What forms read of a document: the observations, and the lines that no other rule need read."""

    observations: list[Observation]
    lines: list[Span]


def read_forms(document: Document, catalogue: Catalogue, home: str | None = None) -> Filled:
    """The observations of every table in ``document`` that a form of the catalogue fits, in reading order.

    ``home`` is the province its source writes about. A cell that can't be read is a rejected observation with its reason; a
    number in a row for which the form has no metric is a candidate.
    """
    filled = Filled([], [])
    for sheet in sheets(document) if catalogue.forms else ():
        start = 0
        while table := find_table(document.text, sheet, start, catalogue.forms):
            reading = _Reading(document, catalogue, table, home)
            filled.observations.extend(reading.observations())
            header = table.above[-table.form.header_rows :]
            filled.lines.extend(row.line for row in (*header, *table.below[: reading.rows_read]))
            start += len(table.above) + reading.rows_read
    return filled


def without(text: str, lines: Sequence[Span]) -> str:
    """``text`` with spaces for what stands in ``lines``, in their order; same length."""
    pieces, position = [], 0
    for start, end in lines:
        pieces += [text[position:start], " " * (end - start)]
        position = end
    return "".join((*pieces, text[position:]))


def find_table(text: str, sheet: Sheet, start: int, forms: Sequence[Form]) -> Table | None:
    """The first table at or after a row of the sheet that a form fits; of several forms the first."""
    name = spoken(sheet.name or "")
    possible = [form for form in forms if form.sheet is None or fits(form.sheet, name)]
    for first in range(start, min(len(sheet.rows), start + _MOST_ROWS_ABOVE)):
        for form in possible:
            end = first + form.header_rows
            paths = heads(text, sheet.rows[first:end])
            columns = {head: column for head in form.columns if (column := column_under(head, paths))}
            above = sheet.rows[start:end]
            if len(columns) == len(form.columns) and all(stands_in(word, words_of(text, above)) for word in form.words):
                return Table(form, columns, paths, above, sheet.rows[end:])
    return None


class _Reading:
    """One table being read; ``rows_read`` is how many rows it has down to its last values once that is done."""

    def __init__(self, document: Document, catalogue: Catalogue, table: Table, home: str | None) -> None:
        self.document = document
        self.metrics = catalogue.metrics
        self.units = catalogue.units
        self.table = table
        self.form = table.form
        self.entries = Entries(document.published, home)
        metrics = self.form.rows.metrics if self.form.rows else {}
        self.labels = {bare(spoken(label)): metric for label, metric in metrics.items()}
        self.rows_read = 0
        self._heading = self._lead = ""

    def observations(self) -> Iterator[Observation]:
        values = [(value, self.table.columns[value.column]) for value in self.form.values]
        for index, row in enumerate(self.table.below):
            given = [(value, cell) for value, column in values if (cell := row.cells.get(column))]
            if not (index == 0 and numbers_columns([spoken(self._said(cell)) for cell in row.cells.values()])):
                if given and not any(_DIGIT.search(self._said(cell)) for _, cell in given) and not self._is_known(row):
                    return  # another header, or the signatures
                yield from self._read_row(row, given)
            if given:
                self.rows_read = index + 1

    def _read_row(self, row: Row, given: list[tuple[Value, Span]]) -> Iterator[Observation]:
        path = self._path(row, bool(given))
        for value, cell in given:
            if not is_blank(self._said(cell)):
                id = value.metric or self._metric_of(path)
                yield self._observation(row, value, cell, self.metrics[id] if id else None, path)

    def _observation(self, row: Row, value: Value, cell: Span, metric: Metric | None, path: str) -> Observation:
        """What a cell states; a part of it that can't be read is the reason why it is no fact."""
        head = self.table.paths[self.table.columns[value.column]]
        written = view(self._cell(row, self.form.unit))
        kind = self.units[metric.unit].kind if metric else None
        amount = amount_in(view(self._said(cell)), kind, value.times * multiplier(written))
        place, period = self._place(row, value), self._period(row, value, head)
        reasons = [each for each in (amount, place, period) if isinstance(each, str)]
        if kind and unit_kind(written) not in (None, "share" if kind == "share" else "other"):
            reasons.append(f"the row's unit {str(written)!r} is not that of the metric")
        read = None if isinstance(amount, str) else amount
        if metric and read and not reasons and not metric.allows(read.value, read.high):
            reasons.append(OUT_OF_BOUNDS)
        low, high = bounds(read.value, read.high, read.comparator) if read else (None, None)
        label = path.rpartition(PATH)[2] or head
        return Observation(
            doc_id=self.document.doc_id,
            metric_id=metric.id if metric else None,
            value=read.value if read else 0.0,
            value_low=low,
            value_high=high,
            unit=metric.unit if metric else None,
            comparator=read.comparator if read else Comparator.EQ,
            kind=value.kind,
            place=NOWHERE if isinstance(place, str) else place,
            period=Period(None, None, "day", Basis.PUBLICATION) if isinstance(period, str) else period,
            quote=self._said(row.line),
            quote_span=row.line,
            number=Span(cell.start + read.span.start, cell.start + read.span.end) if read else cell,
            confidence=CONFIDENCE if metric else 0.0,
            rule_id=f"form.{self.form.id}",
            status=Status.REJECTED if reasons else Status.FACT if metric else Status.CANDIDATE,
            reason="; ".join(reasons) or (None if metric else f"the form has no metric for the row {label!r}"),
            platform_id=metric.platform if metric else None,
            tier=self.entries.tier(path or head),
            denominator=read.denominator if read else None,
            phrase=None if metric else label,
        )

    def _place(self, row: Row, value: Value) -> Place | str:
        where = self.form.place
        level, within = (where.level, where.within) if where else (None, None)
        if value.place:
            return self.entries.place(value.place, None, within)
        if where is None:
            return NOWHERE
        named = self._words(row, where)
        return self.entries.place(named, level, within) if named else "no place is named"

    def _period(self, row: Row, value: Value, head: str) -> Period | str:
        stated = self._stated_period(row, self.form.period) if self.form.period else None
        if value.period == "head":
            year = stated.end.year if isinstance(stated, Period) and stated.end else None
            return self.entries.period(head, year)
        if stated is None:
            published = self.document.published
            return Period(published, published, "day", Basis.PUBLICATION)
        return stated if isinstance(stated, str) or value.period is None else whole_year(stated)

    def _stated_period(self, row: Row, where: Where) -> Period | str:
        named = self._words(row, where)
        return self.entries.period(named) if named else "no period is named"

    def _words(self, row: Row, where: Where) -> str:
        """The words at the place that a mapping names; empty where it has none."""
        if where.fixed:
            return where.fixed
        if where.column:
            return self._cell(row, where.column)
        above = (
            (f"{column}{each.number}", self._said(cell)) for each in self.table.above for column, cell in each.cells.items()
        )
        if where.cell:
            return next((said for label, said in above if label == where.cell), "")
        return next((said for _, said in above if fits(where.text or "", spoken(said))), "")

    def _path(self, row: Row, has_values: bool) -> str:
        """The label of a row with the heading above it and, of one that goes on with another ("- Cấp xã"), that one's."""
        label = spoken(self._cell(row, self.form.rows.column)) if self.form.rows else ""
        own = bare(label)
        if not has_values and own:
            self._heading, self._lead = own, ""
        lead = self._lead if continues(label) else ""
        if not continues(label):
            self._lead = own
        return PATH.join(part for part in (self._heading, lead, own) if part)

    def _metric_of(self, path: str) -> str | None:
        """The metric of a row: that of the longest label in the mapping that fits."""
        found = [label for label in self.labels if path_fits(label, path)]
        return self.labels[max(found, key=len)] if found else None

    def _is_known(self, row: Row) -> bool:
        """Whether a row without a number is one of the table's all the same: its metric or its place is named."""
        if self.form.rows:
            return self._metric_of(bare(spoken(self._cell(row, self.form.rows.column)))) is not None
        return not isinstance(self._place(row, self.form.values[0]), str)

    def _cell(self, row: Row, head: str | None) -> str:
        cell = row.cells.get(self.table.columns[head]) if head else None
        return self._said(cell) if cell else ""

    def _said(self, span: Span) -> str:
        return self.document.text[span.start : span.end]
