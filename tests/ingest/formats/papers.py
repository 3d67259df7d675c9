"""One report in every format: what the tests of formats make and compare."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

import docx
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fpdf import FPDF
from PIL import Image
from pypdfium2 import PdfDocument

from pipelines.extract.reader import Reader
from pipelines.ingest import tools
from pipelines.ingest.converted import Converted
from pipelines.model import Document, Status

LEFT = ("UBND HUYỆN TRẦN VĂN THỜI", "UBND XÃ PHONG LẠC", "Số: 12/BC-UBND")
RIGHT = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Phong Lạc, ngày 5 tháng 7 năm 2023")
TITLE = "Kết quả chuyển đổi số 6 tháng đầu năm"
PARAGRAPHS = (
    "Xã Phong Lạc (huyện Trần Văn Thời, Cà Mau) có 9 tổ công nghệ số cộng đồng với 63 thành viên; trên 85% cửa hàng trên "
    "địa bàn có mã QR thanh toán, tỷ lệ hồ sơ nộp trực tuyến đạt 71,5%.",
    "Trong kỳ, địa phương mở lớp tập huấn cho cán bộ và người dân về kỹ năng số cơ bản. Tỷ lệ hồ sơ giải quyết đúng hạn "
    "đạt 98,2%; 64% người dân trưởng thành có tài khoản định danh điện tử mức độ 2.",
    "Mục tiêu đến năm 2025:",
    "- 100% văn bản điện tử được ký số.",
    "- Tỷ lệ hồ sơ nộp trực tuyến đạt 90%.",
)
TABLE = (
    ("TT", "Chỉ tiêu", "Kế hoạch năm 2023", "Kết quả 6 tháng"),
    ("1", "Tỷ lệ hồ sơ nộp trực tuyến trên Cổng dịch vụ công của tỉnh (%)", "70", "71,5"),
    ("2", "Tỷ lệ cơ sở kinh doanh có mã QR thanh toán (%)", "80", "85"),
    ("3", "Số tổ công nghệ số cộng đồng", "12", "9"),
    ("4", "Tỷ lệ văn bản điện tử được ký số (%)", "95", "96,4"),
)
ROWS = tuple(" | ".join(row) for row in TABLE)
PLAIN = "\n".join((*LEFT, *RIGHT, "BÁO CÁO", TITLE, *PARAGRAPHS, *ROWS)) + "\n"

_LETTERS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
_REAL_FONTS = ("DejaVuSerif.ttf", "LiberationSerif-Regular.ttf", "NotoSerif-Regular.ttf")
_FOUND = [path for name in _REAL_FONTS for path in Path("/usr/share/fonts").glob(f"**/{name}")]

needs_tesseract = pytest.mark.skipif(
    not tools.has(tools.TESSERACT) or not _FOUND,
    reason="needs Tesseract with Vietnamese (apt-get install tesseract-ocr tesseract-ocr-vie) and a font (fonts-dejavu-core)",
)


@cache
def plain_font() -> Path:
    """A font with a box for every letter of Vietnamese: enough for a text layer, on any machine."""
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 700), (450, 700), (450, 0)):
        pen.lineTo(point)
    pen.closePath()
    chars = [*map(chr, range(32, 127)), *_LETTERS, *_LETTERS.upper(), "–", "…", "\u00ad"]
    names = {ord(char): f"u{ord(char):04X}" for char in dict.fromkeys(chars)}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    box = pen.glyph()
    builder.setupGlyf(dict.fromkeys((".notdef", *names.values()), box))
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", *names.values()), (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path = Path(tempfile.mkdtemp(prefix="kpi-font-")) / "boxes.ttf"
    builder.save(path)
    return path


def seen_font() -> Path:
    """A font with real letters, to be scanned; only where ``needs_tesseract`` lets a test run."""
    return _FOUND[0]


def new_pdf(font: Path | None = None, size: float = 10) -> FPDF:
    """A PDF without pages, and its font set."""
    pdf = FPDF()
    for style in ("", "B"):
        pdf.add_font("paper", style, font or plain_font())
    pdf.set_font("paper", size=size)
    pdf.set_auto_page_break(True, margin=20)
    return pdf


def write(pdf: FPDF, text: str, align: str = "J") -> None:
    """A paragraph over the page's width."""
    pdf.multi_cell(0, 5, text, align=align, new_x="LMARGIN", new_y="NEXT")


def letterhead(pdf: FPDF) -> None:
    top = pdf.get_y()
    pdf.multi_cell(75, 6, "\n".join(LEFT), align="C")
    pdf.set_xy(100, top)
    pdf.multi_cell(100, 6, "\n".join(RIGHT), align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(6)


def table(pdf: FPDF) -> None:
    with pdf.table(col_widths=(10, 90, 25, 25)) as drawn:
        for cells in TABLE:
            row = drawn.row()
            for cell in cells:
                row.cell(cell)


@cache
def report_pdf(real: bool = False) -> bytes:
    """The report; in a font whose letters can be seen where it is to be scanned."""
    pdf = new_pdf(seen_font() if real else None, size=11 if real else 9)
    pdf.add_page()
    letterhead(pdf)
    write(pdf, f"BÁO CÁO\n{TITLE}", "C")
    for paragraph in PARAGRAPHS:
        write(pdf, f"    {paragraph}")
    table(pdf)
    return bytes(pdf.output())


@cache
def scanned(pdf: bytes, dpi: int = 300) -> list[Image.Image]:
    """The pages of a PDF as a scanner sees them."""
    with PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]


def pdf_of(images: list[Image.Image], dpi: int = 300) -> bytes:
    file = io.BytesIO()
    images[0].save(file, "PDF", save_all=True, append_images=images[1:], resolution=dpi)
    return file.getvalue()


def report_docx() -> bytes:
    paper = docx.Document()
    for line in (*LEFT, *RIGHT):
        paper.add_paragraph(line)
    paper.add_heading("BÁO CÁO", 0)
    for line in (TITLE, *PARAGRAPHS):
        paper.add_paragraph(line)
    drawn = paper.add_table(0, len(TABLE[0]))
    for cells in TABLE:
        for cell, text in zip(drawn.add_row().cells, cells, strict=True):
            cell.text = text
    paper.add_paragraph()
    return saved(paper)


def saved(paper: object) -> bytes:
    file = io.BytesIO()
    paper.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def facts(reader: Reader, converted: Converted) -> Counter[tuple[object, ...]]:
    """What the reader finds in a converted paper."""
    document = Document("d", converted.text, converted.title, converted.published, marks=converted.marks)
    read = (one for one in reader.read(document) if one.status is Status.FACT)
    return Counter((one.metric_id, one.value, one.comparator, one.kind, one.place, one.period) for one in read)
