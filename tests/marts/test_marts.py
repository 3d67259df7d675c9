"""The marts: what they choose and show, and that building them in part gives what building them whole gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.paths import Layout
from pipelines.store.database import Database
from pipelines.store.marts import mart_head
from pipelines.store.statements import statements
from tests.store.test_store import FACT, ROWS, publish_all, store

TABLES = ("metric_trend", "latest_observation", "source_conflict", "covered_metric")
STEP = timedelta(seconds=1)


def built(layout: Layout, whole: bool = False) -> None:
    with Database(layout) as database:
        _, results = database.build(layout, "run", whole)
    assert [result.name for result in results if result.blocks] == []


def rows(layout: Layout, query: str) -> list[tuple[Any, ...]]:
    with Database(layout) as database:
        return database.connection.execute(query).fetchall()


def stated(value: float, comparator: str = "eq", **more: object) -> dict[str, object]:
    low = None if comparator in ("lt", "le", "approx") else value
    high = None if comparator in ("gt", "ge", "approx") else value
    return {"value": value, "comparator": comparator, "value_low": low, "value_high": high, **more}


def test_every_mart_says_its_name_its_form_and_its_grain() -> None:
    names = [mart_head(name, text)[0] for name, text in statements("marts")]
    assert len(set(names)) == len(names)
    with pytest.raises(ValueError, match="begin with"):
        mart_head("x", "select 1")


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        (stated(80), stated(80), True),
        (stated(80), stated(81), False),
        (stated(80, "gt"), stated(84.5), True),
        (stated(80, "gt"), stated(71), False),
        (stated(72, "approx"), stated(71.4), True),
        (stated(72, "approx"), stated(80), False),
        (stated(25, "le"), stated(20, "ge"), True),
        (stated(70, "range", value_low=70.0, value_high=80.0), stated(75), True),
    ],
)
def test_statements_disagree_only_where_both_can_not_be_true(
    layout: Layout, first: dict[str, object], second: dict[str, object], agree: bool
) -> None:
    store(layout, first, {"observation_id": "a2", "confidence": 0.8, **second})
    built(layout)

    assert rows(layout, "select observation_ids, disagreeing_observation_ids from mart.metric_trend") == [
        (["a1", "a2"], []) if agree else (["a1"], ["a2"])
    ]
    sides = rows(layout, "select value, quoted, conflict_id from mart.source_conflict order by quoted desc")
    assert sides == ([] if agree else [(first["value"], True, "a1"), (second["value"], False, "a1")])


def test_a_tier_is_not_mixed_with_the_whole(layout: Layout) -> None:
    store(layout, {"tier": "commune", "value": 60.0}, {"observation_id": "a2"})
    built(layout)

    found = rows(layout, "select tier, value, disagreeing_observation_ids from mart.latest_observation order by 1 nulls last")
    assert found == [("commune", 60.0, []), (None, 80.0, [])]


def test_the_scorecard_says_what_was_before_and_whether_it_is_better(layout: Layout) -> None:
    earlier = {"period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31)}
    store(layout, {}, {"observation_id": "a2", **stated(64.0), **earlier})
    built(layout)

    columns = "value, value_before, change, trend, observation_ids"
    assert rows(layout, f"select {columns} from mart.place_scorecard") == [(80.0, 64.0, 16.0, "better", ["a1", "a2"])]


def test_every_row_of_a_mart_leads_back_to_observations(layout: Layout) -> None:
    store(layout, {}, {"observation_id": "a2", "value": 10.0, "value_low": 10.0, "value_high": 10.0})
    built(layout)

    with Database(layout) as database:
        known = {row[0] for row in database.connection.execute("select observation_id from core.fact_observation").fetchall()}
        for mart in (*TABLES, "metric_coverage", "place_scorecard"):
            found = database.connection.execute(f"select observation_ids from mart.{mart}").fetchall()
            assert found, mart
            assert all(ids and set(ids) <= known for (ids,) in found), mart


EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "observation_id": st.sampled_from(["a1", "a2", "a3", "a4", "a5"]),
            "metric_id": st.sampled_from(["m1", "m2"]),
            "place_key": st.sampled_from(["VN", "P1"]),
            "tier": st.sampled_from([None, "commune"]),
            "kind": st.sampled_from(["actual", "target"]),
            "year": st.integers(2021, 2023),
            "value": st.sampled_from([10.0, 50.0, 90.0]),
            "comparator": st.sampled_from(["eq", "gt", "approx"]),
            "confidence": st.sampled_from([0.7, 0.9]),
            "ends": st.booleans(),
            "build": st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)


def _apply(database: Database, event: dict[str, Any], moment: datetime) -> None:
    """Record an observation, ending the row of the same id that held; or only end it."""
    connection: duckdb.DuckDBPyConnection = database.connection
    held = connection.execute(
        "select recorded_at from core.current_observation where observation_id = ?", [event["observation_id"]]
    ).fetchall()
    for (recorded_at,) in held:
        ended = {"observation_id": event["observation_id"], "recorded_at": recorded_at, "superseded_at": moment}
        database.insert("core.supersession", [ended | {"reason": "replaced", "extractor_version": "1", "run_id": "run"}])
    if not event["ends"]:
        names = ("observation_id", "metric_id", "place_key", "tier", "kind", "confidence")
        period = {"period_start": date(event["year"], 1, 1), "period_end": date(event["year"], 12, 31)}
        figure = stated(event["value"], event["comparator"])
        row = FACT | {name: event[name] for name in names} | period | figure | {"recorded_at": moment}
        database.insert("core.fact_observation", [row])


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
def test_built_in_part_is_as_built_whole(layout: Layout, events: list[dict[str, Any]]) -> None:
    layout.database.unlink(missing_ok=True)
    store(layout)
    with Database(layout) as database:
        database.insert("core.dim_metric", [ROWS["dim_metric"] | {"metric_id": "m2"}])
        database.insert("core.dim_place", [ROWS["dim_place"] | {"place_key": "P1", "level": "province"}])
        database.build(layout, "run")
        for event in events:
            _apply(database, event, database.moment())
            if event["build"]:
                database.build(layout, "run")
        build, results = database.build(layout, "run")
        assert not build.whole
        assert [result.name for result in results if result.failing_rows] == []
        in_part = {mart: database.connection.execute(f"from mart.{mart} order by all").fetchall() for mart in TABLES}
        build, _ = database.build(layout, "run", whole=True)
        assert build.whole
        for mart in TABLES:
            assert database.connection.execute(f"from mart.{mart} order by all").fetchall() == in_part[mart], mart


def test_a_changed_dimension_builds_the_marts_whole(layout: Layout) -> None:
    store(layout, {})
    publish_all(layout)
    with Database(layout) as database:
        assert not database.build(layout, "run")[0].whole
        frame = database.connection.execute("select * replace ('Tỷ lệ mới' as name_vi) from core.dim_metric").pl()
        assert database.load_dimensions({"dim_metric": frame}, "run") == ["dim_metric"]
        assert database.load_dimensions({"dim_metric": frame}, "run") == []
        assert database.build(layout, "run")[0].whole
        assert database.connection.execute("select metric from mart.latest_observation").fetchall() == [("Tỷ lệ mới",)]


def test_as_of_answers_what_was_known_then(layout: Layout) -> None:
    first = datetime(2023, 7, 7, tzinfo=UTC)
    store(layout, {}, {"value": 85.0, "recorded_at": first + 2 * STEP})
    with Database(layout) as database:
        ended = {"observation_id": "a1", "recorded_at": first, "superseded_at": first + 2 * STEP}
        database.insert("core.supersession", [ended | {"reason": "replaced", "extractor_version": "2", "run_id": "run"}])
    for moment, known in [(first - STEP, []), (first, [80.0]), (first + STEP, [80.0]), (first + 2 * STEP, [85.0])]:
        assert [value for (value,) in rows(layout, f"select value from as_of('{moment.isoformat()}')")] == known
