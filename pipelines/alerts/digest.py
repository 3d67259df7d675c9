"""What a message says: its alerts, gathered by expectation, in the languages of its route.

Belongs here: gathering, cutting to what a person reads, and making text from documents harmless.
Does not: the layout (templates/digest.txt.j2), the words (templates/words.yaml), what is in a message (outbox.py).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import yaml

from pipelines.alerts.outbox import sample_rows
from pipelines.reference.routes import Route
from pipelines.settings import TIMEZONE

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"
LOCAL = ZoneInfo(TIMEZONE)
_ORDER = ("opened", "reminded", "solved")
_EXAMPLES = 5  # rows, places and metrics named of one expectation
_ITEMS = 20  # expectations named under one heading
_LONGEST = 400
_LIVE = re.compile(r"(?<=[@<])|(?<=:)(?=//)|(?<=www)(?=\.)")  # where a name, tag or address would become one


def digest(
    route: Route, alerts: Sequence[dict[str, Any]], *, run_id: str, state: dict[str, Any], sentences: dict[str, str], link: str
) -> tuple[str, str]:
    """Title and text of a message to a route.

    ``alerts`` are those of ``outbox.contents``, ``state`` is what a heartbeat says of the warehouse, ``sentences`` are
    quotes by observation, ``link`` leads to the run (empty: there is none).
    """
    sections = [(about, _items(rows, sentences)) for about in _ORDER if (rows := [a for a in alerts if a["about"] == about])]
    only = alerts[0]["about"] if alerts and not sections else None  # heartbeat, test
    counts = {about: len(items) for about, items in sections}
    critical = sum(item["severity"] == "critical" for about, items in sections if about == "opened" for item in items)
    is_digest = bool(sections) and any(alert["about"] == "heartbeat" for alert in alerts)
    given = {"counts": counts, "critical": critical, "only": only, "is_digest": is_digest}
    given |= {"run_id": run_id, "link": link, "state": state}
    texts = [
        _template().render(given, sections=sections, language=language, words=words(language)).strip()
        for language in route.languages
    ]
    title, _, texts[0] = texts[0].partition("\n")
    return title, f"\n\n{'-' * 40}\n\n".join(text.strip() for text in texts) + "\n"


def examples_of(alerts: Iterable[dict[str, Any]]) -> set[str]:
    """The observations among the example rows of alerts, whose sentences are to be shown."""
    return {str(row["observation_id"]) for alert in alerts for row in sample_rows(alert["sample"]) if row.get("observation_id")}


def harmless(value: object) -> str:
    """A value of a document as one line that does nothing where it is shown: no control or direction characters, no
    address, mention or tag that a service would bring to life, and no more than a person reads.
    """
    text = unicodedata.normalize("NFC", str(value))
    text = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    text = " ".join(text.split())
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return _LIVE.sub("\u200b", text)


@cache
def words(language: str) -> dict[str, Any]:
    """The words of a language: those of the layout, and what expectations and kinds mean by name."""
    known: dict[str, dict[str, Any]] = yaml.safe_load((TEMPLATES / "words.yaml").read_text(encoding="utf-8"))
    return known[language]


def _items(alerts: Sequence[dict[str, Any]], sentences: dict[str, str]) -> list[dict[str, Any]]:
    """Alerts of one sort gathered by expectation, the critical first."""
    ordered = sorted(alerts, key=_gathered_by)
    return [_item(list(rows), sentences) for _, rows in groupby(ordered, key=_gathered_by)]


def _gathered_by(alert: dict[str, Any]) -> tuple[str, str, str]:
    return alert["severity"], alert["suite"], alert["expectation"]


def _item(alerts: list[dict[str, Any]], sentences: dict[str, str]) -> dict[str, Any]:
    first = alerts[0]
    rows = {json.dumps(row, sort_keys=True, default=str): row for alert in alerts for row in sample_rows(alert["sample"])}
    return first | {
        "name": first["expectation"] if first["kind"] == "check" else first["kind"],
        "subjects": [_subject(alert) for alert in alerts[:_EXAMPLES] if alert["metric_id"] or alert["place_key"]],
        "more": max(len(alerts) - _EXAMPLES, 0),
        "opened_at": min(alert["opened_at"] or alert["recorded_at"] for alert in alerts),
        "failing_rows": max(alert["failing_rows"] for alert in alerts),
        "examples": [_example(row, sentences) for row in list(rows.values())[:_EXAMPLES]],
    }


def _subject(alert: dict[str, Any]) -> dict[str, str]:
    place = ", ".join(part for part in (alert["place"], alert["province"]) if part) or alert["place_key"] or ""
    return {lang: ", ".join(filter(None, (alert[f"metric_{lang}"] or alert["metric_id"], place))) for lang in ("vi", "en")}


def _example(row: dict[str, Any], sentences: dict[str, str]) -> dict[str, Any]:
    key = str(row.get("observation_id") or "")
    rest = "; ".join(f"{name}: {value}" for name, value in row.items() if name not in ("observation_id", "quote"))
    return {"observation_id": key, "quote": row.get("quote") or sentences.get(key), "rest": rest}


def _moment(value: datetime, language: str) -> str:
    return value.astimezone(LOCAL).strftime("%d/%m/%Y %H:%M" if language == "vi" else "%Y-%m-%d %H:%M")


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # plain text; what documents say goes through harmless()
    )
    environment.filters |= {"harmless": harmless, "moment": _moment}
    environment.globals |= {"most": _ITEMS}
    return environment.get_template("digest.txt.j2")
