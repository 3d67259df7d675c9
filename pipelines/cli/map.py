"""`kpi map`: a mapping for a report form, proposed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.errors import UserError

if TYPE_CHECKING:
    from pipelines.extract.proposal import Proposal
    from pipelines.reference.forms import Form

_HEADER = """\
# Proposed from {file}. Look at what has a comment, give it an id of your own, add it to warehouse/reference/forms.yaml,
# and see with kpi extract --all FILE what is read by it. What to write is said at the top of that file.
"""


def map_form(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a workbook or CSV file in the form")],
) -> None:
    """Propose a mapping for a report form as YAML: where metrics, places, period and values stand.

    kpi map bieu-mau-quy-2.xlsx > mapping.yaml
    """
    from pipelines.cli.extract import documents_from_files
    from pipelines.extract.proposal import propose
    from pipelines.extract.reader import Reader
    from pipelines.reference.catalogue import load_catalogue
    from pipelines.settings import read_settings

    settings = read_settings()
    [document] = documents_from_files([file], settings.conversion_limits)
    proposals = propose(document, Reader(load_catalogue(settings.reference)))
    if not proposals:
        raise UserError(f"{file}: no table with a header and values; give a workbook or CSV file, or write the mapping by hand")
    typer.echo(_HEADER.format(file=file.name))
    taken: set[str] = set()
    for proposal in proposals:
        typer.echo("\n".join(as_yaml(proposal, taken)) + "\n")


def as_yaml(proposal: Proposal, taken: set[str]) -> Iterator[str]:
    """The lines of a proposal: an entry of forms.yaml, what to look at as comments. ``taken`` are the ids before it."""
    name = f"sheet {proposal.name!r}" if proposal.name else "the table"
    form = proposal.form
    if form is None:
        yield f"# {name}: no column and no row is linked to a metric; write the mapping by hand, with metrics of metrics.yaml"
    else:
        others = (f"{form.id}_{number}" for number in range(2, len(taken) + 3))
        id = next(id for id in (form.id, *others) if id not in taken)
        taken.add(id)
        yield f"- id: {id}"
        yield from _entry(form, proposal)
    yield from (f"  # left out: {each}" for each in proposal.left_out)


def _entry(form: Form, proposal: Proposal) -> Iterator[str]:
    stated: dict[str, Any] = form.model_dump(mode="json", exclude_defaults=True, exclude={"id", "values", "rows"})
    yield f"  name: {_flow(stated.pop('name'))}"
    if proposal.name:
        yield f"  # sheet: {_flow(proposal.name)}  # only on sheets of this name"
    for key in ("words", "header_rows", "place", "period"):
        if key in stated:
            yield f"  {key}: {_flow(stated[key])}{_note(proposal, key)}"
        elif key in proposal.notes:
            yield f"  # {key}: {proposal.notes[key]}"
    if form.rows:
        yield from ("  rows:", f"    column: {_flow(form.rows.column)}", "    metrics:")
        yield from (f"      {_flow(label)}: {metric}" for label, metric in form.rows.metrics.items())
    if form.unit:
        yield f"  unit: {_flow(form.unit)}"
    yield "  values:"
    for value in form.values:
        yield f"    - {_flow(value.model_dump(mode='json', exclude_defaults=True))}{_note(proposal, value.column)}"


def _note(proposal: Proposal, key: str) -> str:
    return f"  # {proposal.notes[key]}" if key in proposal.notes else ""


def _flow(value: Any) -> str:
    """A value as YAML on one line; words in quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
