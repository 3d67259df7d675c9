"""The `kpi` command.

Belongs here: arguments, output and exit codes. Commands import what is slow inside themselves, so that
`kpi sql` starts at once. Does not: any work that a library caller could want.
"""

from __future__ import annotations

import sys

import typer

from pipelines.cli import (
    alerts,
    backup,
    dictionary,
    doctor,
    evaluation,
    explain,
    export,
    extract,
    feeds,
    line,
    map,
    quality,
    quarantine,
    query,
    question,
    service,
    versions,
)
from pipelines.errors import UserError

EXIT_CODES = """Exit codes: 0 done · 1 failed, with a message · 2 wrong usage · 3 done, but some documents could not be
read · 130 stopped by Ctrl-C.

The folder of the data is KPI_WAREHOUSE (default: warehouse/data in the project)."""

app = typer.Typer(
    name="kpi",
    help="Digital-transformation KPIs: read from Vietnamese articles, audited, published, queried.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(line.add)
app.command()(line.run)
app.command()(feeds.feeds)
app.command()(query.sql)
app.command()(question.query)
app.command()(dictionary.dictionary)
app.command()(query.trace)
app.command()(query.candidates)
app.command()(export.export)
app.command()(extract.extract)
app.command()(explain.explain)
app.command()(explain.parse)
app.command("map")(map.map_form)
app.command("eval")(evaluation.evaluate)
app.command()(versions.versions)
app.command()(versions.diff)
app.command()(versions.rollback)
app.command()(versions.rebuild)
app.command()(quality.quality)
app.add_typer(quarantine.quarantine, name="quarantine")
app.add_typer(alerts.alerts, name="alerts")
app.command()(doctor.doctor)
app.command()(service.service)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(service.ui)


def main() -> None:
    """Run the command; an error that people can act on is one line, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # whatever the locale
    try:
        app()
    except UserError as error:
        print(f"kpi: {error}", file=sys.stderr)
        sys.exit(1)
