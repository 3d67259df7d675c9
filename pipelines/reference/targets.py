"""Official targets with their legal basis, as `warehouse/reference/targets.csv` states them.

Belongs here: the shape of a row, its validation, errors that name file, line and column, the rows of core.fact_target.
Does not: which figure a target applies to (sql/marts/), targets that documents state (they are observations).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import Field, ValidationError, field_validator

from pipelines.errors import UserError
from pipelines.model import Level
from pipelines.reference.catalogue import Catalogue
from pipelines.reference.entry import Entry
from pipelines.reference.gazetteer import NEW_LIST, Unit, units

FILE = "targets.csv"
_RANK = {Level.NATIONAL: 0, Level.PROVINCE: 1, Level.DISTRICT: 2, Level.COMMUNE: 3}
_SCHEMA = {
    "target_id": pl.String,
    "metric_id": pl.String,
    "scope_level": pl.String,
    "place_key": pl.String,
    "target_year": pl.Int32,
    "period_end": pl.Date,
    "comparator": pl.String,
    "value": pl.Float64,
    "unit_id": pl.String,
    "legal_basis": pl.String,
    "issued_on": pl.Date,
    "source_url": pl.String,
    "confirmed": pl.Boolean,
    "note": pl.String,
}


class TargetError(UserError):
    """The targets can't be used; the message names file, line, column and what to do, a line for each problem."""


class Target(Entry):
    """One row of the file.

    It holds for every place of ``scope_level`` that is ``place_key`` or lies in it: commune in VN is every commune,
    province in a province that province itself. ``value`` is in the metric's unit, shares in percent. ``issued_on``
    is empty where it isn't known. ``confirmed``: whether the page at ``source_url`` was seen to state the figure.
    """

    metric_id: str
    scope_level: Literal[Level.NATIONAL, Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
    place_key: str
    place: str
    target_year: int = Field(ge=2000, le=2100)
    comparator: Literal["eq", "gt", "ge", "lt", "le"]
    value: float = Field(allow_inf_nan=False)
    unit: str
    legal_basis: str = Field(min_length=1)
    issued_on: date | None
    source_url: str = Field(pattern=r"^https?://\S+$")
    confirmed: Literal["yes", "no"]
    note: str

    @field_validator("issued_on", mode="before")
    @classmethod
    def _empty_is_unknown(cls, value: object) -> object:
        return value or None

    @property
    def id(self) -> str:
        """Stays as it is when the figure is mended: metric, scope, year and legal basis make a target."""
        parts = (self.metric_id, self.scope_level, self.place_key, str(self.target_year), self.legal_basis)
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def load_targets(folder: Path, catalogue: Catalogue) -> pl.DataFrame:
    """The targets of ``folder`` with the columns of core.fact_target, in the order of their ids.

    Raises ``TargetError`` with every problem found: an unreadable file, other columns, a metric, place, unit or
    comparator that isn't known, a value that the metric can't have, the same target twice.
    """
    path = folder / FILE
    problems: list[str] = []
    found: dict[str, tuple[int, Target]] = {}
    places = {unit.place_key: unit for unit in units()}
    for line, row in _rows(path):
        try:
            target = Target.model_validate(row)
        except ValidationError as error:
            problems += [f"{path}: line {line}: {e['loc'][0]}: {row[str(e['loc'][0])]!r}: {e['msg']}" for e in error.errors()]
            continue
        problems += [f"{path}: line {line}: {problem}" for problem in _misfits(target, catalogue, places)]
        if target.id in found:
            problems.append(
                f"{path}: line {line}: the same metric, scope, year and legal basis as line {found[target.id][0]}; keep one"
            )
        found[target.id] = line, target
    if problems:
        raise TargetError("\n".join(problems))
    return pl.DataFrame([_record(target) for _, target in found.values()], schema=_SCHEMA).sort("target_id")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that isn't blank with the number of its line; the header is line 1."""
    expected = list(Target.model_fields)
    try:
        frame = pl.read_csv(path, infer_schema=False, encoding="utf8").fill_null("")
    except FileNotFoundError as error:
        raise TargetError(f"{path}: can't be read (no such file); set KPI_REFERENCE to the folder that has it") from error
    except pl.exceptions.PolarsError as error:
        raise TargetError(f"{path}: not a CSV file in UTF-8: {error}") from error
    if sorted(frame.columns) != sorted(expected):
        raise TargetError(f"{path}: line 1: has the columns {', '.join(frame.columns)}; write {','.join(expected)}")
    yield from ((line, row) for line, row in enumerate(frame.iter_rows(named=True), start=2) if any(row.values()))


def _misfits(target: Target, catalogue: Catalogue, places: dict[str, Unit]) -> Iterator[str]:
    """What in a row fits neither the catalogue nor the administrative units."""
    metric = catalogue.metrics.get(target.metric_id)
    if metric is None:
        yield f"metric_id: {target.metric_id!r} is not in metrics.yaml; add the metric, or take the row out"
    else:
        if target.unit != metric.unit:
            yield f"unit: {target.unit!r} is not the unit of {metric.id}; state the value in {metric.unit}"
        if not metric.allows(target.value) or (target.comparator == "gt" and target.value == metric.bounds[1]):
            yield f"value: {target.comparator} {target.value:g} lies outside {metric.bounds} of {metric.id}; check it"
    place = places.get(target.place_key)
    if place is None:
        yield f"place_key: {target.place_key!r} is no place; write VN, or a key of core.dim_place"
    elif target.place != place.name:
        yield f"place: {target.place_key} is {place.name}, not {target.place}; mend the one that is wrong"
    elif _RANK[target.scope_level] < _RANK[place.level]:
        yield f"scope_level: no {target.scope_level} lies in {place.full_name}; name a larger place or a lower level"
    elif target.scope_level is Level.DISTRICT and place.code_list == NEW_LIST:
        yield f"scope_level: {place.full_name} of 2025 has no districts; name the province of 2004"


def _record(target: Target) -> dict[str, object]:
    return {
        "target_id": target.id,
        "metric_id": target.metric_id,
        "scope_level": target.scope_level,
        "place_key": target.place_key,
        "target_year": target.target_year,
        "period_end": date(target.target_year, 12, 31),
        "comparator": target.comparator,
        "value": target.value,
        "unit_id": target.unit,
        "legal_basis": target.legal_basis,
        "issued_on": target.issued_on,
        "source_url": target.source_url,
        "confirmed": target.confirmed == "yes",
        "note": target.note or None,
    }
