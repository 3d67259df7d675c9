"""`kpi sql` and `kpi trace`: reading the published version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.answer import Format, answer
from pipelines.errors import UserError
from pipelines.paths import Layout


def sql(
    query: Annotated[str | None, typer.Argument(metavar="SELECT…", help="the query", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("-f", "--file", help="read the query from a file")] = None,
    format: Annotated[Format, typer.Option(help="how the rows are written")] = Format.TABLE,
) -> None:
    """Query the published version, read-only. Tables: core.fact_observation, core.dim_*, mart.* (kpi dictionary)

    A query can't write, reach files, the network or extensions, or go on for longer than KPI_QUERY_TIMEOUT_SECONDS and with
    more than KPI_QUERY_MEMORY_MB of memory.

    kpi sql "select place, value from mart.latest_observation where metric_id = 'dti_score'"

    kpi sql "show all tables"

    kpi sql -f question.sql --format csv > answer.csv
    """
    if (query is None) == (file is None):
        raise typer.BadParameter("give a query or -f FILE, one of them")
    try:
        text = query if query is not None else file.read_text(encoding="utf-8")  # type: ignore[union-attr]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: {error}; give the path of a UTF-8 text") from error
    answer(text, None, format)


def trace(observation_id: Annotated[str, typer.Argument(help="as the facts show it")]) -> None:
    """Show where a figure comes from: its sentence, document, rule, checks and history."""
    from rich.console import Console
    from rich.markup import escape

    from pipelines.store.statements import as_rows, exists, statement
    from pipelines.store.versions import open_current

    with open_current(Layout.from_environment()) as connection:

        def rows(name: str, **parameters: str) -> list[dict[str, Any]]:
            return as_rows(connection.execute(statement(f"show/{name}"), parameters))

        history = rows("trace", observation_id=observation_id)
        quarantined = rows("trace_quarantine", observation_id=observation_id)
        if not history and not quarantined:
            raise UserError(f"{observation_id}: no such observation in the published version; see core.fact_observation")
        console = Console()
        for name, value in observation_lines(history[-1] if history else quarantined[-1]):
            console.print(f"[bold]{name:<12}[/]", end="")
            console.print(value, highlight=False, soft_wrap=True, markup=False)
        if history:
            console.print("[bold]history[/]")
            for row in history:
                until = f", superseded {row['superseded_at']:%Y-%m-%d %H:%M}" if row["superseded_at"] else ", holds now"
                console.print(
                    f"  {row['value']:.12g} recorded {row['recorded_at']:%Y-%m-%d %H:%M} UTC by {row['rule_id']}{until}",
                    highlight=False,
                )
            checks = rows("results_of_run", run_id=history[-1]["run_id"])
            passed = ", ".join(check["expectation"] for check in checks if check["success"])
            console.print(f"[bold]checks[/]      passed: {escape(passed)}", highlight=False, soft_wrap=True)
            for check in checks:
                if not check["success"]:
                    failed = f"{check['failing_rows']} rows of its run failed {check['expectation']}: {check['reason']}"
                    console.print(f"            [yellow]{escape(failed)}[/]", highlight=False, soft_wrap=True)
        for row in rows("trace_corrections", observation_id=observation_id) if exists(connection, "core.correction") else ():
            decided = f"{row['recorded_at']:%Y-%m-%d %H:%M} UTC: {escape(row['decision'])}"
            console.print(f"[bold]correction[/]  {decided}", highlight=False, soft_wrap=True)
        for row in quarantined:
            console.print(
                f"[yellow]quarantined[/] {row['recorded_at']:%Y-%m-%d %H:%M} UTC: {row['expectation']}: {row['reason']}",
                highlight=False,
            )


def candidates(most: Annotated[int, typer.Option(min=1, help="how many to show")] = 20) -> None:
    """List the most frequent figures that no metric of the catalogue fits, with an example: what it could grow by."""
    from rich.console import Console

    from pipelines.store.statements import as_rows, statement
    from pipelines.store.versions import open_current

    with open_current(Layout.from_environment()) as connection:
        rows = as_rows(connection.execute(statement("show/candidates"), {"most": most}))
    console = Console()
    for row in rows:
        console.print(f"{row['times']:5} × {row['phrase']}", highlight=False, markup=False, soft_wrap=True)
        example = f"        {row['example_value']:.12g}: {row['example']}"
        console.print(example, highlight=False, markup=False, soft_wrap=True, style="dim")
    if not rows:
        console.print("Every figure of the published documents has its metric.")


def observation_lines(row: dict[str, Any]) -> list[tuple[str, Any]]:
    """What is known of an observation, a line each: (what, the text)."""
    from rich.text import Text

    quote = Text(row["quote"])
    quote.stylize("bold black on yellow", row["value_start"] - row["char_start"], row["value_end"] - row["char_start"])
    sentence = Text.assemble((row.get("text_before") or "", "dim"), quote, (row.get("text_after") or "", "dim"))
    period = f"{row['period_start']} – {row['period_end']}" + (f" ({row['period_basis']})" if row.get("period_basis") else "")
    located = f", {row['location']}" if row.get("location") else ""
    return [
        ("observation", row["observation_id"]),
        ("metric", f"{row.get('metric') or row['metric_id']} ({row['metric_id']})"),
        ("value", f"{row['value']:.12g} {row['unit_id']}, {row['comparator']}, {row['kind']}"),
        ("place", f"{row.get('place') or row.get('place_name')} ({row['place_key']})"),
        ("period", period),
        ("sentence", sentence),
        ("number at", f"{row['value_start']}–{row['value_end']} of the document's text{located}"),
        ("document", f"{row['title'] or row['file_name']} ({row['document_id'][:12]}…, {row['file_name']})"),
        ("published", f"{row['published_on'] or 'unknown'}, {row['publisher'] or row['source']}"),
        ("url", row["url"] or "none"),
        ("rule", f"{row['rule_id']}, extractor {row['extractor_version']}, confidence {row['confidence']:.2f}"),
        ("run", row["run_id"]),
    ]
