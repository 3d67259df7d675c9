"""What people corrected or rejected, as `warehouse/reference/corrections.yaml` states it.

Belongs here: the shape of an entry, its validation, errors that name file, entry and field, the rows of core.correction.
Does not: finding and changing the observation (sql/line/apply_corrections.sql), saying that one fits no longer (sql/checks/).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from pydantic import Field, ValidationError, model_validator

from pipelines.errors import UserError
from pipelines.model import Comparator, Kind, Level
from pipelines.reference.catalogue import Catalogue
from pipelines.reference.entry import Entry
from pipelines.reference.gazetteer import units

FILE = "corrections.yaml"
_EXPECTED = ("value", "comparator", "metric_id", "place_key", "unit_id", "kind", "period_start", "period_end")
_RIGHT = (*_EXPECTED, "value_high", "tier", "period_grain")
_TYPES = {"value": pl.Float64, "value_high": pl.Float64, "period_start": pl.Date, "period_end": pl.Date}
_SCHEMA = {
    "observation_id": pl.String,
    "action": pl.String,
    **{f"expected_{name}": _TYPES.get(name, pl.String) for name in _EXPECTED},
    **{f"right_{name}": _TYPES.get(name, pl.String) for name in _RIGHT},
    "reason": pl.String,
    "decided_by": pl.String,
    "decided_on": pl.Date,
}


class CorrectionError(UserError):
    """The corrections can't be used; the message names file, entry, field and what to do, a line for each problem."""


class _Fields(Entry):
    """The fields of an observation under the names of its columns; what is left out isn't spoken of."""

    comparator: Comparator | None = None
    metric_id: str | None = None
    place_key: str | None = None
    unit_id: str | None = None
    kind: Kind | None = None
    period_start: date | None = None
    period_end: date | None = None


class Expected(_Fields):
    """What the reading must give for the entry to be used: its value, and whatever else is stated."""

    value: float = Field(allow_inf_nan=False)


class Right(_Fields):
    """What holds instead. The bounds follow from value and comparator; a new metric brings its platform."""

    value: float | None = Field(default=None, allow_inf_nan=False)
    value_high: float | None = Field(default=None, allow_inf_nan=False)
    tier: Level | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Right:
        if not self.model_fields_set:
            raise ValueError("say what is right, or write reject: true instead")
        if (self.period_start is None) != (self.period_end is None):
            raise ValueError("a period needs period_start and period_end")
        if self.period_start and self.period_end and self.period_start > self.period_end:
            raise ValueError("period_start lies after period_end")
        if self.period_start and self.period_grain is None:
            raise ValueError("a period is a day, a week from Monday, or whole months, quarters or years")
        if self.comparator is Comparator.RANGE and (self.value is None or self.value_high is None):
            raise ValueError("a range needs value and value_high")
        if self.value_high is not None and (self.value is None or self.value_high < self.value):
            raise ValueError("value_high needs a value below it")
        return self

    @property
    def period_grain(self) -> str | None:
        """The grain of the period, named as the extractor names it; None where it has none or there is no period."""
        start, end = self.period_start, self.period_end
        if start is None or end is None:
            return None
        if start == end:
            return "day"
        if start.day != 1 or end.day != monthrange(end.year, end.month)[1]:
            return "week" if start.weekday() == 0 and (end - start).days == 6 else None
        months = 12 * (end.year - start.year) + end.month - start.month + 1
        if start.month == 1 and months % 12 == 0:
            return "year" if months == 12 else "years"
        if months == 3 and start.month % 3 == 1:
            return "quarter"
        return "month" if months == 1 else "months"


class Correction(Entry):
    """One entry. ``observation`` is the id under which the figure was read; it keeps it, whatever is set."""

    observation: str = Field(pattern=r"^[0-9a-f]{16}$", strict=True)
    expects: Expected
    right: Right | None = Field(default=None, alias="set")
    reject: bool = False
    reason: str = Field(min_length=1)
    decided_by: str = Field(min_length=1)
    decided_on: date

    @model_validator(mode="after")
    def _sets_or_rejects(self) -> Correction:
        if (self.right is None) == (not self.reject):
            raise ValueError("write either set or reject: true")
        return self


def load_corrections(folder: Path, catalogue: Catalogue) -> pl.DataFrame:
    """The entries of ``folder`` with the columns of core.correction but when and by which run they were recorded.

    ``action`` is set or reject. Raises ``CorrectionError`` with every problem found: an unreadable file, a missing or
    unknown field, an id that is none, a metric, place or unit that isn't known, an observation with two entries.
    """
    path = folder / FILE
    problems: list[str] = []
    found: dict[str, Correction] = {}
    for label, item in _entries(path):
        try:
            correction = Correction.model_validate(item)
        except ValidationError as error:
            problems += [f"{path}: entry {label}: {_field(e['loc'])}: {_message(e)}" for e in error.errors()]
            continue
        problems += [f"{path}: entry {label}: {problem}" for problem in _unknown(correction, catalogue)]
        if correction.observation in found:
            problems.append(f"{path}: entry {label}: stands twice; put what is right into one entry")
        found[correction.observation] = correction
    if problems:
        raise CorrectionError("\n".join(problems))
    return pl.DataFrame([_record(correction) for correction in found.values()], schema=_SCHEMA).sort("observation_id")


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    """Each entry with the name that messages give it."""
    try:
        content = yaml.safe_load(path.read_bytes()) or []
    except OSError as error:
        raise CorrectionError(
            f"{path}: can't be read ({error.strerror}); set KPI_REFERENCE to the folder that has it"
        ) from error
    except yaml.YAMLError as error:
        raise CorrectionError(f"{path}: not valid YAML: {error}") from error
    if not isinstance(content, list):
        raise CorrectionError(f"{path}: must be a list of entries, each beginning with '- observation: …'")
    for number, item in enumerate(content, start=1):
        yield str(item.get("observation", f"#{number}")) if isinstance(item, dict) else f"#{number}", item


def _unknown(correction: Correction, catalogue: Catalogue) -> Iterator[str]:
    """What an entry sets that neither the catalogue nor the administrative units know."""
    right = correction.right
    if right is None:
        return
    if right.metric_id and right.metric_id not in catalogue.metrics:
        yield f"set.metric_id: {right.metric_id!r} is not in metrics.yaml; write the id of a metric"
    if right.unit_id and right.unit_id not in catalogue.units:
        yield f"set.unit_id: {right.unit_id!r} is not in units.yaml; write the id of a unit"
    if right.place_key and right.place_key not in {unit.place_key for unit in units()}:
        yield f"set.place_key: {right.place_key!r} is no place; write VN, or a key of core.dim_place"


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "(entry)"


def _message(error: Any) -> str:
    if error["loc"] == ("observation",):
        return "must be the 16 characters of an observation_id, in quotes"
    return str(error["msg"])


def _record(correction: Correction) -> dict[str, Any]:
    return {
        "observation_id": correction.observation,
        "action": "reject" if correction.reject else "set",
        **{f"expected_{name}": getattr(correction.expects, name) for name in _EXPECTED},
        **{f"right_{name}": getattr(correction.right, name, None) for name in _RIGHT},
        "reason": correction.reason,
        "decided_by": correction.decided_by,
        "decided_on": correction.decided_on,
    }
