"""The catalogue's own errors name file, entry and field; the gazetteer has both maps."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipelines.paths import ROOT
from pipelines.reference.catalogue import Catalogue, CatalogueError, load_catalogue
from pipelines.reference.gazetteer import units
from tests.conftest import SHARED

ENTRY = """
- id: new_metric
  name: {vi: Tỷ lệ mới, en: New share}
  pillar: overall
  unit: percent
  cues: {all: [mới]}
  examples:
    - {text: "Đạt 80% mới", facts: [{value: 80}]}
    - {text: "Không có gì", facts: []}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "warehouse" / "reference", tmp_path / "reference")
    return tmp_path / "reference"


def add(folder: Path, entry: str) -> None:
    path = folder / "metrics.yaml"
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")


def test_adding_a_metric_is_one_entry(folder: Path) -> None:
    add(folder, ENTRY)
    assert load_catalogue(folder).metrics["new_metric"].name.vi == "Tỷ lệ mới"


def test_a_source_of_an_unknown_province_is_named(folder: Path) -> None:
    sources = folder / "sources.yaml"
    sources.write_text(sources.read_text(encoding="utf-8").replace("province: Cà Mau", "province: Ca Mau", 1), "utf-8")
    with pytest.raises(CatalogueError, match=r"sources\.yaml: entry camau_gov: province: 'Ca Mau' is no province"):
        load_catalogue(folder)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("unit: percent", "unit: furlong"), "unit: 'furlong' is not in units.yaml"),
        (("pillar: overall", "pillar: sky"), "pillar: Input should be"),
        (("id: new_metric", "id: New Metric"), "id: String should match pattern"),
        (("cues: {all: [mới]}", "cues: {all: []}"), "cues.0: Value error, give at least one cue"),
        (("  unit:", "  colour: red\n  unit:"), "colour: Extra inputs are not permitted"),
        (("facts: []", "facts: [{value: 1}]"), "at least one sentence that does not state this metric"),
        (("facts: [{value: 80}]", "facts: []"), "at least one sentence that states this metric"),
        (("facts: []", "facts: [{value: 1, metric: ghost}]"), "examples: no metric 'ghost'"),
        (("unit: percent", "unit: percent\n  bounds: [100, 0]"), "the lower one must be below the upper one"),
        (("id: new_metric", "id: qr_payment_coverage"), "stands twice"),
    ],
)
def test_a_wrong_entry_is_named_with_file_entry_and_field(folder: Path, change: tuple[str, str], field: str) -> None:
    add(folder, ENTRY.replace(*change))
    with pytest.raises(CatalogueError) as error:
        load_catalogue(folder)
    [line] = [line for line in str(error.value).splitlines() if field in line]
    entry = "qr_payment_coverage" if "qr_payment" in change[1] else "New Metric" if "New" in change[1] else "new_metric"
    assert line.startswith(f"{folder / 'metrics.yaml'}: entry {entry}: ")


def test_broken_yaml_and_a_missing_file_are_named(folder: Path) -> None:
    (folder / "units.yaml").write_text("- {id: [", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"units\.yaml: not valid YAML"):
        load_catalogue(folder)
    (folder / "units.yaml").write_text("", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"units\.yaml: must be a list of entries"):
        load_catalogue(folder)
    (folder / "units.yaml").unlink()
    with pytest.raises(CatalogueError, match=r"units\.yaml: can't be read .* set KPI_REFERENCE"):
        load_catalogue(folder)


@pytest.mark.skipif(not SHARED.exists(), reason="the list of ids lies beside the project, not in it")
def test_the_ids_and_units_are_those_of_the_annotated_data(catalogue: Catalogue) -> None:
    with (SHARED / "reference" / "metrics.csv").open(encoding="utf-8") as file:
        agreed = {row["metric_id"]: row["unit"] for row in csv.DictReader(file)}
    assert {metric.id: metric.unit for metric in catalogue.metrics.values()}.items() >= agreed.items()


def test_both_maps_are_known() -> None:
    found = Counter((unit.code_list, unit.level.value) for unit in units())
    assert found[("124/2004", "province")] == 63
    assert found[("19/2025", "province")] == 34
    assert found[("19/2025", "commune")] == 3321
    assert found[("19/2025", "district")] == 0
    assert len({unit.place_key for unit in units()}) == len(units())
    known = {unit.place_key: unit for unit in units()}
    assert all(unit.parent_key in known for unit in units() if unit.parent_key)


def _with_feeds(folder: Path, feeds: str) -> Catalogue:
    sources = folder / "sources.yaml"
    sources.write_text(
        sources.read_text(encoding="utf-8") + f"- {{id: x, name: X, kind: other, authority: 1, feeds: {feeds}}}\n", "utf-8"
    )
    return load_catalogue(folder)


def test_feeds_of_a_source_change_nothing_that_is_read(folder: Path) -> None:
    plain = _with_feeds(folder, "[]").fingerprint
    (folder / "sources.yaml").write_bytes((ROOT / "warehouse" / "reference" / "sources.yaml").read_bytes())
    catalogue = _with_feeds(folder, '[{url: "https://bao.example/tin.rss", pages: 9}]')
    assert [(source, feed.url, feed.pages) for source, feed in catalogue.feeds] == [("x", "https://bao.example/tin.rss", 9)]
    assert catalogue.fingerprint == plain


@pytest.mark.parametrize(
    ("feeds", "says"),
    [
        ('[{url: "ftp://bao.example/tin.rss"}]', r"entry x: feeds\.0\.url: String should match pattern"),
        ('[{url: "https://bao.example/", kind: json}]', r"entry x: feeds\.0\.kind: Input should be 'rss', 'atom' or 'sitemap'"),
        (
            '[{url: "https://bao.example/", every_minutes: 1}]',
            r"feeds\.0\.every_minutes: Input should be greater than or equal to 5",
        ),
        ('[{url: "https://bao.example/", every: 60}]', r"feeds\.0\.every: Extra inputs are not permitted"),
        (
            '[{url: "https://bao.example/"}, {url: "https://bao.example/"}]',
            "sources.yaml: feeds: https://bao.example/ stands twice",
        ),
    ],
)
def test_a_wrong_feed_is_named(folder: Path, feeds: str, says: str) -> None:
    with pytest.raises(CatalogueError, match=says):
        _with_feeds(folder, feeds)


def test_that_a_count_only_grows_does_not_change_what_is_read(folder: Path) -> None:
    before = load_catalogue(folder)
    metrics = folder / "metrics.yaml"
    text = metrics.read_text(encoding="utf-8")
    assert any(metric.cumulative for metric in before.metrics.values())
    metrics.write_text(text.replace("  cumulative: true\n", ""), encoding="utf-8")

    after = load_catalogue(folder)

    assert not any(metric.cumulative for metric in after.metrics.values())
    assert after.fingerprint == before.fingerprint
