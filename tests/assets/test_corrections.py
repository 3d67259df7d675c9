"""Corrections through the whole line: corrected, rejected, withdrawn, stale, rescued, and kept by a new reading."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from pipelines.assets import line
from pipelines.cli.doctor import doctor
from pipelines.cli.query import trace
from pipelines.extract.comparators import bounds
from pipelines.model import Comparator
from pipelines.paths import ROOT, Layout
from pipelines.store.database import Database
from tests.line import facts, pipeline_rows, published_rows, run_line

ARTICLES = {
    "a.txt": """Xã Phong Lạc đưa mã QR vào chợ

Lê Văn Út | 12/05/2023, 08:15

Tính đến ngày 30/4/2023, gần 85% cơ sở kinh doanh trên địa bàn xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có mã QR thanh \
toán. Xã có 9 tổ công nghệ số cộng đồng. Toàn xã có 98% văn bản được ký số; tỷ lệ hồ sơ nộp trực tuyến đạt 71,5%. \
Có 77,5% hộ gia đình dùng Internet cáp quang. Xã có 84% hộ dùng điện thoại thông minh.
""",
    "b.txt": "Tính đến ngày 30/4/2023, 64% cơ sở kinh doanh trong xã có mã QR thanh toán.",
    "c.txt": "Xã Phong Lạc, huyện Trần Văn Thời (Cà Mau)\n\nHết năm 2022, 66% cơ sở kinh doanh có mã QR thanh toán.",
}
CA_MAU, PHONG_LAC = "124/2004:96:2004-07-08", "124/2004:32125:2004-07-08"
DECIDED = {"reason": "Báo cáo gốc ghi khác", "decided_by": "Lê Thị B", "decided_on": "2025-11-20"}
NEVER_READ = "0123456789abcdef"

Frame = Callable[[pl.DataFrame], pl.DataFrame]
Reread = Callable[[Frame], None]


def in_doubt(frame: pl.DataFrame) -> pl.DataFrame:
    """The reading of the first version: it doubts the 84%."""
    return frame.with_columns(confidence=pl.when(pl.col("value") == 84).then(0.2).otherwise("confidence"))


READ = line.observation_frame


def read_as(patch: pytest.MonkeyPatch, change: Frame) -> None:
    patch.setattr(line, "observation_frame", lambda *arguments: change(READ(*arguments)))


def write(layout: Layout, *entries: dict[str, Any]) -> None:
    """The file of corrections that the warehouse's line uses."""
    content = yaml.safe_dump([entry | DECIDED for entry in entries], allow_unicode=True)
    (layout.folder.parent / "reference" / "corrections.yaml").write_text(content, encoding="utf-8")


def entry(observation_id: str, expects: float, **right: Any) -> dict[str, Any]:
    """An entry that sets what is right, or rejects where nothing is said to be."""
    decision = {"set": right} if right else {"reject": True}
    return {"observation": observation_id, "expects": {"value": expects}} | decision


@pytest.fixture(scope="module")
def ids() -> dict[float, str]:
    """The ids of the figures by the value that was read; filled by ``decided_once``."""
    return {}


@pytest.fixture(scope="module")
def decided_once(tmp_path_factory: pytest.TempPathFactory, ids: dict[float, str]) -> Layout:
    """Three documents read and published, then corrected in every way at once; tests only read it."""
    folder = tmp_path_factory.mktemp("corrections")
    shutil.copytree(ROOT / "warehouse" / "reference", folder / "reference")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPI_WAREHOUSE", str(folder / "warehouse"))
        patch.setenv("KPI_REFERENCE", str(folder / "reference"))
        read_as(patch, in_doubt)
        layout = Layout.from_environment()
        layout.create()
        for name, text in ARTICLES.items():
            (layout.landing / name).write_text(text, encoding="utf-8")
        assert run_line(layout).success
        for table in ("fact_observation", "quarantine_observation"):
            ids.update(published_rows(layout, f"select value, observation_id from core.{table}"))
        write(layout, *entries(ids))
        assert run_line(layout).success
    return layout


def entries(ids: dict[float, str]) -> list[dict[str, Any]]:
    period = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
    return [
        entry(ids[85], 85, value=58, comparator="gt"),
        entry(ids[9], 9),
        entry(ids[98], 98, metric_id="edoc_exchange_share", place_key=CA_MAU, kind="target", tier="commune", **period),
        entry(ids[71.5], 71.5, value=715),
        entry(ids[77.5], 70, value=75),
        entry(ids[84], 84, value=84),
        entry(ids[64], 64, place_key=PHONG_LAC),
        entry(NEVER_READ, 1),
    ]


@pytest.fixture
def decided(decided_once: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A copy of the same to go on with."""
    shutil.copytree(decided_once.folder.parent, tmp_path / "copy")
    monkeypatch.setenv("KPI_WAREHOUSE", str(tmp_path / "copy" / "warehouse"))
    monkeypatch.setenv("KPI_REFERENCE", str(tmp_path / "copy" / "reference"))
    read_as(monkeypatch, in_doubt)
    return Layout.from_environment()


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reread]:
    """A new version of the extractor, whose readings differ from the first one's as it is told."""

    def install(change: Frame) -> None:
        monkeypatch.setattr("pipelines.extract.reader.EXTRACTOR_VERSION", "next")
        read_as(monkeypatch, lambda frame: change(in_doubt(frame)))

    return install  # type: ignore[return-value]


def held(layout: Layout, observation_id: str, columns: str = "value, rule_id") -> list[tuple[Any, ...]]:
    return published_rows(layout, f"select {columns} from core.current_observation where observation_id = '{observation_id}'")


def quarantined(layout: Layout, observation_id: str) -> list[tuple[Any, ...]]:
    query = f"select expectation, value, reason from core.quarantine_observation where observation_id = '{observation_id}'"
    return published_rows(layout, f"{query} order by recorded_at")


def problem(layout: Layout, observation_id: str) -> str | None:
    [(found,)] = published_rows(layout, f"select problem from core.correction_state where observation_id = '{observation_id}'")
    return found


def check(layout: Layout) -> tuple[Any, ...]:
    """Severity, success and failing rows of the check of the corrections in the last run."""
    query = "select severity, success, failing_rows from ops.dq_result where expectation = 'corrections_fit'"
    return pipeline_rows(layout, f"{query} order by recorded_at desc limit 1")[0]


def test_a_corrected_figure_is_published_under_its_id_and_what_was_read_stays_in_the_history(decided_once, ids):
    assert held(decided_once, ids[85], "value, comparator, value_low, value_high, rule_id, confidence") == [
        (58.0, "gt", 58.0, None, "correction", 1.0)
    ]
    history = f"select value, superseded_at is null from core.observation_history where observation_id = '{ids[85]}' order by 2"
    assert published_rows(decided_once, history) == [(85.0, False), (58.0, True)]


def test_metric_place_period_kind_and_tier_can_be_corrected(decided_once, ids):
    columns = "metric_id, platform_id, place_key, kind, period_end::varchar, period_grain, period_basis, tier, value"
    assert held(decided_once, ids[98], columns) == [
        ("edoc_exchange_share", "edoc_system", CA_MAU, "target", "2025-12-31", "year", "stated", "commune", 98.0)
    ]


def test_a_rejected_figure_goes_to_quarantine_with_the_persons_words(decided_once, ids):
    assert held(decided_once, ids[9]) == []
    assert quarantined(decided_once, ids[9]) == [("rejected", 9.0, "Báo cáo gốc ghi khác (Lê Thị B, 2025-11-20)")]
    query = f"select reason from core.supersession where observation_id = '{ids[9]}'"
    assert published_rows(decided_once, query) == [("held back: rejected",)]


def test_a_figure_without_a_place_is_rescued_from_quarantine(decided_once, ids):
    assert [row[0] for row in quarantined(decided_once, ids[64])] == ["place_is_known"]
    assert held(decided_once, ids[64], "place_key, value, rule_id") == [(PHONG_LAC, 64.0, "correction")]


def test_a_doubtful_figure_that_a_person_confirms_is_a_fact(decided_once, ids):
    assert [row[0] for row in quarantined(decided_once, ids[84])] == ["low_confidence"]
    assert held(decided_once, ids[84]) == [(84.0, "correction")]


def test_a_correction_that_expects_something_else_holds_its_figure_back_and_says_what_to_do(decided_once, ids):
    assert held(decided_once, ids[77.5]) == []
    [(expectation, value, reason)] = quarantined(decided_once, ids[77.5])
    assert (expectation, value) == ("correction_is_stale", 77.5)
    assert reason.startswith("corrections.yaml expects 70.0; the reading gives 77.5, eq, fibre_household_share")
    assert reason.endswith("mend the entry, or take it out")
    assert problem(decided_once, ids[77.5]) == reason


def test_a_correction_to_what_the_metric_can_not_have_is_held_back_by_the_audit(decided_once, ids):
    assert held(decided_once, ids[71.5]) == []
    assert [row[:2] for row in quarantined(decided_once, ids[71.5])] == [("value_within_bounds", 715.0)]
    assert "it fails the audit" in (problem(decided_once, ids[71.5]) or "")


def test_a_correction_of_an_id_that_was_never_read_is_said(decided_once):
    assert "was ever read" in (problem(decided_once, NEVER_READ) or "")


def test_what_fits_has_no_problem_and_the_check_fails_for_the_rest_without_holding_up_the_publication(decided_once, ids):
    assert [problem(decided_once, ids[value]) for value in (85, 9, 98, 64, 84)] == [None] * 5
    assert check(decided_once) == ("warning", False, 3)


def test_only_the_documents_of_corrections_are_read_anew(decided_once):
    assert pipeline_rows(decided_once, "select documents from ops.run order by sequence") == [(3,), (2,)]


@pytest.mark.usefixtures("decided")
def test_doctor_lists_the_corrections_that_do_not_fit_and_trace_says_who_decided(ids, capsys):
    doctor()
    lines = capsys.readouterr().out.splitlines()
    listed = [line.split()[2] for line in lines if line.split()[:2] == ["note", "correction"]]
    assert listed == sorted((ids[71.5], ids[77.5], NEVER_READ))
    assert any("checks.corrections_fit, 3 rows" in line for line in lines)

    trace(ids[85])
    assert re.search(r"correction +\S+ \S+ UTC: set: Báo cáo gốc ghi khác \(Lê Thị B, 2025-11-20\)", capsys.readouterr().out)


def test_a_withdrawn_entry_gives_back_what_was_read_and_stays_in_the_history(decided, ids):
    write(decided)

    assert run_line(decided).success

    assert [held(decided, ids[value], "value")[0][0] for value in (85, 9, 98, 71.5, 77.5)] == [85, 9, 98, 71.5, 77.5]
    assert held(decided, ids[98], "metric_id, place_key, tier") == [("edoc_signed_share", PHONG_LAC, None)]
    assert held(decided, ids[64]) == held(decided, ids[84]) == [], "what was rescued waits again"
    actions = f"select action from core.correction where observation_id in ('{ids[85]}', '{ids[9]}') order by recorded_at, 1"
    assert published_rows(decided, actions) == [("reject",), ("set",), ("withdraw",), ("withdraw",)]
    assert check(decided) == ("warning", True, 0)


def test_a_new_version_of_the_extractor_keeps_corrections_and_adds_nothing(decided, next_version):
    tables = ("quarantine_observation", "supersession", "correction")
    before = [facts(decided), *(published_rows(decided, f"from core.{table} order by all") for table in tables)]
    next_version(lambda frame: frame)

    assert run_line(decided).success

    assert pipeline_rows(decided, "select documents, observations from ops.run order by sequence desc limit 1") == [(3, 0)]
    assert [facts(decided), *(published_rows(decided, f"from core.{table} order by all") for table in tables)] == before
    assert check(decided) == ("warning", False, 3)


def test_corrections_hold_from_the_first_reading_of_a_warehouse_rebuilt_from_its_raw_documents(decided):
    query = "select observation_id, value, metric_id, place_key from core.current_observation order by all"
    before = published_rows(decided, query)
    decided.database.unlink()
    shutil.rmtree(decided.published)
    decided.create()

    assert run_line(decided).success

    assert published_rows(decided, query) == before
    assert check(decided) == ("warning", False, 3)


def test_a_correction_goes_stale_when_the_reading_changes_and_fits_again_once_mended(decided, ids, next_version):
    next_version(lambda frame: frame.with_columns(value=pl.when(pl.col("value") == 85).then(86.0).otherwise("value")))

    assert run_line(decided).success

    assert held(decided, ids[85]) == []
    assert [row[:2] for row in quarantined(decided, ids[85])] == [("correction_is_stale", 86.0)]
    assert check(decided) == ("warning", False, 4)

    write(decided, *entries(ids)[1:], entry(ids[85], 86, value=57))
    assert run_line(decided).success

    assert held(decided, ids[85]) == [(57.0, "correction")]
    assert problem(decided, ids[85]) is None
    history = f"select expected_value from core.correction where observation_id = '{ids[85]}' order by recorded_at"
    assert published_rows(decided, history) == [(85.0,), (86.0,)]


def test_a_correction_or_rejection_whose_observation_is_no_longer_read_fails_the_check(decided, ids, next_version):
    next_version(lambda frame: frame.filter(~pl.col("value").is_in([85.0, 9.0])))

    assert run_line(decided).success

    assert ["no longer gives" in (problem(decided, ids[value]) or "") for value in (85, 9)] == [True, True]
    assert check(decided) == ("warning", False, 5)


def test_a_stage_that_is_audited_twice_is_corrected_once(decided, ids):
    with Database(decided) as database:
        database.start_stage()
        database.connection.execute(
            "insert into stage.observation by name select * exclude (recorded_at, run_id) from core.fact_observation "
            f"where observation_id = '{ids[85]}' and value = 85"
        )
        for _ in range(2):
            database.run("line/apply_corrections")
        staged = "select value, outcome from stage.observation join stage.correction_outcome using (observation_id)"
        assert database.connection.execute(staged).fetchall() == [(58.0, "applied")]
        assert database.connection.execute("from stage.finding").fetchall() == []


def test_the_bounds_of_a_corrected_value_follow_the_extractors_rule(layout):
    staged, corrections, expected = [], [], {}
    for read, right, high in product(Comparator, (None, *Comparator), (None, 90.0)):
        if high is None and Comparator.RANGE in (read, right):
            continue
        key = f"{read} {right} {high}"
        row = {"observation_id": key, "document_id": "d", "value": 80.0, "comparator": read}
        staged.append(row | dict(zip(("value_low", "value_high"), bounds(80.0, high, read), strict=True)))
        corrections.append(
            {"observation_id": key, "action": "set", "expected_value": 80.0, "right_value": 70.0, "right_comparator": right}
            | {"right_value_high": high if right in (Comparator.RANGE, Comparator.APPROX) else None}
            | {"run_id": "r"}
        )
        kept = high if read in (Comparator.RANGE, Comparator.APPROX) or corrections[-1]["right_value_high"] else None
        expected[key] = bounds(70.0, kept, right or read)
    with Database(layout) as database:
        database.insert("stage.observation", staged)
        with database.batch(pl.DataFrame(corrections, infer_schema_length=None)):
            database.connection.execute("insert into core.correction by name select *, now() as recorded_at from batch")
        database.run("line/apply_corrections")
        rows = database.connection.execute("select observation_id, value_low, value_high from stage.observation").fetchall()
    assert {key: (low, high) for key, low, high in rows} == expected
