"""Where everything lies, from one environment variable: ``KPI_WAREHOUSE``.

Belongs here: paths, and nothing that is slow to import (`kpi sql` starts with this module).
Does not: any other setting (settings.py).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
SQL = ROOT / "sql"
EXPECTATIONS = ROOT / "expectations"


@dataclass(frozen=True)
class Layout:
    """The folders and files of one warehouse; everything a run writes lies under ``folder``."""

    folder: Path

    @classmethod
    def from_environment(cls) -> Layout:
        """The warehouse that ``KPI_WAREHOUSE`` names; by default the ignored part of ``warehouse/``."""
        return cls(Path(os.environ.get("KPI_WAREHOUSE") or ROOT / "warehouse" / "data").expanduser().resolve())

    @property
    def landing(self) -> Path:
        """Files to be read by the next run."""
        return self.folder / "landing"

    @property
    def raw(self) -> Path:
        """Every byte ever read, by SHA-256."""
        return self.folder / "raw"

    @property
    def rejected(self) -> Path:
        """Landed files whose bytes could not be read."""
        return self.folder / "rejected"

    @property
    def database(self) -> Path:
        """The pipeline's own database; analysts never open it."""
        return self.folder / "pipeline.duckdb"

    @property
    def published(self) -> Path:
        """The versions analysts read, and the pointer to the current one."""
        return self.folder / "published"

    @property
    def data_docs(self) -> Path:
        """Pages that show how the checks went."""
        return self.folder / "data_docs"

    @property
    def dagster_home(self) -> Path:
        return self.folder / "dagster"

    @property
    def logs(self) -> Path:
        """What runs said, a file a day."""
        return self.folder / "logs"

    @property
    def metrics(self) -> Path:
        """What Prometheus reads."""
        return self.folder / "metrics" / "kpi.prom"

    @property
    def lock(self) -> Path:
        """Held by the one run that writes."""
        return self.folder / "writer.lock"

    @property
    def alerts(self) -> Path:
        """The lock of the one process that sends alerts, and what it sent until that is noted in the database."""
        return self.folder / "alerts"

    @property
    def _folders(self) -> tuple[Path, ...]:
        return (self.landing, self.raw, self.rejected, self.published, self.dagster_home, self.logs, self.metrics.parent)

    def create(self) -> None:
        """Make the folders that are missing. Raises ``UserError`` where that can't be."""
        try:
            for folder in self._folders:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{error.filename}: {error.strerror}; set KPI_WAREHOUSE to a folder that can be made") from error
