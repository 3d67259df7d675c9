"""The landing folder: where documents wait for the next run.

Belongs here: putting files into it (`kpi add`), listing what waits (the sensor), and moving its files
into the raw store, where bytes lie by SHA-256 and never change.
Does not: looking into the bytes (convert.py), the database (store/).

A file may also be dropped into the folder by hand. Beside a file that `kpi add` landed lies
``NAME.origin.json`` with what is known of its origin. An origin may also stand alone: one with an
``error`` tells of a file that could not be read, one with a ``document_id`` of bytes already known.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from pipelines.paths import Layout

_ORIGIN = ".origin.json"
_UNFINISHED = (".part", ".tmp", ".crdownload")
_CHUNK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a landed file came from; ``published`` is the ISO date its sender gave, ``container`` the SHA-256 of the archive
    or mail that it was in.
    """

    name: str
    url: str | None = None
    published: str | None = None
    source: str | None = None
    retrieved_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    error: str | None = None
    document_id: str | None = None
    container: str | None = None

    @property
    def stands_alone(self) -> bool:
        return bool(self.error or self.document_id)

    @property
    def says_something(self) -> bool:
        return bool(self.url or self.published or self.source)

    def corrected_by(self, other: Origin) -> Origin:
        """The same with what ``other`` says of it."""
        return replace(
            self, url=other.url or self.url, published=other.published or self.published, source=other.source or self.source
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """A landed item after it was taken: in the raw store under ``sha256``, or unreadable (``error``).

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


def printable(name: str) -> str:
    """A file's name as it can be stored and shown: control characters and broken bytes replaced."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name)


def raw_path(layout: Layout, sha256: str) -> Path:
    """Where the bytes with this hash lie in the raw store."""
    return layout.raw / sha256[:2] / sha256


class Landed(StrEnum):
    """What came of landing a file."""

    NEW = "landed"
    KNOWN = "known"
    CORRECTED = "corrected"


def land(layout: Layout, path: Path, origin: Origin) -> Landed:
    """Copy ``path`` into the landing folder with its origin. Of bytes already known only what the origin
    says is left there, for the next run to correct what it knew.

    Raises ``OSError`` where the file can't be read.
    """
    sha256 = sha256_of(path)
    target = layout.landing / sha256
    if raw_path(layout, sha256).exists() or target.exists():
        if not origin.says_something:
            return Landed.KNOWN
        _write_origin(target.with_name(f"{sha256}-{time.time_ns()}{_ORIGIN}"), replace(origin, document_id=sha256))
        return Landed.CORRECTED
    _write_origin(target.with_name(target.name + _ORIGIN), origin)
    part = target.with_name(target.name + ".part")
    shutil.copyfile(path, part)
    os.replace(part, target)
    return Landed.NEW


def land_error(layout: Layout, origin: Origin) -> None:
    """Leave word in the landing folder that a file could not be read, for the next run to record."""
    name = hashlib.sha256(f"{origin.name}\0{origin.error}".encode()).hexdigest()
    _write_origin(layout.landing / f"{name}{_ORIGIN}", origin)


def waiting(layout: Layout) -> list[Path]:
    """What waits in the landing folder: files, links and what not, and origins that stand alone; sorted."""
    if not layout.landing.exists():
        return []
    found = []
    for folder, folders, names in os.walk(layout.landing):
        folders[:] = [name for name in folders if not name.startswith(".")]
        linked = [name for name in folders if Path(folder, name).is_symlink()]  # not followed, and not passed over
        for name in (*names, *linked):
            path = Path(folder, name)
            if name.startswith(".") or name.endswith(_UNFINISHED):
                continue
            if not name.endswith(_ORIGIN) or ((origin := _read_origin(path)) and origin.stands_alone):
                found.append(path)
    return sorted(found)


def landed_urls(layout: Layout) -> set[str]:
    """The addresses of the pages that wait in the landing folder."""
    found = set()
    for path in layout.landing.glob(f"*{_ORIGIN}"):
        origin = _read_origin(path)
        if origin and origin.url and (origin.document_id or path.with_name(path.name.removesuffix(_ORIGIN)).exists()):
            found.add(origin.url)
    return found


def move_to_raw(layout: Layout, path: Path) -> Stored | None:
    """Copy one waiting item into the raw store; ``None`` while its file is still being written.

    The landed item stays until ``forget``, so that a run killed between the two loses nothing.
    """
    landed_ns = path.lstat().st_mtime_ns
    if path.name.endswith(_ORIGIN):
        origin = _read_origin(path) or Origin(path.name)
        if origin.document_id:
            _correct_origin(raw_path(layout, origin.document_id), origin)
        return Stored(origin, origin.document_id, 0, landed_ns, origin.error)
    origin = _read_origin(path.with_name(path.name + _ORIGIN)) or Origin(printable(str(path.relative_to(layout.landing))))
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
        _keep(part, raw_path(layout, digest.hexdigest()), origin)
        return Stored(origin, digest.hexdigest(), after.st_size, landed_ns)
    except OSError as error:
        part.unlink(missing_ok=True)
        return Stored(origin, None, 0, landed_ns, f"{error.strerror or error}; check it and add it again")


def store_raw(layout: Layout, content: bytes, origin: Origin, landed_ns: int) -> Stored:
    """Put bytes into the raw store with their origin; of bytes that are there only what the origin says is kept."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = raw_path(layout, sha256)
    if target.exists():
        if origin.says_something:
            _correct_origin(target, origin)
    elif origin.document_id is None:
        part = layout.raw / f".{os.getpid()}.part"
        with part.open("wb") as copy:
            copy.write(content)
            copy.flush()
            os.fsync(copy.fileno())
        _keep(part, target, origin)
    return Stored(origin, sha256, len(content), landed_ns)


def stored_in_raw(layout: Layout) -> Iterator[Stored]:
    """Everything in the raw store with its origin: what a new database is filled with."""
    for path in sorted(layout.raw.glob("??/*")):
        if _SHA256.fullmatch(path.name):  # beside it lie origins, and halves of them that a killed run left
            origin = _read_origin(path.with_name(path.name + _ORIGIN)) or Origin(path.name)
            status = path.stat()
            yield Stored(origin, path.name, status.st_size, status.st_mtime_ns)


def forget_raw(layout: Layout, sha256: str) -> bool:
    """Remove bytes from the raw store with their origin; whether there were any."""
    stored = raw_path(layout, sha256)
    there = stored.exists()
    for path in (stored, stored.with_name(stored.name + _ORIGIN)):
        path.unlink(missing_ok=True)
    return there


def forget(layout: Layout, path: Path, stored: Stored) -> None:
    """Take a recorded item out of the landing folder; one that could not be read goes to ``rejected/``."""
    if stored.error and not path.name.endswith(_ORIGIN):
        target = layout.rejected / path.name
        if os.path.lexists(target):  # an earlier one of the same name
            target = target.with_name(f"{target.name}.{stored.landed_ns}")
        os.replace(path, target)
    else:
        path.unlink(missing_ok=True)
    path.with_name(path.name + _ORIGIN).unlink(missing_ok=True)


def _keep(part: Path, target: Path, origin: Origin) -> None:
    """Bytes that are whole become those of the raw store, with their origin beside, so that it can stand alone."""
    target.parent.mkdir(exist_ok=True)
    if not target.exists():
        _write_origin(target.with_name(target.name + _ORIGIN), origin)
    os.replace(part, target)


def _check_regular(path: Path) -> None:
    """Reading a pipe or a device may never end. Raises ``OSError``."""
    if not path.is_file():
        linked_folder = path.is_symlink() and path.is_dir()
        what = "a link to a folder" if linked_folder else "not a regular file" if path.exists() else "a link to nothing"
        raise OSError(what)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _read_origin(path: Path) -> Origin | None:
    try:
        origin = Origin(**json.loads(path.read_text(encoding="utf-8")))
        datetime.fromisoformat(origin.retrieved_at)
        date.fromisoformat(origin.published or "2000-01-01")
    except (OSError, ValueError, TypeError):
        return None
    return origin


def _correct_origin(stored: Path, origin: Origin) -> None:
    """The origin beside stored bytes takes in what a later word says of it, once they are stored."""
    if stored.exists():
        beside = stored.with_name(stored.name + _ORIGIN)
        _write_origin(beside, (_read_origin(beside) or Origin(origin.name)).corrected_by(origin))


def _write_origin(path: Path, origin: Origin) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(asdict(origin), ensure_ascii=False), encoding="utf-8")
    os.replace(part, path)
