"""One report gives the same facts in whatever form it comes: page, PDF, scan, office file, form, old encoding."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import xlsxwriter

from pipelines.extract.reader import Reader
from pipelines.ingest.convert import convert
from tests.ingest.formats.papers import (
    LEFT,
    PARAGRAPHS,
    PLAIN,
    RIGHT,
    TABLE,
    TITLE,
    facts,
    needs_tesseract,
    pdf_of,
    report_docx,
    report_pdf,
    scanned,
)
from tests.ingest.test_legacy import in_tcvn3, in_vni

LINES = (*LEFT, *RIGHT, "BÁO CÁO", TITLE, *PARAGRAPHS)


def report_html() -> bytes:
    body = "".join(f"<p>{line}</p>" for line in (*LEFT, *RIGHT, *PARAGRAPHS))
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    return f"<html><body><article><h1>{TITLE}</h1>{body}<table>{rows}</table></article></body></html>".encode()


def report_xlsx(typed: Callable[[str], str] = str) -> bytes:
    """The lines over the form's whole width, then the form, its numbers as numbers; words as they were typed."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Biểu 1")
        for number, line in enumerate(LINES):
            sheet.merge_range(number, 0, number, len(TABLE[0]) - 1, typed(line))
        for number, row in enumerate(TABLE, start=len(LINES)):
            for column, cell in enumerate(row):
                numeric = cell.replace(",", ".").replace(".", "", 1).isdigit()
                sheet.write(number, column, float(cell.replace(",", ".")) if numeric else typed(cell))
    return file.getvalue()


def in_vn_time(words: str) -> str:
    """The characters that a cell holds whose font shows them as Vietnamese."""
    return "".join(chr(byte) for byte in in_tcvn3(words))


FORMS = {
    "a page": report_html,
    "a PDF": report_pdf,
    "DOCX": report_docx,
    "a form": report_xlsx,
    "a form in .VnTime": lambda: report_xlsx(in_vn_time),
    "TCVN3": lambda: in_tcvn3(PLAIN),
    "VNI": lambda: in_vni(PLAIN),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_report_gives_the_same_facts_in_every_form(reader: Reader, form: str) -> None:
    expected = facts(reader, convert(PLAIN.encode()))
    assert sum(expected.values()) >= 12
    assert facts(reader, convert(FORMS[form]())) == expected


@needs_tesseract
def test_a_scan_gives_nearly_all_of_them(reader: Reader) -> None:
    expected = facts(reader, convert(PLAIN.encode()))
    found = facts(reader, convert(pdf_of(scanned(report_pdf(real=True)))))
    assert (expected & found).total() >= 0.95 * expected.total()
    assert (found - expected).total() <= 0.05 * expected.total()
