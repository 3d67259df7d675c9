"""Word documents: what is text in them and what isn't, in order, and what is refused before it is unpacked."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract.reader import Reader
from pipelines.ingest.convert import convert, form_of
from pipelines.ingest.converted import DateBasis
from pipelines.ingest.formats import docx as formats_docx
from pipelines.ingest.formats import text
from pipelines.ingest.rejection import Reason, Rejection
from tests.ingest.formats.papers import PLAIN, TITLE, facts, report_docx, saved
from tests.ingest.test_legacy import in_tcvn3

MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"

OTHERS = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def changed(content: bytes, change: Callable[[str, bytes], bytes | None], pack: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same ZIP with every member as ``change`` gives it; None leaves it out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", pack) as new:
        for name in old.namelist():
            if (member := change(name, old.read(name))) is not None:
                new.writestr(name, member)
    return file.getvalue()


WHOLE = changed(report_docx(), lambda _, member: member, zipfile.ZIP_STORED)


def with_body(xml: str) -> bytes:
    """A document whose body begins with ``xml``."""
    paper = docx.Document()
    control = f"<w:sdt {nsdecls('w')} {OTHERS}><w:sdtContent>{xml}</w:sdtContent></w:sdt>"
    paper.element.body.insert(0, parse_xml(control))
    return saved(paper)


def refused(content: bytes) -> Rejection:
    with pytest.raises(Rejection) as rejection:
        convert(content)
    return rejection.value


def test_a_document_in_a_font_from_before_unicode_is_mended(reader: Reader) -> None:
    paper = docx.Document()
    for line in PLAIN.splitlines():
        paper.add_paragraph("".join(chr(byte) for byte in in_tcvn3(line)))
    assert facts(reader, convert(saved(paper))) == facts(reader, text.convert(PLAIN.encode()))


def test_a_report_reads_as_its_plain_text_does(reader: Reader) -> None:
    paper = convert(report_docx())
    assert paper.text == PLAIN
    assert (paper.media_type, paper.title, paper.published, paper.published_basis) == (
        formats_docx.MEDIA_TYPE, TITLE, date(2023, 7, 5), DateBasis.TEXT,
    )  # fmt: skip
    assert facts(reader, paper) == facts(reader, text.convert(PLAIN.encode()))


def test_lists_have_bullets_and_heads_feet_and_contents_are_left_out() -> None:
    paper = docx.Document()
    paper.sections[0].header.paragraphs[0].text = "Đầu trang"
    paper.sections[0].footer.paragraphs[0].text = "Chân trang"
    paper.styles.add_style("toc 1", 1)
    paper.add_paragraph("I. Hạ tầng\t3", style="toc 1")
    paper.add_heading("I. Hạ tầng", 1)
    paper.add_paragraph("Có 12 điểm phát sóng", style="List Bullet")
    paper.add_paragraph("- Có 9 tổ", style="List Bullet")
    assert convert(saved(paper)).text == "I. Hạ tầng\n- Có 12 điểm phát sóng\n- Có 9 tổ\n"


def test_a_merged_cell_is_written_once_and_tables_in_cells_are_read() -> None:
    paper = docx.Document()
    table = paper.add_table(3, 3)
    for row, texts in zip(table.rows, (("Chỉ tiêu", "Kết quả", ""), ("", "Quý I", "Quý II"), ("Ký số", "90", "")), strict=True):
        for cell, content in zip(row.cells, texts, strict=True):
            cell.text = content
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    inner = table.cell(2, 2).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "95", "%"
    assert convert(saved(paper)).text == "| Chỉ tiêu | Kết quả |  |\n|  | Quý I | Quý II |\nKý số | 90 | 95 %\n"


@pytest.mark.parametrize(
    ("xml", "read"),
    [
        ("<w:p><w:r><w:t>Đạt </w:t></w:r><w:ins><w:r><w:t>80%</w:t></w:r></w:ins></w:p>", "Đạt 80%"),
        ("<w:p><w:r><w:t>Đạt 80%</w:t></w:r><w:del><w:r><w:delText>70%</w:delText></w:r></w:del></w:p>", "Đạt 80%"),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:r><w:t>hiện</w:t></w:r></w:p>", "hiện"),
        ("<w:p><w:r><w:t>trên</w:t><w:br/><w:t>dưới</w:t></w:r></w:p>", "trên\ndưới"),
        ("<w:p><w:smartTag><w:r><w:t>Cà Mau</w:t></w:r></w:smartTag><w:r><w:tab/><w:t>80%</w:t></w:r></w:p>", "Cà Mau 80%"),
        (
            "<w:p><w:r><w:t>Ngoài</w:t><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx><w:txbxContent><w:p><w:r>"
            "<w:t>Trong khung</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>"
            "<w:txbxContent><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>",
            "Ngoài\nTrong khung",
        ),
    ],
)
def test_what_is_seen_is_read_once(xml: str, read: str) -> None:
    assert convert(with_body(xml)).text == f"{read}\n"


def test_footnotes_come_at_the_end() -> None:
    def with_notes(name: str, member: bytes) -> bytes:
        if name == "word/_rels/document.xml.rels":
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
            link = f'<Relationship Id="rIdF" Type="{kind}" Target="footnotes.xml"/></Relationships>'
            return member.replace(b"</Relationships>", link.encode())
        return member

    notes = f"""<w:footnotes {nsdecls("w")}><w:footnote w:type="separator"><w:p><w:r><w:t>x</w:t></w:r></w:p></w:footnote>
        <w:footnote><w:p><w:r><w:t>Theo báo cáo của xã</w:t></w:r></w:p></w:footnote></w:footnotes>"""
    file = io.BytesIO(changed(report_docx(), with_notes))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    assert convert(file.getvalue()).text == f"{PLAIN}Theo báo cáo của xã\n"


def test_without_a_heading_the_properties_speak() -> None:
    paper = docx.Document()
    paper.add_paragraph("Tỷ lệ hồ sơ nộp trực tuyến của xã đạt 71,5% trong quý hai.")
    said = paper.core_properties
    said.title, said.author, said.created = "Số liệu quý II", "Văn phòng xã", datetime(2023, 7, 9)
    found = convert(saved(paper))
    assert (found.title, found.author, found.published, found.published_basis) == (
        "Số liệu quý II", "Văn phòng xã", date(2023, 7, 9), DateBasis.METADATA,
    )  # fmt: skip


def test_a_document_with_macros_is_read_and_nothing_else() -> None:
    def as_docm(name: str, member: bytes) -> bytes:
        main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        return member.replace(main, MACROS.encode()) if name == "[Content_Types].xml" else member

    assert convert(changed(report_docx(), as_docm)).text == PLAIN


@pytest.mark.parametrize(
    "entity", ['<!ENTITY x SYSTEM "file:///etc/passwd">', "<!ENTITY a 'ha'>" + "<!ENTITY x '&a;&a;&a;&a;'>"]
)
def test_entities_are_not_resolved(entity: str) -> None:
    def with_entity(name: str, member: bytes) -> bytes:
        if name != "word/document.xml":
            return member
        head, _, rest = member.partition(b"?>")
        return head + b"?><!DOCTYPE w " + b"[" + entity.encode() + b"]>" + rest.replace(b"UBND HUY", b"&x;UBND HUY", 1)

    read = convert(changed(report_docx(), with_entity)).text
    assert "root:" not in read
    assert "ha" * 2 not in read


def test_a_bomb_is_not_unpacked() -> None:
    def bloated(name: str, member: bytes) -> bytes:
        return member + b" " * 20_000_000 if name == "word/document.xml" else member

    bomb = changed(report_docx(), bloated)
    assert len(bomb) < 100_000
    assert refused(bomb).reason is Reason.TOO_COMPLEX


def test_tables_in_tables_without_end_are_refused() -> None:
    opened = "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>" * 25
    assert refused(with_body(opened + "<w:p/>" + "</w:tc></w:tr></w:tbl><w:p/>" * 25)).reason is Reason.TOO_COMPLEX


@pytest.mark.parametrize("part", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
def test_a_document_without_a_part_is_damaged(part: str) -> None:
    content = changed(report_docx(), lambda name, member: None if name == part else member)
    assert refused(content).reason is Reason.DAMAGED


def test_what_is_cut_off_encrypted_or_empty_is_told_apart() -> None:
    assert refused(report_docx()[:-3000]).reason is Reason.DAMAGED
    assert refused(saved(docx.Document())).reason is Reason.NO_TEXT
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    assert refused(locked).reason is Reason.ENCRYPTED


@pytest.mark.parametrize("pack", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_the_head_is_enough_to_tell(pack: int) -> None:
    content = changed(report_docx(), lambda _, member: member, pack)
    assert formats_docx.recognises(content[: len(content) // 2])


def test_other_archives_are_not_taken_for_word() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write(0, 0, "word/document.xml")
    folder = io.BytesIO()
    with zipfile.ZipFile(folder, "w") as archive:
        archive.writestr("word/báo cáo.docx", report_docx())
    assert not formats_docx.recognises(file.getvalue())
    assert not formats_docx.recognises(folder.getvalue())


def test_a_document_that_hides_behind_a_large_part_is_not_converted_outside_the_sandbox(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", bytes(2_000_000))
        with zipfile.ZipFile(io.BytesIO(report_docx())) as paper:
            for name in paper.namelist():
                archive.writestr(name, paper.read(name))
    path = tmp_path / "a.docx"
    path.write_bytes(file.getvalue())
    assert form_of(path) is None
    assert refused(file.getvalue()).reason is Reason.UNSUPPORTED_TYPE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_document_with_broken_bytes_converts_or_is_refused(flips: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE)
    for at, byte in flips:
        content[at % len(content)] = byte
    try:
        paper = convert(bytes(content))
    except Rejection as rejection:
        if rejection.reason is Reason.CONVERTER_FAILED:
            raise
        return
    assert unicodedata.is_normalized("NFC", paper.text)
