"""`kpi doctor`: what is configured, where everything lies, whether it is healthy."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import typer

from pipelines.errors import UserError, WriterBusy
from pipelines.paths import ROOT, Layout

if TYPE_CHECKING:
    from pipelines.store.database import Database

OK, NOTE, BROKEN = "[green]ok[/]", "[yellow]note[/]", "[red]broken[/]"
_LITTLE_SPACE = 1_000_000_000
_SHOWN = 20
_RECENT = timedelta(days=30)


def doctor() -> None:
    """Say what is configured, where everything lies, and whether it is healthy (exit code 1 if not)."""
    from rich.console import Console

    console = Console()
    broken = False
    for state, topic, text in _findings(Layout.from_environment()):
        broken = broken or state is BROKEN
        console.print(f"{state:<20} [bold]{topic:<12}[/] ", end="")
        console.print(text, highlight=False, markup=False, soft_wrap=True)
    if broken:
        raise typer.Exit(1)


def _findings(layout: Layout) -> Iterator[tuple[str, str, str]]:
    yield OK, "program", f"{ROOT}, Python {sys.version.split()[0]}"
    yield from _settings()
    yield from _folder(layout)
    yield from _database(layout)
    yield from _published(layout)
    yield from _alerts()


def _settings() -> Iterator[tuple[str, str, str]]:
    from pipelines.reference.catalogue import load_catalogue
    from pipelines.reference.curated import load_curated
    from pipelines.settings import read_settings

    try:
        settings = read_settings()
    except UserError as error:
        yield BROKEN, "setting", str(error)
        return
    for name, value in settings.model_dump().items():
        yield OK, "setting", f"KPI_{name.upper()} = {value}"
    try:
        catalogue = load_catalogue(settings.reference)
        curated = load_curated(settings.reference, catalogue)
    except UserError as error:
        yield BROKEN, "catalogue", str(error)
    else:
        yield OK, "catalogue", f"{len(catalogue.metrics)} metrics, {len(catalogue.sources)} sources ({catalogue.fingerprint})"
        yield OK, "decisions", f"{curated.targets.height} official targets, {curated.corrections.height} corrections"


def _folder(layout: Layout) -> Iterator[tuple[str, str, str]]:
    from pipelines.ingest.landing import waiting
    from pipelines.operation.instance import edited

    origin = "KPI_WAREHOUSE" if os.environ.get("KPI_WAREHOUSE") else "default"
    if not layout.folder.exists():
        yield NOTE, "warehouse", f"{layout.folder} ({origin}) does not exist yet; kpi add makes it"
        return
    writable = os.access(layout.folder, os.W_OK)
    yield (OK if writable else BROKEN), "warehouse", f"{layout.folder} ({origin})" + ("" if writable else ": not writable")
    free = shutil.disk_usage(layout.folder).free
    yield (OK if free > _LITTLE_SPACE else NOTE), "disk", f"{free / 1e9:.1f} GB free"
    count = len(waiting(layout))
    yield (NOTE if count else OK), "landing", f"{count} waiting in {layout.landing}" + ("; kpi run reads them" if count else "")
    yield OK, "dagster", f"DAGSTER_HOME is {layout.dagster_home}; kpi ui opens it"
    if edited(layout):
        yield NOTE, "dagster", "dagster.yaml was edited and is left as it is; remove it to have that of this program"


def _database(layout: Layout) -> Iterator[tuple[str, str, str]]:
    from pipelines.store.database import Database, DatabaseDamaged

    if not layout.database.exists():
        yield NOTE, "database", "none yet; kpi run makes it"
        return
    try:
        with Database(layout, read_only=True) as database:
            yield from _contents(layout, database)
    except WriterBusy:
        yield NOTE, "database", f"{layout.database}: a run is writing to it"
    except DatabaseDamaged as damaged:
        yield BROKEN, "database", str(damaged)


def _contents(layout: Layout, database: Database) -> Iterator[tuple[str, str, str]]:
    from pipelines.store.statements import exists

    [counts] = database.rows("show/counts")
    yield (
        OK,
        "database",
        f"{layout.database}: " + ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in counts.items()),
    )
    if last := database.last_run():
        yield (
            OK,
            "last run",
            f"{last['finished_at']:%Y-%m-%d %H:%M} UTC, {last['documents']} documents, {last['observations']} observations",
        )
    for row in database.rows("show/failed_checks"):
        stops = row["scope"] == "table" and row["severity"] == "critical"
        yield (
            BROKEN if stops else NOTE,
            "check failed",
            f"{row['suite']}.{row['expectation']}, {row['failing_rows']} rows: {row['reason']}",
        )
    for row in database.rows("show/failed_messages") if exists(database.connection, "ops.alert_message") else ():
        yield (
            NOTE,
            "not sent",
            f"{row['route_id']}: {row['messages']} messages wait since {row['since']:%Y-%m-%d %H:%M} UTC: {row['reason']}",
        )
    for row in database.rows("show/corrections") if exists(database.connection, "core.correction_state") else ():
        yield NOTE, "correction", f"{row['observation_id']} ({row['decided_by']}, {row['decided_on']}): {row['problem']}"
    unfetched = database.rows("show/failed_fetches") if exists(database.connection, "ops.feed_state") else []
    for row in [row for row in unfetched if datetime.now(UTC) - row["recorded_at"] < _RECENT][:_SHOWN]:
        yield NOTE, "not fetched", f"{row['reason']}: {row['message']}"
    unread = database.rows("show/rejected")
    recent = [row for row in unread if datetime.now(UTC) - row["recorded_at"] < _RECENT][:_SHOWN]
    for row in recent:
        yield NOTE, "not readable", f"{row['name']}: {row['reason']}: {row['message']}"
    if len(unread) > len(recent):
        yield OK, "not readable", f"{len(unread) - len(recent)} more, most of them older (core.unread_document)"


def _published(layout: Layout) -> Iterator[tuple[str, str, str]]:
    from pipelines.store.versions import NothingPublished, VersionDamaged, current_version, open_current

    try:
        with open_current(layout) as connection:
            row = connection.execute("select version, facts, built_at from ops.version").fetchone()
        assert row is not None
        yield OK, "published", f"{current_version(layout)}: {row[1]} rows of facts, built {row[2]:%Y-%m-%d %H:%M} UTC"
    except NothingPublished as nothing:
        yield NOTE, "published", str(nothing)
    except VersionDamaged as damaged:
        yield BROKEN, "published", str(damaged)


def _alerts() -> Iterator[tuple[str, str, str]]:
    from pipelines.alerts.channel import ChannelError, check
    from pipelines.reference.catalogue import CatalogueError, load_catalogue
    from pipelines.reference.routes import RouteError, load_routes
    from pipelines.settings import SettingsError, read_settings

    try:
        settings = read_settings()
        routes = load_routes(settings.reference, load_catalogue(settings.reference).metrics)
    except (SettingsError, CatalogueError):  # said above
        return
    except RouteError as error:
        yield BROKEN, "alerts", str(error)
        return
    if not routes:
        yield NOTE, "alerts", f"go nowhere: {settings.reference / 'alerts.yaml'} has no route; its head says how to add one"
    for route in routes:
        try:
            yield OK, "alerts", f"{route.id}: {check(route, settings.secrets)}://… ({route.variable}); kpi alerts test tries it"
        except ChannelError as error:
            yield BROKEN, "alerts", f"{route.id}: {error}"
