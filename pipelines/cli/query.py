"""`kpi sql` and `kpi trace`: reading the published version."""

from __future__ import annotations

import math
import sys
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.errors import UserError
from pipelines.paths import Layout

if TYPE_CHECKING:
    import duckdb


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def sql(
    query: Annotated[str | None, typer.Argument(metavar="SELECT…", help="the query", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("-f", "--file", help="read the query from a file")] = None,
    format: Annotated[Format, typer.Option(help="how the rows are written")] = Format.TABLE,
) -> None:
    """Query the published version, read-only. Tables: core.fact_observation, core.dim_*, mart.*

    kpi sql "select place, value from mart.latest_observation where metric_id = 'dti_score'"

    kpi sql "show all tables"

    kpi sql -f question.sql --format csv > answer.csv
    """
    import duckdb

    from pipelines.store.versions import open_current

    if (query is None) == (file is None):
        raise typer.BadParameter("give a query or -f FILE, one of them")
    try:
        text = query if query is not None else file.read_text(encoding="utf-8")  # type: ignore[union-attr]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: {error}; give the path of a UTF-8 text") from error
    with open_current(Layout.from_environment()) as connection:
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        try:
            relation = connection.sql(text)
            if relation is None:
                raise UserError("the query returns no rows; kpi sql answers SELECT, DESCRIBE, SHOW and the like")
            write_rows(relation, format)
        except duckdb.Error as error:
            raise UserError(f"{error}") from error


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
        for name, value in _lines(history[-1] if history else quarantined[-1]):
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
            checks = rows("checks_of_run", run_id=history[-1]["run_id"])
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


def _lines(row: dict[str, Any]) -> list[tuple[str, Any]]:
    from rich.text import Text

    quote = Text(row["quote"])
    quote.stylize("bold black on yellow", row["value_start"] - row["char_start"], row["value_end"] - row["char_start"])
    sentence = Text.assemble((row.get("text_before") or "", "dim"), quote, (row.get("text_after") or "", "dim"))
    period = f"{row['period_start']} – {row['period_end']}" + (f" ({row['period_basis']})" if row.get("period_basis") else "")
    return [
        ("observation", row["observation_id"]),
        ("metric", f"{row.get('metric') or row['metric_id']} ({row['metric_id']})"),
        ("value", f"{row['value']:.12g} {row['unit_id']}, {row['comparator']}, {row['kind']}"),
        ("place", f"{row.get('place') or row.get('place_name')} ({row['place_key']})"),
        ("period", period),
        ("sentence", sentence),
        ("number at", f"{row['value_start']}–{row['value_end']} of the document's text"),
        ("document", f"{row['title'] or row['file_name']} ({row['document_id'][:12]}…, {row['file_name']})"),
        ("published", f"{row['published_on'] or 'unknown'}, {row['publisher'] or row['source']}"),
        ("url", row["url"] or "none"),
        ("rule", f"{row['rule_id']}, extractor {row['extractor_version']}, confidence {row['confidence']:.2f}"),
        ("run", row["run_id"]),
    ]


def write_rows(relation: duckdb.DuckDBPyRelation, format: Format) -> None:
    """Write rows to standard output in a format."""
    if format is Format.TABLE:
        import shutil

        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 100_000
        relation.show(max_width=width, max_rows=100_000)
    elif format is Format.PARQUET:
        if sys.stdout.isatty():
            raise UserError("parquet is binary; send it to a file: kpi sql … --format parquet > rows.parquet")
        import pyarrow.parquet

        pyarrow.parquet.write_table(relation.to_arrow_table(), sys.stdout.buffer)
    elif format is Format.CSV:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")  # for pipes; Excel reads it too
        writer.writerow(relation.columns)
        while rows := relation.fetchmany(1000):
            writer.writerows(rows)
    else:
        import json

        if len(set(relation.columns)) < len(relation.columns):
            raise UserError("two columns have the same name, which JSON can't keep; name them apart with AS")
        found = [dict(zip(relation.columns, map(_as_json, row), strict=True)) for row in relation.fetchall()]
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")


def _as_json(value: object) -> object:
    """What JSON has no form for: decimals become numbers, NaN and the infinite null, dates and the rest text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return float(value) if math.isfinite(value) else None
        case list() | tuple():
            return [_as_json(item) for item in value]
        case dict():
            return {str(key): _as_json(item) for key, item in value.items()}
        case _:
            return str(value)
