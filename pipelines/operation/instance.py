"""The Dagster instance of a warehouse: its folder and its `dagster.yaml`.

Belongs here: writing the file, and telling ours from one that an operator edited. Does not: running anything on it.

The file says in its first line which text it was written with, so that a later program brings it up to date where nobody
touched it, and leaves alone what somebody did.
"""

from __future__ import annotations

import hashlib
import os
import re

from pipelines.paths import Layout
from pipelines.settings import Settings, SettingsError, read_settings

WRITER = "warehouse_writer"  # the pool of everything that holds the warehouse
POSTGRES_URL = "KPI_DAGSTER_POSTGRES_URL"
_HEAD = "# Written by kpi ({mark}), which keeps it up to date until you edit it; then it is yours.\n"
_MARK = re.compile(r"# Written by kpi \((\w+)\)")
_BEFORE_MARKS = "9d615813dcd1"  # of the one text that was written without a mark
_BASE = """\
telemetry:
  enabled: false
# Assets say what happened in events and in logs/; capturing their output too would start four processes a run.
compute_logs:
  module: dagster.core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
# One run at a time writes to the warehouse: all that do are in one pool, which lets one of them start; the others queue.
concurrency:
  pools:
    granularity: run
    default_limit: 1
# A run that does not start, or does not end when it is told to, gives its place to the next.
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  cancel_timeout_seconds: 300
  poll_interval_seconds: 60
# Ticks of the sensor that found nothing would be most of what is kept.
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: {skipped: 1, failure: 90, success: 90}
"""
_POSTGRES = f"""\
storage:
  postgres:
    postgres_url: {{env: {POSTGRES_URL}}}
"""


def configuration(settings: Settings) -> str:
    """The `dagster.yaml` that these settings ask for. It holds no password: that stays in the environment."""
    body = _BASE + (_POSTGRES if settings.dagster_postgres_url else "")
    return _HEAD.format(mark=_hash(body)) + body


def is_edited(text: str) -> bool:
    """Whether somebody changed the text of a `dagster.yaml` since it was written."""
    if _hash(text) == _BEFORE_MARKS:
        return False
    head, _, body = text.partition("\n")
    mark = _MARK.match(head)
    return mark is None or mark[1] != _hash(body)


def edited(layout: Layout) -> bool:
    """Whether the `dagster.yaml` of a warehouse is somebody's own."""
    path = layout.dagster_home / "dagster.yaml"
    return path.exists() and is_edited(path.read_text(encoding="utf-8"))


def prepare_instance(layout: Layout) -> None:
    """Point Dagster at the warehouse and its own instance; its `dagster.yaml` is brought up to date unless it is edited.

    Raises ``SettingsError``.
    """
    settings = read_settings()
    os.environ["KPI_WAREHOUSE"] = str(layout.folder)
    os.environ["DAGSTER_HOME"] = str(layout.dagster_home)
    if settings.dagster_postgres_url:  # it may stand in .env, which Dagster does not read
        os.environ[POSTGRES_URL] = with_driver(settings.dagster_postgres_url.get_secret_value())
    path, text = layout.dagster_home / "dagster.yaml", configuration(settings)
    if not path.exists() or (not edited(layout) and path.read_text(encoding="utf-8") != text):
        part = path.with_name(f".{path.name}.{os.getpid()}")
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)


def with_driver(url: str) -> str:
    """A PostgreSQL address with the driver that Dagster installs, for SQLAlchemy takes another. Raises ``SettingsError``."""
    scheme, _, rest = url.partition("://")
    if not rest or scheme not in ("postgres", "postgresql", "postgresql+psycopg2"):
        raise SettingsError(f"{POSTGRES_URL} is none of PostgreSQL; write postgresql://USER:PASSWORD@HOST:5432/DATABASE")
    return f"postgresql+psycopg2://{rest}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
