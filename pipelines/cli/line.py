"""`kpi add`, `kpi run`: feeding and running the line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pipelines.paths import Layout

if TYPE_CHECKING:
    from pipelines.ingest.fetch import Fetcher

T = TypeVar("T")
SOME_UNREADABLE = 3
_NAMED = 100  # of more, only those that failed are named one by one


def add(
    items: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER|URL…", help="what to land for the next run")],
    url: Annotated[str | None, typer.Option(help="where the file was found")] = None,
    published: Annotated[str | None, typer.Option(help="publication date, 2023-07-07 or 07/07/2023")] = None,
    source: Annotated[str | None, typer.Option(help="a source id of warehouse/reference/sources.yaml")] = None,
) -> None:
    """Land documents for the next run. The same bytes twice land once.

    A folder gives all its files but the hidden ones; of archives (.zip) and mails (.eml) the next run takes what is in them.
    Say with --url, --published and --source what the file does not; said of a document that is here already, it corrects
    what was known:

        kpi add bao-cao.txt --published 05/07/2023 --source camau_gov

        kpi add https://example.vn/bai-viet.html
    """
    from pipelines.errors import UserError
    from pipelines.ingest.landing import Landed, Origin, land, land_error, printable

    layout = Layout.from_environment()
    layout.create()
    day = _publication_date(published)
    _check(url, source)
    counts = dict.fromkeys((*Landed, "failed"), 0)
    found = list(_expand(items, layout))  # a wrong one is said before any is landed
    for name, path, address in _with_progress(found):
        origin = Origin(printable(name), address or url, day.isoformat() if day else None, source)
        note = ""
        try:
            if address:
                _download(address, path)
            outcome: str = land(layout, path, origin)
            if outcome == Landed.KNOWN:
                note = " (the same bytes are here already)"
        except (OSError, UserError) as error:
            reason = f"{error.strerror or error}; check it and add it again" if isinstance(error, OSError) else str(error)
            land_error(layout, replace(origin, error=reason))
            outcome, note = "failed", f": {reason}"
        finally:
            if address:
                path.unlink(missing_ok=True)
        counts[outcome] += 1
        if outcome == "failed" or len(found) <= _NAMED:
            typer.echo(f"{outcome:<8} {origin.name}{note}", err=outcome == "failed")
    corrected = f"{counts[Landed.CORRECTED]} corrected, " if counts[Landed.CORRECTED] else ""
    typer.echo(
        f"{counts[Landed.NEW]} landed, {counts[Landed.KNOWN]} known already, {corrected}{counts['failed']} unreadable."
        " Next: kpi run"
    )
    if counts["failed"]:
        raise typer.Exit(SOME_UNREADABLE)


def run() -> None:
    """Run the line once on whatever is new, and say what came of it.

    New is what landed, what an earlier run left undone, changed targets and corrections, and every document once the
    catalogue has changed.
    The published version changes only when everything critical passed. A run waits for another one to end.
    """
    from pipelines.cli.interrupt import end_at_once

    end_at_once("Stopped; the published version is as it was. The next kpi run does what is left.")
    from pipelines.cli.alerts import after_run
    from pipelines.cli.summary import print_summary
    from pipelines.extract.reader import version_of
    from pipelines.ingest.convert import CONVERTER_VERSION, refused_by
    from pipelines.ingest.landing import waiting
    from pipelines.reference.catalogue import load_catalogue
    from pipelines.reference.curated import load_curated
    from pipelines.reprints.signature import SIGNATURE_VERSION
    from pipelines.settings import read_settings
    from pipelines.store import stations
    from pipelines.store.database import Database, is_held, writer_lock
    from pipelines.store.versions import current_version, published_sequence

    layout = Layout.from_environment()
    layout.create()
    settings = read_settings()
    patience = settings.writer_timeout_seconds
    catalogue = load_catalogue(settings.reference)
    version = version_of(catalogue)
    curated = load_curated(settings.reference, catalogue).version
    if is_held(layout):
        typer.echo(f"Another run is going; waiting for it to end (up to {patience:g} s).", err=True)
    with writer_lock(layout, patience):
        with Database(layout, patience=patience) as database:
            pending = stations.pending(
                database,
                stations.converting(CONVERTER_VERSION, refused_by(settings.conversion_limits), settings.max_document_bytes),
                stations.signing(SIGNATURE_VERSION),
                stations.reading(version),
                curated,
            )
        current = current_version(layout)
        if not waiting(layout) and not pending.anything and current and published_sequence(layout) == pending.sequence:
            typer.echo(f"Nothing new. Published: {current.stem}.")
            after_run(layout, None)
            return
        from pipelines.cli.dagster_run import run_line

        outcome = run_line(layout)
    print_summary(layout, outcome)
    after_run(layout, outcome)
    if not outcome.succeeded:
        raise typer.Exit(1)
    if outcome.rejected:
        raise typer.Exit(SOME_UNREADABLE)


def _with_progress(found: list[T]) -> Iterable[T]:
    """The same, with a bar on a terminal where there are many."""
    import sys

    if len(found) <= _NAMED or not sys.stderr.isatty():
        return found
    from rich.console import Console
    from rich.progress import track

    return track(found, "adding", console=Console(stderr=True), transient=True)


def _publication_date(given: str | None) -> date | None:
    if not given:
        return None
    from pipelines.ingest.convert import EARLIEST

    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(given, form).date()
        except ValueError:
            continue
        if EARLIEST <= day <= date.today():
            return day
        raise typer.BadParameter(f"{given} lies before {EARLIEST} or in the future", param_hint="--published")
    raise typer.BadParameter(f"{given!r} is no date; write 2023-07-07 or 07/07/2023", param_hint="--published")


def _check(url: str | None, source: str | None) -> None:
    if url and not url.startswith(("http://", "https://")):
        raise typer.BadParameter(f"{url!r} is no web address; it must begin with http:// or https://", param_hint="--url")
    if source:
        from pipelines.reference.catalogue import load_catalogue
        from pipelines.settings import read_settings

        known = load_catalogue(read_settings().reference).sources
        if source not in known:
            raise typer.BadParameter(f"{source!r} is not in sources.yaml; known: {', '.join(known)}", param_hint="--source")


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
            for file in sorted(_files_of(path)):
                if not any(part.startswith(".") for part in file.relative_to(path).parts):
                    yield str(file.relative_to(path)), file, None
        elif os.path.lexists(path):
            yield path.name, path, None
        else:
            raise typer.BadParameter(f"{item!r}: no such file, folder or web address")


def _files_of(folder: Path) -> Iterator[Path]:
    """Every file under a folder, and the linked folders: they are not followed, and not passed over."""
    for parent, folders, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)
        yield from (linked for name in folders if (linked := Path(parent, name)).is_symlink())


def _download(url: str, target: Path) -> None:
    with target.open("wb") as file:
        _fetcher().fetch(url, file)


@cache
def _fetcher() -> Fetcher:
    """One for all that is added, so that a site is not asked for its pages all at once."""
    from pipelines.ingest.fetch import Fetcher
    from pipelines.settings import read_settings

    return Fetcher(*read_settings().fetch_limits)
