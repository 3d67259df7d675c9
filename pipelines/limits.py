"""What a query and a conversion may take. A query's limits are found without the import of settings.py where nothing is set:
that takes as long as the query.

Belongs here: the defaults, and when they hold.
Does not: any other setting (settings.py), keeping to them (store/guard.py, ingest/sandbox.py).
"""

from __future__ import annotations

import os
from typing import NamedTuple

from pipelines.paths import ROOT


class QueryLimits(NamedTuple):
    """Seconds and megabytes."""

    timeout_seconds: float = 60
    memory_mb: float = 1000


class ConversionLimits(NamedTuple):
    """What converting one document may take."""

    bytes: int = 20_000_000
    seconds: float = 120
    memory_mb: float = 2000

    @property
    def time(self) -> str:
        """What a document lacks that took too long."""
        return f"more than {self.seconds:g} s"

    @property
    def memory(self) -> str:
        """What a document lacks that took too much memory."""
        return f"more than {self.memory_mb:g} MB"


def query_limits() -> QueryLimits:
    """The limits as they are set now. Raises ``SettingsError``."""
    if any(name.upper().startswith("KPI_QUERY_") for name in os.environ) or (ROOT / ".env").exists():
        from pipelines.settings import read_settings

        settings = read_settings()
        return QueryLimits(settings.query_timeout_seconds, settings.query_memory_mb)
    return QueryLimits()
