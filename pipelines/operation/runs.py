"""The pool of runs that write, and runs whose process was killed: Dagster would hold their place in it for ever.

Belongs here: having the pool, saying of runs that they failed. Does not: telling which are dead (cli/service.py,
cli/dagster_run.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.errors import UserError
from pipelines.operation.instance import POSTGRES_URL, WRITER

if TYPE_CHECKING:
    import dagster as dg


class NoStorage(UserError):
    """Dagster's storage can't be reached."""


def open_instance() -> dg.DagsterInstance:
    """The instance that ``prepare_instance`` pointed to. Raises ``NoStorage``."""
    import dagster as dg

    if POSTGRES_URL not in os.environ:
        return dg.DagsterInstance.get()
    from dagster_postgres.utils import DagsterPostgresException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return dg.DagsterInstance.get()
    except (DagsterPostgresException, SQLAlchemyError) as error:
        root: BaseException = error
        while root.__cause__:
            root = root.__cause__
        said = " ".join(str(root).split())
        raise NoStorage(f"{POSTGRES_URL}: PostgreSQL can't be used ({said}); start it, or mend the address") from error


def going(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """The runs that Dagster takes for going."""
    import dagster as dg

    statuses = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    return list(instance.get_runs(filters=dg.RunsFilter(statuses=statuses)))


def limit_writers(instance: dg.DagsterInstance) -> None:
    """Have the pool's limit known before any run is queued: the daemon learns it only after it has let the first ones go."""
    storage = instance.event_log_storage
    if WRITER not in {pool.name for pool in storage.get_pool_limits()}:  # on PostgreSQL a second time would be an error
        storage.initialize_concurrency_limit_to_default(WRITER)


def bury(instance: dg.DagsterInstance, runs: Iterable[dg.DagsterRun]) -> None:
    """Say of runs that are dead that they failed."""
    for run in runs:
        instance.report_run_failed(run, message="Its process was killed; the next run does what it left undone.")
