"""mart.target_gap over the real schema, the real places and targets, and figures as mart.latest_observation has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines.paths import ROOT
from pipelines.reference.catalogue import Catalogue
from pipelines.reference.targets import load_targets
from pipelines.store.dimensions import dimension_frames
from pipelines.store.marts import build_marts
from pipelines.store.schema import migrate

CA_MAU_OF_2004, CA_MAU_OF_2025 = "124/2004:96:2004-07-08", "19/2025:96:2025-07-01"
KHANH_HOI = "124/2004:32062:2004-07-08"  # a commune of Cà Mau until 2025
U_MINH = "124/2004:966:2004-07-08"  # its district
OPEN = {"eq": (1, 1), "gt": (1, 0), "ge": (1, 0), "lt": (0, 1), "le": (0, 1), "approx": (0, 0)}


@pytest.fixture(scope="module")
def reference(catalogue: Catalogue) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        migrate(connection)
        frames = dimension_frames(catalogue) | {"fact_target": load_targets(ROOT / "warehouse" / "reference", catalogue)}
        for table, frame in frames.items():
            connection.register("batch", frame)
            connection.execute(f"insert into core.{table} by name select * from batch")
        build_marts(connection)
        yield connection


@pytest.fixture
def warehouse(reference: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    reference.begin()
    yield reference
    reference.rollback()


def figure(
    warehouse: duckdb.DuckDBPyConnection,
    metric: str,
    place: str,
    year: int,
    comparator: str,
    value: float,
    tier: str | None = None,
) -> None:
    """An actual figure of a year, the one of its metric, place and tier."""
    low, high = (value if has else None for has in OPEN[comparator])
    warehouse.execute(
        """
        insert into mart.latest_observation by name
        select $metric as metric_id, place_key, name as place, level as place_level, $tier as tier, 'actual' as kind,
            make_date($year, 6, 30) as period_end, $comparator as comparator, $value::double as value,
            $low::double as value_low, $high::double as value_high, 'percent' as unit_id,
            'a' as observation_id, ['a', 'b'] as observation_ids
        from core.dim_place where place_key = $place
        """,
        {
            "metric": metric,
            "place": place,
            "tier": tier,
            "year": year,
            "comparator": comparator,
            "value": value,
            "low": low,
            "high": high,
        },
    )


def stated(
    warehouse: duckdb.DuckDBPyConnection, title: str, metric: str, place: str, year: int, value: float, tier: str | None = None
) -> None:
    """A target that a document states."""
    document = {
        "document_id": title, "converter_version": "1", "media_type": "text/plain", "title": title, "source_id": "unknown",
        "published_on": date(year - 2, 1, 1), "published_basis": "given", "text": "",
        "recorded_at": date(2024, 1, 1), "run_id": "r",
    }  # fmt: skip
    fact = {
        "observation_id": title, "document_id": title, "metric_id": metric, "place_key": place, "kind": "target", "tier": tier,
        "period_start": date(year, 1, 1), "period_end": date(year, 12, 31), "period_grain": "year", "period_basis": "stated",
        "value": value, "value_low": value, "value_high": value, "comparator": "eq", "unit_id": "percent", "quote": "q",
        "char_start": 0, "char_end": 1, "value_start": 0, "value_end": 1, "confidence": 0.9, "rule_id": "r",
        "extractor_version": "1", "recorded_at": date(2024, 1, 1), "run_id": "r",
    }  # fmt: skip
    for table, row in (("document_version", document), ("fact_observation", fact)):
        warehouse.register("batch", pl.DataFrame([row]))
        warehouse.execute(f"insert into core.{table} by name select * from batch")


def gaps(warehouse: duckdb.DuckDBPyConnection, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    return warehouse.execute(f"select {columns} from mart.target_gap where {where} order by all").fetchall()


def official(warehouse: duckdb.DuckDBPyConnection, comparator: str, value: float) -> None:
    """The nation's fibre target is this one alone."""
    warehouse.execute("delete from core.fact_target where metric_id = 'fibre_household_share'")
    warehouse.execute(
        "insert into core.fact_target values ('t', 'fibre_household_share', 'national', 'VN', 2025, '2025-12-31', ?, ?, "
        "'percent', 'a decision', null, 'https://a.example', true, null)",
        [comparator, value],
    )


def test_a_communes_figure_of_2023_is_measured_by_the_goal_that_decision_749_sets_every_commune_for_2025(warehouse):
    figure(warehouse, "work_files_online_share", KHANH_HOI, 2023, "gt", 55)
    rows = gaps(
        warehouse,
        "target_year, target_level, target_place, target_comparator, target_value, reached, gap",
        "legal_basis = '749/QĐ-TTg'",
    )
    assert rows == [(2025, "commune", "Việt Nam", "ge", 60.0, "unknown", 5.0)]
    assert gaps(warehouse, "distinct target_level") == [("commune",)]


def test_a_provinces_goal_for_its_communes_applies_to_them_beside_the_nations(warehouse):
    figure(warehouse, "work_files_online_share", KHANH_HOI, 2024, "eq", 62)
    rows = gaps(warehouse, "legal_basis, target_place, reached, gap, conflicts", "standing = 'applies'")
    assert rows == [("05-NQ/TU Cà Mau", "Cà Mau", "yes", -2.0, False), ("749/QĐ-TTg", "Việt Nam", "yes", -2.0, False)]


def test_legal_bases_that_ask_different_things_for_one_year_are_both_shown_and_marked(warehouse):
    figure(warehouse, "work_files_online_share", KHANH_HOI, 2029, "eq", 75)
    rows = gaps(warehouse, "legal_basis, target_value, reached, conflicts", "standing = 'applies'")
    assert rows == [("1929/QĐ-UBND Cà Mau", 80.0, "no", True), ("749/QĐ-TTg", 70.0, "yes", True)]


def test_a_provinces_figure_of_its_communes_is_measured_by_the_communes_goal(warehouse):
    figure(warehouse, "work_files_online_share", CA_MAU_OF_2004, 2023, "eq", 61, tier="commune")
    assert gaps(warehouse, "distinct target_level, reached", "standing = 'applies'") == [("commune", "yes")]


def test_each_level_has_its_own_goal(warehouse):
    figure(warehouse, "work_files_online_share", U_MINH, 2023, "eq", 75)
    figure(warehouse, "work_files_online_share", CA_MAU_OF_2004, 2023, "eq", 75)
    rows = gaps(warehouse, "place_level, target_value", "legal_basis = '749/QĐ-TTg' and standing = 'applies'")
    assert rows == [("district", 80.0), ("province", 90.0)]


def test_a_goal_of_the_whole_country_is_no_provinces(warehouse):
    figure(warehouse, "ehealth_record_share", CA_MAU_OF_2004, 2023, "eq", 75)
    assert gaps(warehouse, "target_id") == []
    figure(warehouse, "ehealth_record_share", "VN", 2023, "eq", 75)
    assert len(gaps(warehouse, "target_id", "place_key = 'VN'")) == 2


def test_a_goal_of_the_old_province_is_not_the_new_ones_of_the_same_name(warehouse):
    figure(warehouse, "work_files_online_share", CA_MAU_OF_2025, 2026, "eq", 98)
    assert gaps(warehouse, "distinct target_place_key") == [("VN",)]


def test_the_nearest_year_applies_and_the_later_and_the_passed_are_shown_as_such(warehouse):
    figure(warehouse, "digital_economy_grdp_share", "VN", 2024, "eq", 18.3)
    rows = gaps(warehouse, "standing, target_year, legal_basis, reached")
    assert rows == [
        ("applies", 2025, "411/QĐ-TTg", "no"),
        ("applies", 2025, "749/QĐ-TTg", "no"),
        ("later", 2030, "57-NQ/TW", "no"),
        ("passed", 2023, "17/QĐ-UBQGCĐS", "yes"),
    ]


def test_a_target_that_the_places_own_document_states_stands_beside_the_official_one(warehouse):
    figure(warehouse, "work_files_online_share", KHANH_HOI, 2023, "eq", 55)
    stated(warehouse, "Kế hoạch của xã", "work_files_online_share", KHANH_HOI, 2025, 70)
    stated(warehouse, "Kế hoạch của huyện", "work_files_online_share", U_MINH, 2025, 85)
    rows = gaps(
        warehouse, "target_origin, legal_basis, target_value, gap, conflicts, target_observation_ids", "target_year = 2025"
    )
    assert rows == [
        ("official", "05-NQ/TU Cà Mau", 60.0, 5.0, True, []),
        ("official", "749/QĐ-TTg", 60.0, 5.0, True, []),
        ("stated", "Kế hoạch của xã", 70.0, 15.0, True, ["Kế hoạch của xã"]),
    ]


def test_documents_that_state_the_same_target_make_one_row(warehouse):
    figure(warehouse, "work_files_online_share", KHANH_HOI, 2023, "eq", 55)
    stated(warehouse, "Báo cáo", "work_files_online_share", KHANH_HOI, 2025, 70)
    stated(warehouse, "Kế hoạch", "work_files_online_share", KHANH_HOI, 2025, 70)
    assert gaps(warehouse, "target_observation_ids", "target_origin = 'stated'") == [(["Báo cáo", "Kế hoạch"],)]


def test_every_row_leads_back_to_the_observations_behind_the_figure(warehouse):
    figure(warehouse, "work_files_online_share", KHANH_HOI, 2023, "eq", 55)
    assert gaps(warehouse, "distinct observation_id, observation_ids") == [("a", ["a", "b"])]


@pytest.mark.parametrize(
    ("comparator", "value", "target", "asked", "reached"),
    [
        ("gt", 80, "ge", 80, "yes"),
        ("gt", 80, "gt", 80, "yes"),
        ("gt", 80, "ge", 90, "unknown"),
        ("ge", 80, "gt", 80, "unknown"),
        ("eq", 80, "gt", 80, "no"),
        ("eq", 80, "ge", 80, "yes"),
        ("eq", 80, "eq", 80, "yes"),
        ("eq", 95, "eq", 80, "yes"),
        ("eq", 79.9, "eq", 80, "no"),
        ("approx", 79, "ge", 80, "unknown"),
        ("approx", 99, "ge", 80, "unknown"),
        ("lt", 80, "ge", 80, "no"),
        ("lt", 80, "ge", 70, "unknown"),
        ("le", 80, "ge", 80, "unknown"),
        ("le", 80, "gt", 80, "no"),
        ("eq", 12, "le", 15, "yes"),
        ("gt", 15, "le", 15, "no"),
        ("lt", 15, "lt", 15, "yes"),
        ("ge", 15, "lt", 15, "no"),
    ],
)
def test_reached_is_said_only_as_far_as_the_bounds_of_the_figure_go(warehouse, comparator, value, target, asked, reached):
    official(warehouse, target, asked)
    figure(warehouse, "fibre_household_share", "VN", 2024, comparator, value)
    assert gaps(warehouse, "reached") == [(reached,)]


@pytest.mark.parametrize(
    ("comparator", "gap"),
    [("eq", (10.0, 10.0, 10.0)), ("gt", (10.0, None, 10.0)), ("lt", (10.0, 10.0, None)), ("approx", (10.0, None, None))],
)
def test_the_gap_is_bounded_as_the_figure_is(warehouse, comparator, gap):
    official(warehouse, "ge", 90)
    figure(warehouse, "fibre_household_share", "VN", 2024, comparator, 80)
    assert gaps(warehouse, "gap, gap_low, gap_high") == [gap]


def test_where_less_is_better_a_plain_target_is_a_ceiling(warehouse):
    warehouse.execute("update core.dim_metric set direction = 'down' where metric_id = 'dti_rank'")
    stated(warehouse, "Kế hoạch", "dti_rank", CA_MAU_OF_2004, 2025, 20)
    figure(warehouse, "dti_rank", CA_MAU_OF_2004, 2024, "eq", 29)
    assert gaps(warehouse, "reached, gap") == [("no", 9.0)]
