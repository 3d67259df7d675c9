"""Running the line, and asking the feeds, from the command line, on the Dagster instance that the UI shows.

Belongs here: one run of a job with its progress.
Does not: what the run does (assets/), the instance (operation/instance.py), what is printed of the run (summary.py).
"""

from __future__ import annotations

import logging
import os
import uuid
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.operation.instance import prepare_instance
from pipelines.paths import Layout

if TYPE_CHECKING:
    import dagster as dg

PROCESS_TAG = "kpi/process"


@dataclass(slots=True)
class Outcome:
    """How a run went: its id, what its steps reported, and why it failed if it did."""

    run_id: str
    succeeded: bool
    steps: dict[str, dict[str, object]] = field(default_factory=dict)
    failed_checks: list[tuple[str, str, str]] = field(default_factory=list)
    error: str | None = None

    @property
    def rejected(self) -> int:
        return int(str(self.steps.get("fact_observation", {}).get("rejected", 0)))


def run_line(layout: Layout) -> Outcome:
    """Run the whole line in this process, with a progress bar of its stations."""
    return _run(layout, "run_line")


def ask_feeds(layout: Layout) -> Outcome:
    """Ask every feed in this process, due or not."""
    return _run(layout, "ask_feeds", {"ops": {"feed": {"config": {"all_feeds": True}}}})


def _run(layout: Layout, name: str, config: dict[str, object] | None = None) -> Outcome:
    prepare_instance(layout)
    warnings.filterwarnings("ignore", module="dagster")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from pipelines.definitions import defs
    from pipelines.operation.runs import bury, going, open_instance

    columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    job = defs.resolve_job_def(name)
    run_id = str(uuid.uuid4())
    with open_instance() as instance, Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("starting", total=len(job.nodes))

        def show(event: dg.EventLogEntry) -> None:
            if event.dagster_event and event.dagster_event.is_step_start:
                progress.update(task, description=str(event.dagster_event.step_key))
            elif event.dagster_event and event.dagster_event.is_step_success:
                progress.advance(task)

        bury(instance, filter(_is_dead, going(instance)))
        instance.add_event_listener(run_id, show)
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
            tags={PROCESS_TAG: str(os.getpid())},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}} | (config or {}),
        )
        if result.success:
            progress.update(task, description="done")
    return _outcome(result)


def _is_dead(run: dg.DagsterRun) -> bool:
    """Whether a run is an earlier `kpi run`'s whose process was killed."""
    process = run.tags.get(PROCESS_TAG)
    return process is not None and not _is_alive(int(process))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _outcome(result: dg.ExecuteInProcessResult) -> Outcome:
    from pipelines.assets.watch import first_error

    outcome = Outcome(result.run_id, result.success)
    for event in result.get_asset_materialization_events():
        metadata = event.materialization.metadata
        outcome.steps[event.materialization.asset_key.to_user_string()] = {
            name: entry.value for name, entry in metadata.items()
        }
    for check in result.get_asset_check_evaluations():
        if not check.passed:
            outcome.failed_checks.append((check.asset_key.to_user_string(), check.check_name, check.description or ""))
    outcome.error = first_error(result.all_events)
    return outcome
