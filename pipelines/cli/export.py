"""`kpi export`: files for people and programs outside, from the published version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.export.formats import FOLDERS, Format
from pipelines.export.target import check_target
from pipelines.model import Kind
from pipelines.paths import Layout


def export(
    format: Annotated[Format, typer.Option(help="xlsx and csv for people, the others for programs")],
    to: Annotated[Path, typer.Option(metavar="PATH", help="the file; for datapackage and sdmx a folder", show_default=False)],
    mart: Annotated[str, typer.Option(help="which mart's rows")] = "latest_observation",
    metric: Annotated[list[str] | None, typer.Option(metavar="ID", help="only this metric; may be repeated")] = None,
    place: Annotated[list[str] | None, typer.Option(metavar="NAME|KEY", help="only this place; may be repeated")] = None,
    province: Annotated[list[str] | None, typer.Option(metavar="NAME", help="only what lies in it; may be repeated")] = None,
    kind: Annotated[Kind | None, typer.Option(help="only what is reached, or only what is to be")] = None,
    force: Annotated[bool, typer.Option("--force", help="replace what an earlier export left at PATH")] = False,
) -> None:
    """Write rows of a mart to files, with the documents behind them.

    kpi export --format xlsx --to chi-tieu.xlsx --province "Cà Mau"

    kpi export --format datapackage --to goi-du-lieu

    In csv and datapackage a text that a spreadsheet could take for a formula has an apostrophe put before it.
    """
    check_target(to, folder=format in FOLDERS, force=force)

    from pipelines.export.formats import write
    from pipelines.export.licence import LICENCES
    from pipelines.export.selection import Wanted, select
    from pipelines.settings import read_settings
    from pipelines.store.versions import open_current

    wanted = Wanted(mart, tuple(metric or ()), tuple(place or ()), tuple(province or ()), (kind,) if kind else ())
    licence = LICENCES[read_settings().data_licence]
    with open_current(Layout.from_environment()) as connection:
        selected = select(connection, wanted, licence)
    write(format, selected, to, force=force)
    documents = selected.documents.height
    print(f"{to}: {selected.frame.height} rows of mart.{mart} from {documents} documents, version {selected.version}")
