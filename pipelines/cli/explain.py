"""`kpi parse` and `kpi explain`: what is read in a sentence, and why."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.text import Text

    from pipelines.extract.explanation import Explained
    from pipelines.model import Observation

_CONTEXT = 60


def parse(
    text: Annotated[str, typer.Argument(help="a sentence")],
    reference: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="the day it was written, for missing years and the map in force"),
    ] = None,
) -> None:
    """Print the quantities, periods and places of a sentence as JSON; offsets are NFC code points.

    kpi parse "Đến 30/4, xã Tân Ân có trên 80% hộ dùng mã QR" --reference 2023-07-07
    """
    from pipelines.extract.parse import parse_text
    from pipelines.reference.catalogue import load_catalogue
    from pipelines.settings import read_settings

    units = load_catalogue(read_settings().reference).units
    parsed = parse_text(text, reference.date() if reference else None, units)
    json.dump(parsed, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def explain(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="documents as they would be landed")],
) -> None:
    """Show every number of a document with the fact it became, or why it became none, with the rule and the score."""
    from rich.console import Console

    from pipelines.cli.extract import documents_from_files
    from pipelines.extract.explanation import explain
    from pipelines.extract.reader import Reader
    from pipelines.reference.catalogue import load_catalogue
    from pipelines.settings import read_settings

    settings = read_settings()
    reader = Reader(load_catalogue(settings.reference))
    console = Console()
    for document in documents_from_files(files, settings.conversion_limits):
        for explained in explain(reader, document):
            console.print(_in_context(document.text, explained), soft_wrap=True)
            for line in _said(explained):
                console.print(f"    {line}", highlight=False, markup=False, soft_wrap=True)


def _in_context(text: str, explained: Explained) -> Text:
    from rich.text import Text

    start, end = explained.number
    before = text[max(0, start - _CONTEXT) : start].replace("\n", " ")
    after = text[end : end + _CONTEXT].replace("\n", " ")
    return Text.assemble((f"{start:6} …{before}", "dim"), (text[start:end], "bold black on yellow"), (f"{after}…", "dim"))


def _said(explained: Explained) -> list[str]:
    if explained.reason:
        return [f"no figure: {explained.reason}"]
    return [_of(observation) for observation in explained.observations]


def _of(o: Observation) -> str:
    high = f"–{o.value_high:g}" if o.comparator == "range" else ""
    stated: list[Any] = [o.metric_id or "no metric", f"{o.comparator} {o.value:g}{high} {o.unit or ''}".strip(), o.kind]
    stated += [o.place.name or "no place", f"{o.period.end} ({o.period.basis})", f"{o.rule_id} {o.confidence:.2f}"]
    return f"{o.status}: " + ", ".join(map(str, stated)) + (f" — {o.reason}" if o.reason else "")
