"""Workbooks as text: rows as lines, a mark at each cell, what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.convert import convert, form_of
from pipelines.ingest.converted import Converted
from pipelines.ingest.formats import spreadsheet
from pipelines.ingest.formats.grid import Merged, Sheet, as_document, clean, letters, number, shown
from pipelines.ingest.formats.xlsx import column_of
from pipelines.ingest.rejection import Reason, Rejection
from tests.ingest.formats.ole import ole, xls

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = f'<workbook xmlns:r="{RELATIONS}"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
LINKS = '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>'


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        fill(book)
    return buffer.getvalue()


def packed(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def ods(content: str, manifest: str = "") -> bytes:
    namespaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", spreadsheet.ODS)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", f"<office:document-content {namespaces}>{content}</office:document-content>")
    return buffer.getvalue()


def by_label(converted: Converted) -> dict[str, str]:
    """Each label with the text from its mark to the next bar or line's end."""
    return {mark.label: converted.text[mark.start :].partition("\n")[0].partition(" |")[0] for mark in converted.marks}


def a_report(book: xlsxwriter.Workbook) -> None:
    percent, day = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Biểu 2")
    sheet.merge_range("A1:E1", "TỔNG HỢP KẾT QUẢ CHUYỂN ĐỔI SỐ")
    sheet.merge_range("A2:A3", "TT")
    sheet.merge_range("B2:B3", "Đơn vị")
    sheet.merge_range("C2:D2", "Hồ sơ trực tuyến")
    sheet.write_row("C3", ["Tỷ lệ (%)", "Số\nlượng"])
    sheet.write("E3", "Ngày | chốt")
    sheet.write_row("A4", [1, "Xã An Lạc"])
    sheet.write("C4", 0.852, percent)
    sheet.write("D4", 1234.5)
    sheet.write("E4", date(2024, 6, 30), day)
    sheet.write_row("A5", [2, "Xã Bình Yên", "85,2 %", "1.234,5 "])
    sheet.write_formula("E5", "=1/3", None, 1 / 3)
    hidden = book.add_worksheet("Ẩn")
    hidden.hide()
    hidden.write("C7", 2024)


WHOLE = workbook(a_report)


def test_a_workbook_reads_as_lines_with_merged_heads_repeated() -> None:
    converted = convert(workbook(a_report))
    assert converted.text == (
        "Biểu 2\n"
        "TỔNG HỢP KẾT QUẢ CHUYỂN ĐỔI SỐ\n"
        "TT | Đơn vị | Hồ sơ trực tuyến | Hồ sơ trực tuyến | |\n"
        "TT | Đơn vị | Tỷ lệ (%) | Số lượng | Ngày ¦ chốt\n"
        "1 | Xã An Lạc | 85,2% | 1.234,5 | 30/06/2024\n"
        "2 | Xã Bình Yên | 85,2 % | 1.234,5 | 0,3333\n\n"
        "Ẩn\n2024"
    )
    assert converted.title == "TỔNG HỢP KẾT QUẢ CHUYỂN ĐỔI SỐ"
    assert by_label(converted) == by_label(converted) | {
        "Biểu 2": "Biểu 2",
        "Biểu 2!A2": "TT",
        "Biểu 2!D3": "Số lượng",
        "Biểu 2!C4": "85,2%",
        "Ẩn!C7": "2024",
    }
    assert convert(workbook(a_report)) == converted


def test_an_old_workbook_reads_the_same_way() -> None:
    rows = [["TT", "Kết quả", ""], ["", "Tỷ lệ", "Số"], [1, 0.852, 1234.5]]
    converted = convert(xls("Biểu 1", rows, (0, 0, 1, 2), {"B3"}))
    assert converted.media_type == spreadsheet.XLS
    assert converted.text == "Biểu 1\nTT | Kết quả | Kết quả\n| | Tỷ lệ | Số\n1 | 85,2% | 1.234,5"
    assert by_label(converted)["Biểu 1!B3"] == "85,2%"


def test_an_opendocument_sheet_reads_the_same_way() -> None:
    converted = convert(
        ods(
            '<table:table table:name="Biểu 3">'
            '<table:table-row><table:table-cell office:value-type="string" table:number-rows-spanned="2">'
            "<text:p>Đơn vị</text:p></table:table-cell>"
            '<table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>Kết quả</text:p>'
            "</table:table-cell><table:covered-table-cell/></table:table-row>"
            "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>Tỷ lệ</text:p></table:table-cell>"
            "<table:table-cell><text:p>Số </text:p><text:p>lượng</text:p></table:table-cell></table:table-row>"
            "<table:table-row><table:table-cell><text:p>Xã <text:span>An Lạc</text:span></text:p></table:table-cell>"
            '<table:table-cell office:value-type="percentage" office:value="0.852"><text:p>85.2%</text:p></table:table-cell>'
            '<table:table-cell office:value-type="float" office:value="1234.5"><text:p>1234.5</text:p></table:table-cell>'
            '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
            '<table:table-row table:number-rows-repeated="1048573"><table:table-cell/></table:table-row></table:table>'
        )
    )
    assert converted.media_type == spreadsheet.ODS
    assert converted.text == "Biểu 3\nĐơn vị | Kết quả | Kết quả\nĐơn vị | Tỷ lệ | Số lượng\nXã An Lạc | 85,2% | 1.234,5"


def test_a_sign_that_a_format_only_writes_makes_no_percentage() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("a")
        for row, code in enumerate(['0.0"%"', r"0\%", "0.00%", '[>=1]0%;"dưới "0%']):
            sheet.write(row, 0, 85, book.add_format({"num_format": code}))

    assert convert(workbook(fill)).text == "a\n85\n85\n8.500%\n8.500%"


@pytest.mark.parametrize(
    ("value", "percent", "text"),
    [
        (0, False, "0"),
        (-0.0, False, "0"),
        (85.2, False, "85,2"),
        (1234567, False, "1.234.567"),
        (2024.0, False, "2024"),
        (2101, False, "2.101"),
        (0.852, True, "85,2%"),
        (0.07 * 3, True, "21%"),
        (20.24, True, "2.024%"),
        (0.00001234, False, "0,00001234"),
        (1e15, False, "1.000.000.000.000.000"),
        (float("inf"), False, ""),
    ],
)
def test_numbers_are_written_as_vietnamese_writes_them(value: float, percent: bool, text: str) -> None:
    assert number(value, percent) == shown(value, percent) == text


def refused(content: bytes) -> Reason:
    with pytest.raises(Rejection) as rejection:
        convert(content)
    assert "; " in rejection.value.message
    return rejection.value.reason


def with_sheet(sheet: str) -> bytes:
    return packed({"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": LINKS, "xl/worksheets/s.xml": sheet})


FAR = '<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ole("EncryptedPackage", b"x"), Reason.ENCRYPTED),
        (ods("", manifest="<manifest:encryption-data/>"), Reason.ENCRYPTED),
        (workbook(a_report)[:4000], Reason.DAMAGED),
        (with_sheet("<worksheet><sheetData><row"), Reason.DAMAGED),
        (ole("Workbook", b"\x09\x08\x10\0\0\x06\x05\0 broken"), Reason.DAMAGED),
        (workbook(lambda book: book.add_worksheet()), Reason.NO_TEXT),
        (ods('<table:table table:name="a"/>'), Reason.NO_TEXT),
        (packed({"xl/workbook.bin": "x"}), Reason.UNSUPPORTED_TYPE),
        (with_sheet(f'<worksheet><sheetData><row r="1">{FAR}</row></sheetData></worksheet>'), Reason.TOO_COMPLEX),
        (packed({"xl/worksheets/s.xml": b"0" * 30_000_000}), Reason.TOO_COMPLEX),
        (
            ods(
                '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
                '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
                "</table:table-row></table:table>"
            ),
            Reason.TOO_COMPLEX,
        ),
    ],
)
def test_what_can_not_be_read_is_refused_with_its_reason(content: bytes, reason: Reason) -> None:
    with pytest.raises(Rejection) as rejection:
        convert(content)
    assert rejection.value.reason is reason
    assert "; " in rejection.value.message


def test_a_stray_style_at_the_edge_of_the_sheet_makes_it_no_larger() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("a")
        sheet.write("A1", 85)
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))

    assert convert(workbook(fill)).text == "a\n85"


def test_a_workbook_is_told_from_other_archives(tmp_path: Path) -> None:
    inner = workbook(a_report)
    assert not spreadsheet.recognises(packed({"[Content_Types].xml": "", "word/document.xml": "", "word/a.xlsx": inner}))
    assert not spreadsheet.recognises(packed({"xlsx/a.txt": "văn bản"}))
    assert not spreadsheet.recognises(ole("WordDocument", b"x"))
    path = tmp_path / "a.docx"
    path.write_bytes(inner)
    form = form_of(path)
    assert form is not None
    assert not form.safe_bytes


@given(st.binary(max_size=300), st.integers(0, 6000))
def test_a_broken_workbook_converts_or_is_rejected(junk: bytes, at: int) -> None:
    whole = WHOLE[: at % len(WHOLE)] + junk + WHOLE[at % len(WHOLE) + len(junk) :]
    try:
        said = spreadsheet.convert(whole).text
    except Rejection as rejection:
        said = rejection.message
    assert said


TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from("|\n\t "), max_size=12)


@given(
    st.lists(st.dictionaries(st.integers(0, 30), TEXTS, max_size=6), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9), st.integers(0, 2), st.integers(0, 3)), max_size=3),
)
def test_every_mark_leads_to_a_cell_whose_text_starts_there(rows: list[dict[int, str]], areas: list[tuple[int, ...]]) -> None:
    sheet = Sheet("Biểu 1!", merged=[Merged(top, left, top + down, left + across) for top, left, down, across in areas])
    for row, cells in enumerate(rows):
        for column, text in cells.items():
            sheet.put(row, column, text)
    written = {(row, column): text for row, cells in sheet.rows.items() for column, text in cells.items()}
    if not written:
        with pytest.raises(Rejection):
            as_document("x", [sheet])
        return
    converted = as_document("x", [sheet])
    first, *marks = converted.marks
    assert converted.text.startswith("Biểu 1!\n")
    assert first == (0, "Biểu 1!")
    seen = {}
    for mark in marks:
        label = mark.label.removeprefix("Biểu 1!!")
        place = int(label.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1, column_of(label)
        seen[place] = text = sheet.rows[place[0]][place[1]]
        assert converted.text.startswith(text, mark.start)
        assert converted.text[mark.start + len(text) : mark.start + len(text) + 1] in ("", "\n", " ")
    assert written.items() <= seen.items()
    used = {column for _, column in seen}
    for line in converted.text.split("\n")[1:]:  # a row alone, or all columns
        assert line.strip("|").count("|") in (0, *range(len(used)))
        assert clean(line) == line.replace("|", "¦").strip()


@given(st.integers(0, 16383))
def test_columns_have_the_names_that_excel_gives_them(column: int) -> None:
    assert column_of(f"{letters(column)}17") == column
    assert len(letters(column)) == (1 if column < 26 else 2 if column < 702 else 3)
