"""`kpi export` as its user meets it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import Kpi, kpi_on
from tests.export.conftest import Published


def test_the_command_writes_what_was_asked_and_says_what_it_wrote(published: Published, tmp_path: Path) -> None:
    path = tmp_path / "chỉ tiêu.csv"
    done = kpi_on(
        published.layout, "export", "--format", "csv", "--to", path, "--kind", "target", "--metric", "qr_payment_coverage"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{path}: 4 rows of mart.latest_observation from 4 documents, version kpi-000001\n"
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert {row["Loại"] for row in csv.DictReader(file)} == {"mục tiêu"}

    again = kpi_on(published.layout, "export", "--format", "csv", "--to", path)
    assert (again.returncode, again.stderr) == (1, f"kpi: {path} exists; give another --to, or --force to replace it\n")


def test_before_the_first_publication_there_is_nothing_to_export(kpi: Kpi, tmp_path: Path) -> None:
    done = kpi("export", "--format", "xlsx", "--to", tmp_path / "x.xlsx")
    assert done.returncode == 1
    assert "nothing is published" in done.stderr
    assert not (tmp_path / "x.xlsx").exists()


def test_the_licence_is_a_setting(published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_DATA_LICENCE", "CC0-1.0")
    assert kpi_on(published.layout, "export", "--format", "datapackage", "--to", tmp_path / "gói").returncode == 0
    assert '"name": "CC0-1.0"' in (tmp_path / "gói" / "datapackage.json").read_text(encoding="utf-8")
    monkeypatch.setenv("KPI_DATA_LICENCE", "của tôi")
    refused = kpi_on(published.layout, "export", "--format", "datapackage", "--to", tmp_path / "khác")
    assert refused.returncode == 1
    assert "KPI_DATA_LICENCE = 'của tôi'" in refused.stderr
