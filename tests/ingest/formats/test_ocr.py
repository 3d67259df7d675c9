"""Scans and images: what Tesseract reads of them, how sure it is, and what is refused before it is asked."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from pipelines.extract.reader import Reader
from pipelines.ingest import tools
from pipelines.ingest.convert import FORMATS, convert
from pipelines.ingest.formats import image, ocr, text
from pipelines.ingest.formats.rulings import without_rulings
from pipelines.ingest.rejection import Reason, Rejection
from pipelines.ingest.sandbox import Sandbox
from pipelines.limits import ConversionLimits
from tests.ingest.formats.papers import (
    LEFT,
    PLAIN,
    RIGHT,
    TITLE,
    facts,
    needs_tesseract,
    new_pdf,
    pdf_of,
    report_pdf,
    scanned,
    seen_font,
    write,
)

SENTENCE = "Phần này có chữ, không cần ai đọc hộ."


def saved(picture: Image.Image, form: str, **more: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **more)  # type: ignore[arg-type]
    return file.getvalue()


def ruled(width: int = 1600, height: int = 1200) -> Image.Image:
    """A table of three columns and two rows."""
    picture = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(picture)
    for x in (100, 300, 1000, 1500):
        draw.line((x, 200, x, 400), fill=0, width=2)
    for y in (200, 300, 400):
        draw.line((100, y, 1500, y), fill=0, width=2)
    return picture


def refused(content: bytes) -> Rejection:
    with pytest.raises(Rejection) as rejection:
        convert(content)
    return rejection.value


@needs_tesseract
def test_a_scanned_report_gives_the_facts_of_its_text(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf_of(scanned(report_pdf(real=True))))
    with Sandbox(ConversionLimits()) as sandbox:
        paper = sandbox.convert_file(path, date(2026, 1, 1))
    expected = facts(reader, text.convert(PLAIN.encode()))
    found = facts(reader, paper)
    assert (expected & found).total() >= 0.95 * expected.total()
    assert (found - expected).total() <= 0.05 * expected.total()
    assert (paper.title, paper.published) == (TITLE, date(2023, 7, 5))
    assert paper.text.startswith("\n".join((*LEFT, *RIGHT)))
    assert 0.8 < paper.legibility < 1


@needs_tesseract
def test_only_the_page_that_is_an_image_is_recognised() -> None:
    pdf = new_pdf()
    pdf.add_page()
    write(pdf, SENTENCE)
    with PdfDocument(bytes(pdf.output())) as paper, PdfDocument(pdf_of(scanned(report_pdf(real=True)))) as scan:
        paper.import_pages(scan)
        file = io.BytesIO()
        paper.save(file)
    mixed = convert(file.getvalue())
    assert [mark.label for mark in mixed.marks] == ["trang 1", "trang 2"]
    assert mixed.text[: mixed.marks[1].start] == f"{SENTENCE}\n"
    assert mixed.text[mixed.marks[1].start :].startswith("\n".join(LEFT))
    assert 0.8 < mixed.legibility < 1


@needs_tesseract
def test_a_page_scanned_on_its_side_is_turned() -> None:
    [page] = scanned(report_pdf(real=True), 200)
    turned = ocr.recognise(page.rotate(90, expand=True), "trang 1")
    assert turned.confidence > 0.8
    assert "Phong" in {word.text for word in turned.words}


@needs_tesseract
def test_each_page_of_a_fax_has_its_mark() -> None:
    pages = []
    for number in (1, 2):
        pdf = new_pdf(seen_font(), size=14)
        pdf.add_page()
        write(pdf, f"Phần {number}: tỷ lệ hồ sơ nộp trực tuyến của xã đạt 7{number},5% trong kỳ báo cáo.")
        pages += scanned(bytes(pdf.output()), 200)
    fax = convert(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 200)))
    assert (fax.media_type, [mark.label for mark in fax.marks]) == ("image/tiff", ["trang 1", "trang 2"])
    assert fax.text[fax.marks[1].start :].startswith("Phần 2: tỷ lệ hồ sơ nộp trực tuyến của xã đạt 72,5%")


@needs_tesseract
def test_an_image_without_letters_has_no_text() -> None:
    assert refused(saved(Image.new("RGB", (400, 300), "white"), "PNG")).reason is Reason.NO_TEXT


@needs_tesseract
def test_tesseract_has_a_time_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PAGE_SECONDS", 0.01)
    assert refused(saved(Image.new("L", (2000, 2000), 255), "PNG")).reason is Reason.TOO_SLOW


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_images_wait_for_tesseract(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "has", lambda _: False)
    rejection = refused(saved(Image.new("RGB", (40, 30), "white"), form))
    assert (rejection.reason, rejection.lacking) == (Reason.NEEDS_TOOL, "tesseract")
    assert "apt-get install tesseract-ocr" in rejection.message


@pytest.mark.parametrize("said", ["BM 85% hồ sơ nộp trực tuyến trong quý", "II* là ghi chú, RIFF không phải ảnh"])
def test_text_that_begins_like_an_image_is_text(said: str) -> None:
    assert convert(said.encode()).media_type == "text/plain"


def test_an_image_that_breaks_off_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "has", lambda _: True)
    whole = saved(Image.effect_noise((300, 300), 80), "PNG")
    assert refused(whole[: len(whole) // 2]).reason is Reason.DAMAGED
    assert refused(whole[:20]).reason is Reason.DAMAGED


@pytest.mark.parametrize("size", [(30_000, 30_000), (9_000, 9_000)])
def test_a_bomb_of_pixels_is_not_unpacked(size: tuple[int, int]) -> None:
    head = struct.pack(">IIBBBBB", *size, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big") for name, data in parts
    )
    assert refused(bomb).reason is Reason.TOO_COMPLEX


def test_a_page_as_large_as_a_field_is_not_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "has", lambda _: True)
    assert refused(pdf_of([Image.new("L", (200, 200), 255)], 1)).reason is Reason.TOO_COMPLEX


def test_more_pages_than_any_fax_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "MAX_PAGES", 1)
    page = Image.new("L", (50, 50), 255)
    assert refused(saved(page, "TIFF", save_all=True, append_images=[page])).reason is Reason.TOO_COMPLEX


@pytest.mark.parametrize("degrees", [0, 0.4, -0.6])
def test_a_ruled_table_is_found_in_a_skewed_scan_and_its_lines_are_taken_out(degrees: float) -> None:
    page = ruled().rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    bare, grids = without_rulings(page)
    [grid] = grids
    assert [len(cells) for cells in grid] == [3, 3]
    assert grid[0][1] is not None
    assert grid[0][1].x0 == pytest.approx(300, abs=15)
    assert bare.getextrema()[0] > 100


def test_letters_and_pictures_are_no_tables() -> None:
    page = Image.new("L", (1600, 1200), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((200, 300, 900, 800), fill=0)
    draw.text((300, 100), "Bao cao", fill=0)
    assert without_rulings(page) == (page, [])


def test_every_format_that_a_library_reads_runs_in_the_sandbox() -> None:
    assert {form.media_type for form in FORMATS if not form.safe_bytes} >= {"application/pdf", "image/*", "application/msword"}
