"""`kpi query`: the questions of `sql/queries/`, listed and asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.answer import Format, answer

if TYPE_CHECKING:
    from pipelines.store.questions import Question


def query(
    name: Annotated[str | None, typer.Argument(help="the question; without it all are listed", show_default=False)] = None,
    param: Annotated[
        list[str] | None, typer.Option("-p", "--param", metavar="NAME=VALUE", help="what is asked about", show_default=False)
    ] = None,
    format: Annotated[Format, typer.Option(help="how the rows are written")] = Format.TABLE,
) -> None:
    """Ask one of the questions of sql/queries of the published version, within the limits of kpi sql.

    Places and metrics may be typed without tones, in any case, places without the level word; % stands for anything.

    kpi query

    kpi query trend --param metric=dti_score --param place="ca mau"

    kpi query what_changed -p since=2025-01-31 --format csv > changes.csv
    """
    from pipelines.store.questions import find_question, questions

    if name is None:
        if param:
            raise typer.BadParameter("say of which question: kpi query NAME --param …")
        for question in questions():
            typer.echo("\n".join(_shown(question)))
        return
    question = find_question(name)
    answer(question.text, question.values(param or ()), format)


def _shown(question: Question) -> Iterator[str]:
    yield question.name
    yield f"    {question.english}"
    yield f"    {question.vietnamese}"
    for parameter in question.parameters:
        default = "" if parameter.required else f"={parameter.default or ''}"
        must = " (must be given)" if parameter.required else ""
        yield f"    -p {parameter.name}{default}  {parameter.meaning}{must}"
