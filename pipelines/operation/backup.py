"""Backups: what a warehouse held at a moment, in a folder that all its backups share.

Belongs here: making one, listing them, removing old ones. Does not: taking a warehouse back out of one (restore.py).

    DEST/20261129T013000123456.json   a backup: each file of the warehouse by its path, with its SHA-256 and size
    DEST/files/ab/abcd…               their bytes, by SHA-256: what did not change since the last backup is not copied again

A backup is there once its JSON file is, which is written last and at once: a full disk or a kill leaves none that is half.
The database is copied while nobody writes to it, and the raw documents after it: there are never fewer than it names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.errors import UserError, WriterBusy
from pipelines.ingest.landing import sha256_of
from pipelines.paths import Layout
from pipelines.store.copying import copy_to_disk, sync
from pipelines.store.database import Database, writer_lock
from pipelines.store.versions import current_version

FILES = "files"
REFERENCE = "reference"
_FORM = "%Y%m%dT%H%M%S%f"


class BackupFailed(UserError):
    """No backup was made; those that are there are as they were."""


class BackupDamaged(UserError):
    """A backup can't be read, or lacks what it names."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: by its path in the warehouse, each file's SHA-256 and size; ``current`` is the version that
    analysts read.
    """

    made_at: str
    warehouse: str
    current: str | None
    files: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(size for _, size in self.files.values())


def backups(destination: Path) -> list[Path]:
    """The backups of a folder, the oldest first."""
    return sorted(destination.glob("[0-9]*.json"))


def read_backup(path: Path) -> Backup:
    """What a backup holds. Raises ``BackupDamaged``."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        files = {name: (str(sha256), int(size)) for name, (sha256, size) in said.pop("files").items()}
        return Backup(**said, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupDamaged(f"{path} can't be read ({error}); take an earlier backup (--backup)") from error


def stored(destination: Path, sha256: str) -> Path:
    """Where the bytes with this hash lie among the backups of a folder."""
    return destination / FILES / sha256[:2] / sha256


def make_backup(layout: Layout, reference: Path, destination: Path, keep: int, patience: float) -> Path:
    """Back a warehouse up, with the catalogue that it reads by, and keep the newest ``keep`` backups; returns the new one.

    A run that is going is waited for; runs wait while the database is copied. Every copy is read again before it counts.
    Raises ``BackupFailed``, ``WriterBusy``.
    """
    if not layout.database.exists():
        raise BackupFailed(f"there is nothing in {layout.folder} to back up; KPI_WAREHOUSE names the warehouse")
    if destination.resolve().is_relative_to(layout.folder):
        raise BackupFailed(f"{destination} lies in the warehouse itself; choose a folder on another disk")
    try:
        with _alone(destination):
            backup = _copied(layout, reference, destination, patience)
            path = destination / f"{datetime.fromisoformat(backup.made_at):{_FORM}}.json"
            part = path.with_name(f".{path.name}")
            part.write_text(json.dumps(asdict(backup), ensure_ascii=False, indent=1), encoding="utf-8")
            sync(part)
            os.replace(part, path)
            sync(destination)
            for old in backups(destination)[:-keep]:
                old.unlink()
    except OSError as error:
        what = f"{error.filename or destination}: {error.strerror or error}"
        raise BackupFailed(f"{what}; no backup was made, earlier ones are as they were") from error
    return path


@contextmanager
def _alone(destination: Path) -> Iterator[None]:
    """Be the only one that backs up to a folder; at the end it holds only what its backups name."""
    destination.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(destination / ".lock", timeout=0):
            try:
                yield
            finally:
                _remove_unnamed(destination)
    except Timeout as error:
        raise WriterBusy(f"another backup to {destination} is being made; wait for it to end") from error


def _remove_unnamed(destination: Path) -> None:
    """Remove what no backup names: of those that were removed, or never became whole. One that can't be read may name all."""
    try:
        named = {sha256 for path in backups(destination) for sha256, _ in read_backup(path).files.values()}
    except BackupDamaged:
        return
    for path in (*destination.glob(".*.json"), *destination.glob(f"{FILES}/??/*")):  # half copies too
        if path.name not in named:
            path.unlink()


def _copied(layout: Layout, reference: Path, destination: Path, patience: float) -> Backup:
    with writer_lock(layout, patience):
        Database(layout, patience=patience).settle()
        current = current_version(layout)
        backup = Backup(datetime.now(UTC).isoformat(), str(layout.folder), current.name if current else None)
        own = [layout.database, *_within(layout.landing), *_within(layout.rejected), *([current] if current else [])]
        for path in own:
            backup.files[str(path.relative_to(layout.folder))] = _copy(path, destination)
    for path in _within(layout.raw):
        backup.files[str(path.relative_to(layout.folder))] = _copy(path, destination, None if path.suffix else path.name)
    for path in _within(reference):
        backup.files[f"{REFERENCE}/{path.relative_to(reference)}"] = _copy(path, destination)
    return backup


def _within(folder: Path) -> list[Path]:
    """The files of a folder, links and half copies left out."""
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    )


def _copy(source: Path, destination: Path, sha256: str | None = None) -> tuple[str, int]:
    """Store the bytes of a file unless they are there; ``sha256`` is known of raw documents. Raises ``OSError``."""
    size = source.stat().st_size
    sha256 = sha256 or sha256_of(source)
    target = stored(destination, sha256)
    if target.exists() and target.stat().st_size == size:
        return sha256, size
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}")
    copy_to_disk(source, half)
    if sha256_of(half) != sha256:
        raise OSError(0, "its copy reads as something else: the file changed, or a disk fails", str(source))
    os.replace(half, target)
    return sha256, size
