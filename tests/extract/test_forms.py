"""Forms: which tables they fit, what their cells state, what is wrong with a mapping."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.figures import OUT_OF_BOUNDS
from pipelines.extract.forms import read_forms
from pipelines.extract.reader import Reader, version_of
from pipelines.ingest.formats.grid import Sheet, as_document
from pipelines.model import Document, Mark, Observation, Status
from pipelines.paths import ROOT
from pipelines.reference.catalogue import Catalogue, CatalogueError, load_catalogue
from pipelines.reference.forms import Form

FORM: dict[str, Any] = {
    "id": "dvc",
    "name": "Dịch vụ công theo xã",
    "words": ["dịch vụ công trực tuyến"],
    "place": {"column": "Đơn vị", "within": "tỉnh Cà Mau"},
    "period": {"text": "Kỳ báo cáo*"},
    "values": [
        {"column": "Kế hoạch", "metric": "online_submission_share", "kind": "target", "period": "year"},
        {"column": "Tỷ lệ*", "metric": "online_submission_share"},
        {"column": "Số hồ sơ", "metric": "online_submission_count"},
    ],
}
HEAD = ["TT", "Đơn vị", "Kế hoạch", "Tỷ lệ (%)", "Số hồ sơ"]
ABOVE = [["TỔNG HỢP DỊCH VỤ CÔNG TRỰC TUYẾN"], ["Kỳ báo cáo: quý II/2024"]]


def table(rows: list[list[str]], name: str | None = "Biểu 1") -> Document:
    sheet = Sheet(name)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.put(row, column, cell)
    converted = as_document("x", [sheet])
    return Document("d", converted.text, converted.title, date(2024, 7, 5), marks=converted.marks)


def read(catalogue: Catalogue, document: Document, form: dict[str, Any] = FORM) -> list[Observation]:
    return read_forms(document, replace(catalogue, forms=(Form.model_validate(form),))).observations


def one(catalogue: Catalogue, cell: str, head: str = "Tỷ lệ (%)", **changed: Any) -> Observation:
    """What becomes of a cell in a column of the form."""
    row = ["1", "Huyện Thới Bình", *(cell if each == head else "" for each in HEAD[2:])]
    others = ["2", "Huyện Đầm Dơi", "", "1%", ""]  # a number, so that the row before is no signature
    return read(catalogue, table([*ABOVE, HEAD, row, others]), FORM | changed)[0]


def test_each_cell_states_what_its_column_its_row_and_the_title_say(catalogue: Catalogue) -> None:
    document = table([*ABOVE, HEAD, ["1", "Huyện Thới Bình", "80", "85,2", "12.450"], ["", "Toàn tỉnh", "80", "", "21.570"]])
    observations = read(catalogue, document)
    share, count, year, quarter = "online_submission_share", "online_submission_count", "2024-12-31", "2024-06-30"
    assert [(o.status, o.metric_id, o.value, o.kind, o.place.name, str(o.period.end)) for o in observations] == [
        ("fact", share, 80, "target", "Thới Bình", year),
        ("fact", share, 85.2, "actual", "Thới Bình", quarter),
        ("fact", count, 12450, "actual", "Thới Bình", quarter),
        ("fact", share, 80, "target", "Cà Mau", year),
        ("fact", count, 21570, "actual", "Cà Mau", quarter),
    ]
    assert {(o.rule_id, o.confidence > 0.9, o.reason) for o in observations} == {("form.dvc", True, None)}
    assert observations[1].quote == "1 | Huyện Thới Bình | 80 | 85,2 | 12.450"
    assert document.text[slice(*observations[1].number)] == "85,2"


@pytest.mark.parametrize(
    ("cell", "value", "low", "high", "comparator"),
    [
        ("85,2 %", 85.2, 85.2, 85.2, "eq"),
        ("≥ 90", 90, 90, None, "ge"),
        ("trên 80%", 80, 80, None, "gt"),
        ("77,5 - 80", 77.5, 77.5, 80, "range"),
    ],
)
def test_a_bound_in_a_cell_is_kept(
    catalogue: Catalogue, cell: str, value: float, low: float, high: float | None, comparator: str
) -> None:
    o = one(catalogue, cell)
    assert (o.status, o.value, o.value_low, o.value_high, o.comparator) == (Status.FACT, value, low, high, comparator)


@pytest.mark.parametrize(
    ("head", "cell", "reason"),
    [
        ("Tỷ lệ (%)", "chưa báo cáo", "'chưa báo cáo' is no number"),
        ("Tỷ lệ (%)", "85 và 90", "'85 và 90' is more than one number"),
        ("Tỷ lệ (%)", "-5", "'-5' is negative"),
        ("Tỷ lệ (%)", "57/75", "'57/75' is a part of a whole, and the metric is a share"),
        ("Tỷ lệ (%)", "120", OUT_OF_BOUNDS),
        ("Số hồ sơ", "85%", "'85%' is a share, and the metric is none"),
    ],
)
def test_a_cell_that_can_not_be_used_is_rejected_with_its_reason(
    catalogue: Catalogue, head: str, cell: str, reason: str
) -> None:
    o = one(catalogue, cell, head)
    assert (o.status, o.reason) == (Status.REJECTED, reason)


@pytest.mark.parametrize("cell", ["-", "–", "x", "…", "Không có"])
def test_a_cell_that_says_nothing_states_nothing(catalogue: Catalogue, cell: str) -> None:
    found = read(catalogue, table([*ABOVE, HEAD, ["1", "Huyện Thới Bình", "80", cell, ""]]))
    assert [o.kind for o in found] == ["target"]


def test_a_place_and_a_period_that_are_not_known_are_the_reason(catalogue: Catalogue) -> None:
    rows = [["DỊCH VỤ CÔNG TRỰC TUYẾN"], ["Kỳ báo cáo: đợt một"], HEAD, ["1", "Phòng Z", "", "85", ""]]
    [o] = read(catalogue, table(rows))
    assert o.status is Status.REJECTED
    assert o.reason == "'Phòng Z' is no place that is known; 'Kỳ báo cáo: đợt một' states no period"


@pytest.mark.parametrize(("head", "ends"), [("Kết quả 6 tháng (%)", date(2023, 6, 30)), ("Năm 2022 (%)", date(2022, 12, 31))])
def test_a_period_in_a_head_is_of_the_year_that_the_form_speaks_of(catalogue: Catalogue, head: str, ends: date) -> None:
    values = [{"column": head, "metric": "online_submission_share", "period": "head"}]
    rows = [
        ["KẾT QUẢ DỊCH VỤ CÔNG TRỰC TUYẾN"],
        ["Kỳ báo cáo: năm 2023"],
        ["TT", "Đơn vị", head],
        ["1", "Huyện Thới Bình", "85"],
    ]
    [found] = read(catalogue, table(rows), FORM | {"values": values})
    assert found.period.end == ends


def test_what_is_written_in_thousands_or_as_a_fraction_is_counted_in_the_unit(catalogue: Catalogue) -> None:
    values = [
        {"column": "Tỷ lệ (%)", "metric": "online_submission_share", "times": 100},
        {"column": "Số hồ sơ", "metric": "online_submission_count", "times": 1000},
    ]
    assert one(catalogue, "0,852", values=values).value == 85.2
    assert one(catalogue, "85,2%", values=values).value == 85.2
    assert one(catalogue, "12,45", "Số hồ sơ", values=values).value == 12450


def test_rows_have_their_metric_by_label_and_their_unit_by_column(catalogue: Catalogue) -> None:
    form = {
        "id": "chi_tieu",
        "name": "Chỉ tiêu",
        "words": ["chỉ tiêu"],
        "place": {"fixed": "xã Tân Ân, huyện Ngọc Hiển, tỉnh Cà Mau"},
        "period": {"cell": "A1"},
        "rows": {
            "column": "Chỉ tiêu",
            "metrics": {
                "Hồ sơ nộp trực tuyến": "online_submission_count",
                "Văn bản > Ký số": "edoc_signed_share",
                "Hồ sơ công việc*": "work_files_online_share",
            },
        },
        "unit": "ĐVT",
        "values": [{"column": "Kết quả"}],
    }
    document = table(
        [
            ["Năm 2024"],
            ["Chỉ tiêu", "ĐVT", "Kết quả"],
            ["A", "B", "1"],
            ["1. Hồ sơ nộp trực tuyến", "nghìn hồ sơ", "12,4"],
            ["Văn bản", "", ""],
            ["- Ký số", "%", "97"],
            ["Hồ sơ công việc trên mạng", "hồ sơ", "120"],
            ["Số sáng kiến", "sáng kiến", "5"],
        ]
    )
    assert [(o.status, o.metric_id, o.value, o.phrase) for o in read(catalogue, document, form)] == [
        (Status.FACT, "online_submission_count", 12400, None),
        (Status.FACT, "edoc_signed_share", 97, None),
        (Status.REJECTED, "work_files_online_share", 120, None),
        (Status.CANDIDATE, None, 5, "số sáng kiến"),
    ]


def test_a_second_table_of_the_sheet_is_read_by_its_own_header(catalogue: Catalogue) -> None:
    swapped = [*HEAD[:3], HEAD[4], HEAD[3]]
    rows = [*ABOVE, HEAD, ["1", "Thới Bình", "", "85", "7"], [], *ABOVE, swapped, ["1", "Đầm Dơi", "", "9", "70"]]
    found = read(catalogue, table([*rows, ["", "Người lập", "", "Chủ tịch", ""]]))
    assert sorted((o.place.name, o.unit, o.value) for o in found) == [
        ("Thới Bình", "file", 7),
        ("Thới Bình", "percent", 85),
        ("Đầm Dơi", "file", 9),
        ("Đầm Dơi", "percent", 70),
    ]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([["TỔNG HỢP"], ["Kỳ báo cáo: quý II/2024"], HEAD, ["1", "Thới Bình", "", "85", "7"]], "Biểu 1"),
        ([*ABOVE, HEAD[:-1], ["1", "Thới Bình", "", "85"]], "Biểu 1"),
        ([*ABOVE, [*HEAD, "Tỷ lệ cũ"], ["1", "Thới Bình", "", "85", "7", "80"]], "Biểu 1"),
        ([*ABOVE, HEAD, ["1", "Thới Bình", "", "85", "7"]], "Phụ lục"),
    ],
    ids=["other title", "a column missing", "two columns under one head", "other sheet"],
)
def test_what_a_form_does_not_fit_is_left_to_the_reader(catalogue: Catalogue, rows: list[list[str]], name: str) -> None:
    assert read(catalogue, table(rows, name), FORM | {"sheet": "Biểu *"}) == []


def test_pages_are_no_cells(catalogue: Catalogue) -> None:
    text = "DỊCH VỤ CÔNG TRỰC TUYẾN\nĐơn vị | Kế hoạch | Tỷ lệ | Số hồ sơ\nThới Bình | 80 | 85 | 7"
    assert read(catalogue, Document("d", text, marks=(Mark(0, "trang 1"), Mark(30, "trang 2")))) == []


def test_what_stands_beside_the_table_is_read_as_ever(catalogue: Catalogue) -> None:
    note = "Đến nay, 95% cửa hàng của huyện Thới Bình (Cà Mau) có mã QR thanh toán."
    document = table([*ABOVE, HEAD, ["1", "Thới Bình", "", "85", "7"], [note]])
    observations = Reader(replace(catalogue, forms=(Form.model_validate(FORM),))).read(document)
    assert [(o.metric_id, o.location, document.text[slice(*o.number)]) for o in observations] == [
        ("online_submission_share", "Biểu 1!D4", "85"),
        ("online_submission_count", "Biểu 1!E4", "7"),
        ("qr_payment_coverage", "Biểu 1!A5", "95"),
    ]
    assert [document.text[slice(*o.quote_span)] for o in observations] == [o.quote for o in observations]
    assert observations[-1].quote == note


def test_the_example_form_of_the_project_reads_its_table(reader: Reader) -> None:
    share, count = "Hồ sơ nộp trực tuyến", "Tỷ lệ hồ sơ giải quyết đúng hạn (%)"
    rows = [
        ["KẾT QUẢ CUNG CẤP DỊCH VỤ CÔNG TRỰC TUYẾN"],
        ["Kỳ báo cáo: quý II/2024"],
        ["TT", "Đơn vị", share, share, share, count],
        ["TT", "Đơn vị", "Số lượng", "Kế hoạch (%)", "Tỷ lệ (%)", count],
        ["(1)", "(2)", "(3)", "(4)", "(5)=(3)/(4)", "(6)"],
        ["1", "Huyện Thới Bình", "12.450", "80", "85,2%", "99,1"],
    ]
    assert [(o.rule_id, o.kind, o.value) for o in reader.read(table(rows, "DVC quý II"))] == [
        ("form.dich_vu_cong_theo_don_vi", "actual", 12450),
        ("form.dich_vu_cong_theo_don_vi", "target", 80),
        ("form.dich_vu_cong_theo_don_vi", "actual", 85.2),
        ("form.dich_vu_cong_theo_don_vi", "actual", 99.1),
    ]


CELLS = st.sampled_from(["", "1", "85,2 %", "≥ 90", "chưa có", "Thới Bình", "Toàn tỉnh", "12.450", "a | b", "57/75", *HEAD])


@given(st.lists(st.lists(CELLS, min_size=3, max_size=6), max_size=8))
def test_offsets_hold_whatever_stands_below_the_header(catalogue: Catalogue, rows: list[list[str]]) -> None:
    document = table([*ABOVE, HEAD, *rows])
    for o in read(catalogue, document):
        assert document.text[slice(*o.quote_span)] == o.quote
        assert "\n" not in o.quote
        assert o.quote_span.start <= o.number.start < o.number.end <= o.quote_span.end
        assert "|" not in document.text[slice(*o.number)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"place": {"column": "A", "fixed": "B"}}, "place: Value error, give one of column, cell, text and fixed"),
        ({"values": [{"column": "A"}]}, "has no metric; give it one, or rows with one each"),
        (
            {"values": [{"column": "A", "metric": "no_such"}]},
            "values.A.metric: no metric 'no_such'; take an id of metrics.yaml",
        ),
        (
            {"values": [{"column": "A", "metric": "online_submission_share", "unit": "file"}]},
            "values.A.unit: online_submission_share is in 'percent', not 'file'; leave it out, or use times",
        ),
        ({"period": None}, "the form has none to take the year from; give it one"),
        ({"rows": {"column": "A", "metrics": {"b": "no_such"}}, "values": [{"column": "C"}]}, "rows.metrics.b: no metric"),
        ({"header_rows": 0}, "header_rows: Input should be greater than or equal to 1"),
        ({"sheets": "x"}, "sheets: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(ROOT / "warehouse" / "reference", folder)
    (folder / "forms.yaml").write_text(yaml.safe_dump([FORM | change], allow_unicode=True), encoding="utf-8")
    with pytest.raises(CatalogueError) as error:
        load_catalogue(folder)
    assert f"{folder / 'forms.yaml'}: entry dvc: " in str(error.value)
    assert says in str(error.value)


def test_the_version_follows_the_forms_and_none_are_needed(tmp_path: Path, catalogue: Catalogue) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(ROOT / "warehouse" / "reference", folder)
    assert version_of(load_catalogue(folder)) == version_of(catalogue)
    (folder / "forms.yaml").write_text("# none\n[]\n", encoding="utf-8")
    empty = load_catalogue(folder)
    (folder / "forms.yaml").unlink()
    missing = load_catalogue(folder)
    assert empty.forms == missing.forms == ()
    assert len({version_of(each) for each in (catalogue, empty, missing)}) == 3
