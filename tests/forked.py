"""Processes of their own without the wait for slow imports: forked from a server that has them (warm.py)."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["tests.warm"])

_SECONDS = 200


def run_command(
    command: list[str], folder: Path, environment: dict[str, str], given: bytes
) -> subprocess.CompletedProcess[bytes]:
    """The `kpi` command in a process of its own, in ``folder``. Raises ``TimeoutError``."""
    with TemporaryDirectory() as said:
        files = [Path(said) / name for name in ("in", "out", "err")]
        files[0].write_bytes(given)
        process = FORK.Process(target=_command, args=(command, folder, environment, files))
        process.start()
        process.join(timeout=_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(f"{command} takes longer than {_SECONDS} s")
        return subprocess.CompletedProcess(command, process.exitcode, files[1].read_bytes(), files[2].read_bytes())


def _command(command: list[str], folder: Path, environment: dict[str, str], files: list[Path]) -> None:
    for number, (path, flags) in enumerate(zip(files, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)):
        os.dup2(os.open(path, flags), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = command

    from pipelines.cli import main

    main()
