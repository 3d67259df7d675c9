"""A Frictionless Data Package: the rows, the documents and the code lists as CSV files, described by datapackage.json.

Belongs here: the descriptor: fields, types, keys, licence, sources. Does not: what may stand in a cell (cells.py).

Written to version 1 of the specification (Data Package and Table Schema, specs.frictionlessdata.io), which every
reader knows. Cells are codes, as in the warehouse; texts are guarded as in CSV for Excel, since people open
these files there too, and the descriptor says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.export.cells import MOMENT, flat, guarded
from pipelines.export.columns import Column
from pipelines.export.licence import QUOTES
from pipelines.export.selection import CODE_LISTS, Export

GUARD = (
    "A text that a spreadsheet could take for a formula has an apostrophe put before it; "
    "of a text that begins with an apostrophe, drop that one."
)
_PRIMARY = {
    "documents": "document_id",
    "metrics": "metric_id",
    "places": "place_key",
    "platforms": "platform_id",
    "sources": "source_id",
    "units": "unit_id",
}
_KEYS = {key: table for table, key in _PRIMARY.items()} | {"parent_key": "places", "province_key": "places"}


def write(export: Export, path: Path) -> None:
    """``datapackage.json`` and its CSV files, into the folder ``path``."""
    rows = "observations" if export.is_observations else export.mart
    tables = {rows: (export.frame, export.columns), "documents": (export.documents, export.document_columns)}
    for name in CODE_LISTS:
        frame = export.code_lists[name]
        tables[f"{name}s"] = (frame, tuple(Column(column, column) for column in frame.columns))
    if export.is_observations and export.frame["observation_id"].is_unique().all():
        primary = _PRIMARY | {rows: "observation_id"}
    else:
        primary = _PRIMARY
    resources = [_resource(path, name, frame, columns, primary) for name, (frame, columns) in tables.items()]
    descriptor = {
        "profile": "tabular-data-package",
        "name": f"kpi-{export.mart.replace('_', '-')}",
        "title": f"Chỉ tiêu chuyển đổi số: mart.{export.mart}",
        "description": f"Figures read from Vietnamese articles and reports. {GUARD} {QUOTES}",
        "version": export.version,
        "created": export.built_at.isoformat(),
        "licenses": [export.licence._asdict()],
        "sources": [{"title": source} for source in export.documents["source"].unique().sort()],
        "resources": resources,
    }
    (path / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False, indent=2), encoding="utf-8")


def _resource(
    folder: Path, name: str, frame: pl.DataFrame, columns: Iterable[Column], primary: dict[str, str]
) -> dict[str, Any]:
    file = folder / f"{name}.csv"
    guarded(flat(frame)).write_csv(file, line_terminator="\r\n", datetime_format=MOMENT)
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    schema: dict[str, Any] = {"fields": [_field(column, frame[column.name], primary.get(name)) for column in columns]}
    if name in primary:
        schema["primaryKey"] = primary[name]
    if keys := [_foreign(column, name) for column in frame.columns if column in _KEYS and column != primary.get(name)]:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": name.replace("_", "-"),
        "path": file.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{digest}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        "schema": schema,
    }


def _foreign(column: str, name: str) -> dict[str, Any]:
    """A foreign key; by the specification, a reference to the resource itself is the empty name."""
    table = _KEYS[column]
    return {"fields": column, "reference": {"resource": "" if table == name else table, "fields": _PRIMARY[table]}}


def _field(column: Column, values: pl.Series, primary: str | None) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "title": column.header, "type": _type(values.dtype)}
    if column.description:
        field["description"] = column.description
    constraints: dict[str, Any] = {}
    if column.name == primary:
        constraints |= {"required": True, "unique": True}
    if column.codes:
        constraints["enum"] = list(column.codes)
    return field | ({"constraints": constraints} if constraints else {})


def _type(dtype: pl.DataType) -> str:
    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    if dtype == pl.Date:
        return "date"
    return "datetime" if isinstance(dtype, pl.Datetime) else "string"
