"""Published versions: immutable DuckDB files, and a pointer that is switched atomically.

Belongs here: making a version, pointing to it, opening it, finding the ones that are kept.
Does not: building the marts (marts.py), checking them (checks.py), comparing two versions (diff.py).

A version is a new file under a new name, so a reader of an old one is never disturbed; the pointer is
a small text file replaced by ``rename``. Analysts open versions, never the pipeline's database.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.errors import UserError
from pipelines.paths import Layout
from pipelines.store.copying import copy_to_disk, sync

if TYPE_CHECKING:
    from pipelines.store.database import Database

POINTER = "CURRENT"
_VERSION = re.compile(r"kpi-\d{6,}\.duckdb")


class NothingPublished(UserError):
    """There is no version to read yet."""


class VersionDamaged(UserError):
    """The version that the pointer names can't be read."""


class NoSuchVersion(UserError):
    """No version of that name is kept."""


class NotPassed(UserError):
    """What the pipeline's database holds has not passed its checks."""


def current_version(layout: Layout) -> Path | None:
    """The file that analysts read now; None before the first publication or where the pointer names none."""
    try:
        name = (layout.published / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    path = layout.published / name
    return path if _VERSION.fullmatch(name) and path.is_file() else None


def open_current(layout: Layout) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the current version. Raises ``NothingPublished``, ``VersionDamaged``."""
    while path := current_version(layout):
        try:
            return open_version(path)
        except VersionDamaged:
            if current_version(layout) == path:
                raise  # else it was replaced and removed between reading the pointer and opening
    raise NothingPublished(f"nothing is published in {layout.folder} yet; add documents (kpi add) and run (kpi run)")


def open_version(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a version's file. Raises ``VersionDamaged``."""
    try:
        connection = duckdb.connect(str(path), read_only=True)
        connection.execute("set timezone = 'UTC'; from ops.version")
    except duckdb.Error as error:
        raise VersionDamaged(f"{path} can't be read; kpi run builds a new version ({error})") from error
    return connection


def published_sequence(layout: Layout) -> int:
    """The last run of which there is a version, be it rolled back; 0 where the current one can't be read."""
    try:
        with open_current(layout) as current, open_version(versions(layout)[-1]) as newest:
            held = [connection.execute("select max(sequence) from ops.version").fetchone() for connection in (current, newest)]
    except (NothingPublished, VersionDamaged):
        return 0
    return max(row[0] or 0 for row in held if row)


def publish(database: Database, layout: Layout, run_id: str, keep: int) -> Path:
    """Make a version of what the pipeline's database holds, and point to it; all but ``keep`` versions are removed.

    The version is a copy of the file, so that its cost is that of copying, whatever it holds. Closes ``database``.
    Raises ``NotPassed`` where the marts are not those of the last run or failed their checks.
    """
    build = database.publishable_build()
    if build is None:
        raise NotPassed("the marts of the last run are not built or failed their checks; run the line from `marts`")
    number = 1 + max((_number(path) for path in versions(layout)), default=0)
    version = layout.published / f"kpi-{number:06d}.duckdb"
    with database.transaction():
        [facts] = database.rows("line/facts_hash")
        database.run("line/note_version", **facts, version=version.stem, run_id=run_id, now=build["built_at"])
        database.connection.execute("delete from ops.version where version <> ?", [version.stem])
    database.settle()
    for left in layout.published.glob(".kpi-*"):
        left.unlink()
    part = version.with_name(f".{version.name}")
    try:
        copy_to_disk(layout.database, part)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    os.replace(part, version)
    point_to(layout, version)
    for old in versions(layout)[:-keep]:
        if old != version:
            old.unlink(missing_ok=True)
    return version


def restore(layout: Layout) -> Path | None:
    """Make a lost database of the pipeline anew from the newest version, which holds all that it held then.

    Returns the version; None where the database is there, or no version can be read. Call it as the one writer.
    """
    if layout.database.exists():
        return None
    version = next((path for path in reversed(versions(layout)) if _has_this_schema(path)), None)
    if version is None:
        return None
    layout.database.with_name(f"{layout.database.name}.wal").unlink(missing_ok=True)  # of the one that was lost
    part = layout.database.with_name(f".{layout.database.name}")
    copy_to_disk(version, part)
    with duckdb.connect(str(part)) as connection:
        connection.execute("delete from ops.version")  # the raw store may hold more than it: Database.is_new
    sync(part)
    os.replace(part, layout.database)
    return version


def point_to(layout: Layout, version: Path) -> None:
    """Switch the pointer to a version, at once and for good."""
    pointer = layout.published / POINTER
    part = pointer.with_name(f".{POINTER}.part")
    part.write_text(version.name, encoding="utf-8")
    sync(part)
    os.replace(part, pointer)
    sync(layout.published)


def version_path(layout: Layout, name: str) -> Path:
    """The file of a version by its name, `kpi-000007` or just 7. Raises ``NoSuchVersion``."""
    stem = f"kpi-{int(name):06d}" if name.isdecimal() else name.removesuffix(".duckdb")
    path = layout.published / f"{stem}.duckdb"
    if path not in versions(layout):
        kept = ", ".join(path.stem for path in versions(layout)) or "none"
        raise NoSuchVersion(f"there is no version {name}; kept are {kept} (KPI_KEEP_VERSIONS says how many)")
    return path


def versions(layout: Layout) -> list[Path]:
    """The files of all versions kept, the oldest first."""
    return sorted(path for path in layout.published.glob("kpi-*.duckdb") if _VERSION.fullmatch(path.name))


def readable_version(layout: Layout) -> Path | None:
    """The current version's file; None where there is none that can be read, or only one of an older schema."""
    path = current_version(layout)
    return path if path and _has_this_schema(path) else None


def _has_this_schema(path: Path) -> bool:
    """Whether a version can be read and has the tables that this program compares with and restores from."""
    try:
        with open_version(path) as connection:
            connection.execute("from core.supersession limit 0")
    except (VersionDamaged, duckdb.CatalogException):
        return False
    return True


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])
