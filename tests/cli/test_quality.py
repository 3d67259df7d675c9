"""`kpi quality`, its pages and its handbook."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.paths import ROOT, Layout
from pipelines.store.database import Database
from tests.conftest import Kpi
from tests.line import pipeline_rows


def kpi(layout: Layout, *arguments: str) -> tuple[int, str]:
    environment = {"KPI_WAREHOUSE": str(layout.folder), "COLUMNS": "200", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, ["quality", *arguments], env=environment)
    return result.exit_code, result.output + str(result.exception or "")


def test_the_last_run_is_told_of_and_where_its_pages_are(sample_warehouse: Layout) -> None:
    [(run_id, results)] = pipeline_rows(sample_warehouse, "select run_id, count(*) from ops.dq_result group by run_id")

    code, said = kpi(sample_warehouse, "--all", "--run", run_id[:8])

    assert code == 0
    assert said.startswith(f"run {run_id}, ")
    assert said.count("\npassed") + said.count(" rows), ") == results
    assert str(sample_warehouse.data_docs / "index.html") in said
    assert "no run nix was audited" in kpi(sample_warehouse, "--run", "nix")[1]


def test_the_pages_show_suites_and_checks_alike(sample_warehouse: Layout) -> None:
    index = (sample_warehouse.data_docs / "index.html").read_text(encoding="utf-8")
    pages = sorted(set(re.findall(r"validations/[^'\"]+\.html", index)))
    assert [page.split("/")[1] for page in pages] == ["checks", "document", "fact_observation", "mart", "observation"]
    for page in pages:
        suite = page.split("/")[1]
        text = (sample_warehouse.data_docs / page).read_text(encoding="utf-8")
        for (name,) in pipeline_rows(sample_warehouse, f"select expectation from ops.dq_result where suite = '{suite}'"):
            assert name in text


def test_the_written_handbook_is_up_to_date(layout: Layout) -> None:
    assert (ROOT / "docs" / "quality.md").read_text(encoding="utf-8") == kpi(layout, "--handbook")[1], (
        "make it anew: kpi quality --handbook > docs/quality.md"
    )


@pytest.mark.parametrize("command", [["quality"], ["quarantine", "list"]], ids=["quality", "quarantine"])
def test_a_database_that_is_not_there_or_of_an_earlier_release_is_said(layout: Layout, kpi: Kpi, command: list[str]) -> None:
    none = kpi(*command)
    assert (none.returncode, "kpi add" in none.stderr) == (1, True)
    with Database(layout) as database:
        database.connection.execute("drop view core.current_quarantine")
    earlier = kpi(*command)
    assert (earlier.returncode, "is of an earlier release; kpi run brings it up" in earlier.stderr) == (1, True)
