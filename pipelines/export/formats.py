"""The formats that `kpi export` knows, and the one way to write them.

Belongs here: the list of formats, and which module writes each. Does not: any format itself. The writers
are imported when asked for: a CSV needs neither pysdmx nor xlsxwriter.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.export.target import replacing

if TYPE_CHECKING:
    from pipelines.export.selection import Export


class Format(StrEnum):
    """What ``kpi export --format`` takes; the last two are folders of files."""

    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"
    DATAPACKAGE = "datapackage"
    SDMX = "sdmx"


_MODULES = {
    Format.XLSX: "xlsx",
    Format.CSV: "delimited",
    Format.PARQUET: "parquet",
    Format.DATAPACKAGE: "data_package",
    Format.SDMX: "sdmx",
}
FOLDERS = frozenset({Format.DATAPACKAGE, Format.SDMX})


def write(format: Format, export: Export, path: Path, force: bool = False) -> None:
    """Write ``export`` to ``path``: all of it or nothing.

    Raises ``TargetExists`` where something lies there and ``force`` doesn't allow to replace it, and what the
    writer raises where the rows don't fit its format.
    """
    writer = import_module(f"pipelines.export.{_MODULES[format]}")
    with replacing(path, folder=format in FOLDERS, force=force) as part:
        writer.write(export, part)
