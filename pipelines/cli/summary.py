"""The one screen that `kpi run` ends with."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from pipelines.cli.dagster_run import Outcome
from pipelines.paths import Layout
from pipelines.quality.data_docs import INDEX
from pipelines.store.database import Database
from pipelines.store.versions import current_version

_SHOWN = 10
_LINES = (
    ("documents read", "documents"),
    ("observations", "observations"),
    ("quarantined", "quarantined"),
    ("retracted", "retracted"),
    ("not readable", "rejected"),
)


def print_summary(layout: Layout, outcome: Outcome) -> None:
    """What the run read, refused and published, or why it stopped."""
    console = Console()
    done = outcome.steps.get("fact_observation", {})
    for label, key in _LINES:
        if key in done and (done[key] or key not in ("retracted", "rejected")):
            console.print(f"{label:<16}{done[key]}", highlight=False)
    current = current_version(layout)
    console.print(
        f"{'published':<16}{f'{current.stem} ({current})' if current else 'nothing yet'}", highlight=False, soft_wrap=True
    )
    if (pages := layout.data_docs / INDEX).exists():
        console.print(f"{'checks':<16}{len(outcome.failed_checks)} failed ({pages})", highlight=False, soft_wrap=True)
    for asset, check, reason in outcome.failed_checks:
        console.print(f"[yellow]check failed[/] {asset}.{check}: {escape(reason)}", highlight=False)
    if outcome.rejected:
        _print_rejected(console, layout, outcome.rejected)
    if not outcome.succeeded:
        console.print(f"[red]The run stopped[/] at {escape(str(outcome.error))}", highlight=False, soft_wrap=True)
        console.print("The published version is as it was. Run `kpi run` again once mended, or look: `kpi ui`.")


def _print_rejected(console: Console, layout: Layout, count: int) -> None:
    with Database(layout) as database:
        rows = database.rows("show/rejected")[:count]
    console.print("\n[yellow]Not readable[/] (kept, with the reason; `kpi doctor` lists them):")
    for row in rows[:_SHOWN]:
        console.print(f"  {row['name']}: {row['reason']}: {row['message']}", highlight=False, soft_wrap=True, markup=False)
    if len(rows) > _SHOWN:
        console.print(f"  … and {len(rows) - _SHOWN} more")
