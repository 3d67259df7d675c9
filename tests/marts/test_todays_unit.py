"""Old figures under today's units, on real keys: what is carried, summed, averaged, and what is missing and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract.comparators import bounds
from pipelines.model import Comparator
from pipelines.paths import Layout
from pipelines.reference.catalogue import Catalogue
from pipelines.store.database import Database
from pipelines.store.dimensions import dimension_frames
from pipelines.store.marts import build_marts
from pipelines.store.statements import as_rows

COUNT, SHARE, RANK, SCORE = "community_digital_team_count", "smartphone_share", "dti_rank", "dti_score"
SERVICES = "online_services_count"

THOI_BINH = "19/2025:32065:2025-07-01"
ITS_TOWN, ITS_COMMUNE = "124/2004:32065:2004-07-08", "124/2004:32077:2004-07-08"
ITS_DISTRICT = "124/2004:967:2004-07-08"
MUONG_LAT, MUONG_LAT_TOWN = "19/2025:14845:2025-07-01", "124/2004:14845:2004-07-08"
BA_DINH, NGOC_HA, TRUC_BACH = "19/2025:00004:2025-07-01", "124/2004:00016:2004-07-08", "124/2004:00004:2004-07-08"
VAN_DON, VAN_DON_DISTRICT = "19/2025:06994:2025-07-01", "124/2004:203:2004-07-08"
CA_MAU, OLD_CA_MAU, BAC_LIEU = "19/2025:96:2025-07-01", "124/2004:96:2004-07-08", "124/2004:95:2004-07-08"


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the schema, the dimensions and the view, over an empty table of figures."""
    layout = Layout(Path(tmp_path_factory.mktemp("todays_unit")))
    layout.create()
    with Database(layout) as database:
        database.load_dimensions(dimension_frames(catalogue), "run")
        build_marts(database.connection)
        yield database.connection


def figure(place: str, value: float, metric: str = COUNT, **columns: Any) -> dict[str, Any]:
    comparator = Comparator(columns.get("comparator", "eq"))
    low, high = bounds(value, columns.pop("to", None), comparator)
    given = {
        "metric_id": metric,
        "place_key": place,
        "kind": "actual",
        "period_start": date(2024, 1, 1),
        "period_end": date(2024, 12, 31),
        "period_grain": "year",
        "period_basis": "stated",
        "comparator": comparator,
        "value": float(value),
        "value_low": low,
        "value_high": high,
        "tier": None,
        "denominator": None,
        "confidence": 0.9,
        "observation_ids": [f"o-{place}-{value:g}"],
        "disagreeing_observation_ids": [],
    }
    return given | columns


def rolled_up(connection: duckdb.DuckDBPyConnection, place: str, *figures: dict[str, Any]) -> list[dict[str, Any]]:
    frame = pl.DataFrame(
        figures,
        schema_overrides={
            "denominator": pl.Float64,
            "tier": pl.String,
            "value_low": pl.Float64,
            "value_high": pl.Float64,
            "disagreeing_observation_ids": pl.List(pl.String),
        },
        infer_schema_length=None,
    )
    connection.execute("delete from mart.metric_trend")
    connection.register("figures", frame)
    connection.execute("insert into mart.metric_trend by name select * from figures")
    connection.unregister("figures")
    return as_rows(connection.execute("from mart.todays_unit where place_key = ? order by all", [place]))


def test_a_renamed_unit_carries_every_figure_as_it_was_stated(connection: duckdb.DuckDBPyConnection) -> None:
    stated = [
        figure(MUONG_LAT_TOWN, 12, comparator="gt"),
        figure(MUONG_LAT_TOWN, 57, SHARE, denominator=75),
        figure(MUONG_LAT_TOWN, 3, RANK),
        figure(MUONG_LAT_TOWN, 0.7, SCORE, comparator="approx"),
    ]
    rows = {row["metric_id"]: row for row in rolled_up(connection, MUONG_LAT, *stated)}
    assert len(rows) == len(stated)
    for before in stated:
        now = rows[before["metric_id"]]
        kept = ("comparator", "value", "value_low", "value_high", "denominator", "observation_ids", "period_start", "kind")
        assert {name: now[name] for name in kept} == {name: before[name] for name in kept}
        assert (now["method"], now["missing_because"], now["place_full_name"]) == ("carried", None, "Xã Mường Lát")


def test_counts_of_merged_units_are_summed(connection: duckdb.DuckDBPyConnection) -> None:
    [row] = rolled_up(connection, THOI_BINH, figure(ITS_TOWN, 9), figure(ITS_COMMUNE, 11, confidence=0.7))
    assert (row["value"], row["value_low"], row["value_high"], row["comparator"]) == (20, 20, 20, "eq")
    assert (row["method"], row["predecessors"], row["predecessors_with_figure"]) == ("summed", 2, 2)
    assert row["observation_ids"] == [f"o-{ITS_TOWN}-9", f"o-{ITS_COMMUNE}-11"]
    assert row["predecessor_keys"] == [ITS_TOWN, ITS_COMMUNE]
    assert row["confidence"] == 0.7


def test_a_sum_without_one_of_the_units_is_missing_and_names_it(connection: duckdb.DuckDBPyConnection) -> None:
    [row] = rolled_up(connection, THOI_BINH, figure(ITS_COMMUNE, 11))
    assert (row["value"], row["value_low"], row["comparator"], row["method"]) == (None, None, None, None)
    assert row["missing_because"] == "no figure of 1 of 2 old units: Thị trấn Thới Bình"
    assert (row["predecessors"], row["predecessors_with_figure"]) == (2, 1)
    assert row["observation_ids"] == [f"o-{ITS_COMMUNE}-11"]


@pytest.mark.parametrize(
    "other",
    [
        {"period_start": date(2023, 1, 1), "period_end": date(2023, 12, 31)},
        {"period_end": date(2024, 6, 30)},
        {"kind": "target"},
        {"tier": "commune"},
        {"metric": "community_digital_team_members"},
    ],
)
def test_only_figures_of_one_metric_period_kind_and_tier_are_summed(
    connection: duckdb.DuckDBPyConnection, other: dict[str, Any]
) -> None:
    rows = rolled_up(connection, THOI_BINH, figure(ITS_TOWN, 9), figure(ITS_COMMUNE, 11, **other))
    assert [(row["value"], row["predecessors_with_figure"]) for row in rows] == [(None, 1), (None, 1)]


def test_a_divided_unit_s_figure_is_shown_under_none_of_its_successors(connection: duckdb.DuckDBPyConnection) -> None:
    [row] = rolled_up(connection, BA_DINH, figure(NGOC_HA, 30))
    assert row["value"] is None
    assert row["missing_because"].startswith("divided unit: Phường Ngọc Hà, ")


def test_a_unit_that_also_took_parts_is_not_the_sum_of_the_whole_ones(connection: duckdb.DuckDBPyConnection) -> None:
    [row] = rolled_up(connection, BA_DINH, figure(TRUC_BACH, 30))
    assert (row["value"], row["missing_because"][:13]) == (None, "divided unit:")
    assert "Trúc Bạch" not in row["missing_because"]


def test_a_district_s_figure_is_missing_in_every_commune_it_became(connection: duckdb.DuckDBPyConnection) -> None:
    [row] = rolled_up(connection, THOI_BINH, figure(ITS_DISTRICT, 80, SHARE))
    assert (row["value"], row["missing_because"], row["from_level"]) == (None, "divided unit: Huyện Thới Bình", "district")
    places = connection.execute("select count(*), count(value) from mart.todays_unit").fetchone()
    successors = connection.execute("select count(*) from core.place_succession where from_key = ?", [ITS_DISTRICT]).fetchone()
    assert places is not None
    assert successors is not None
    assert places == (successors[0], 0)


def test_a_sum_of_communes_stands_beside_a_district_that_was_divided(connection: duckdb.DuckDBPyConnection) -> None:
    figures = figure(ITS_TOWN, 9), figure(ITS_COMMUNE, 11), figure(ITS_DISTRICT, 80)
    [row] = rolled_up(connection, THOI_BINH, *figures)
    assert (row["value"], row["from_level"]) == (20, "commune")


def test_a_district_that_became_one_unit_goes_before_the_sum_of_its_communes(connection: duckdb.DuckDBPyConnection) -> None:
    communes = connection.execute(
        "select from_key from core.place_succession where to_key = ? and from_level = 'commune'", [VAN_DON]
    ).fetchall()
    of_communes = [figure(key, 1) for (key,) in communes]
    assert [row["value"] for row in rolled_up(connection, VAN_DON, *of_communes)] == [12]
    [row] = rolled_up(connection, VAN_DON, *of_communes, figure(VAN_DON_DISTRICT, 13))
    assert (row["value"], row["method"], row["from_level"]) == (13, "carried", "district")


def test_provinces_are_summed_like_communes(connection: duckdb.DuckDBPyConnection) -> None:
    [row] = rolled_up(connection, CA_MAU, figure(OLD_CA_MAU, 882), figure(BAC_LIEU, 518))
    assert (row["value"], row["method"], row["from_level"], row["province_key"]) == (1400, "summed", "province", CA_MAU)


def test_what_every_place_has_the_same_of_is_not_summed(connection: duckdb.DuckDBPyConnection) -> None:
    [row] = rolled_up(connection, CA_MAU, figure(OLD_CA_MAU, 1900, SERVICES), figure(BAC_LIEU, 1850, SERVICES))
    assert (row["value"], row["missing_because"]) == (None, "the same things are counted in each")


def test_shares_are_weighted_by_their_denominators(connection: duckdb.DuckDBPyConnection) -> None:
    town, commune = figure(ITS_TOWN, 80, SHARE, denominator=300), figure(ITS_COMMUNE, 60, SHARE, denominator=900)
    [row] = rolled_up(connection, THOI_BINH, town, commune)
    assert (row["value"], row["value_low"], row["value_high"]) == (65, 65, 65)
    assert (row["denominator"], row["method"], row["comparator"]) == (1200, "weighted", "eq")


@pytest.mark.parametrize(
    "denominators",
    [(None, None), (300, None), (75, 300), (100, 100)],
    ids=["none", "one only", "a share to be reached", "a scale"],
)
def test_shares_without_the_denominators_of_all_are_missing(
    connection: duckdb.DuckDBPyConnection, denominators: tuple[float | None, float | None]
) -> None:
    shares = zip((ITS_TOWN, ITS_COMMUNE), denominators, strict=True)
    [row] = rolled_up(connection, THOI_BINH, *(figure(key, 50, SHARE, denominator=d) for key, d in shares))
    assert (row["value"], row["denominator"], row["missing_because"]) == (None, None, "no denominators")


@pytest.mark.parametrize(("metric", "reason"), [(RANK, "ranks don't add up"), (SCORE, "scores don't add up")])
def test_ranks_and_scores_of_merged_units_are_missing(connection: duckdb.DuckDBPyConnection, metric: str, reason: str) -> None:
    [row] = rolled_up(connection, CA_MAU, figure(OLD_CA_MAU, 7, metric), figure(BAC_LIEU, 9, metric))
    assert (row["value"], row["missing_because"]) == (None, reason)


@pytest.mark.parametrize(
    ("one", "other", "sum_of_both"),
    [
        (("eq", 9), ("gt", 11), ("gt", 20, 20, None)),
        (("ge", 9), ("gt", 11), ("gt", 20, 20, None)),
        (("ge", 9), ("eq", 11), ("ge", 20, 20, None)),
        (("lt", 9), ("eq", 11), ("lt", 20, None, 20)),
        (("le", 9), ("le", 11), ("le", 20, None, 20)),
        (("range", 9, 10), ("eq", 11), ("range", 20, 20, 21)),
        (("range", 9, 10), ("ge", 11), ("ge", 20, 20, None)),
        (("approx", 9), ("eq", 11), ("approx", 20, None, None)),
        (("gt", 9), ("lt", 11), None),
        (("gt", 9), ("approx", 11), None),
    ],
)
def test_bounds_add_up_to_what_still_holds(
    connection: duckdb.DuckDBPyConnection, one: tuple[Any, ...], other: tuple[Any, ...], sum_of_both: tuple[Any, ...] | None
) -> None:
    figures = [
        figure(key, value, comparator=comparator, to=to[0] if to else None)
        for key, (comparator, value, *to) in ((ITS_TOWN, one), (ITS_COMMUNE, other))
    ]
    [row] = rolled_up(connection, THOI_BINH, *figures)
    if sum_of_both is None:
        assert (row["value"], row["missing_because"]) == (None, "comparators that say nothing together")
    else:
        assert (row["comparator"], row["value"], row["value_low"], row["value_high"]) == sum_of_both


STATED = st.tuples(st.sampled_from(["eq", "ge", "gt", "le", "lt"]), st.integers(0, 1000), st.integers(0, 100))


@settings(max_examples=30)
@given(STATED, STATED)
def test_the_true_sum_is_always_within_the_bounds(
    connection: duckdb.DuckDBPyConnection, one: tuple[str, int, int], other: tuple[str, int, int]
) -> None:
    """Each true value keeps to its own statement; so must their sum."""
    true_sum, figures = 0, []
    for key, (comparator, value, beyond) in ((ITS_TOWN, one), (ITS_COMMUNE, other)):
        figures.append(figure(key, value, comparator=comparator))
        true_sum += value + {"eq": 0, "ge": beyond, "gt": beyond + 1, "le": -beyond, "lt": -beyond - 1}[comparator]
    [row] = rolled_up(connection, THOI_BINH, *figures)
    holds = {
        "eq": true_sum == row["value"],
        "ge": row["value"] is not None and true_sum >= row["value"],
        "gt": row["value"] is not None and true_sum > row["value"],
        "le": row["value"] is not None and true_sum <= row["value"],
        "lt": row["value"] is not None and true_sum < row["value"],
        None: row["missing_because"] is not None,
    }
    assert holds[row["comparator"]]


def test_there_is_a_row_only_where_an_old_unit_has_a_figure(connection: duckdb.DuckDBPyConnection) -> None:
    rolled_up(connection, THOI_BINH, figure(ITS_TOWN, 9), figure(THOI_BINH, 25), figure("VN", 90_000))
    assert connection.execute("select place_key, value from mart.todays_unit").fetchall() == [(THOI_BINH, None)]


def test_a_row_has_either_a_value_and_a_method_or_a_reason(connection: duckdb.DuckDBPyConnection) -> None:
    keys = [ITS_TOWN, ITS_COMMUNE, ITS_DISTRICT, MUONG_LAT_TOWN, NGOC_HA, TRUC_BACH, VAN_DON_DISTRICT, OLD_CA_MAU, BAC_LIEU]
    rolled_up(connection, THOI_BINH, *(figure(key, 5, metric) for key in keys for metric in (COUNT, SHARE, RANK)))
    odd = """select * from mart.todays_unit
        where (value is null) <> (missing_because is not null) or (value is null) <> (method is null)
            or predecessors_with_figure > predecessors or len(observation_ids) < predecessors_with_figure"""
    assert connection.execute(odd).fetchall() == []
    twice = "select count(*) from mart.todays_unit group by metric_id, place_key, tier, kind, period_start, period_end"
    assert set(connection.execute(twice).fetchall()) == {(1,)}
