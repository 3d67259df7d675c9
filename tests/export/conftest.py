"""A published version with periods of every sort, and documents that try to write formulas."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from pipelines.export.licence import LICENCES
from pipelines.export.selection import Export, Wanted, select
from pipelines.paths import Layout
from pipelines.reference.catalogue import Catalogue
from pipelines.store.database import Database
from pipelines.store.dimensions import dimension_frames
from pipelines.store.versions import open_current, publish

HOSTILE = [
    "=1+1",
    "+84 912 000 000",
    "-",
    "@SUM(A1)",
    '=HYPERLINK("https://kẻ-xấu.example","Bấm vào đây")',
    "\t=2+2",
    "  -3+4",
    "＝1+1",
    "'=đã có dấu nháy",
    "'nháy đầu câu",
    'Đạt "trên 80%", theo báo cáo;\ndòng hai, dấu phẩy',
    "{=SUM(A1:A9)}",
    "https://bao.example/a?b=1&c=<2>",
    "Tỷ lệ hộ có cáp quang — Nguyễn Thị Ổn, 100 %",
]
PERIODS = {
    "2023": (date(2023, 1, 1), date(2023, 12, 31)),
    "2024-S1": (date(2024, 1, 1), date(2024, 6, 30)),
    "2023-S2": (date(2023, 7, 1), date(2023, 12, 31)),
    "2023-Q2": (date(2023, 4, 1), date(2023, 6, 30)),
    "2024-02": (date(2024, 2, 1), date(2024, 2, 29)),
    "2023-06-15": (date(2023, 6, 15), date(2023, 6, 15)),
    "2021-W01": (date(2021, 1, 4), date(2021, 1, 10)),
    "2021-01-01/P5Y": (date(2021, 1, 1), date(2025, 12, 31)),
    "2024-01-01/P7M": (date(2024, 1, 1), date(2024, 7, 31)),
    "2023-02-01/P3M": (date(2023, 2, 1), date(2023, 4, 30)),
    "2023-01-02/P10D": (date(2023, 1, 2), date(2023, 1, 11)),
}
COMPARATORS = ["eq", "gt", "ge", "lt", "le", "approx", "range"]
METRIC = "qr_payment_coverage"
MOMENT = datetime(2024, 9, 1, 8, 30, 15, 250_000, tzinfo=UTC)


class Published(NamedTuple):
    layout: Layout
    places: list[str]
    facts: int


@pytest.fixture(scope="session")
def published(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """One fact a hostile text, each of another place, period and comparator; only tests that read take it."""
    layout = Layout(tmp_path_factory.mktemp("export"))
    layout.create()
    dimensions = dimension_frames(catalogue)
    del dimensions["place_succession"]  # of places that are left out here
    today = dimensions["dim_place"].filter(pl.col("code_list") == "19/2025").sort("place_key")
    provinces = dimensions["dim_place"].filter(pl.col("level").is_in(["national", "province"]))
    places = today.filter(pl.col("level") == "commune").head(len(HOSTILE))  # all 14,000 make every reader slow
    stamp = {"recorded_at": MOMENT, "run_id": "run"}
    with Database(layout) as database:
        database.load_dimensions(dimensions | {"dim_place": pl.concat([places, provinces])}, "run")
        documents = [_document(number, text) | stamp for number, text in enumerate(HOSTILE)]
        database.insert("core.document_version", documents)
        facts = [_fact(number, text, places["place_key"][number]) | stamp for number, text in enumerate(HOSTILE)]
        database.insert("core.fact_observation", facts)
        database.build(layout, "run")
        publish(database, layout, "run", keep=1)
    return Published(layout, places["place_key"].to_list(), len(facts))


@pytest.fixture(scope="session")
def export(published: Published) -> Export:
    """What `kpi export` has to write when nothing is left out."""
    with open_current(published.layout) as connection:
        return select(connection, Wanted(), LICENCES["CC-BY-4.0"])


def _document(number: int, text: str) -> dict[str, object]:
    return {
        "document_id": f"{number:064x}",
        "converter_version": "1",
        "media_type": "text/plain",
        "title": text,
        "author": None,
        "publisher": text,
        "url": text if number % 2 else None,
        "source_id": "unknown",
        "published_on": date(2024, 8, 1),
        "published_basis": "given",
        "text": text,
    }


def _fact(number: int, text: str, place: str) -> dict[str, object]:
    first, last = list(PERIODS.values())[number % len(PERIODS)]
    comparator = COMPARATORS[number % len(COMPARATORS)]
    return {
        "observation_id": f"a{number:015x}",
        "document_id": f"{number:064x}",
        "metric_id": METRIC,
        "place_key": place,
        "platform_id": None,
        "kind": "target" if number % 3 == 2 else "actual",
        "period_start": first,
        "period_end": last,
        "period_grain": "stated",
        "period_basis": "stated",
        "value": 80.0 if number % 2 else 12.345,
        "value_low": None if comparator in ("lt", "le") else 12.0,
        "value_high": None if comparator in ("gt", "ge") else 80.5,
        "comparator": comparator,
        "unit_id": "percent",
        "quote": text,
        "char_start": 0,
        "char_end": len(text),
        "value_start": 0,
        "value_end": 1,
        "confidence": 0.9,
        "rule_id": "r",
        "extractor_version": "1",
        "tier": "commune" if number % 4 == 0 else None,
        "denominator": None,
    }


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder of the test's own to export into."""
    folder = tmp_path / "ra"
    folder.mkdir()
    return folder
