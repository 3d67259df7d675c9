"""The curated targets on their way into the warehouse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.paths import ROOT, Layout
from pipelines.reference.curated import curated_version
from pipelines.store import stations
from pipelines.store.database import Database
from tests.line import published_rows, run_line


@pytest.fixture
def reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the reference files that the line uses."""
    folder = tmp_path / "reference"
    shutil.copytree(ROOT / "warehouse" / "reference", folder)
    monkeypatch.setenv("KPI_REFERENCE", str(folder))
    return folder


def test_the_published_targets_are_those_of_the_file_also_after_one_was_mended_and_one_taken_out(
    layout: Layout, reference: Path
) -> None:
    assert run_line(layout).success
    query = "select count(*), sum(value) from core.fact_target"
    [(count, total)] = published_rows(layout, query)
    file = reference / "targets.csv"
    header, first, *rest = file.read_text(encoding="utf-8").splitlines(keepends=True)
    assert first.startswith("commune_fibre_coverage,")
    assert ",ge,80," in rest[2]
    rest[2] = rest[2].replace(",ge,80,", ",ge,85,")
    file.write_text("".join((header, *rest)), encoding="utf-8")

    assert run_line(layout).success

    assert published_rows(layout, query) == [(count - 1, total - 100 + 5)]


@pytest.mark.parametrize(("name", "change"), [("targets.csv", "\n"), ("corrections.yaml", "# một ghi chú\n")])
def test_changed_targets_or_corrections_give_a_run_something_to_do_until_it_has_ended(
    layout: Layout, reference: Path, name: str, change: str
) -> None:
    def changed() -> bool:
        with Database(layout) as database:
            line = stations.converting("", [""], 1), stations.signing(""), stations.reading("")
            return stations.pending(database, *line, curated_version(reference)).curated_changed

    assert changed()
    run_line(layout)
    assert not changed()
    with (reference / name).open("a", encoding="utf-8") as file:
        file.write(change)
    assert changed()
    run_line(layout)
    assert not changed()
