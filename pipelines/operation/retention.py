"""What is tidied away, and after how long.

Belongs here: logs, and files from which nothing was ever read. Does not: versions (store/versions.py removes them as it
publishes), backups (backup.py), Dagster's runs (assets/upkeep.py).

A document that was ever read keeps its bytes for good: every fact leads back to them, and the warehouse is rebuilt from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.ingest.landing import forget_raw
from pipelines.operation.log import SUFFIX
from pipelines.paths import Layout
from pipelines.store.database import Database


def tidy_logs(layout: Layout, now: datetime, days: int) -> int:
    """Remove logs nothing was written to for ``days``; returns how many."""
    return _remove(layout.logs.glob(f"*{SUFFIX}"), now - timedelta(days=days))


def tidy_unread(layout: Layout, database: Database, now: datetime, days: int) -> int:
    """Remove files from which nothing was ever read, ``days`` after they were refused; returns how many.

    Why each was refused stays recorded.
    """
    before = now - timedelta(days=days)
    unread = database.rows("line/unread_since", before=before)
    return _remove(layout.rejected.iterdir(), before) + sum(forget_raw(layout, row["document_id"]) for row in unread)


def _remove(paths: Iterable[Path], before: datetime) -> int:
    """Remove those files that came to lie where they lie, or were last written to, before a moment."""
    old = [path for path in paths if path.lstat().st_ctime < before.timestamp() and not path.is_dir()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
