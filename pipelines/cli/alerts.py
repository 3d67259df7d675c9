"""`kpi alerts`: what waits, what was sent, what could not be; sending it, and trying a route."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.paths import Layout

if TYPE_CHECKING:
    from pipelines.cli.dagster_run import Outcome
    from pipelines.reference.routes import Route
    from pipelines.settings import Settings

alerts = typer.Typer(
    help="What people are told of problems: what waits, was sent, or could not be.", invoke_without_command=True
)
_SHOWN = 20
_PATIENCE = 10.0  # seconds that a command waits for a run to let go of the warehouse


@alerts.callback()
def show(context: typer.Context) -> None:
    """Show the routes, the open problems, and the messages that wait, were sent, or could not be.

    kpi alerts send
    """
    if context.invoked_subcommand:
        return
    from pipelines.reference.routes import load_routes
    from pipelines.settings import read_settings
    from pipelines.store.database import Database
    from pipelines.store.statements import exists

    layout, settings = Layout.from_environment(), read_settings()
    routes = load_routes(settings.reference)
    for route in routes:
        typer.echo(f"route    {route.id}: {_usable(route, settings)}")
    if not routes:
        typer.echo("No routes yet: alerts go nowhere. Add one to warehouse/reference/alerts.yaml (its head says how).")
    if not layout.database.exists():
        return
    with Database(layout, read_only=True, patience=_PATIENCE) as database:
        if not exists(database.connection, "ops.alert_message"):
            return
        for row in database.rows("show/open_problems"):
            named = f"{row['suite']}.{row['expectation']} ({row['severity']}, since {_moment(row['since'])})"
            typer.echo(f"open     {named}: {row['reason']}")
        for row in database.rows("show/messages", most=_SHOWN):
            typer.echo(_shown(row))


@alerts.command()
def send() -> None:
    """Send what waits now, also what failed a moment ago (exit code 1 where a message could not be sent)."""
    from pipelines.alerts.delivery import deliver, opened
    from pipelines.alerts.watch import look
    from pipelines.settings import read_settings

    layout, settings = Layout.from_environment(), read_settings()
    if layout.database.exists():
        with opened(layout, _PATIENCE) as database:
            look(database, settings)
    done = deliver(layout, settings, at_once=True, patience=_PATIENCE)
    typer.echo(f"{done.sent} sent, {len(done.failed)} routes failed" + (", a run holds the warehouse" if done.busy else ""))
    for route, reason in done.failed.items():
        typer.echo(f"{route}: {reason}", err=True)
    if done.failed or done.busy:
        raise typer.Exit(1)


@alerts.command("test")
def try_route(route: Annotated[str | None, typer.Option(help="the id of a route; else all are tried")] = None) -> None:
    """Send a test message to a route, or to all, and say how that went (exit code 1 where one did not accept it)."""
    from pipelines.alerts.channel import ChannelError
    from pipelines.alerts.channel import send as send_one
    from pipelines.alerts.digest import digest
    from pipelines.reference.routes import load_routes
    from pipelines.settings import read_settings

    settings = read_settings()
    routes = [known for known in load_routes(settings.reference) if route in (None, known.id)]
    if not routes:
        raise typer.BadParameter(
            f"there is no route {route!r} in alerts.yaml" if route else "there are no routes in alerts.yaml"
        )
    failed = False
    for known in routes:
        title, body = digest(known, [{"about": "test"}], run_id="", state={}, sentences={}, link="")
        try:
            send_one(known, settings.secrets, title, body, settings.alert_timeout_seconds)
            typer.echo(f"{known.id}: accepted; see whether it arrived")
        except ChannelError as error:
            failed = True
            typer.echo(f"{known.id}: {error}", err=True)
    if failed:
        raise typer.Exit(1)


def after_run(layout: Layout, outcome: Outcome | None) -> None:
    """Record how a `kpi run` went (None: there was nothing to do) and send what waits. Says what is wrong, and never fails."""
    from pipelines.alerts.delivery import deliver, opened
    from pipelines.alerts.watch import Ended, look, note_runs
    from pipelines.errors import UserError
    from pipelines.settings import read_settings

    try:
        settings = read_settings()
        if layout.database.exists():
            with opened(layout, _PATIENCE) as database:
                if outcome:
                    error = None if outcome.succeeded else str(outcome.error)
                    note_runs(database, [Ended(outcome.run_id, "run_line", datetime.now(UTC), error)])
                look(database, settings)
        done = deliver(layout, settings, patience=_PATIENCE)
    except UserError as error:
        typer.echo(f"Alerts: {error}", err=True)
        return
    for route, reason in done.failed.items():
        typer.echo(f"Alerts of {route} could not be sent (they wait): {reason}", err=True)


def _usable(route: Route, settings: Settings) -> str:
    from pipelines.alerts.channel import ChannelError, check

    try:
        return f"{check(route, settings.secrets)}://… ({route.variable})"
    except ChannelError as error:
        return f"can't be used: {error}"


def _shown(row: dict[str, Any]) -> str:
    text = f"{row['state']:<8} {row['route_id']}: {row['alerts']} alerts of {row['run_id']}, {_moment(row['recorded_at'])}"
    if row["state"] == "sent":
        return f"{text}, sent {_moment(row['sent_at'])}"
    return f"{text}, tried {row['failures']} times: {row['reason']}" if row["failures"] else text


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
