"""What is kept of runs, what is tidied away, and the rebuild that is recorded."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.assets.upkeep import tidy_runs
from pipelines.definitions import defs
from pipelines.operation.metrics import write_metrics
from pipelines.operation.retention import tidy_logs, tidy_unread
from pipelines.paths import Layout
from pipelines.store.database import Database
from tests.line import QUIET, facts, pipeline_rows, run_line

TEXT = "Đến ngày 30/4/2023, xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có {number} tổ công nghệ số cộng đồng."


def run(name: str) -> dg.ExecuteInProcessResult:
    with dg.DagsterInstance.ephemeral() as instance:
        return defs.resolve_job_def(name).execute_in_process(instance=instance, raise_on_error=False, run_config=QUIET)


def land(layout: Layout, number: int) -> None:
    (layout.landing / f"{number}.txt").write_text(TEXT.format(number=number), encoding="utf-8")


def events(layout: Layout) -> list[dict[str, Any]]:
    return [json.loads(line) for path in layout.logs.iterdir() for line in path.read_text("utf-8").splitlines()]


def metrics(layout: Layout) -> dict[str, float]:
    families = text_string_to_metric_families(layout.metrics.read_text("utf-8"))
    return {",".join((sample.name, *sample.labels.values())): sample.value for one in families for sample in one.samples}


def test_a_run_is_kept_with_its_stations_in_database_log_and_metrics(layout: Layout) -> None:
    land(layout, 9)
    (layout.landing / "trống.txt").touch()
    result = run_line(layout)

    stations = [node.name for node in defs.resolve_job_def("run_line").nodes]
    assert pipeline_rows(layout, "select run_id, job, succeeded, error from ops.job_run") == [
        (result.run_id, "run_line", True, None)
    ]
    held = pipeline_rows(layout, "select station from ops.station_run where succeeded and seconds > 0")
    assert sorted(name for (name,) in held) == sorted(stations)
    said = events(layout)
    assert {line["run_id"] for line in said} == {result.run_id}
    assert [line["name"] for line in said if line["event"] == "document read"] == ["9.txt"]
    [refused] = [line for line in said if line["event"] == "document not readable"]
    assert (refused["name"], refused["reason"], refused["level"]) == ("trống.txt", "empty", "warning")
    assert (refused["document_id"],) in pipeline_rows(layout, "select document_id from core.unread_document")
    shown = metrics(layout)
    assert shown["kpi_held,facts"] == 1
    assert shown["kpi_held,not_readable"] == 1
    assert shown["kpi_last_run_succeeded,run_line"] == 1
    assert shown["kpi_last_success_timestamp_seconds,run_line"] == pytest.approx(datetime.now(UTC).timestamp(), abs=100)
    assert {name for name in shown if name.startswith("kpi_station_seconds,")} == {f"kpi_station_seconds,{s}" for s in stations}
    assert shown["kpi_failing_checks,critical"] == 0
    assert shown["kpi_versions"] == 1
    assert shown["kpi_disk_free_bytes"] > 0
    land(layout, 10)
    with Database(layout) as database:
        write_metrics(layout, database)
    assert metrics(layout)["kpi_landing_waiting"] == 1
    assert [path.name for path in layout.metrics.parent.iterdir()] == ["kpi.prom"], "no half file is left"


def test_a_run_that_fails_is_kept_with_its_reason(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    land(layout, 9)
    assert run_line(layout).success
    land(layout, 10)

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("pipelines.assets.line.publish", broken)

    assert not run_line(layout).success

    last = "select succeeded, error from ops.job_run order by finished_at desc limit 1"
    [(succeeded, error)] = pipeline_rows(layout, last)
    assert not succeeded
    assert error.startswith("published: ")
    assert "the disk is on fire" in error
    assert [line["level"] for line in events(layout) if line["event"] == "run ended"] == ["info", "error"]
    shown = metrics(layout)
    assert shown["kpi_last_run_succeeded,run_line"] == 0
    assert shown["kpi_last_success_timestamp_seconds,run_line"] < shown["kpi_last_run_timestamp_seconds,run_line"]


def test_a_rebuild_is_recorded_and_a_difference_is_a_failed_check(layout: Layout) -> None:
    land(layout, 9)
    run_line(layout)
    recorded = (
        "select run_id, severity, success, failing_rows, sample from ops.dq_result where suite = 'rebuild' order by recorded_at"
    )

    same = run("compare_rebuilt")

    assert same.success
    assert pipeline_rows(layout, recorded) == [(same.run_id, "critical", True, 0, None)]
    assert [check.passed for check in same.get_asset_check_evaluations()] == [True]
    with Database(layout) as database:
        database.connection.execute("update core.fact_observation set value = 90")
    other = run("compare_rebuilt")
    [_, (run_id, _, success, rows, sample)] = pipeline_rows(layout, recorded)
    assert (run_id, success, rows) == (other.run_id, False, 2)
    assert {row["side"] for row in json.loads(sample)} == {"only as it stood", "only rebuilt"}
    assert [check.passed for check in other.get_asset_check_evaluations()] == [False]
    assert not (layout.folder / ".rebuild").exists()
    assert os.environ["KPI_WAREHOUSE"] == str(layout.folder)


def test_months_landed_in_any_order_and_read_twice_give_the_same_facts(
    layout: Layout, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = {month: TEXT.replace("30/4", f"28/{month}").format(number=month) for month in (1, 2, 3)}
    for month in (3, 1, 2, 1):  # a backfill is that: old documents land, in any order, and again
        (layout.landing / f"{month}.txt").write_text(months[month], encoding="utf-8")
        assert run_line(layout).success
    backfilled = facts(layout)
    whole = Layout(tmp_path / "whole")
    whole.create()
    monkeypatch.setenv("KPI_WAREHOUSE", str(whole.folder))
    for month, text in months.items():
        (whole.landing / f"{month}.txt").write_text(text, encoding="utf-8")
    assert run_line(whole).success
    assert facts(whole) == backfilled
    assert len(backfilled) == 3


def test_what_was_never_read_goes_and_what_a_fact_stands_on_stays(layout: Layout) -> None:
    land(layout, 9)
    (layout.landing / "trống.txt").touch()
    (layout.landing / "hụt.txt").symlink_to(layout.folder / "nowhere")
    run_line(layout)
    raw = [path for path in layout.raw.glob("??/*") if not path.suffix]
    assert len(raw) == 2
    now = datetime.now(UTC)
    with Database(layout) as database:
        assert tidy_unread(layout, database, now + timedelta(days=29), 30) == 0
        assert tidy_unread(layout, database, now + timedelta(days=31), 30) == 2
        assert tidy_unread(layout, database, now + timedelta(days=31), 30) == 0
    [kept] = [path for path in layout.raw.glob("??/*") if not path.suffix]
    assert pipeline_rows(layout, "select distinct document_id from core.fact_observation") == [(kept.name,)]
    assert list(layout.rejected.iterdir()) == []
    assert pipeline_rows(layout, "select count(*) from core.unread_document") == [(2,)], "why stays recorded"
    assert run_line(layout).success


def test_old_logs_and_old_runs_of_dagster_go_and_new_ones_stay(layout: Layout) -> None:
    land(layout, 9)
    now = datetime.now(UTC)
    with dg.DagsterInstance.ephemeral() as instance:
        job = defs.resolve_job_def("run_line")
        job.execute_in_process(instance=instance, run_config=QUIET)
        running = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
        assert tidy_runs(instance, now + timedelta(days=6), 7) == 0
        assert tidy_runs(instance, now + timedelta(days=8), 7) == 1
        assert [left.run_id for left in instance.get_runs()] == [running.run_id]
    assert tidy_logs(layout, now + timedelta(days=6), 7) == 0
    assert tidy_logs(layout, now + timedelta(days=8), 7) == 1
    assert pipeline_rows(layout, "select count(*) from ops.job_run") == [(1,)]


def test_tidying_is_a_job_of_its_own(layout: Layout) -> None:
    land(layout, 9)
    run_line(layout)
    assert run("tidy").success
    [said] = [line for line in events(layout) if line["event"] == "tidied"]
    assert (said["logs"], said["runs"], said["unread_files"]) == (0, 0, 0)
    assert pipeline_rows(layout, "select job from ops.job_run order by finished_at") == [("run_line",), ("tidy",)]
