"""SQL files by name: ``statement("line/append_facts")`` is `sql/line/append_facts.sql`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines.paths import SQL


@cache
def statement(name: str) -> str:
    """The text of one file of `sql/`. Raises ``FileNotFoundError``."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def statements(folder: str) -> list[tuple[str, str]]:
    """(name, text) of every file of a folder of `sql/`, in the order of their names."""
    return [(path.stem, path.read_text(encoding="utf-8")) for path in files(folder)]


def files(folder: str) -> list[Path]:
    """The SQL files of a folder of `sql/`, in the order of their names."""
    return sorted((SQL / folder).glob("*.sql"))
