"""Copying a file of gigabytes so that it is on the disk.

Belongs here: the copy. Does not: what is copied, and what becomes of it (versions.py).
"""

from __future__ import annotations

import mmap
import os
import shutil
from pathlib import Path

_PIECE = 16 << 20  # bytes at once; mapped memory is aligned as writing past the page cache demands
_BLOCK = 4096


def copy_to_disk(source: Path, target: Path) -> None:
    """Copy ``source`` to ``target`` and have it on the disk before going on. Raises ``OSError``.

    It is written past the page cache where the system can: that costs half of going through it and then flushing it, and
    leaves there what the next queries need. Elsewhere it is copied and flushed.
    """
    size = source.stat().st_size
    flag = getattr(os, "O_DIRECT", 0)
    if not flag or size % _BLOCK or not _write_past_cache(source, target, flag):
        shutil.copyfile(source, target)
    sync(target)


def sync(path: Path) -> None:
    """Have the file or folder on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_past_cache(source: Path, target: Path, flag: int) -> bool:
    """Whether the file system takes such writes; if not, nothing is written. ``source`` is whole blocks."""
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | flag, 0o666)
    except OSError:
        return False
    try:
        with source.open("rb", buffering=0) as file, mmap.mmap(-1, _PIECE) as piece, memoryview(piece) as view:
            while read := file.readinto(view):
                written = 0
                while written < read:
                    written += os.write(handle, view[written:read])
    finally:
        os.close(handle)
    return True
