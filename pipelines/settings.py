"""Settings an operator may change, from the environment (``KPI_…``) or a `.env` file beside the project.

Belongs here: limits and choices with their defaults.
Does not: where things lie (paths.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.errors import UserError
from pipelines.limits import ConversionLimits, QueryLimits
from pipelines.paths import ROOT

TIMEZONE = "Asia/Ho_Chi_Minh"


class Settings(BaseSettings):
    """Each field is set by the environment variable of its name with ``KPI_`` before it."""

    model_config = SettingsConfigDict(env_prefix="KPI_", env_file=ROOT / ".env", extra="ignore")

    reference: Path = Field(default=ROOT / "warehouse" / "reference", description="folder of the catalogue's YAML files")
    max_document_mb: float = Field(default=20, gt=0, description="larger documents are kept but not read")
    convert_seconds: float = Field(
        default=ConversionLimits().seconds, gt=0, description="how long one PDF, picture or office file may take"
    )
    convert_memory_mb: float = Field(
        default=ConversionLimits().memory_mb, ge=300, description="memory that converting one of them may take"
    )
    fetch_timeout_seconds: float = Field(default=30, gt=0, description="how long one try to have a page may take")
    fetch_private: bool = Field(default=False, description="whether pages of this machine and its network may be fetched")
    feed_seconds: float = Field(default=300, gt=0, description="how long a run fetches from feeds; the rest waits for the next")
    feed_schedule: str = Field(default="7 * * * *", description="cron of asking the feeds, in Asia/Ho_Chi_Minh")
    writer_timeout_seconds: float = Field(default=600, ge=0, description="how long a run waits for another one to end")
    memory_mb: float = Field(
        default=2000, ge=250, description="memory that the database may take in a run; what needs more uses the disk meanwhile"
    )
    keep_versions: int = Field(default=10, ge=1, description="published versions kept")
    query_timeout_seconds: float = Field(
        default=QueryLimits().timeout_seconds, gt=0, description="how long `kpi sql` and `kpi query` may take"
    )
    query_memory_mb: float = Field(
        default=QueryLimits().memory_mb, ge=50, description="memory that `kpi sql` and `kpi query` may take"
    )
    data_licence: Literal["CC-BY-4.0", "CC0-1.0", "ODbL-1.0"] = Field(
        default="CC-BY-4.0", description="licence under which `kpi export` gives the data away"
    )
    nightly: str = Field(default="30 1 * * *", description="cron of the nightly run, in Asia/Ho_Chi_Minh")
    nightly_deadline: str = Field(
        default="0 6 * * *",
        description="cron of when a run must have published within the 12 hours before, in Asia/Ho_Chi_Minh",
    )
    stale_hours: float = Field(default=24, gt=0, description="how long a feed may not be had before that is an alert")
    alert_seconds: int = Field(default=120, ge=5, description="how often `kpi service` looks for trouble and sends alerts")
    digest_schedule: str = Field(default="0 8 * * 1", description="cron of the weekly digest of quality, in Asia/Ho_Chi_Minh")
    alert_timeout_seconds: float = Field(default=20, gt=0, description="how long sending one alert may take")
    secrets: Path = Field(default=ROOT / ".env", description="file of lines NAME=address (mode 600) beside the environment")
    dagster_url: str = Field(default="", description="where people reach the Dagster UI, for the links in alerts")
    landing_seconds: int = Field(default=30, ge=5, description="how often `kpi service` looks into the landing folder")
    tidy_schedule: str = Field(default="15 4 * * *", description="cron of tidying up, in Asia/Ho_Chi_Minh")
    rebuild_schedule: str = Field(default="30 4 1 * *", description="cron of rebuild-and-compare, in Asia/Ho_Chi_Minh")
    host: str = Field(default="127.0.0.1", description="address on which `kpi service` listens; it asks for no password")
    port: int = Field(default=3000, ge=1, le=65535, description="port on which `kpi service` listens")
    stop_seconds: float = Field(default=300, ge=0, description="how long a run may still take once `kpi service` is to stop")
    dagster_postgres_url: SecretStr | None = Field(
        default=None, description="PostgreSQL database that keeps Dagster's runs; without it they are kept in files"
    )
    keep_backups: int = Field(default=14, ge=1, description="backups kept in their folder")
    keep_run_days: int = Field(default=90, ge=1, description="how long Dagster keeps a run; its figures stay in ops.job_run")
    keep_log_days: int = Field(default=90, ge=1, description="how long logs are kept")
    keep_rejected_days: int = Field(
        default=365, ge=1, description="how long files are kept from which nothing was ever read; others are kept for good"
    )

    @property
    def conversion_limits(self) -> ConversionLimits:
        return ConversionLimits(self.max_document_bytes, self.convert_seconds, self.convert_memory_mb)

    @property
    def fetch_limits(self) -> tuple[int, float, bool]:
        """What ``ingest.fetch.Fetcher`` keeps to: bytes, seconds, and whether private addresses are allowed."""
        return self.max_document_bytes, self.fetch_timeout_seconds, self.fetch_private

    @property
    def max_document_bytes(self) -> int:
        return int(self.max_document_mb * 1_000_000)


class SettingsError(UserError):
    """A setting can't be used; the message names it."""


def read_settings() -> Settings:
    """The settings as they stand now. Raises ``SettingsError`` with every wrong one, a line each."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = (f"KPI_{e['loc'][0]}".upper() + f" = {e['input']!r}: {e['msg']}" for e in error.errors())
        raise SettingsError("\n".join(wrong) + "\nset it anew in the environment or in .env") from error
