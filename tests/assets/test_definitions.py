"""What Dagster sees, as a whole: a change here is a change of the product's surface."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.assets.alerts import alert_sensor
from pipelines.assets.triggers import landing_sensor
from pipelines.definitions import defs
from pipelines.operation.instance import WRITER
from pipelines.paths import Layout

SNAPSHOT = {
    "feed": ([], []),
    "raw_document": (["feed"], []),
    "document": (
        ["raw_document"],
        [
            "document_columns_are_known!",
            "document_has_id!",
            "document_has_text!",
            "document_id_is_unique!",
            "document_not_dated_ahead!",
            "most_documents_are_dated!",
            "source_is_known!",
            "text_is_legible!",
            "text_is_nfc!",
        ],
    ),
    "document_cluster": (["document"], []),
    "observation": (["document"], []),
    "audited_batch": (
        ["observation"],
        [
            "actual_not_before_its_period!",
            "actual_not_in_future!",
            "basis_is_known!",
            "bounds_fit_comparator!",
            "comparator_is_known!",
            "comparator_is_said!",
            "confidence_is_a_share!",
            "grain_is_known!",
            "kind_is_known!",
            "kind_is_said!",
            "metric_is_known!",
            "number_is_read_once!",
            "observation_id_is_unique!",
            "period_is_known!",
            "period_is_ordered!",
            "place_is_known!",
            "platform_is_known!",
            "quote_stands_in_text!",
            "row_is_whole!",
            "tier_is_known!",
            "unit_fits_metric!",
            "value_within_bounds!",
        ],
    ),
    "fact_observation": (
        ["audited_batch"],
        [
            "fact_columns_are_known!",
            "fact_has_metric!",
            "fact_has_place!",
            "fact_has_unit!",
            "fact_has_value!",
            "fact_kind_is_known!",
            "fact_period_is_ordered!",
            "facts_are_recorded_once!",
        ],
    ),
    "marts": (
        ["document_cluster", "fact_observation"],
        [
            "catalogue_has_sound_bounds!",
            "clusters_are_named_by_their_first!",
            "corrections_fit!",
            "counts_do_not_leap!",
            "cumulative_counts_do_not_shrink!",
            "dimensions_resolve!",
            "documents_yield_as_before!",
            "facts_are_unique!",
            "facts_resolve!",
            "figures_do_not_stand_still!",
            "mart_columns_are_known!",
            "mart_rows_have_keys!",
            "mart_rows_lead_back!",
            "mart_rows_stand_once!",
            "marts_hold_every_fact!",
            "metrics_go_on_being_stated!",
            "no_decimal_point_was_lost!",
            "no_fact_has_changed!",
            "nothing_recorded_has_gone!",
            "places_existed!",
            "quarantine_stays_usual!",
            "quotes_stand_in_their_text!",
            "shares_move_within_reason!",
            "sources_agree!",
            "sources_go_on_publishing!",
            "sources_of_equal_rank_agree!",
            "successions_resolve!",
            "tables_are_as_migrated!",
            "targets_are_reached!",
            "targets_lie_within_bounds!",
            "units_fit_their_metric!",
        ],
    ),
    "rebuilt": (["fact_observation"], ["rebuilt_is_identical"]),
    "published": (["marts"], []),
}


def test_assets_their_order_and_their_checks() -> None:
    graph = defs.resolve_asset_graph()
    found = {}
    for key in graph.toposorted_asset_keys:
        checks = [graph.get(check) for check in graph.get_check_keys_for_assets({key})]
        names = sorted(f"{check.key.name}{'!' if check.blocking else ''}" for check in checks)
        found[key.to_user_string()] = (sorted(parent.to_user_string() for parent in graph.get(key).parent_keys), names)
    assert found == SNAPSHOT
    assert list(found) == list(SNAPSHOT)


def test_jobs_schedules_and_sensors() -> None:
    repository = defs.get_repository_def()
    jobs = {job.name for job in repository.get_all_jobs() if not job.name.startswith("__")}
    assert jobs == {"run_line", "ask_feeds", "compare_rebuilt", "tidy", "quality_digest"}
    assert [(s.name, s.cron_schedule, s.execution_timezone, s.job_name) for s in repository.schedule_defs] == [
        ("daily", "15 4 * * *", "Asia/Ho_Chi_Minh", "tidy"),
        ("hourly", "7 * * * *", "Asia/Ho_Chi_Minh", "ask_feeds"),
        ("monthly", "30 4 1 * *", "Asia/Ho_Chi_Minh", "compare_rebuilt"),
        ("nightly", "30 1 * * *", "Asia/Ho_Chi_Minh", "run_line"),
        ("weekly", "0 8 * * 1", "Asia/Ho_Chi_Minh", "quality_digest"),
    ]
    sensors = [
        (s.name, [job.name for job in s.jobs] if s.has_jobs else [], s.minimum_interval_seconds) for s in repository.sensor_defs
    ]
    assert sensors == [("alerts", [], 120), ("landing_sensor", ["run_line"], 30)]
    assert {s.default_status for s in repository.schedule_defs} == {dg.DefaultScheduleStatus.RUNNING}
    assert landing_sensor.default_status is dg.DefaultSensorStatus.RUNNING
    assert alert_sensor.default_status is dg.DefaultSensorStatus.RUNNING


def test_everything_that_holds_the_warehouse_is_in_its_pool() -> None:
    repository = defs.get_repository_def()
    for job in repository.get_all_jobs():
        assert {node.definition.pool for node in job.nodes} == {WRITER}, job.name


def test_the_sensor_asks_for_one_run_for_the_same_files(layout: Layout) -> None:
    def tick() -> list[str | None]:
        with dg.DagsterInstance.ephemeral() as instance:
            data = landing_sensor.evaluate_tick(dg.build_sensor_context(instance))
        return [request.run_key for request in data.run_requests or []]

    assert tick() == []
    (layout.landing / "a.txt").write_text("một", encoding="utf-8")
    [first] = tick()
    assert tick() == [first]
    (layout.landing / "b.txt").write_text("hai", encoding="utf-8")
    [second] = tick()
    assert second != first


def test_a_second_writer_says_clearly_why_not(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    from tests.line import run_line

    monkeypatch.setenv("KPI_WRITER_TIMEOUT_SECONDS", "0.2")
    with FileLock(layout.lock):
        result = run_line(layout)
    assert not result.success
    messages = [str(event.event_specific_data) for event in result.all_events if event.is_failure]
    assert any("another run has held" in message for message in messages)
