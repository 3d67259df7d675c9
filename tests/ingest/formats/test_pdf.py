"""PDF with text: reading order, paragraphs, tables, marks, what is left out, and what is refused."""

from __future__ import annotations

import io
import textwrap
import unicodedata
from datetime import date, datetime

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdfium2 import PdfDocument, PdfMatrix

from pipelines.extract.reader import Reader
from pipelines.ingest import tools
from pipelines.ingest.convert import convert
from pipelines.ingest.converted import DateBasis
from pipelines.ingest.formats import pdf as formats_pdf
from pipelines.ingest.formats import text
from pipelines.ingest.rejection import Reason, Rejection
from tests.ingest.formats.papers import (
    LEFT,
    PARAGRAPHS,
    PLAIN,
    ROWS,
    TITLE,
    facts,
    new_pdf,
    pdf_of,
    report_pdf,
    write,
)
from tests.ingest.test_legacy import in_tcvn3

LONG = "Trong sáu tháng đầu năm, tỷ lệ hồ sơ nộp trực tuyến của toàn xã tăng đều qua từng tháng và không có hồ sơ trễ hạn. "
ROW = "|  | Ký số (%) | 90 |"


def made(pdf: FPDF) -> bytes:
    return bytes(pdf.output())


def refused(content: bytes) -> Rejection:
    with pytest.raises(Rejection) as rejection:
        convert(content)
    return rejection.value


def test_a_report_reads_as_its_plain_text_does(reader: Reader) -> None:
    paper = convert(report_pdf())
    assert paper.text == PLAIN
    assert (paper.media_type, paper.title, paper.published, paper.published_basis, paper.legibility) == (
        "application/pdf", TITLE, date(2023, 7, 5), DateBasis.TEXT, 1.0,
    )  # fmt: skip
    expected = facts(reader, text.convert(PLAIN.encode()))
    assert len(expected) >= 12
    assert facts(reader, paper) == expected


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [
        (0, (1, 0, 0, 1, 0, 0)),
        (90, (0, 1, -1, 0, 842, 0)),
        (180, (-1, 0, 0, -1, 595, 842)),
        (270, (0, -1, 1, 0, 0, 595)),
    ],
)
def test_a_page_that_lies_on_its_side_is_read_upright(turn: int, matrix: tuple[float, ...]) -> None:
    with PdfDocument(report_pdf()) as paper:
        turned = PdfDocument.new()
        size = (842, 595) if turn in (90, 270) else (595, 842)
        page = turned.new_page(*size)
        whole = paper.page_as_xobject(0, turned).as_pageobject()
        whole.set_matrix(PdfMatrix(*matrix))
        page.insert_obj(whole)
        page.gen_content()
        page.set_rotation(turn)
        file = io.BytesIO()
        turned.save(file)
    assert convert(file.getvalue()).text == PLAIN


def test_a_part_of_a_page_that_is_cut_off_is_not_read() -> None:
    with PdfDocument(report_pdf()) as paper:
        left, bottom, right, top = paper[0].get_bbox()
        paper[0].set_cropbox(left + 10, bottom + 20, right - 10, top - 90)
        file = io.BytesIO()
        paper.save(file)
    content = convert(file.getvalue()).text
    assert content.endswith("\n".join(("", *ROWS, "")))
    assert LEFT[0] not in content


def test_running_heads_and_page_numbers_are_left_out_and_marks_say_the_page() -> None:
    pdf = new_pdf()
    pdf.set_auto_page_break(False)
    for number in range(1, 5):
        pdf.add_page()
        write(pdf, "Báo cáo chuyển đổi số xã Phong Lạc", "R")
        write(pdf, f"Trang này nói về tháng {number} và các việc đã làm.")
        pdf.set_y(-15)
        write(pdf, f"- {number} -", "C")
    paper = convert(made(pdf))
    assert paper.text == "".join(f"Trang này nói về tháng {number} và các việc đã làm.\n" for number in range(1, 5))
    assert [mark.label for mark in paper.marks] == [f"trang {number}" for number in range(1, 5)]
    assert all(paper.text.startswith("Trang này", mark.start) for mark in paper.marks)


def test_a_paragraph_that_goes_on_overleaf_stays_whole() -> None:
    pdf = new_pdf()
    pdf.add_page()
    pdf.set_y(-40)
    write(pdf, LONG * 4)
    paper = convert(made(pdf))
    assert paper.text == (LONG * 4).strip() + "\n"
    first, second = paper.marks
    assert (first.start, second.label) == (0, "trang 2")
    assert paper.text[second.start - 1] == " "


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ở đây có mạng Inter-\nnet cáp quang", "ở đây có mạng Internet cáp quang\n"),
        ("phát triển kinh tế-\nxã hội của xã", "phát triển kinh tế-xã hội của xã\n"),
        ("phát triển kinh tế -\nxã hội của xã", "phát triển kinh tế - xã hội của xã\n"),
        ("Hạ tầng số:\n- Có 12 điểm phát sóng\n- Có 9 tổ", "Hạ tầng số:\n- Có 12 điểm phát sóng\n- Có 9 tổ\n"),
        ("I. Kết quả\n1. Hạ tầng\na) Trạm phát sóng", "I. Kết quả\n1. Hạ tầng\na) Trạm phát sóng\n"),
        ("Tình hình chuyển đổi số của xã,\nphương hướng quý tới", "Tình hình chuyển đổi số của xã, phương hướng quý tới\n"),
    ],
)
def test_lines_become_paragraphs(written: str, read: str) -> None:
    pdf = new_pdf()
    pdf.add_page()
    write(pdf, written, "L")
    assert convert(made(pdf)).text == read


def test_two_columns_are_read_one_after_the_other() -> None:
    pdf = new_pdf(size=9)
    pdf.add_page()
    top = pdf.get_y()
    pdf.multi_cell(85, 6, PARAGRAPHS[0], align="L")
    pdf.set_xy(110, top)
    pdf.multi_cell(85, 6, PARAGRAPHS[1], align="L")
    assert convert(made(pdf)).text == f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\n"


def test_a_table_without_lines_is_still_rows() -> None:
    pdf = new_pdf()
    pdf.add_page()
    write(pdf, "Kết quả như sau:")
    for label, value in (("Chỉ tiêu", "Kết quả"), ("Hồ sơ trực tuyến (%)", "71,5"), ("Văn bản ký số (%)", "96")):
        pdf.cell(100, 7, label)
        pdf.cell(40, 7, value, new_x="LMARGIN", new_y="NEXT")
    write(pdf, LONG)
    rows = "Chỉ tiêu | Kết quả\nHồ sơ trực tuyến (%) | 71,5\nVăn bản ký số (%) | 96"
    assert convert(made(pdf)).text == f"Kết quả như sau:\n{rows}\n{LONG.strip()}\n"


def test_a_merged_cell_is_written_once_and_an_empty_one_keeps_its_column() -> None:
    pdf = new_pdf(size=9)
    pdf.add_page()
    with pdf.table(col_widths=(60, 30, 30)) as drawn:
        for cells in (
            [("Chỉ tiêu", 1), ("Kết quả", 2)],
            [("Hồ sơ", 1), ("Quý I", 1), ("Quý II", 1)],
            [("Ký số (%)", 1), ("90", 1), ("", 1)],
        ):
            row = drawn.row()
            for cell in cells:
                row.cell(cell[0], colspan=cell[1])
    assert convert(made(pdf)).text == "| Chỉ tiêu | Kết quả |  |\nHồ sơ | Quý I | Quý II\n| Ký số (%) | 90 |  |\n"


def test_without_a_heading_the_metadata_speak() -> None:
    pdf = new_pdf()
    pdf.add_page()
    write(pdf, LONG)
    pdf.set_title("Số liệu quý II")
    pdf.set_author("Văn phòng xã")
    pdf.set_creation_date(datetime(2023, 7, 9))
    paper = convert(made(pdf))
    assert (paper.title, paper.author, paper.published, paper.published_basis) == (
        "Số liệu quý II", "Văn phòng xã", date(2023, 7, 9), DateBasis.METADATA,
    )  # fmt: skip


def test_a_text_layer_from_before_unicode_is_mended() -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    pdf.add_page()
    small = PARAGRAPHS[1].lower()
    for line in textwrap.wrap(small, 80):
        pdf.cell(0, 6, in_tcvn3(line).decode("cp1252"), new_x="LMARGIN", new_y="NEXT")
    assert convert(made(pdf)).text == f"{small}\n"


@pytest.mark.parametrize(
    "shown",
    [
        "3KyQJ WUuP WKjQJ ÿҫX QăP Wӹ OӋ Kӗ Vѫ QӝS WUӵF WX\u1ebfn Fӫ[D WRjQ [m WăQJ ÿӅX TXD WӯQJ WKiQJ YJ WUӉ KҥQ " * 3,
        "FKX\\HQ GRL VR FXD WRDQ [D WDQJ GHX TXD WXQJ WKDQJ YD NKRQJ FR KR VR WUH KDQ " * 3,
        "\ue001\ue002\ue003 \ue004\ue005 " * 40,
        "größe überträgt häufig Äpfel schön für Männer dürfen " * 4,
    ],
)
def test_glyphs_that_say_nothing_are_told(shown: str) -> None:
    assert not formats_pdf._says_something(shown) or formats_pdf._UNMAPPED.search(shown)


@pytest.mark.parametrize("said", [LONG * 3, "The share of online applications reached 71.5 percent in June. " * 4, "QR 85%"])
def test_words_are_told(said: str) -> None:
    assert formats_pdf._says_something(said)


def test_a_row_that_a_page_breaks_in_two_is_whole() -> None:
    pdf = new_pdf(size=9)
    for rows in ((("1", "Hồ sơ nộp trực", "70"),), (("", "tuyến (%)", ""), ("", "Ký số (%)", "90"))):
        pdf.add_page()
        with pdf.table(col_widths=(20, 60, 30), first_row_as_headings=False) as drawn:
            for cells in rows:
                row = drawn.row()
                for cell in cells:
                    row.cell(cell)
    paper = convert(made(pdf))
    assert paper.text == f"1 | Hồ sơ nộp trực tuyến (%) | 70\n{ROW}\n"
    assert paper.text[paper.marks[1].start :] == f"{ROW}\n"


@pytest.mark.parametrize(
    "shown", ["Ký bởi: Ủy ban nhân dân xã, ngày 5/7/2023", "FKX\\HQ GRL VR FXD WRDQ [D WDQJ GHX WXQJ " * 6]
)
def test_a_scan_under_a_signature_and_a_layer_of_nonsense_wait_for_tesseract(
    shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "has", lambda _: False)
    pdf = new_pdf()
    pdf.add_page()
    pdf.image(Image.new("L", (300, 400), 255), 0, 0, 210)
    write(pdf, shown)
    assert refused(made(pdf)).reason is Reason.NEEDS_TOOL


def test_a_scan_waits_for_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "has", lambda _: False)
    rejection = refused(pdf_of([Image.new("L", (600, 800), 255)], 72))
    assert (rejection.reason, rejection.lacking) == (Reason.NEEDS_TOOL, "tesseract")


def test_a_password_a_missing_end_and_blank_pages_are_told_apart() -> None:
    locked = new_pdf()
    locked.add_page()
    write(locked, LONG)
    locked.set_encryption("chủ".encode().hex(), "mật khẩu".encode().hex())
    blank = new_pdf()
    blank.add_page()
    assert refused(made(locked)).reason is Reason.ENCRYPTED
    assert refused(report_pdf()[:-200]).reason is Reason.DAMAGED
    assert refused(b"%PDF-1.7\n" + b"\x00\xff" * 3000 + b"%%EOF").reason is Reason.DAMAGED
    assert refused(made(blank)).reason is Reason.NO_TEXT


def test_more_pages_or_characters_than_any_report_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats_pdf, "MAX_PAGES", 0)
    assert refused(report_pdf()).reason is Reason.TOO_COMPLEX
    monkeypatch.setattr(formats_pdf, "MAX_PAGES", 1)
    monkeypatch.setattr(formats_pdf, "MAX_CHARACTERS", 10)
    assert refused(report_pdf()).reason is Reason.TOO_COMPLEX


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=30))
def test_a_pdf_with_broken_bytes_converts_or_is_refused(flips: list[tuple[int, int]]) -> None:
    content = bytearray(report_pdf())
    for at, byte in flips:
        content[at % len(content)] = byte
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tools, "has", lambda _: False)
        try:
            paper = convert(bytes(content))
        except Rejection:
            return
    assert unicodedata.is_normalized("NFC", paper.text)
    assert all(mark.start < len(paper.text) for mark in paper.marks)
