"""`kpi dictionary`: what every table and column means."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.errors import UserError


def dictionary(
    tables: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TABLE]…", help="only these, such as mart.latest_observation", show_default=False),
    ] = None,
) -> None:
    """Print the data dictionary as Markdown: what a row of each table and view is, and what each column means.

    The same text stands in the database itself: kpi sql "select column_name, comment from duckdb_columns() where …"
    """
    from pipelines.store.dictionary import markdown, newest

    found = newest()
    if missing := set(tables or ()) - {item.table for item in found}:
        raise UserError(
            f"{', '.join(sorted(missing))}: no such table; kpi dictionary lists all, write them as mart.metric_trend"
        )
    typer.echo(markdown([item for item in found if not tables or (item.form != "macro" and item.table in tables)]), nl=False)
