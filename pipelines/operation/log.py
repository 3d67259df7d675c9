"""What runs say of themselves: a line of JSON an event, in a file a day under `logs/`.

Belongs here: the file and the form of its lines. Does not: what is said (assets/), how long it is kept (retention.py).

A file is named by the day on which whoever writes to it began, so that no file is ever renamed under a writer: several
processes append to one, a line at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from pipelines.paths import Layout

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

    Log: TypeAlias = FilteringBoundLogger

SUFFIX = ".jsonl"


@contextmanager
def open_log(layout: Layout, **stamp: str) -> Iterator[Log]:
    """A logger whose lines hold ``stamp``, `event`, `level`, `timestamp` (UTC) and what is said: ``log.info("read", n=3)``."""
    import structlog

    layout.logs.mkdir(parents=True, exist_ok=True)
    path = layout.logs / f"{datetime.now(UTC):%Y-%m-%d}{SUFFIX}"
    with path.open("a", encoding="utf-8") as file:
        yield structlog.wrap_logger(
            structlog.WriteLogger(file),
            wrapper_class=structlog.make_filtering_bound_logger("info"),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        ).bind(**stamp)
