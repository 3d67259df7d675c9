"""What a steward decides at the keyboard: applied by the next run, and by every later reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.paths import Layout
from pipelines.reference.catalogue import load_catalogue
from pipelines.reference.curated import load_curated
from pipelines.settings import read_settings
from pipelines.store.database import Database
from pipelines.store.quarantine import UndecidableError, copy_decisions, decide, in_quarantine
from tests.line import facts, pipeline_rows, published_rows, run_line

ARTICLE = """Xã Phong Lạc đưa mã QR vào chợ

Lê Văn Út | 12/05/2023, 08:15

Tính đến ngày 30/4/2023, 104% cơ sở kinh doanh trên địa bàn xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có mã QR thanh toán. \
Xã có 9 tổ công nghệ số cộng đồng.
"""
HELD = "select value from core.current_observation order by value"


@pytest.fixture
def held_back(layout: Layout) -> str:
    """The id of a row that a run held back: 104 percent; beside it stands a fact, 9 teams."""
    (layout.landing / "a.txt").write_text(ARTICLE, encoding="utf-8")
    assert run_line(layout).success
    [(observation_id,)] = pipeline_rows(layout, "select observation_id from core.current_quarantine where value = 104")
    return str(observation_id)


def kpi(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert result.exit_code == 0, result.output
    return result.output


def read_anew(layout: Layout) -> None:
    """As after a release of the reader."""
    with Database(layout) as database:
        database.connection.execute("update core.document_reading set extractor_version = 'old'; delete from ops.station_done")
    assert run_line(layout).success


def test_a_released_row_becomes_a_fact_and_stays_one(layout: Layout, held_back: str) -> None:
    assert "may be released" in kpi("quarantine", "show", held_back)
    said = kpi("quarantine", "release", held_back, "--reason", "two stalls came late", "--by", "Út")
    assert said == "1 to release, by Út. The next kpi run applies it.\n"

    assert run_line(layout).success
    assert (104,) in published_rows(layout, HELD)
    before = facts(layout)
    read_anew(layout)

    assert facts(layout) == before
    assert pipeline_rows(layout, "select count(*) from core.current_quarantine where value = 104") == [(0,)]
    last = "(select arg_max(run_id, recorded_at) from ops.dq_result)"
    failed = f"select expectation from ops.dq_result where not success and run_id = {last}"
    assert "value_within_bounds" not in {row[0] for row in pipeline_rows(layout, failed)}
    assert "release: two stalls came late (Út, " in kpi("quarantine", "show", held_back)


def test_a_rejected_row_does_not_come_up_again(layout: Layout, held_back: str) -> None:
    assert held_back in kpi("quarantine", "list")
    kpi("quarantine", "reject", held_back, "--reason", "a slip of the pen", "--by", "Út")
    assert held_back not in kpi("quarantine", "list")

    read_anew(layout)

    assert held_back not in kpi("quarantine", "list")
    assert "reject by Út" in kpi("quarantine", "list", "--decided")
    assert (104,) not in published_rows(layout, HELD)


@pytest.mark.usefixtures("held_back")
def test_a_rejected_fact_is_taken_back_and_a_later_word_brings_it_again(layout: Layout) -> None:
    [(fact,)] = pipeline_rows(layout, "select observation_id from core.current_observation where value = 9")
    kpi("quarantine", "reject", fact, "--reason", "of last year", "--by", "Út")
    assert run_line(layout).success
    assert (9,) not in published_rows(layout, HELD)

    kpi("quarantine", "release", fact, "--reason", "asked the commune", "--by", "Lan")
    assert run_line(layout).success

    assert (9,) in published_rows(layout, HELD)


def test_what_nobody_can_overrule_is_not_released(layout: Layout, held_back: str) -> None:
    with Database(layout) as database:
        database.connection.execute(
            "insert into core.quarantine_observation by name"
            " select * replace ('place_is_known' as expectation) from core.quarantine_observation"
        )
        for ids, says in (([held_back], "place_is_known"), (["0" * 16], "no such observation")):
            with pytest.raises(UndecidableError, match=says):
                decide(database, ids, "release", "because", "Út", {"value_within_bounds"})
        assert pipeline_count(database, "core.correction") == 0, "all or none"


def test_decisions_outlive_the_file_and_a_rebuild(layout: Layout, held_back: str, tmp_path: Path) -> None:
    catalogue = load_catalogue(read_settings().reference)
    with Database(layout) as database:
        decide(database, [held_back], "reject", "a slip of the pen", "Út", ())
        database.load_curated(load_curated(read_settings().reference, catalogue), "later")
        assert database.connection.execute("select action from core.correction_in_force").fetchall() == [("reject",)]

    beside = Layout(tmp_path / "beside")
    beside.create()
    copy_decisions(layout, beside)

    assert pipeline_rows(beside, "from core.correction") == pipeline_rows(layout, "from core.correction")


def test_what_a_later_reading_no_longer_fails_is_no_longer_in_quarantine(layout: Layout, held_back: str) -> None:
    with Database(layout) as database:
        database.connection.execute("update core.dim_metric set upper_bound = 200 where metric_id = 'qr_payment_coverage'")
        assert [row["observation_id"] for row in in_quarantine(database, "value_within_bounds", "%", False, 9)] == [held_back]
        database.start_stage()
        database.stage([document := _document(database)], {}, "next")
        database.append("run", "next", "curated")
        assert document
        assert in_quarantine(database, "%", "%", True, 9) == []


def _document(database: Database) -> str:
    [(document,)] = database.connection.execute("select document_id from core.raw_document").fetchall()
    return str(document)


def pipeline_count(database: Database, table: str) -> int:
    [(count,)] = database.connection.execute(f"select count(*) from {table}").fetchall()
    return int(count)
