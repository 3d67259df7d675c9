"""`kpi quality`: how the checks of a run went."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from pipelines.errors import UserError
from pipelines.paths import Layout

_COLOURS = {"critical": "red", "warning": "yellow", "info": "cyan"}
_RUNS = 1000
_TABLE = "| name | severity | a failure | owner | meaning |\n|---|---|---|---|---|"
_HANDBOOK = """\
# What is checked

Made by `kpi quality --handbook > docs/quality.md`; do not edit. `docs/defects.md` shows what each catches.

A row that fails a row's expectation goes to quarantine and the rest passes. A table's critical failure blocks: nothing is
published until it is mended. warning: somebody should look; info: recorded, good to know. One that raises is critical, whatever
it says of itself. A releasable expectation is one that a person may overrule (`kpi quarantine release`). Every result stands in
`ops.dq_result`; what looks only at what is new (all suites, and checks that say so) has `standing` false there: a later success
says nothing of an earlier failure.

A suite is Great Expectations' own form, with name, scope, owner and reason under `meta`. A check is a select of the rows that
are wrong under a head of two lines; it should give `observation_id`, `metric_id`, `place_key` and `quote` where it has them."""


def quality(
    run: Annotated[str | None, typer.Option(help="a run's id, or how it begins (the last one)", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="also what passed")] = False,
    docs: Annotated[bool, typer.Option("--docs", help="draw the run's pages anew (Data Docs)")] = False,
    handbook: Annotated[bool, typer.Option("--handbook", help="list every expectation and check instead, as Markdown")] = False,
) -> None:
    """Say how the checks of a run went: what failed, how badly, whom it concerns, what to do.

    critical: nothing was published, or the row is in quarantine (kpi quarantine list); warning: somebody should look; info:
    good to know.
    """
    from rich.console import Console
    from rich.markup import escape

    from pipelines.cli.quarantine import reading
    from pipelines.quality.data_docs import INDEX, RUNS_SHOWN, draw

    if handbook:
        typer.echo("\n".join(_handbook()))
        return
    layout = Layout.from_environment()
    console = Console()
    with reading(layout) as database:
        run_id = _run_id(database.rows("show/audited_runs", most=_RUNS), run)
        rows = database.rows("show/results_of_run", run_id=run_id)
        if docs:
            draw(layout.data_docs, rows, database.rows("show/audited_runs", most=RUNS_SHOWN))
    failed = [row for row in rows if not row["success"]]
    latest = max(row["recorded_at"] for row in rows)
    console.print(
        f"run {run_id}, {latest:%Y-%m-%d %H:%M} UTC: {len(rows) - len(failed)} passed, {len(failed)} failed",
        highlight=False,
        soft_wrap=True,
    )
    for row in rows if every else failed:
        mark = "[green]passed[/]  " if row["success"] else f"[{_COLOURS[row['severity']]}]{row['severity']:<8}[/]"
        count = "" if row["success"] else f" ({row['failing_rows']} rows)"
        said = f"{row['suite']}.{row['expectation']}{count}, {row['owner']}: {row['reason']}"
        console.print(f"{mark}  {escape(said)}", highlight=False, soft_wrap=True)
    if (index := layout.data_docs / INDEX).exists():
        console.print(f"pages       {index}", highlight=False, soft_wrap=True, markup=False)


def _handbook() -> Iterator[str]:
    """docs/quality.md: what is expected at each station, how bad a failure is and whom it concerns."""
    from pipelines.paths import EXPECTATIONS
    from pipelines.quality.suites import expectations
    from pipelines.store.checks import check_head
    from pipelines.store.statements import statements

    yield _HANDBOOK
    for suite in ("document", "observation", "fact_observation", "mart"):
        yield f"\n## Suite `{suite}` (`{EXPECTATIONS.name}/{suite}.json`)\n\n{_TABLE}"
        for e in expectations(suite):
            does = {"row": "quarantines the row", "table": "blocks" if e.blocks else "tells"}[e.scope]
            yield _line(e.name, e.severity, does + ("; releasable" if e.releasable else ""), e.owner, e.reason)
    yield f"\n## Checks of the whole (`sql/checks/`)\n\n{_TABLE}"
    for name, text in statements("checks"):
        head = check_head(name, text)
        does = "blocks" if head.severity == "critical" else "tells" if head.standing else "tells of what is new"
        yield _line(name, head.severity, does, head.owner, head.meaning)


def _line(*cells: str) -> str:
    return f"| `{cells[0]}` | " + " | ".join(cell.replace("|", "\\|") for cell in cells[1:]) + " |"


def _run_id(audited: list[dict[str, Any]], given: str | None) -> str:
    found = list(dict.fromkeys(row["run_id"] for row in audited if row["run_id"].startswith(given or "")))
    if not found:
        raise UserError(f"no run {given} was audited; ids are in ops.run" if given else "no run was audited yet; kpi run")
    if given and len(found) > 1:
        raise UserError(f"{len(found)} runs begin with {given}: {', '.join(found[:5])}; write more of the id")
    return str(found[0])
