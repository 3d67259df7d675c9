"""`kpi eval`: how well the reader does on annotated facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.extract.evaluation import Evaluation, GoldFact

_CONTEXT = 60


def evaluate(
    gold: Annotated[list[Path], typer.Argument(metavar="GOLD.jsonl…", help="annotated documents, one JSON object a line")],
    metrics: Annotated[bool, typer.Option(help="also the scores of each metric with errors")] = False,
    calibration: Annotated[bool, typer.Option(help="also how often each confidence is right")] = False,
    errors: Annotated[int, typer.Option(min=0, help="show so many errors of each cause")] = 0,
) -> None:
    """Compare what is read from annotated documents with their facts: three levels, and the errors by cause.

    A line has what `kpi extract --jsonl` reads, and facts: metric_id, value, value_high, unit, comparator, kind,
    place {name, level}, as_of, start.
    """
    from rich.console import Console

    from pipelines.cli.extract import documents_from_jsonl
    from pipelines.extract.evaluation import Evaluation
    from pipelines.extract.reader import Reader
    from pipelines.reference.catalogue import load_catalogue
    from pipelines.settings import read_settings

    reader = Reader(load_catalogue(read_settings().reference))
    evaluation = Evaluation()
    texts: dict[str, str] = {}
    for path in gold:
        for item, document in documents_from_jsonl(path):
            facts = _facts(path, item)
            texts[document.doc_id] = document.text
            evaluation.add(document.doc_id, facts, reader.read(document))
    console = Console()
    _print_scores(console, evaluation)
    if metrics:
        _print_metrics(console, evaluation)
    if calibration:
        _print_calibration(console, evaluation)
    _print_causes(console, evaluation, texts, errors)


def _facts(path: Path, item: dict[str, Any]) -> list[GoldFact]:
    from pipelines.extract.evaluation import GoldFact

    try:
        return [GoldFact.of(fact) for fact in item["facts"]]
    except (KeyError, TypeError) as error:
        raise UserError(
            f"{path}: {item['doc_id']}: {type(error).__name__}: {error}; each line needs annotated facts"
        ) from error


def _print_scores(console: Console, evaluation: Evaluation) -> None:
    from rich.table import Table

    table = Table("level", *(("precision", "recall", "F1", "right", "extra", "missed")))
    for level, score in evaluation.scores.items():
        counts = (str(n) for n in (score.right, score.extra, score.missed))
        table.add_row(level, f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}", *counts)
    console.print(table)


def _print_metrics(console: Console, evaluation: Evaluation) -> None:
    from rich.table import Table

    table = Table("metric (level value)", "F1", "right", "extra", "missed")
    for metric, score in sorted(evaluation.by_metric.items(), key=lambda item: -(item[1].extra + item[1].missed)):
        if score.extra or score.missed:
            table.add_row(metric, f"{score.f1:.3f}", str(score.right), str(score.extra), str(score.missed))
    console.print(table)


def _print_calibration(console: Console, evaluation: Evaluation) -> None:
    from rich.table import Table

    table = Table("confidence (level value)", "observations", "promised", "right")
    for band in evaluation.calibration():
        table.add_row(f"from {band.low:.1f}", str(band.size), f"{band.promised:.2f}", f"{band.right:.2f}")
    console.print(table)


def _print_causes(console: Console, evaluation: Evaluation, texts: dict[str, str], shown: int) -> None:
    for cause, count in evaluation.causes().most_common():
        console.print(f"{count:5} {cause}", highlight=False, markup=False)
        for error in [error for error in evaluation.errors if error.cause == cause][:shown]:
            start = error.fact.start if error.fact else error.observation.number.start if error.observation else 0
            text = texts[error.doc_id]
            around = f"{text[max(0, start - _CONTEXT) : start]}⟦{text[start : start + _CONTEXT]}".replace("\n", " ⏎ ")
            console.print(f"      {error.doc_id}: …{around}…", highlight=False, markup=False, soft_wrap=True)
            if fact := error.fact:
                stated = f"{fact.metric_id} {fact.value:g} {fact.comparator} {fact.kind}"
                console.print(
                    f"        stated {stated} | {fact.place} {fact.level} | {fact.as_of}", highlight=False, soft_wrap=True
                )
            if o := error.observation:
                read = f"{o.metric_id} {o.value:g} {o.comparator} {o.kind} | {o.place.name} {o.place.level}"
                console.print(
                    f"        read   {read} | {o.period.end} {o.period.basis} | {o.rule_id}", highlight=False, soft_wrap=True
                )
