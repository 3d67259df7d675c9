"""`kpi map`: what it proposes loads, and reads the right facts of the form unchanged."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
import yaml
from xlsxwriter.worksheet import Worksheet

from pipelines.cli.map import as_yaml
from pipelines.extract.forms import read_forms
from pipelines.extract.proposal import propose
from pipelines.extract.reader import Reader, version_of
from pipelines.ingest.convert import convert
from pipelines.model import Document, Status
from pipelines.paths import ROOT
from pipelines.reference.catalogue import load_catalogue
from tests.conftest import Kpi

Fill = Callable[[xlsxwriter.Workbook, Worksheet], None]


def document_of(fill: Fill, name: str = "Biểu 1") -> Document:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        fill(book, book.add_worksheet(name))
    converted = convert(buffer.getvalue())
    return Document("d", converted.text, converted.title, converted.published, marks=converted.marks)


def metrics_in_rows_with_their_units(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    sheet.merge_range("A1:C1", "UBND HUYỆN THỚI BÌNH")
    sheet.merge_range("D1:F1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    sheet.merge_range("A2:F2", "KẾT QUẢ THỰC HIỆN CHỈ TIÊU CHUYỂN ĐỔI SỐ")
    sheet.merge_range("A3:F3", "Kỳ báo cáo: 6 tháng đầu năm 2024")
    sheet.write_row("A4", ["TT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch năm", "Thực hiện", "Ghi chú"])
    sheet.write_row("A5", ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"])
    sheet.write_row("A6", ["I", "Chính quyền số"])
    sheet.write_row("A7", [1, "Tỷ lệ hồ sơ nộp trực tuyến", "%", 80])
    sheet.write("E7", 0.852, book.add_format({"num_format": "0.0%"}))
    sheet.write_row("A8", [2, "Tỷ lệ hồ sơ thủ tục hành chính giải quyết đúng hạn", "%", 95, "97,5", "vượt"])
    sheet.write_row("A9", ["II", "Xã hội số"])
    sheet.write_row("A10", [3, "Số tổ công nghệ số cộng đồng", "tổ", 90, 98])
    sheet.write_row("A11", [4, "Số sáng kiến được công nhận", "sáng kiến", 5, 7])
    sheet.write_row("B13", ["Người lập biểu", "", "", "Chủ tịch"])


def places_in_rows(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    sheet.merge_range("A1:E1", "UBND TỈNH CÀ MAU")
    sheet.merge_range("A2:E2", "BIỂU TỔNG HỢP DỊCH VỤ CÔNG TRỰC TUYẾN QUÝ I/2024")
    sheet.write_row("A4", ["STT", "Địa phương", "Số hồ sơ nộp trực tuyến", "Tỷ lệ hồ sơ nộp trực tuyến", "So với kỳ trước"])
    sheet.write_row("A5", [1, "Huyện Thới Bình", 12450, "85,2 %", "tăng 2%"])
    sheet.write_row("A6", [2, "Trần Văn Thời", 9120, "77,5%", "giảm 1%"])
    sheet.write_row("A7", ["", "Toàn tỉnh", 21570, "81,9%", ""])


def one_column_with_its_metric_in_the_title(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    sheet.write("B2", "TỶ LỆ CƠ SỞ KINH DOANH CÓ MÃ QR THANH TOÁN THÁNG 6/2024")
    sheet.write("B3", "Ủy ban nhân dân tỉnh Cà Mau")
    sheet.write_row("B4", ["Huyện", "Tỷ lệ (%)"])
    sheet.write_row("B5", ["Thới Bình", 64.5])
    sheet.write_row("B6", ["Đầm Dơi", 58])


def a_header_over_two_levels(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    sheet.merge_range("A1:F1", "TÌNH HÌNH CHUYỂN ĐỔI SỐ CÁC HUYỆN, TỈNH CÀ MAU")
    sheet.merge_range("A2:A3", "TT")
    sheet.merge_range("B2:B3", "Đơn vị")
    sheet.merge_range("C2:D2", "Hồ sơ nộp trực tuyến (%)")
    sheet.merge_range("E2:F2", "Văn bản điện tử được ký số (%)")
    sheet.write_row("C3", ["Năm 2023", "Năm 2024", "Năm 2023", "Năm 2024"])
    sheet.write_row("A4", [1, "Huyện Thới Bình", 70.5, 85.2, 90, 97])
    sheet.write_row("A5", [2, "Huyện Đầm Dơi", 61, 72, 88, 92.5])


def metrics_in_rows_and_places_in_columns(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    sheet.write("A1", "PHỤ LỤC SỐ LIỆU CHUYỂN ĐỔI SỐ TỈNH CÀ MAU")
    sheet.write("A2", "(Số liệu đến ngày 30/6/2024)")
    sheet.merge_range("A3:A4", "Nội dung")
    sheet.merge_range("B3:B4", "ĐVT")
    sheet.merge_range("C3:D3", "Kết quả của các huyện")
    sheet.write_row("C4", ["Thới Bình", "Huyện Đầm Dơi"])
    sheet.write_row("A5", ["1. Tỷ lệ văn bản điện tử được ký số", "%", "97,5", "≥ 92"])
    sheet.write_row("A6", ["2. Số hồ sơ nộp trực tuyến", "nghìn hồ sơ", "12,4", "-"])


def chickens(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    sheet.write_row("A1", ["Thôn", "Số gà"])
    sheet.write_row("A2", ["An", 5])


H1, Q1, JUNE = ("2024-01-01", "2024-06-30"), ("2024-01-01", "2024-03-31"), ("2024-06-01", "2024-06-30")
THE_30TH = ("2024-06-30", "2024-06-30")
Y23, Y24 = ("2023-01-01", "2023-12-31"), ("2024-01-01", "2024-12-31")
EXPECTED: dict[Fill, list[tuple[object, ...]]] = {
    metrics_in_rows_with_their_units: [
        ("online_submission_share", 80, "target", "Thới Bình", *Y24, "D7"),
        ("online_submission_share", 85.2, "actual", "Thới Bình", *H1, "E7"),
        ("ontime_resolution_share", 95, "target", "Thới Bình", *Y24, "D8"),
        ("ontime_resolution_share", 97.5, "actual", "Thới Bình", *H1, "E8"),
        ("community_digital_team_count", 90, "target", "Thới Bình", *Y24, "D10"),
        ("community_digital_team_count", 98, "actual", "Thới Bình", *H1, "E10"),
    ],
    places_in_rows: [
        ("online_submission_count", 12450, "actual", "Thới Bình", *Q1, "C5"),
        ("online_submission_share", 85.2, "actual", "Thới Bình", *Q1, "D5"),
        ("online_submission_count", 9120, "actual", "Trần Văn Thời", *Q1, "C6"),
        ("online_submission_share", 77.5, "actual", "Trần Văn Thời", *Q1, "D6"),
        ("online_submission_count", 21570, "actual", "Cà Mau", *Q1, "C7"),
        ("online_submission_share", 81.9, "actual", "Cà Mau", *Q1, "D7"),
    ],
    one_column_with_its_metric_in_the_title: [
        ("qr_payment_coverage", 64.5, "actual", "Thới Bình", *JUNE, "C5"),
        ("qr_payment_coverage", 58, "actual", "Đầm Dơi", *JUNE, "C6"),
    ],
    metrics_in_rows_and_places_in_columns: [
        ("edoc_signed_share", 97.5, "actual", "Thới Bình", *THE_30TH, "C5"),
        ("edoc_signed_share", 92, "actual", "Đầm Dơi", *THE_30TH, "D5"),
        ("online_submission_count", 12400, "actual", "Thới Bình", *THE_30TH, "C6"),
    ],
    a_header_over_two_levels: [
        ("online_submission_share", 70.5, "actual", "Thới Bình", *Y23, "C4"),
        ("online_submission_share", 85.2, "actual", "Thới Bình", *Y24, "D4"),
        ("edoc_signed_share", 90, "actual", "Thới Bình", *Y23, "E4"),
        ("edoc_signed_share", 97, "actual", "Thới Bình", *Y24, "F4"),
        ("online_submission_share", 61, "actual", "Đầm Dơi", *Y23, "C5"),
        ("online_submission_share", 72, "actual", "Đầm Dơi", *Y24, "D5"),
        ("edoc_signed_share", 88, "actual", "Đầm Dơi", *Y23, "E5"),
        ("edoc_signed_share", 92.5, "actual", "Đầm Dơi", *Y24, "F5"),
    ],
}


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """The catalogue's folder without any form."""
    folder = tmp_path / "reference"
    shutil.copytree(ROOT / "warehouse" / "reference", folder)
    (folder / "forms.yaml").write_text("[]", encoding="utf-8")
    return folder


@pytest.mark.parametrize("fill", EXPECTED, ids=lambda fill: fill.__name__)
def test_what_is_proposed_loads_and_reads_the_facts_of_the_form(fill: Fill, reader: Reader, reference: Path) -> None:
    document = document_of(fill)
    before = version_of(load_catalogue(reference))
    [proposal] = propose(document, reader)
    lines = "\n".join(as_yaml(proposal, set()))
    (reference / "forms.yaml").write_text(lines, encoding="utf-8")
    catalogue = load_catalogue(reference)
    assert version_of(catalogue) != before
    filled = read_forms(document, catalogue)
    assert [
        (
            o.metric_id,
            o.value,
            o.kind,
            o.place.name,
            str(o.period.start),
            str(o.period.end),
            next(mark.label for mark in reversed(document.marks) if mark.start <= o.number.start).removeprefix("Biểu 1!"),
        )
        for o in filled.observations
        if o.status is Status.FACT
    ] == EXPECTED[fill]
    for o in filled.observations:
        assert document.text[slice(*o.quote_span)] == o.quote
        assert o.quote_span.start <= o.number.start < o.number.end <= o.quote_span.end


def test_a_table_is_read_by_the_reader_as_by_its_form(reader: Reader, reference: Path) -> None:
    document = document_of(places_in_rows)
    [proposal] = propose(document, reader)
    (reference / "forms.yaml").write_text("\n".join(as_yaml(proposal, set())), encoding="utf-8")
    catalogue = load_catalogue(reference)
    read = Reader(catalogue).read(document)
    assert [o._replace(location=None) for o in read] == read_forms(document, catalogue).observations
    assert [o.location for o in read] == [f"Biểu 1!{expected[-1]}" for expected in EXPECTED[places_in_rows]]


def test_rows_that_go_on_with_another_have_its_name_in_their_label(reader: Reader) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write("A1", "Kỳ báo cáo: năm 2024, tỉnh Cà Mau")
        sheet.write_row("A2", ["TT", "Nội dung", "Kết quả (%)"])
        sheet.write_row("A3", [1, "Tỷ lệ hồ sơ công việc xử lý trên môi trường mạng", "90,5"])
        sheet.write_row("A4", ["", "- Cấp tỉnh", "100"])
        sheet.write_row("A5", ["", "- Cấp xã", "81"])

    document = document_of(fill)
    [proposal] = propose(document, reader)
    assert proposal.form is not None
    assert proposal.form.rows is not None
    assert proposal.form.rows.metrics == dict.fromkeys(
        [
            "Tỷ lệ hồ sơ công việc xử lý trên môi trường mạng",
            "Tỷ lệ hồ sơ công việc xử lý trên môi trường mạng > Cấp tỉnh",
            "Tỷ lệ hồ sơ công việc xử lý trên môi trường mạng > Cấp xã",
        ],
        "work_files_online_share",
    )
    filled = read_forms(document, replace(reader.lexicon.catalogue, forms=(proposal.form,)))
    assert [(o.value, o.tier, o.place.name) for o in filled.observations] == [
        (90.5, None, "Cà Mau"),
        (100, "province", "Cà Mau"),
        (81, "commune", "Cà Mau"),
    ]


def test_what_no_metric_fits_is_said(reader: Reader) -> None:
    [proposal] = propose(document_of(metrics_in_rows_with_their_units), reader)
    assert proposal.left_out == ["row 'Số sáng kiến được công nhận': no metric of the catalogue fits"]
    none = document_of(chickens)
    [proposal] = propose(none, reader)
    assert "write the mapping by hand" in next(as_yaml(proposal, set()))


def test_the_command_prints_a_mapping_or_says_what_to_do(kpi: Kpi, tmp_path: Path) -> None:
    form, prose = tmp_path / "biểu.csv", tmp_path / "bài.txt"
    form.write_text(
        "Kỳ báo cáo: quý I/2024;;\nXã;Tỷ lệ hồ sơ nộp trực tuyến (%);Ghi chú\nTân Ân;85,2;\nTân Ân Tây;70;\n", "utf-8"
    )
    prose.write_text("Không có bảng nào trong bài này.", encoding="utf-8")
    shown = kpi("map", form)
    assert shown.returncode == 0, shown.stderr
    [entry] = yaml.safe_load(shown.stdout)
    assert entry["values"] == [{"column": "Tỷ lệ hồ sơ nộp trực tuyến (%)", "metric": "online_submission_share"}]
    assert entry["period"] == {"text": "Kỳ báo cáo:*"}
    refused = kpi("map", prose)
    assert refused.returncode == 1
    assert "no table with a header and values; give a workbook" in refused.stderr


def test_each_sheet_has_an_entry_of_its_own(reader: Reader) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        for each in (sheet, book.add_worksheet("Biểu 2")):
            places_in_rows(book, each)
        book.add_worksheet("Ghi chú").write("A1", "Số liệu do các huyện gửi.")

    taken: set[str] = set()
    lines = [line for proposal in propose(document_of(fill), reader) for line in as_yaml(proposal, taken)]
    ids = [entry["id"] for entry in yaml.safe_load("\n".join(lines))]
    assert ids == ["bieu_tong_hop_dich_vu_cong_truc_tuyen", "bieu_tong_hop_dich_vu_cong_truc_tuyen_2"]
