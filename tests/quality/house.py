"""A warehouse in good order: five sources that write every day, of their provinces and the country, in calm figures.

Belongs here: its documents and what is read of them, day by day, through the functions of the line.
Does not: what goes wrong in it (defects.py), what must come of it (test_defects.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from pipelines.assets.checks import record
from pipelines.assets.gate import audit_appended, audit_stage, build_and_audit
from pipelines.paths import ROOT, Layout
from pipelines.quality.audit import Result, audit
from pipelines.reference.catalogue import load_catalogue
from pipelines.store.database import Database
from pipelines.store.dimensions import dimension_frames
from pipelines.store.statements import EVER
from pipelines.store.versions import publish

FIRST = date(2025, 9, 10)
HISTORY = 60  # days read at once before the others
NEXT = FIRST + timedelta(days=HISTORY)  # the day after these

SOURCES = {"bao_camau": "Cà Mau", "hanoimoi": "Hà Nội", "sggp": "Hồ Chí Minh", "dongkhoi": "Vĩnh Long", "nhandan": None}
# metric: (unit, where it begins, how it grows a day)
METRICS: dict[str, tuple[str, float, float]] = {
    "qr_payment_coverage": ("percent", 61.3, 0.04),
    "online_submission_share": ("percent", 72.4, 0.05),
    "ontime_resolution_share": ("percent", 84.2, 0.01),
    "bank_account_share": ("percent", 82.1, 0.02),
    "eid_activated_count": ("account", 512_345, 321),
    "admin_files_received_count": ("file", 12_870, 137),
    "community_digital_team_count": ("team", 946, 0),
}
EACH = 5  # figures of a document
READER = "synthetic"


def on(day: date) -> type[date]:
    """`date` as it is on a day."""
    return type("On", (date,), {"today": classmethod(lambda _: day)})


def value_of(metric: str, source: str, day: date) -> float:
    """What a source says of a metric on a day."""
    unit, begins, grows = METRICS[metric]
    passed = (day - FIRST).days
    value = begins + grows * passed + 3 * list(SOURCES).index(source)
    return round(value, 1) if unit == "percent" else float(round(value))


class House:
    """Writes the documents of days into a warehouse and has them read, audited and published."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        with Database(layout) as database:
            database.load_dimensions(dimension_frames(load_catalogue(ROOT / "warehouse" / "reference")), "start")
            rows = database.connection.execute(
                "select name, place_key from core.dim_place where code_list <> '124/2004' and level in ('province', 'national')"
            ).fetchall()
        keys: dict[str, str] = dict(rows)
        self.places = {source: keys[province] if province else "VN" for source, province in SOURCES.items()}

    def written(self, first: date, days: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """(document, what it states) of every source and day."""
        for passed in range(days):
            day = first + timedelta(days=passed)
            for number, source in enumerate(SOURCES):
                begin = (day - FIRST).days + number
                metrics = [list(METRICS)[(begin + k) % len(METRICS)] for k in range(EACH)]
                yield self.document(source, day, [(metric, value_of(metric, source, day)) for metric in metrics])

    def document(
        self, source: str, day: date, stated: list[tuple[str, float]], **over: Any
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A document and the rows that its sentences give; ``over`` changes these."""
        text = f"Bản tin ngày {day:%d/%m/%Y}\n"
        document_id = hashlib.sha256(f"{source} {day} {stated} {over}".encode()).hexdigest()
        rows = []
        for metric, value in stated:
            unit = METRICS.get(metric, ("percent", 0, 0))[0]
            words, number = f"Tính đến ngày {day:%d/%m/%Y}, {metric} đạt ", f"{value:.12g}"
            start = len(text)
            text += f"{words}{number}. "
            rows.append(
                {
                    "document_id": document_id, "metric_id": metric, "place_key": self.places.get(source), "place_name": "đó",
                    "place_level": "province", "platform_id": None, "kind": "actual", "period_start": day, "period_end": day,
                    "period_grain": "day", "period_basis": "stated", "value": value, "value_low": value, "value_high": value,
                    "comparator": "eq", "unit_id": unit, "quote": f"{words}{number}.", "char_start": start,
                    "char_end": start + len(words) + len(number) + 1, "value_start": start + len(words),
                    "value_end": start + len(words) + len(number), "confidence": 0.3 if metric == "bank_account_share"
                    and day.day % 3 == 0 else 0.97, "rule_id": "synthetic", "extractor_version": READER, "tier": None,
                    "denominator": None, "location": None, **over,
                }
            )  # fmt: skip
        document = {
            "document_id": document_id, "converter_version": "1", "media_type": "text/plain", "title": "Bản tin",
            "author": None, "publisher": None, "url": None, "source_id": source, "published_on": day,
            "published_basis": "given", "text": text.strip(),
        }  # fmt: skip
        return document, rows

    def land(self, database: Database, documents: list[dict[str, Any]], run_id: str) -> None:
        """Record documents as converted on the day they were published."""
        stamp = {"recorded_at": database.moment(), "run_id": run_id}
        landed = [
            {"document_id": d["document_id"], "name": "a.txt", "retrieved_at": _noon(d["published_on"] or NEXT)}
            for d in documents
        ]
        database.insert("core.raw_document", [{"document_id": d["document_id"], "bytes": 1} | stamp for d in documents])
        database.insert("core.origin", [row | stamp for row in landed])
        database.insert("core.document_version", [d | stamp for d in documents])

    def stage(self, database: Database, written: list[tuple[dict[str, Any], list[dict[str, Any]]]]) -> None:
        """Stage what documents state, as the reader does."""
        database.start_stage()
        rows = [row for _, of_document in written for row in of_document]
        frame = pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"tier": pl.String, "platform_id": pl.String})
        database.stage([document["document_id"] for document, _ in written], {"observation": frame}, READER)

    def live(self, first: date, days: int) -> list[Result]:
        """A run on the documents of some days: landed, staged, audited, appended, built, checked and published."""
        run_id = f"run of {first}"
        written = list(self.written(first, days))
        with pytest.MonkeyPatch.context() as patch, Database(self.layout) as database:
            patch.setattr("pipelines.store.checks.date", on(first + timedelta(days=days - 1)))
            self.land(database, [document for document, _ in written], run_id)
            frame = database.frame("line/audit_document", since=EVER)
            results = audit("document", frame, "document_id")
            self.stage(database, written)
            results += audit_stage(database)[0]
            with database.transaction():
                database.append(run_id, READER, "curated")
                results += audit_appended(database, run_id)
            results += build_and_audit(database, self.layout, run_id)[1]
            record(database, run_id, results)
            publish(database, self.layout, run_id, keep=1)
        return results


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo("Asia/Ho_Chi_Minh"))
