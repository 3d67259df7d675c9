"""Answering anybody's query: it reads one version and nothing else, within a limit of memory and of time.

Belongs here: locking a connection down, the clock that stops a query.
Does not: opening a version (versions.py), limits of the whole process, writing rows (cli/answer.py).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

from pipelines.errors import UserError

_GRACE = 2.0  # seconds between asking a query to stop and taking it for one that can't be asked


class QueryTooLong(UserError):
    """The query took longer than it may."""


class QueryTooLarge(UserError):
    """The query needs more memory than it may have."""


def confine(connection: duckdb.DuckDBPyConnection, memory_mb: float) -> None:
    """Lock a read-only connection: no file, network, extension or Python object, at most ``memory_mb`` and none on disk.

    No later statement of the connection can undo it.
    """
    connection.execute(
        f"set memory_limit = '{memory_mb:.0f}MB'; set temp_directory = ''; set python_enable_replacements = false;"
        "set autoload_known_extensions = false; set autoinstall_known_extensions = false; set allow_persistent_secrets = false;"
        "set enable_external_access = false; set lock_configuration = true"
    )


class Clock:
    """Stops what a connection executes when ``seconds`` are used up: time inside ``counted()``, and what this thread works
    between (writing rows), but not what it waits there, for a reader who pages through them.

    A few functions of DuckDB don't heed an interrupt until they end; ``cannot_stop`` is then called, from another thread.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, seconds: float, cannot_stop: Callable[[QueryTooLong], None]
    ) -> None:
        self._connection = connection
        self._left = seconds
        self._worked = time.thread_time()
        self._expired = False
        self._cannot_stop = cannot_stop
        self._error = QueryTooLong(
            f"the query ran longer than {seconds:g} s and was stopped; narrow it, or raise KPI_QUERY_TIMEOUT_SECONDS"
        )

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the time spent inside. Raises ``QueryTooLong`` where it is used up."""
        self._left -= time.thread_time() - self._worked
        if self._left <= 0:
            raise self._error
        started, done = time.monotonic(), threading.Event()
        watch = threading.Thread(target=self._watch, args=(done,), name="query clock", daemon=True)
        watch.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise self._error if self._expired else error from error
        finally:
            done.set()
            watch.join()
            self._left -= time.monotonic() - started
            self._worked = time.thread_time()

    def _watch(self, done: threading.Event) -> None:
        if done.wait(self._left):
            return
        self._expired = True
        asked = time.monotonic()
        while not done.wait(0.1):
            self._connection.interrupt()  # again and again: one that comes between two statements is forgotten
            if time.monotonic() - asked > _GRACE:
                self._cannot_stop(self._error)
                return
