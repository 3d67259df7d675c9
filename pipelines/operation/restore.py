"""Taking a warehouse back out of a backup.

Belongs here: checking that a backup is whole, and writing what it holds into a new folder. Does not: making one (backup.py).
"""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.errors import UserError
from pipelines.ingest.landing import sha256_of
from pipelines.operation.backup import Backup, BackupDamaged, backups, read_backup, stored
from pipelines.paths import Layout
from pipelines.store.copying import copy_to_disk
from pipelines.store.versions import point_to

_SHOWN = 3


class CanNotRestore(UserError):
    """There is no such backup, or no room for it."""


def find_backup(source: Path, name: str | None) -> Path:
    """The newest backup of a folder, or the one of a name (its file's, with or without .json). Raises ``CanNotRestore``."""
    known = backups(source)
    if not known:
        raise CanNotRestore(f"there is no backup in {source}; kpi backup {source} makes one")
    if name is None:
        return known[-1]
    found = [path for path in known if path.stem == name.removesuffix(".json")]
    if not found:
        raise CanNotRestore(f"there is no backup {name} in {source}; there are {', '.join(path.stem for path in known)}")
    return found[0]


def check_backup(source: Path, path: Path) -> Backup:
    """What a backup holds, once all of it has been read and is what it was. Raises ``BackupDamaged``."""
    backup = read_backup(path)
    wrong = [name for name, (sha256, _) in backup.files.items() if _reads_as(stored(source, sha256)) != sha256]
    if wrong:
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise BackupDamaged(
            f"{path} is damaged: of {', '.join(wrong[:_SHOWN])}{more} the bytes are missing or others than were backed up; "
            "nothing was restored. Take an earlier backup (--backup)"
        )
    return backup


def restore_backup(source: Path, path: Path, layout: Layout) -> Backup:
    """Write what a backup holds into a folder without a warehouse; analysts' pointer and the database come last.

    Raises ``CanNotRestore``, ``BackupDamaged``.
    """
    if layout.database.exists() or any(layout.published.glob("*")) or any(layout.raw.glob("*")):
        raise CanNotRestore(
            f"there is a warehouse in {layout.folder} already; restore to another folder (--to), or move it away"
        )
    backup = check_backup(source, path)
    try:
        layout.create()
        for name in sorted(backup.files, key=lambda name: (layout.folder / name == layout.database, name)):
            target = layout.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            half = target.with_name(f".{target.name}.part")
            copy_to_disk(stored(source, backup.files[name][0]), half)
            os.replace(half, target)
        if backup.current:
            point_to(layout, layout.published / backup.current)
    except OSError as error:
        raise CanNotRestore(
            f"{error.filename or layout.folder}: {error.strerror or error}; remove {layout.folder} and try again"
        ) from error
    return backup


def _reads_as(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except OSError:
        return None
