"""`kpi quarantine`: what was held back, and what a steward decides of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.errors import UserError
from pipelines.paths import Layout

if TYPE_CHECKING:
    from pipelines.store.database import Database

quarantine = typer.Typer(no_args_is_help=True, help="Figures that failed an audit: list, look at, release or reject them.")

_IDS = Annotated[list[str], typer.Argument(metavar="ID…", help="as kpi quarantine list shows them", show_default=False)]
_REASON = Annotated[str, typer.Option(help="why, for those who ask later", show_default=False)]
_BY = Annotated[str, typer.Option(envvar=["KPI_STEWARD", "USER"], help="who decides", show_default=False)]


@quarantine.command("list")
def list_rows(
    expectation: Annotated[str, typer.Option(help="only what failed this one; % stands for anything")] = "%",
    metric: Annotated[str, typer.Option(help="only of this metric")] = "%",
    decided: Annotated[bool, typer.Option("--decided", help="also what somebody decided on")] = False,
    most: Annotated[int, typer.Option(min=1, help="how many to show")] = 50,
) -> None:
    """List what is in quarantine and waits for a decision, the latest first."""
    from rich.console import Console

    from pipelines.store.quarantine import in_quarantine

    console = Console()
    with reading(Layout.from_environment()) as database:
        rows = in_quarantine(database, expectation, metric, decided, most)
    for row in rows:
        decision = f" · {row['decision']} by {row['decided_by']}" if row["decision"] else ""
        value = "no value" if row["value"] is None else f"{row['value']:.12g} {row['unit_id']}, {row['comparator']}"
        console.print(
            f"[bold]{row['observation_id']}[/] {', '.join(row['expectations'])}: {row['metric_id']}, {value},"
            f" {row['place']}, {row['period_end']}{decision}",
            highlight=False,
            soft_wrap=True,
        )
        console.print(f"    {row['quote']}", highlight=False, markup=False, soft_wrap=True, style="dim")
    if not rows:
        console.print("Nothing waits for a decision.")


@quarantine.command()
def show(observation_id: Annotated[str, typer.Argument(metavar="ID", help="as kpi quarantine list shows it")]) -> None:
    """Show a row with its sentence and document, what it fails, what was decided, and what can be."""
    from rich.console import Console

    from pipelines.cli.query import observation_lines

    console = Console()
    with reading(Layout.from_environment()) as database:
        rows = database.rows("show/trace_quarantine", observation_id=observation_id)
        decisions = database.rows("show/trace_corrections", observation_id=observation_id)
    if not rows:
        raise UserError(
            f"{observation_id}: no such row was ever in quarantine; see kpi quarantine list, or kpi trace for a fact"
        )
    for name, value in observation_lines(rows[-1]):
        console.print(f"[bold]{name:<12}[/]", end="")
        console.print(value, highlight=False, soft_wrap=True, markup=False)
    overrulable = _overrulable()
    for row in rows:
        held = f"until {row['ended_at']:%Y-%m-%d %H:%M}" if row["ended_at"] else "held"
        can = "may be released" if row["expectation"] in overrulable else "can't be released: correct or reject it"
        console.print(f"[yellow]{row['expectation']}[/] ({held}; {can}): {row['reason']}", highlight=False, soft_wrap=True)
    for row in decisions:
        console.print(f"[bold]decided[/]     {row['recorded_at']:%Y-%m-%d %H:%M} UTC: ", end="", highlight=False)
        console.print(row["decision"], highlight=False, markup=False, soft_wrap=True)


@quarantine.command()
def release(observation_ids: _IDS, reason: _REASON, by: _BY) -> None:
    """Let rows become facts although they failed; the next run does it, and every later reading that gives the same.

    kpi quarantine release 1e45f08908a2279c --reason "the plan was exceeded, see the annex"
    """
    from pipelines.store.quarantine import RELEASE

    _decide(observation_ids, RELEASE, reason, by)


@quarantine.command()
def reject(observation_ids: _IDS, reason: _REASON, by: _BY) -> None:
    """Say that rows are wrong, facts too: they don't come up again, and the next run takes a fact back."""
    from pipelines.store.quarantine import REJECT

    _decide(observation_ids, REJECT, reason, by)


def _decide(observation_ids: list[str], action: str, reason: str, by: str) -> None:
    from pipelines.settings import read_settings
    from pipelines.store.database import Database, writer_lock
    from pipelines.store.quarantine import decide

    if not reason.strip() or not by.strip():
        raise typer.BadParameter("say why (--reason) and who decides (--by)")
    layout = Layout.from_environment()
    patience = read_settings().writer_timeout_seconds
    with writer_lock(layout, patience), Database(layout, patience=patience) as database:
        decide(database, observation_ids, action, reason.strip(), by.strip(), _overrulable())
    typer.echo(f"{len(set(observation_ids))} to {action}, by {by.strip()}. The next kpi run applies it.")


def _overrulable() -> set[str]:
    """The expectations that a person may overrule: those of the suite that say so, and the reader's own doubt."""
    from pipelines.quality.suites import expectations

    return {"low_confidence"} | {expectation.name for expectation in expectations("observation") if expectation.releasable}


def reading(layout: Layout) -> Database:
    """The pipeline's database, to be read by `kpi quarantine` and `kpi quality`. Raises ``UserError`` where there is none, or
    one of an earlier release.
    """
    from pipelines.store.database import Database
    from pipelines.store.statements import exists

    if not layout.database.exists():
        raise UserError(f"there is nothing in {layout.folder} yet; add documents (kpi add) and run (kpi run)")
    database = Database(layout, read_only=True)
    if not exists(database.connection, "core.current_quarantine"):
        database.close()
        raise UserError(f"{layout.database} is of an earlier release; kpi run brings it up to this one")
    return database
