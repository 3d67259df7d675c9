"""`kpi backup`, `kpi restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.paths import Layout


def backup(
    destination: Annotated[Path, typer.Argument(metavar="DEST", help="a folder, best on another disk")],
    check: Annotated[bool, typer.Option("--check", help="only read the newest backup there again, whole")] = False,
) -> None:
    """Back the warehouse up to DEST: database, raw documents, the version analysts read, landing folder, catalogue.

    Runs may be going: one is waited for, and others wait while the database is copied. What has not changed since the last
    backup there is not copied again; KPI_KEEP_BACKUPS are kept. Dagster's own history is not in it.
    """
    from pipelines.operation.backup import make_backup, read_backup
    from pipelines.operation.log import open_log
    from pipelines.operation.restore import check_backup, find_backup
    from pipelines.settings import read_settings

    if check:
        path = find_backup(destination, None)
        typer.echo(f"{path.stem} is whole: {len(check_backup(destination, path).files)} files.")
        return
    settings, layout = read_settings(), Layout.from_environment()
    path = make_backup(layout, settings.reference, destination, settings.keep_backups, settings.writer_timeout_seconds)
    made = read_backup(path)
    with open_log(layout, job="backup") as log:
        log.info("backed up", backup=str(path), files=len(made.files), bytes=made.size)
    typer.echo(f"{path.stem}: {len(made.files)} files, {made.size / 1e6:.1f} MB. To take it back: kpi restore {destination}")


def restore(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="the folder that kpi backup was given")],
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="where the warehouse shall lie; KPI_WAREHOUSE by default")
    ] = None,
    name: Annotated[str | None, typer.Option("--backup", help="which one, by its name; the newest by default")] = None,
) -> None:
    """Take a warehouse back out of a backup, after all of it was read and found whole. What stands is never overwritten."""
    from pipelines.operation.backup import REFERENCE
    from pipelines.operation.restore import find_backup, restore_backup

    layout = Layout(to.expanduser().resolve()) if to else Layout.from_environment()
    path = find_backup(source, name)
    taken = restore_backup(source, path, layout)
    typer.echo(f"{path.stem}: {len(taken.files)} files are in {layout.folder}. Analysts read {taken.current or 'nothing yet'}.")
    if to:
        typer.echo(f"To work on it: export KPI_WAREHOUSE={layout.folder}")
    typer.echo(f"The catalogue of then is in {layout.folder / REFERENCE}; KPI_REFERENCE names another than the program's.")
