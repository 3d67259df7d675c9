"""`kpi versions`, `kpi diff`, `kpi rollback`, `kpi rebuild`: the published versions, and whether they can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.answer import Format, write_rows
from pipelines.errors import UserError
from pipelines.paths import Layout

if TYPE_CHECKING:
    import polars as pl

DIFFERENT = 1


def versions() -> None:
    """List the versions that are kept, the newest first; * marks the one analysts read."""
    from rich.console import Console
    from rich.table import Table

    from pipelines.store.versions import VersionDamaged, current_version, open_version
    from pipelines.store.versions import versions as kept

    layout = Layout.from_environment()
    table = Table("", "version", "built (UTC)", "run", "facts", "MB")
    for path in reversed(kept(layout)):
        mark = "*" if path == current_version(layout) else ""
        size = f"{path.stat().st_size / 1e6:.1f}"
        try:
            with open_version(path) as connection:
                row = connection.execute("select built_at, sequence, facts from ops.version").fetchone()
        except VersionDamaged:
            row = None
        built, run, facts = (f"{row[0]:%Y-%m-%d %H:%M:%S}", str(row[1]), str(row[2])) if row else ("damaged", "", "")
        table.add_row(mark, path.stem, built, run, facts, size)
    if not table.rows:
        raise UserError(f"nothing is published in {layout.folder} yet; add documents (kpi add) and run (kpi run)")
    Console().print(table)


def diff(
    before: Annotated[str, typer.Argument(help="the earlier version: kpi-000003, or 3")],
    after: Annotated[str, typer.Argument(help="the later one")],
    most: Annotated[int, typer.Option(help="rows shown of each change")] = 20,
) -> None:
    """Say what changed from one version to another: facts added, facts superseded, other latest values."""
    from rich.console import Console

    from pipelines.store.compare import compare_versions
    from pipelines.store.versions import version_path

    layout = Layout.from_environment()
    console = Console()
    for what, frame in compare_versions(version_path(layout, before), version_path(layout, after)).items():
        console.print(f"[bold]{what}[/]: {frame.height}", highlight=False)
        if frame.height:
            _show(frame.head(most))
        if frame.height > most:
            console.print(f"… and {frame.height - most} more (--most {frame.height})", highlight=False)


def rollback(version: Annotated[str, typer.Argument(help="the version analysts shall read: kpi-000003, or 3")]) -> None:
    """Let analysts read an earlier version. The next run that has something new publishes again.

    Nothing recorded is undone: reject or correct what was wrong before that run.
    """
    from pipelines.settings import read_settings
    from pipelines.store.database import writer_lock
    from pipelines.store.versions import current_version, open_version, point_to, version_path

    layout = Layout.from_environment()
    target = version_path(layout, version)
    open_version(target).close()
    with writer_lock(layout, read_settings().writer_timeout_seconds):
        left = current_version(layout)
        point_to(layout, target)
    typer.echo(f"Analysts read {target.stem} now" + (f", no longer {left.stem}." if left and left != target else "."))


def rebuild() -> None:
    """Read every raw document anew, beside what stands, and compare: identical, or the differences (exit code 1).

    What stands is left as it is.
    """
    from rich.console import Console

    from pipelines.assets.rebuilt import rebuild as read_anew
    from pipelines.settings import read_settings
    from pipelines.store.database import writer_lock

    layout = Layout.from_environment()
    with writer_lock(layout, read_settings().writer_timeout_seconds), Console(stderr=True).status("reading everything anew"):
        differences = read_anew(layout)
    console = Console()
    if differences.is_empty():
        console.print("Identical: everything that stands is what the raw documents give.")
        return
    console.print(f"{differences.height} differences:", highlight=False)
    _show(differences)
    raise typer.Exit(DIFFERENT)


def _show(frame: pl.DataFrame) -> None:
    """Print a frame as `kpi sql` prints rows."""
    import duckdb

    write_rows(duckdb.from_arrow(frame.to_arrow()), Format.TABLE)
