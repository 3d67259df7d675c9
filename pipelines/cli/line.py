"""`kpi add`, `kpi run`, `kpi ui`: feeding and running the line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.paths import Layout

SOME_UNREADABLE = 3


def add(
    items: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER|URL…", help="what to land for the next run")],
    url: Annotated[str | None, typer.Option(help="where the file was found")] = None,
    published: Annotated[str | None, typer.Option(help="publication date, 2023-07-07 or 07/07/2023")] = None,
    source: Annotated[str | None, typer.Option(help="a source id of warehouse/reference/sources.yaml")] = None,
) -> None:
    """Land documents for the next run. The same bytes twice land once.

    A folder gives all its files but the hidden ones. Say with --url, --published and --source what the file does not:

        kpi add bao-cao.txt --published 05/07/2023 --source camau_gov

        kpi add https://example.vn/bai-viet.html
    """
    from pipelines.ingest.fetch import FetchError
    from pipelines.ingest.landing import Origin, land, land_error

    layout = Layout.from_environment()
    layout.create()
    given = _given(url, published, source)
    landed = known = failed = 0
    for name, path, address in list(_expand(items, layout)):  # a wrong one is said before any is landed
        origin = Origin(name, address or url, given.get("published"), source, datetime.now(UTC).isoformat())
        try:
            if address:
                _download(address, path)
            if land(layout, path, origin):
                landed += 1
                typer.echo(f"landed   {name}")
            else:
                known += 1
                typer.echo(f"known    {name} (the same bytes are here already)")
        except (OSError, FetchError) as error:
            reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            land_error(layout, Origin(name, address or url, error=reason, retrieved_at=origin.retrieved_at))
            failed += 1
            typer.echo(f"failed   {name}: {reason}", err=True)
        finally:
            if address:
                path.unlink(missing_ok=True)
    typer.echo(f"{landed} landed, {known} known already, {failed} unreadable. Next: kpi run")
    if failed:
        raise typer.Exit(SOME_UNREADABLE)


def run() -> None:
    """Run the line once on whatever is new, and say what came of it.

    New is what landed, what an earlier run left undone, and every document once the catalogue has changed.
    The published version changes only when everything critical passed. A run waits for another one to end.
    """
    from pipelines.cli.summary import print_summary
    from pipelines.extract.reader import Reader
    from pipelines.ingest.convert import CONVERTER_VERSION
    from pipelines.ingest.landing import waiting
    from pipelines.reference.catalogue import load_catalogue
    from pipelines.settings import Settings
    from pipelines.store.database import Database, is_held
    from pipelines.store.versions import current_version, published_sequence

    layout = Layout.from_environment()
    layout.create()
    settings = Settings()
    version = Reader(load_catalogue(settings.reference)).version
    if is_held(layout.lock):
        typer.echo(f"Another run is going; waiting for it to end (up to {settings.writer_timeout_seconds:g} s).", err=True)
    with Database(layout, patience=settings.writer_timeout_seconds) as database:
        pending = database.pending(CONVERTER_VERSION, version, settings.max_document_bytes)
    current = current_version(layout)
    if not waiting(layout) and not pending.anything and current and published_sequence(layout) == pending.sequence:
        typer.echo(f"Nothing new. Published: {current.stem}.")
        return
    from pipelines.cli.dagster_run import run_line

    outcome = run_line(layout)
    print_summary(layout, outcome)
    if not outcome.succeeded:
        raise typer.Exit(1)
    if outcome.rejected:
        raise typer.Exit(SOME_UNREADABLE)


def ui(port: Annotated[int, typer.Option(help="where the UI listens")] = 3000) -> None:
    """Open the Dagster UI, with its daemon, on the instance that `kpi run` writes to."""
    import sys

    from pipelines.cli.dagster_run import prepare_instance

    layout = Layout.from_environment()
    layout.create()
    prepare_instance(layout)
    dagster = Path(sys.executable).with_name("dagster")
    os.execv(dagster, [str(dagster), "dev", "-m", "pipelines.definitions", "-p", str(port)])


def _given(url: str | None, published: str | None, source: str | None) -> dict[str, str]:
    given = {}
    if published:
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                given["published"] = datetime.strptime(published, form).date().isoformat()
                break
            except ValueError:
                continue
        else:
            raise typer.BadParameter(f"{published!r} is no date; write 2023-07-07 or 07/07/2023", param_hint="--published")
    if url and not url.startswith(("http://", "https://")):
        raise typer.BadParameter(f"{url!r} is no web address; it must begin with http:// or https://", param_hint="--url")
    if source:
        from pipelines.reference.catalogue import load_catalogue
        from pipelines.settings import Settings

        known = load_catalogue(Settings().reference).sources
        if source not in known:
            raise typer.BadParameter(f"{source!r} is not in sources.yaml; known: {', '.join(known)}", param_hint="--source")
    return given


def _expand(items: list[str], layout: Layout) -> Iterator[tuple[str, Path, str | None]]:
    """(name, file, URL if it is one) of every item; folders give their files, hidden ones left out."""
    for item in items:
        if "://" in item:
            if not item.lower().startswith(("http://", "https://")):
                raise typer.BadParameter(f"{item!r}: only http and https are fetched")
            yield item, layout.landing / f".fetch-{os.getpid()}", item
            continue
        path = Path(item)
        if not item.strip():
            raise typer.BadParameter("an empty name; give a file, a folder or a web address")
        if path.is_dir():
            files = [Path(folder, name) for folder, _, names in os.walk(path) for name in names]
            for file in sorted(files):
                if not any(part.startswith(".") for part in file.relative_to(path).parts):
                    yield str(file.relative_to(path)), file, None
        elif os.path.lexists(path):
            yield path.name, path, None
        else:
            raise typer.BadParameter(f"{item!r}: no such file, folder or web address")


def _download(url: str, target: Path) -> None:
    from pipelines.ingest.fetch import fetch
    from pipelines.settings import Settings

    settings = Settings()
    fetch(url, target, settings.max_document_bytes, settings.fetch_timeout_seconds)
