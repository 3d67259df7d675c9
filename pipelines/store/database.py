"""The pipeline's database: what each station of the line reads and writes.

Belongs here: one method a station needs, one statement each, in transactions.
Does not: the statements (sql/line/), publishing (versions.py), rules of the domain.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import polars as pl
from filelock import FileLock, Timeout
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from pipelines.errors import UserError, WriterBusy
from pipelines.paths import Layout
from pipelines.reference.curated import Curated
from pipelines.store.checks import CheckResult, attach_published, detach_published, run_checks
from pipelines.store.dictionary import describe
from pipelines.store.marts import Build, build_marts
from pipelines.store.schema import migrate
from pipelines.store.statements import as_rows, statement
from pipelines.store.versions import restore

_LOG = logging.getLogger(__name__)
_MEMORY_MB = 2_000
_WAL = "256MB"  # what is logged before it is written into the file: a reading's thousand commits then cost what they say


class DatabaseDamaged(UserError):
    """The pipeline's database can't be opened."""


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, duckdb.IOException) and "could not set lock" in str(error).lower()


@contextmanager
def writer_lock(layout: Layout, patience: float) -> Iterator[None]:
    """Hold the warehouse as its one writer; the process that holds it may take it again. A lost database is restored first.

    Raises ``WriterBusy`` where another process holds it for longer than ``patience`` seconds.
    """
    lock = FileLock(layout.lock, thread_local=False, is_singleton=True)
    try:
        with lock.acquire(timeout=patience):
            if version := restore(layout):
                _LOG.warning("%s was gone; it was restored from %s", layout.database, version.name)
            yield
    except Timeout as error:
        raise WriterBusy(
            f"another run has held {layout.lock} for {patience:g} s; wait for it to end, or raise KPI_WRITER_TIMEOUT_SECONDS"
        ) from error


def is_held(layout: Layout) -> bool:
    """Whether a run holds the writer's lock at this moment."""
    try:
        with writer_lock(layout, 0):
            return False
    except WriterBusy:
        return True


@dataclass(slots=True)
class Transaction:
    """A transaction being made."""

    undone: bool = False

    def undo(self) -> None:
        self.undone = True


class Database:
    """An open connection to the pipeline's database, at the newest schema. Use as a context manager.

    DuckDB lets one process write or many read: while another has the file, opening is tried again for
    ``patience`` seconds. What would need more memory than ``memory_mb`` goes to disk meanwhile. ``latest`` is the latest time
    under which anything was recorded, where the caller knows it.
    Raises ``WriterBusy``, ``SchemaError`` and ``DatabaseDamaged``.
    """

    def __init__(
        self,
        layout: Layout,
        read_only: bool = False,
        patience: float = 0,
        memory_mb: float = _MEMORY_MB,
        latest: datetime | None = None,
    ) -> None:
        try:
            self.connection = Retrying(
                retry=retry_if_exception(_is_locked), stop=stop_after_delay(patience), wait=wait_fixed(0.1), reraise=True
            )(duckdb.connect, str(layout.database), read_only=read_only)
        except (duckdb.IOException, duckdb.InternalException, duckdb.SerializationException) as error:
            if not _is_locked(error):
                said = str(error).partition("\n")[0]  # DuckDB adds where in its program that was
                raise DatabaseDamaged(
                    f"{layout.database} can't be opened ({said}); move it away: kpi run restores it from the published version"
                ) from error
            raise WriterBusy(f"another process has {layout.database}; wait for it to end and try again") from error
        self.connection.execute(
            f"set timezone = 'UTC'; set memory_limit = '{memory_mb:.0f}MB'; set wal_autocheckpoint = '{_WAL}';"
            "pragma disable_checkpoint_on_shutdown"  # a publication writes the log into the file, once a run
        )
        self.latest = latest  # nobody else records anything while this is open
        if not read_only:
            migrate(self.connection)

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; what was recorded since the last ``settle`` stays in the log beside the file."""
        self.connection.close()

    def settle(self) -> None:
        """Write the log into the file, which then holds all and may be copied, and close the connection."""
        self.connection.execute("checkpoint")
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing; ``undo()`` on what it gives makes it nothing without an error."""
        transaction = Transaction()
        self.connection.begin()
        try:
            yield transaction
        except BaseException:
            self.connection.rollback()
            raise
        if transaction.undone:
            self.connection.rollback()
        else:
            self.connection.commit()

    def run(self, name: str, **parameters: Any) -> duckdb.DuckDBPyConnection:
        """Execute `sql/NAME.sql` with the parameters it names."""
        return self.connection.execute(statement(name), parameters or None)

    def rows(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of `sql/NAME.sql`, each a dictionary."""
        return as_rows(self.run(name, **parameters))

    def batches(self, name: str, size: int, **parameters: Any) -> Iterator[list[dict[str, Any]]]:
        """The rows of `sql/NAME.sql` in lists of ``size``; other statements may run between them."""
        cursor = self.connection.cursor().execute(statement(name), parameters or None)
        while rows := as_rows(cursor, size):
            yield rows

    def frame(self, name: str, **parameters: Any) -> pl.DataFrame:
        """The rows of `sql/NAME.sql` as a frame."""
        return self.run(name, **parameters).pl()

    @contextmanager
    def batch(self, frame: pl.DataFrame) -> Iterator[None]:
        """``frame`` as the table `batch` that statements name."""
        self.connection.register("batch", frame)
        try:
            yield
        finally:
            self.connection.unregister("batch")

    def moment(self) -> datetime:
        """The time to record things under: now, or just after the last thing recorded where the clock was set back."""
        if self.latest is None:
            [(self.latest,)] = self.run("line/latest_moment").fetchall()
        now = datetime.now(UTC)
        self.latest = max(now, self.latest + timedelta(microseconds=1)) if self.latest else now
        return self.latest

    def insert(self, table: str, rows: Iterable[dict[str, Any]], key: str | None = None) -> int:
        """Append rows to a table by column name, but those whose ``key`` stands there already; returns how many."""
        frame = pl.DataFrame(list(rows), infer_schema_length=None)
        if frame.is_empty():
            return 0
        unknown = f"anti join {table} using ({key})" if key else ""
        with self.batch(frame):
            inserted = self.connection.execute(f"insert into {table} by name from batch {unknown}").fetchone()
        return int(inserted[0]) if inserted else 0

    def note_origins(self, rows: Iterable[dict[str, Any]]) -> None:
        """Append to ``core.origin`` the rows that say something new."""
        frame = pl.DataFrame(list(rows), infer_schema_length=None)
        if not frame.is_empty():
            with self.batch(frame):
                self.run("line/note_origins")

    def is_new(self) -> bool:
        """Whether the raw store may hold documents that the database lacks: no version came of it yet."""
        [(new,)] = self.connection.execute("select not exists (from ops.version)").fetchall()
        return bool(new)

    def load_dimensions(self, frames: dict[str, pl.DataFrame], run_id: str) -> list[str]:
        """Bring the dimensions up to the catalogue; entries that have gone stay, for the facts that name them.

        Of the successions, which no fact names, those that have gone are removed.
        Returns the tables that changed; each is noted in ``core.dimension_change``.
        """
        changed = []
        with self.transaction():
            for table, frame in frames.items():
                with self.batch(frame):
                    columns = ", ".join(frame.columns)
                    news = f"select {columns} from batch except select {columns} from core.{table}"
                    if self.connection.execute(f"{news} limit 1").fetchone():
                        self.connection.execute(f"insert or replace into core.{table} by name select * from batch")
                        changed.append(table)
                    if table == "place_succession":
                        self.run("line/forget_successions")
            now = self.moment()
            self.insert(
                "core.dimension_change", ({"table_name": table, "recorded_at": now, "run_id": run_id} for table in changed)
            )
        if changed:
            self.connection.execute("checkpoint")  # thousands of places: else every station reads them from the log again
        return changed

    def load_curated(self, curated: Curated, run_id: str) -> None:
        """Bring targets and corrections up to their files: a target that has gone goes, a correction is withdrawn."""
        with self.transaction():
            with self.batch(curated.targets):
                self.run("line/load_targets")
            with self.batch(curated.corrections):
                self.run("line/load_corrections", now=self.moment(), run_id=run_id)

    def count(self, name: str, **parameters: Any) -> int:
        """How many rows `sql/NAME.sql` would give."""
        [row] = self.connection.execute(f"select count(*) from ({statement(name)})", parameters).fetchall()
        return int(row[0])

    def start_stage(self) -> None:
        """Make the stage anew, without whatever an earlier run left there."""
        with self.transaction():
            self.run("line/start_stage")

    def stage(self, document_ids: list[str], staged: dict[str, pl.DataFrame], extractor_version: str) -> None:
        """Stage what was read from documents: a frame for each table of the stage."""
        with self.transaction():
            self.insert(
                "stage.document_read",
                ({"document_id": document_id, "extractor_version": extractor_version} for document_id in document_ids),
            )
            for table, frame in staged.items():
                with self.batch(frame):
                    if table == "observation":
                        self.run("line/stage_observations")
                    else:
                        self.connection.execute(f"insert into stage.{table} by name select * from batch")

    def append(self, run_id: str, extractor_version: str, curated_version: str) -> dict[str, Any]:
        """Append what is staged: facts, quarantine, what ended, readings, how corrections fared, the run.

        Call it in a transaction. Returns the run's row of ``ops.run``.
        """
        moment = {"now": self.moment(), "run_id": run_id}
        self.run("line/end_quarantine", **moment)
        self.run("line/quarantine", **moment)
        self.run("line/append_facts", **moment)
        self.run("line/append_candidates", **moment)
        self.run("line/append_mentions", **moment)
        self.run("line/supersede", **moment)
        self.run("line/note_readings", **moment)
        self.run("line/note_through", run_id=run_id)
        self.run("line/note_corrections", **moment)
        self.connection.execute("drop schema stage cascade")
        self.run("line/note_run", **moment, extractor_version=extractor_version, curated_version=curated_version)
        return self.last_run() or {}

    def build(
        self, layout: Layout, run_id: str, whole: bool = False, audited: Callable[[pl.DataFrame], bool] = lambda _: True
    ) -> tuple[Build, list[CheckResult]]:
        """Bring marts and comments up to date and check the whole; only where all passes that is critical, and ``audited``
        says yes to `sql/line/audit_marts.sql`, can it be published. What came of it is kept either way.
        """
        attach_published(self.connection, layout)
        now = self.moment()
        with self.transaction():
            build = build_marts(self.connection, whole)
            describe(self.connection)
        results = run_checks(self.connection, build.whole)
        passed = audited(self.frame("line/audit_marts")) and not any(result.blocks for result in results)
        [(sequence,)] = self.connection.execute("select coalesce(max(sequence), 0) from ops.run").fetchall()
        row = {"sequence": sequence, "definition": build.definition, "whole": build.whole, "passed": passed}
        self.insert("ops.mart_build", [row | {"built_at": now, "run_id": run_id}])
        detach_published(self.connection)
        return build, results

    def publishable_build(self) -> dict[str, Any] | None:
        """The row of ``ops.mart_build`` of the last run, if the marts are up to it and passed their checks."""
        return next(iter(self.rows("line/publishable_build")), None)

    def last_run(self) -> dict[str, Any] | None:
        """The newest row of ``ops.run``."""
        rows = as_rows(self.connection.execute("select * from ops.run order by sequence desc limit 1"))
        return rows[0] if rows else None
