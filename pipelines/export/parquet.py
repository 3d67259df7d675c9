"""Parquet: the rows as the warehouse has them, lists as lists, with version and licence in the file's metadata."""

from __future__ import annotations

from pathlib import Path

from pipelines.export.selection import Export


def write(export: Export, path: Path) -> None:
    """One file, zstd; the column names are the warehouse's."""
    about = {"mart": export.mart, "version": export.version, "built_at": export.built_at.isoformat()}
    export.frame.write_parquet(path, compression="zstd", metadata=about | {"licence": export.licence.name})
