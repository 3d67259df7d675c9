"""`kpi feeds`: the feeds of the sources, and how they fare."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pipelines.cli.line import SOME_UNREADABLE
from pipelines.paths import Layout


def feeds(fetch: Annotated[bool, typer.Option("--fetch", help="ask all of them now, due or not")] = False) -> None:
    """List the feeds of sources.yaml: when each was last asked, what came of it, how many pages were new.

    They are asked every hour while `kpi service` runs; what lands is read by the next run. With --fetch they are asked now
    (exit code 3 where a feed or page could not be had).

    kpi feeds --fetch && kpi run
    """
    from pipelines.reference.catalogue import load_catalogue
    from pipelines.settings import read_settings

    layout = Layout.from_environment()
    listed = load_catalogue(read_settings().reference).feeds
    if not listed:
        typer.echo("No source has feeds yet; add some in warehouse/reference/sources.yaml (its head says how).")
        return
    failed = _fetch(layout) if fetch else 0
    states = {row["url"]: row for row in _states(layout)}
    for source_id, feed in listed:
        typer.echo(_shown(source_id, feed.url, states.get(feed.url)))
    if failed:
        typer.echo(f"{failed} could not be had; kpi doctor says why.", err=True)
        raise typer.Exit(SOME_UNREADABLE)


def _fetch(layout: Layout) -> int:
    """Ask every feed; returns how many feeds and pages could not be had."""
    from pipelines.cli.dagster_run import ask_feeds
    from pipelines.cli.interrupt import end_at_once
    from pipelines.errors import UserError

    end_at_once("Stopped; what landed stays. The next kpi feeds --fetch does what is left.")
    layout.create()
    outcome = ask_feeds(layout)
    if not outcome.succeeded:
        raise UserError(f"asking the feeds stopped at {outcome.error}")
    done = outcome.steps.get("feed", {})
    landed, known = done.get("pages landed", 0), done.get("pages known", 0)
    typer.echo(f"{done.get('pages listed', 0)} pages listed anew, {landed} landed, {known} known already.")
    return int(str(done.get("feeds failed", 0))) + int(str(done.get("pages failed", 0)))


def _states(layout: Layout) -> list[dict[str, Any]]:
    from pipelines.store.database import Database
    from pipelines.store.statements import exists

    if not layout.database.exists():
        return []
    with Database(layout, read_only=True) as database:
        return database.rows("show/feeds") if exists(database.connection, "ops.feed_state") else []


def _shown(source_id: str, url: str, state: dict[str, Any] | None) -> str:
    if state is None:
        return f"{url}\n    {source_id}: never asked"
    result = f"failed ({state['reason']})" if state["result"] == "failed" else state["result"]
    pages = f"{state['new_pages']} new, {state['landed']} of {state['listed']} landed so far, {state['waiting']} waiting"
    text = f"{url}\n    {source_id}: {state['asked_at']:%Y-%m-%d %H:%M} UTC {result}; pages: {pages}"
    return f"{text}\n    {state['message']}" if state["message"] else text
