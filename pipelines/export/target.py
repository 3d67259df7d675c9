"""Where an export goes: written beside its target, and moved there once it is whole.

Belongs here: refusing, replacing, cleaning up. Does not: what is written.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.errors import UserError

_WRITTEN = frozenset({".csv", ".json"})  # what the folders of an export hold


class TargetExists(UserError):
    """Something lies where the export should go."""


def check_target(path: Path, folder: bool, force: bool) -> None:
    """Raises ``TargetExists`` where ``path`` may not be written, and ``UserError`` where it can't be.

    An existing file is replaced only with ``force``, and a folder only if all that it holds are files such as an
    export writes: ``--to ~ --force`` empties nobody's home.
    """
    if not path.parent.is_dir():
        raise UserError(f"{path.parent}: no such folder; make it, or give another --to")
    if not path.exists():
        return
    if path.is_dir() != folder:
        raise TargetExists(f"{path} is a {'file' if folder else 'folder'}; give another --to")
    if not force:
        raise TargetExists(f"{path} exists; give another --to, or --force to replace it")
    if folder and (other := [entry.name for entry in path.iterdir() if entry.suffix not in _WRITTEN or entry.is_dir()]):
        raise TargetExists(f"{path} holds what no export wrote ({sorted(other)[0]}); give another --to")


@contextmanager
def replacing(path: Path, folder: bool, force: bool) -> Iterator[Path]:
    """A path beside ``path`` to write to; it takes the place of ``path`` when the block ends without an error.

    A file is replaced atomically. A folder can't be: for a moment there is none. Raises what ``check_target`` does.
    """
    check_target(path, folder, force)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.mkdir() if folder else part.touch()  # a place that can't be written is known before any work
        yield part
        if folder and path.exists():
            old = path.with_name(f".{path.name}.{os.getpid()}.old")
            os.replace(path, old)
            os.replace(part, path)
            shutil.rmtree(old)
        else:
            os.replace(part, path)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror or error}; give another --to") from error
    finally:
        if folder:
            shutil.rmtree(part, ignore_errors=True)
        else:
            with suppress(OSError):  # moved already, or never made
                part.unlink()
