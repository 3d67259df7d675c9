"""How fast documents are converted, format by format, beside the bare library on the same bytes.

Measures, on one core (process time, children included), the report of tests/ingest/formats/papers.py in each format:
documents and megabytes a second, what the library alone takes to give its text or cells, and our share of the time.

Run it with `make bench`, or python -m benchmarks.convert [--rounds 5].
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import statistics
import time
from collections.abc import Callable

import pdfplumber
import trafilatura
from docx import Document
from pypdfium2 import PdfDocument
from python_calamine import CalamineWorkbook

from pipelines.ingest.convert import convert
from tests.ingest.formats.papers import needs_tesseract, pdf_of, report_docx, report_pdf, scanned
from tests.ingest.formats.test_same_facts import report_html, report_xlsx

BATCH = 20  # documents a round


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds per measurement; the median is printed (5)")
    rounds = parser.parse_args().rounds
    rows = "\n".join(["TT;Chỉ tiêu;Kết quả", *(f"{row};Tỷ lệ ký số của xã số {row} (%);{row % 100},5" for row in range(2000))])
    forms: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
        "HTML (trafilatura)": (report_html(), bare_html),
        "PDF (pdfium, plumber)": (report_pdf(), bare_pdf),
        "DOCX (python-docx)": (report_docx(), bare_docx),
        "XLSX (calamine)": (report_xlsx(), bare_xlsx),
        "CSV (csv)": (rows.encode(), bare_csv),
    }
    for name, (content, bare) in forms.items():
        report(name, content, bare, rounds, BATCH)
    if not needs_tesseract.args[0]:
        report("scan (Tesseract)", pdf_of(scanned(report_pdf(real=True))), bare_scan, 1, 1)


def report(name: str, content: bytes, bare: Callable[[bytes], object], rounds: int, batch: int) -> None:
    ours, theirs = seconds(convert, content, rounds, batch), seconds(bare, content, rounds, batch)
    print(
        f"{name:22} {1 / ours:8.1f} documents/s {len(content) / ours / 1e6:7.2f} MB/s;"
        f" the library alone {1 / theirs:8.1f} documents/s, our share {max(0.0, 1 - theirs / ours):.0%}"
    )


def seconds(work: Callable[[bytes], object], content: bytes, rounds: int, batch: int) -> float:
    """Processor seconds a document, those of child processes included: the median round."""
    work(content)
    found = []
    for _ in range(rounds):
        began = _used()
        for _ in range(batch):
            work(content)
        found.append(_used() - began)
    return statistics.median(found) / batch


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def bare_html(content: bytes) -> object:
    return trafilatura.bare_extraction(content, include_comments=False, include_tables=True, with_metadata=True)


def bare_pdf(content: bytes) -> object:
    with PdfDocument(content) as document, pdfplumber.open(io.BytesIO(content)) as again:
        return [(page.get_textpage().get_text_bounded(), again.pages[n].extract_tables()) for n, page in enumerate(document)]


def bare_docx(content: bytes) -> object:
    paper = Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in paper.paragraphs], cells


def bare_xlsx(content: bytes) -> object:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def bare_csv(content: bytes) -> object:
    return list(csv.reader(io.StringIO(content.decode()), delimiter=";"))


def bare_scan(content: bytes) -> object:
    import pytesseract

    with PdfDocument(content) as document:
        pages = [page.render(scale=300 / 72, grayscale=True).to_pil() for page in document]
    return [pytesseract.image_to_data(page, lang="vie") for page in pages]


if __name__ == "__main__":
    main()
