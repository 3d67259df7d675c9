"""Report forms (biểu mẫu báo cáo): how one is recognised and what its cells state, as `warehouse/reference/forms.yaml` says.

Belongs here: the shape of a mapping, and what of it does not fit the catalogue.
Does not: reading the file (catalogue.py), reading a document by it (extract/forms.py), proposing one (extract/proposal.py).

A text that is looked for (a sheet's name, a head, a label, words) is compared without regard to case, and "*" stands for
anything. The head of a column below merged ones is its path, "Kết quả > Tỷ lệ (%)"; its last parts are enough where no
other column has them. So is a row's label below a heading: "Hồ sơ công việc > Cấp xã".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from pipelines.model import Kind
from pipelines.reference.entry import Entry

if TYPE_CHECKING:
    from pipelines.reference.catalogue import Metric

_MOST_HEADER_ROWS = 6


class Where(Entry):
    """Where the words stand that name a place or a period: in the row's cell below the head ``column``, in the ``cell``
    ("A3"), in the cell above the table that reads like ``text`` ("Kỳ báo cáo*"), or here (``fixed``: "quý II/2024").
    """

    column: str | None = Field(default=None, min_length=1)
    cell: str | None = Field(default=None, pattern=r"^[A-Z]{1,3}[1-9][0-9]*$")
    text: str | None = Field(default=None, min_length=1)
    fixed: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _is_one(self) -> Where:
        if sum(place is not None for place in (self.column, self.cell, self.text, self.fixed)) != 1:
            raise ValueError("give one of column, cell, text and fixed")
        return self


class PlaceWhere(Where):
    """Where the place is named. ``level`` is the word for it where cells leave it out ("xã"); ``within`` the place that
    contains them ("tỉnh Cà Mau"), of which rows of totals ("Toàn tỉnh", "Tổng cộng") are.
    """

    level: str | None = Field(default=None, min_length=1)
    within: str | None = Field(default=None, min_length=1)


class Rows(Entry):
    """The metric of each row by its label, which stands below the head ``column``."""

    column: str = Field(min_length=1)
    metrics: dict[str, str] = Field(min_length=1)


class Value(Entry):
    """A column of values below the head ``column``. Without a ``metric`` each row has its own.

    ``unit`` only says again what the metric is counted in; ``times`` turns what is written into it (1000 below "nghìn hồ
    sơ", 100 where a share is written 0,85). ``period``: the one that the ``head`` names, or the whole ``year`` in which the
    form's own ends, as plans have it; ``place``: the place by its words where a column has its own.
    """

    column: str = Field(min_length=1)
    metric: str | None = None
    kind: Kind = Kind.ACTUAL
    unit: str | None = None
    times: float = Field(default=1, gt=0)
    period: Literal["head", "year"] | None = None
    place: str | None = Field(default=None, min_length=1)


class Form(Entry):
    """A form: the ``sheet`` it may be on, ``words`` that all stand above its values, how many rows head the table, and where
    the rest stands. ``unit`` is the head of the column with each row's unit. A form without a ``place`` is of none, one
    without a ``period`` of the day it was published.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    sheet: str | None = Field(default=None, min_length=1)
    words: tuple[str, ...] = Field(min_length=1)
    header_rows: int = Field(default=1, ge=1, le=_MOST_HEADER_ROWS)
    place: PlaceWhere | None = None
    period: Where | None = None
    rows: Rows | None = None
    unit: str | None = Field(default=None, min_length=1)
    values: tuple[Value, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _says_what_is_measured(self) -> Form:
        for value in self.values:
            if value.metric is None and self.rows is None:
                raise ValueError(f"values: column {value.column!r} has no metric; give it one, or rows with one each")
            if value.metric is not None and self.rows is not None:
                raise ValueError(f"values: column {value.column!r} has a metric, and so have the rows; take one of them out")
            if value.period == "year" and self.period is None:
                raise ValueError(
                    f"values: column {value.column!r}: period: the form has none to take the year from; give it one"
                )
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of all columns that the form speaks of, each once."""
        spoken = [self.rows and self.rows.column, self.place and self.place.column, self.period and self.period.column]
        return tuple(dict.fromkeys(head for head in (*spoken, self.unit, *(v.column for v in self.values)) if head))


def misfits(form: Form, metrics: Mapping[str, Metric]) -> Iterator[str]:
    """What of a form the catalogue does not have: key, what is wrong, what to do."""
    for label, metric in (form.rows.metrics if form.rows else {}).items():
        if metric not in metrics:
            yield f"rows.metrics.{label}: no metric {metric!r}; take an id of metrics.yaml"
    for value in form.values:
        if value.metric is None:
            continue
        if value.metric not in metrics:
            yield f"values.{value.column}.metric: no metric {value.metric!r}; take an id of metrics.yaml"
        elif value.unit not in (None, metrics[value.metric].unit):
            unit = metrics[value.metric].unit
            yield f"values.{value.column}.unit: {value.metric} is in {unit!r}, not {value.unit!r}; leave it out, or use times"
