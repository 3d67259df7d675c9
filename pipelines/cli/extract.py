"""`kpi extract`: reading alone, nothing stored."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.errors import UserError

if TYPE_CHECKING:
    from pipelines.extract.reader import Reader
    from pipelines.limits import ConversionLimits
    from pipelines.model import Document, Observation


def extract(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE…", help="documents as they would be landed")] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(help="a file of JSON objects with doc_id, text, title, published, publisher, url; - reads stdin"),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="also what does not become a fact, with its status")] = False,
) -> None:
    """Print the observations in documents as JSON lines. Nothing is stored; offsets are NFC code points."""
    if bool(files) == bool(jsonl):
        raise typer.BadParameter("give files or --jsonl FILE, one of them")
    from functools import partial

    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from pipelines.cli.parallel import read_in_order
    from pipelines.settings import read_settings

    settings = read_settings()
    documents = (
        (document for _, document in documents_from_jsonl(jsonl))
        if jsonl
        else documents_from_files(files or [], settings.conversion_limits)
    )
    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} documents"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None)
        for lines in read_in_order(settings.reference, documents, partial(json_lines, everything=all)):
            sys.stdout.write(lines)
            progress.advance(task)


def json_lines(reader: Reader, document: Document, everything: bool) -> str:
    """What `kpi extract` prints of a document: a JSON object a line, facts only unless ``everything``."""
    from pipelines.model import Status

    found = (o for o in reader.read(document) if everything or o.status is Status.FACT)
    return "".join(json.dumps(as_json(o, with_status=everything), ensure_ascii=False) + "\n" for o in found)


def as_json(o: Observation, with_status: bool = False) -> dict[str, Any]:
    """The contract that tools outside the repository read. ``value_high`` is given for ranges only:
    the bound of "dưới 80%" is its value and comparator.
    """
    found = {
        "doc_id": o.doc_id,
        "metric_id": o.metric_id,
        "value": o.value,
        "value_low": o.value_low,
        "value_high": o.value_high if o.value_high != o.value else None,
        "unit": o.unit,
        "comparator": o.comparator.value,
        "kind": o.kind.value,
        "place": {"name": o.place.name, "level": o.place.level and o.place.level.value, "key": o.place.key},
        "period": {
            "start": o.period.start and o.period.start.isoformat(),
            "end": o.period.end and o.period.end.isoformat(),
            "grain": o.period.grain,
            "basis": o.period.basis.value,
        },
        "quote": o.quote,
        "char_start": o.quote_span.start,
        "char_end": o.quote_span.end,
        "value_start": o.number.start,
        "value_end": o.number.end,
        "confidence": o.confidence,
        "rule_id": o.rule_id,
        "platform_id": o.platform_id,
        "tier": o.tier and o.tier.value,
        "denominator": o.denominator,
        "location": o.location,
    }
    return found | {"status": o.status.value, "reason": o.reason} if with_status else found


def _date(published: str | None) -> date | None:
    """A publication date; of a month or a year alone ("2022-11") its first day."""
    return date.fromisoformat((published + "-01-01")[:10]) if published else None


def documents_from_files(files: list[Path], limits: ConversionLimits) -> Iterator[Document]:
    """Each file as the document it would become. Raises ``UserError`` where one can't be converted."""
    from pipelines.ingest.rejection import Rejection
    from pipelines.ingest.sandbox import Sandbox
    from pipelines.model import Document

    with Sandbox(limits) as sandbox:
        for file in files:
            try:
                found = sandbox.convert_file(file, date.today())
            except Rejection as rejection:
                raise UserError(f"{file}: {rejection.reason}: {rejection.message}") from rejection
            yield Document(
                file.name,
                found.text,
                found.title,
                found.published,
                found.publisher,
                found.url,
                found.marks,
                found.legibility,
            )


def documents_from_jsonl(path: Path) -> Iterator[tuple[dict[str, Any], Document]]:
    """Each JSON object of a file (- is stdin), and the document it describes. Raises ``UserError`` with the line."""
    from pipelines.extract.view import nfc
    from pipelines.model import Document

    try:
        with sys.stdin.buffer if path == Path("-") else path.open("rb") as lines:
            for number, line in enumerate(io.TextIOWrapper(lines, encoding="utf-8-sig"), start=1):
                if not line.strip():
                    continue
                try:
                    item = json.loads(line)
                    if not isinstance(item["doc_id"], str):
                        raise TypeError(f"doc_id is {item['doc_id']!r}")
                    document = Document(
                        item["doc_id"],
                        nfc(item["text"]),
                        item.get("title"),
                        _date(item.get("published")),
                        item.get("publisher"),
                        item.get("url"),
                    )
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise UserError(
                        f"{path}: line {number}: {type(error).__name__}: {error}; each needs doc_id and text, both strings"
                    ) from error
                yield item, document
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: {error}; check the file") from error
