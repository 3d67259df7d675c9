"""Programs of the system that some formats need: which are missing, and how to have them.

Belongs here: looking for them. Does not: running them (formats/).

A document that needs a missing one is refused for now: it waits, and is converted by the first run that finds the program.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pipelines.ingest.rejection import Reason, Rejection


@dataclass(frozen=True, slots=True)
class Tool:
    """A program by the name it is known by here, whether it is there, and what to install."""

    name: str
    is_there: Callable[[], bool]
    install: str


def _has_tesseract() -> bool:
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    return "vie" in listed.stdout.split()


TESSERACT = Tool("tesseract", _has_tesseract, "apt-get install tesseract-ocr tesseract-ocr-vie")
LIBREOFFICE = Tool("libreoffice", lambda: shutil.which("soffice") is not None, "apt-get install libreoffice-writer-nogui")
TOOLS = (TESSERACT, LIBREOFFICE)


def missing() -> tuple[str, ...]:
    """Names of the programs that are not there."""
    return tuple(tool.name for tool in TOOLS if not has(tool))


@cache
def has(tool: Tool) -> bool:
    """Whether a program is there; looked up once a process."""
    return tool.is_there()


def require(tool: Tool, why: str) -> None:
    """Raise ``Rejection`` (needs_tool) where a program is missing; ``why`` says what it is needed for."""
    if not has(tool):
        raise Rejection(Reason.NEEDS_TOOL, f"{why} needs {tool.name}: {tool.install}; the next kpi run reads it", tool.name)
