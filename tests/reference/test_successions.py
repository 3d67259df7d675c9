"""What became of the old units on 1 July 2025: laws that hold for every unit, and the country's known figures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.paths import Layout
from pipelines.reference import successions as module
from pipelines.reference.catalogue import Catalogue
from pipelines.reference.gazetteer import NEW_LIST, OLD_LIST, REFORM, Unit, package_file, units
from pipelines.reference.successions import Change, SuccessionError, successions
from pipelines.store.database import Database
from pipelines.store.dimensions import dimension_frames

UNITS = {unit.place_key: unit for unit in units()}
ROWS = list(successions().iter_rows(named=True))
CHANGE = {(row["from_key"], row["to_key"]): row["change"] for row in ROWS}
BA_DINH = "19/2025:00004:2025-07-01"
ISLANDS_WITHOUT_COMMUNES = {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}


def by(key: str) -> dict[object, list[dict[str, object]]]:
    grouped: dict[object, list[dict[str, object]]] = {}
    for row in ROWS:
        grouped.setdefault(row[key], []).append(row)
    return grouped


SUCCESSORS, PREDECESSORS = by("from_key"), by("to_key")


def of(code_list: str, level: str) -> Iterator[Unit]:
    return (unit for unit in UNITS.values() if unit.code_list == code_list and unit.level == level)


def change(old: str, new: str) -> str | None:
    return CHANGE.get((f"124/2004:{old}:2004-07-08", f"19/2025:{new}:2025-07-01"))


def test_the_reform_left_34_provinces_and_3321_communes_of_63_696_and_10035() -> None:
    counted = {(row["from_level"], row["from_key"]) for row in ROWS}
    assert Counter(level for level, _ in counted) == {"province": 63, "district": 696, "commune": 10_035}
    today = Counter(UNITS[str(key)].level for key in PREDECESSORS)
    assert today == {"province": 34, "commune": 3_321}


def test_11_provinces_stayed_as_they_were_and_52_were_merged_into_23() -> None:
    provinces = [row for row in ROWS if row["from_level"] == "province"]
    assert Counter(row["change"] for row in provinces) == {"unchanged": 11, "merged": 52}
    assert len({row["to_key"] for row in provinces if row["change"] == "merged"}) == 23


def test_as_many_communes_were_left_alone_as_the_government_announced() -> None:
    """128 of the 3.321 were announced in May 2025 as not rearranged; the list of June has one less."""
    alone = [row for row in ROWS if row["from_level"] == "commune" and row["change"] in ("unchanged", "renamed")]
    assert len(alone) == 132
    new_names = ["Buôn Đôn", "Đạ Huoai 3", "Mường Lát", "Thạnh Mỹ", "Thổ Châu"]  # the rest is spelling
    assert len([row for row in alone if UNITS[row["to_key"]].name not in new_names]) == 127


def test_every_unit_of_a_succession_exists_on_its_side_of_the_reform() -> None:
    assert {UNITS[row["from_key"]].code_list for row in ROWS} == {OLD_LIST}
    assert {UNITS[row["to_key"]].code_list for row in ROWS} == {NEW_LIST}
    assert {row["valid_from"] for row in ROWS} == {REFORM}
    assert {row["from_key"]: row["from_level"] for row in ROWS} == {key: UNITS[str(key)].level for key in SUCCESSORS}


@pytest.mark.parametrize("level", ["province", "district", "commune"])
def test_every_old_unit_has_a_successor(level: str) -> None:
    assert [unit.full_name for unit in of(OLD_LIST, level) if unit.place_key not in SUCCESSORS] == []


def test_today_s_communes_are_made_of_old_ones_but_for_the_islands_that_had_none() -> None:
    of_communes = {row["to_key"] for row in ROWS if row["from_level"] == "commune"}
    assert {unit.name for unit in of(NEW_LIST, "commune") if unit.place_key not in of_communes} == ISLANDS_WITHOUT_COMMUNES


def test_no_pair_is_stated_twice() -> None:
    assert len(CHANGE) == len(ROWS)


@given(st.sampled_from(ROWS))
def test_a_unit_is_split_exactly_where_several_succeed_it(row: dict[str, object]) -> None:
    assert (row["change"] == "split") == (len(SUCCESSORS[row["from_key"]]) > 1)


@given(st.sampled_from(ROWS))
def test_units_are_merged_exactly_where_several_went_whole_into_one(row: dict[str, object]) -> None:
    together = [other for other in PREDECESSORS[row["to_key"]] if other["from_level"] == row["from_level"]]
    whole = all(len(SUCCESSORS[other["from_key"]]) == 1 for other in together)
    assert (row["change"] == "merged") == (len(together) > 1 and whole)
    assert (row["change"] in ("unchanged", "renamed")) == (len(together) == 1 and whole)


@given(st.sampled_from([row for row in ROWS if row["from_level"] != "province"]))
def test_a_unit_stays_within_what_became_of_its_province(row: dict[str, object]) -> None:
    old, new = UNITS[str(row["from_key"])], UNITS[str(row["to_key"])]
    assert (old.province_key, new.province_key) in CHANGE


@given(st.sampled_from([row for row in ROWS if row["from_level"] == "commune"]))
def test_a_district_leads_wherever_one_of_its_communes_does(row: dict[str, object]) -> None:
    assert (UNITS[str(row["from_key"])].parent_key, row["to_key"]) in CHANGE


def test_the_provinces_derived_from_communes_are_those_that_the_package_maps() -> None:
    document = json.loads(package_file("converter_2025.json").read_text(encoding="utf-8"))
    sizes = sorted(len(merged) for merged in document["DICT_PROVINCE"].values())
    derived = Counter(row["to_key"] for row in ROWS if row["from_level"] == "province")
    assert sorted(derived.values()) == sizes


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("00859", "00859", Change.UNCHANGED),  # xã Ngọc Long, in another province now
        ("14845", "14845", Change.RENAMED),  # thị trấn Mường Lát: xã Mường Lát
        ("755", "26732", Change.RENAMED),  # huyện Côn Đảo, which had no communes: đặc khu Côn Đảo
        ("203", "06994", Change.RENAMED),  # huyện Vân Đồn, which had twelve: đặc khu Vân Đồn
        ("07030", "06994", None),  # none of them
        ("32077", "32065", Change.MERGED),  # xã Thới Bình with the township: xã Thới Bình
        ("967", "32065", Change.SPLIT),  # huyện Thới Bình, into several communes
        ("00016", "00004", Change.SPLIT),  # phường Ngọc Hà, Hà Nội: a part to phường Ba Đình
        ("00004", "00004", Change.TRANSFERRED),  # phường Trúc Bạch: whole to Ba Đình, which took those parts too
        ("95", "96", Change.MERGED),  # tỉnh Bạc Liêu with Cà Mau
        ("01", "01", Change.UNCHANGED),  # Hà Nội
    ],
)
def test_what_became_of_known_units(old: str, new: str, expected: Change | None) -> None:
    assert change(old, new) == expected


@pytest.mark.parametrize(
    ("new", "names"),
    [
        ("20335", "Phường Tân Thạnh, Phường Hòa Thuận, Xã Tam Thăng"),  # Bàn Thạch: 1659/NQ-UBTVQH15, point 16
        ("26968", "Phường 4, Phường 5, Phường 7"),  # Tân Sơn Nhất: 1685/NQ-UBTVQH15, point 57
        (  # Phú Quốc: 1654/NQ-UBTVQH15, point 95
            "31078",
            "Phường Dương Đông, Phường An Thới, Xã Dương Tơ, Xã Hàm Ninh, Xã Cửa Dương, Xã Bãi Thơm, Xã Gành Dầu, Xã Cửa Cạn",
        ),
    ],
)
def test_a_unit_is_made_of_those_that_its_resolution_names(new: str, names: str) -> None:
    rows = [row for row in PREDECESSORS[f"19/2025:{new}:2025-07-01"] if row["from_level"] == "commune"]
    assert {UNITS[str(row["from_key"])].full_name for row in rows} == set(names.split(", "))
    assert {row["change"] for row in rows} == {"merged"}


def test_a_map_that_names_an_unknown_unit_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = {"DICT_PROVINCE_WARD_NO_DIVIDED": {"tinhx": {"xamoi": ["tinhx_huyeny_xacu"]}}, "DICT_PROVINCE_WARD_DIVIDED": {}}
    monkeypatch.setattr(module.json, "loads", lambda _: unknown)
    successions.cache_clear()
    with pytest.raises(SuccessionError, match=r"maps 'tinhx_huyeny_xacu', which dataset\.db lacks; install the version"):
        successions()


def test_a_succession_that_the_package_no_longer_states_is_removed(layout: Layout) -> None:
    stated = successions().head(3)
    former = stated.head(1).with_columns(pl.lit("19/2025:99999:2025-07-01").alias("to_key"))
    with Database(layout) as database:
        database.load_dimensions({"place_succession": pl.concat([stated, former])}, "run")
        database.load_dimensions({"place_succession": stated}, "run")
        kept = database.connection.execute("select from_key, to_key from core.place_succession").fetchall()
    assert sorted(kept) == sorted(stated.select("from_key", "to_key").rows())


def test_the_check_finds_a_succession_to_nowhere_and_one_on_the_wrong_day(layout: Layout, catalogue: Catalogue) -> None:
    with Database(layout) as database:
        database.load_dimensions(dimension_frames(catalogue), "run")
        assert database.rows("checks/successions_resolve") == []
        first, second = successions().head(2).rows(named=True)
        wrong = [first | {"to_key": "19/2025:99999:2025-07-01"}, second | {"to_key": BA_DINH, "valid_from": date(2025, 1, 1)}]
        database.insert("core.place_succession", wrong)
        found = database.rows("checks/successions_resolve")
    assert {row["to_key"] for row in found} == {row["to_key"] for row in wrong}
