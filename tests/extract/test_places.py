"""Places: names, level words, anaphora, and telling namesakes apart."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.extract.places import place_finder
from pipelines.extract.subject import map_day
from pipelines.extract.view import view
from pipelines.model import Document
from pipelines.reference.gazetteer import REFORM

BEFORE, AFTER = date(2023, 7, 7), date(2025, 9, 1)


def find(text: str, published: date | None = BEFORE, home: str | None = None) -> list[tuple[str | None, str | None]]:
    mentions = place_finder().find(text, view(text), published, home)
    return [(m.place.name, m.place.level and m.place.level.value) for m in mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tại huyện Thới Bình (Cà Mau)", [("Thới Bình", "district")]),
        ("xã Tân Ân, huyện Ngọc Hiển, tỉnh Cà Mau", [("Tân Ân", "commune")]),
        ("H. Thới Bình và TP Cà Mau", [("Thới Bình", "district"), ("Cà Mau", "district")]),
        ("Đồng Tháp đứng thứ 9", [("Đồng Tháp", "province")]),
        ("thành phố Cần Thơ", [("Cần Thơ", "province")]),
        ("TP.HCM và Thừa Thiên Huế", [("Hồ Chí Minh", "province"), ("Thừa Thiên Huế", "province")]),
        ("thành phố Huế; toàn tỉnh Thừa Thiên Huế", [("Huế", "district"), ("Thừa Thiên Huế", "province")]),
        ("huyện Phú Vang họp. Toàn tỉnh đạt", [("Phú Vang", "district"), ("Thừa Thiên Huế", "province")]),
        ("huyện Cư M'gar", [("Cư M'gar", "district")]),
        ("bình quân cả nước", [("Việt Nam", "national")]),
        ("huyện Giồng Riềng có tổ; toàn huyện đạt", [("Giồng Riềng", "district"), ("Giồng Riềng", "district")]),
        ("xã Phong Lạc, huyện Trần Văn Thời. Tỉnh đã", [("Phong Lạc", "commune"), ("Cà Mau", "province")]),
        ("huyện Hòa Vang họp. Hòa Vang đạt", [("Hòa Vang", "district"), ("Hòa Vang", "district")]),
    ],
)
def test_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "ông Nguyễn Hà Giang nói",
        "bà Hà Giang nói",
        "hòa bình thế giới",
        "các xã, thị trấn",
        "cấp huyện 80%",
        "xếp thứ 9 cả nước",
    ],
)
def test_what_is_no_place(text: str) -> None:
    assert find(text) == []


def key(text: str, published: date, home: str | None = None) -> str | None:
    [mention] = place_finder().find(text, view(text), published, home)
    return mention.place.key


def test_a_tinh_that_became_a_thanh_pho_is_one_since_that_day() -> None:
    assert find("thành phố Huế", date(2025, 3, 1)) == [("Huế", "province")]


def test_an_old_name_for_new_land_has_another_key() -> None:
    assert key("xã Tân Ân, huyện Ngọc Hiển (Cà Mau)", BEFORE) == "124/2004:32245:2004-07-08"
    assert key("xã Tân Ân (Cà Mau)", AFTER) == "19/2025:32236:2025-07-01"


def test_namesakes_are_told_apart_by_what_the_document_says() -> None:
    assert key("xã Tân Ân", BEFORE) is None, "there are two, and nothing tells which"
    assert key("xã Tân Ân", BEFORE, home="Cà Mau") == "124/2004:32245:2004-07-08"
    assert key("xã Tân Ân", BEFORE, home="Long An") == "124/2004:28147:2004-07-08"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Kết quả quý IV/2025 của các phường", REFORM),
        ("Kết quả quý II/2025 của các phường", None),
        ("Quý III/2025, huyện X", None),
    ],
)
def test_an_undated_paper_of_a_quarter_after_the_reform_is_on_todays_map(text: str, day: date | None) -> None:
    assert map_day(Document("d", text), view(text)) == day
