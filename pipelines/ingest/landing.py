"""The landing folder: where documents wait for the next run.

Belongs here: putting files into it (`kpi add`), listing what waits (the sensor), and moving its files
into the raw store, where bytes lie by SHA-256 and never change.
Does not: looking into the bytes (convert.py), the database (store/).

A file may also be dropped into the folder by hand. Beside a file that `kpi add` landed lies
``NAME.origin.json`` with what is known of its origin; an origin with an ``error`` has no file and
tells of one that could not be read.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from pipelines.paths import Layout

_ORIGIN = ".origin.json"
_UNFINISHED = (".part", ".tmp", ".crdownload")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a landed file came from; ``published`` is the ISO date its sender gave."""

    name: str
    url: str | None = None
    published: str | None = None
    source: str | None = None
    retrieved_at: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A landed item after it was moved: in the raw store under ``sha256``, or unreadable (``error``).

    ``landed_ns`` is the item's own modification time, which tells one landing of a name from the next.
    """

    origin: Origin
    sha256: str | None
    size: int
    landed_ns: int
    error: str | None = None


def sha256_of(path: Path) -> str:
    """The SHA-256 of a regular file's bytes, in hexadecimal. Raises ``OSError``."""
    _check_regular(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def raw_path(layout: Layout, sha256: str) -> Path:
    """Where the bytes with this hash lie in the raw store."""
    return layout.raw / sha256[:2] / sha256


def land(layout: Layout, path: Path, origin: Origin) -> bool:
    """Copy ``path`` into the landing folder with its origin; False where the bytes are already known.

    Raises ``OSError`` where the file can't be read.
    """
    sha256 = sha256_of(path)
    target = layout.landing / sha256
    if raw_path(layout, sha256).exists() or target.exists():
        return False
    _write_origin(target.with_name(target.name + _ORIGIN), origin)
    part = target.with_name(target.name + ".part")
    shutil.copyfile(path, part)
    os.replace(part, target)
    return True


def land_error(layout: Layout, origin: Origin) -> None:
    """Leave word in the landing folder that a file could not be read, for the next run to record."""
    name = hashlib.sha256(f"{origin.name}\0{origin.error}".encode()).hexdigest()
    _write_origin(layout.landing / f"{name}{_ORIGIN}", origin)


def waiting(layout: Layout) -> list[Path]:
    """What waits in the landing folder: files, links and what not, and words of errors; sorted."""
    if not layout.landing.exists():
        return []
    found = []
    for folder, folders, names in os.walk(layout.landing):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(folder, name)
            if name.startswith(".") or name.endswith(_UNFINISHED):
                continue
            if not name.endswith(_ORIGIN) or _tells_of_an_error(path):
                found.append(path)
    return sorted(found)


def move_to_raw(layout: Layout, path: Path) -> Stored | None:
    """Copy one waiting item into the raw store; ``None`` while its file is still being written.

    The landed item stays until ``forget``, so that a run killed between the two loses nothing.
    """
    landed_ns = path.lstat().st_mtime_ns
    if path.name.endswith(_ORIGIN):
        origin = _read_origin(path) or Origin(path.name)
        return Stored(origin, None, 0, landed_ns, origin.error)
    origin = _read_origin(path.with_name(path.name + _ORIGIN)) or Origin(
        str(path.relative_to(layout.landing)), retrieved_at=datetime.now(UTC).isoformat()
    )
    part = layout.raw / f".{os.getpid()}.part"
    try:
        _check_regular(path)
        before = path.stat()
        digest = hashlib.sha256()
        with path.open("rb") as file, part.open("wb") as copy:
            for chunk in _chunks(file):
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            part.unlink()
            return None
        target = raw_path(layout, digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        if not target.exists():  # the origin lies beside the bytes, so that the raw store can stand alone
            _write_origin(target.with_name(target.name + _ORIGIN), origin)
        os.replace(part, target)
        return Stored(origin, digest.hexdigest(), after.st_size, landed_ns)
    except OSError as error:
        part.unlink(missing_ok=True)
        return Stored(origin, None, 0, landed_ns, error.strerror or str(error))


def stored_in_raw(layout: Layout) -> Iterator[Stored]:
    """Everything in the raw store with its origin: what a new database is filled with."""
    for path in sorted(layout.raw.glob("??/*")):
        if not path.name.endswith(_ORIGIN):
            origin = _read_origin(path.with_name(path.name + _ORIGIN)) or Origin(path.name)
            status = path.stat()
            yield Stored(origin, path.name, status.st_size, status.st_mtime_ns)


def forget(layout: Layout, path: Path, stored: Stored) -> None:
    """Take a recorded item out of the landing folder; one that could not be read goes to ``rejected/``."""
    if stored.error and not path.name.endswith(_ORIGIN):
        target = layout.rejected / path.name
        shutil.rmtree(target, ignore_errors=True)
        os.replace(path, target)
    else:
        path.unlink(missing_ok=True)
    path.with_name(path.name + _ORIGIN).unlink(missing_ok=True)


def _check_regular(path: Path) -> None:
    """Reading a pipe or a device may never end. Raises ``OSError``."""
    if not path.is_file():
        raise OSError("not a regular file" if path.exists() else "a link to nothing")


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _read_origin(path: Path) -> Origin | None:
    try:
        return Origin(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _tells_of_an_error(path: Path) -> bool:
    origin = _read_origin(path)
    return origin is not None and origin.error is not None


def _write_origin(path: Path, origin: Origin) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(asdict(origin), ensure_ascii=False), encoding="utf-8")
    os.replace(part, path)
