"""PDF: its text by pdfium, its ruled tables by pdfplumber, and what shows no readable text by OCR, page by page.

Belongs here: opening, what a page's text layer is worth, where its words stand.
Does not: lines and paragraphs (layout.py, paragraphs.py), reading images (ocr.py).
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from pipelines.ingest.converted import Converted
from pipelines.ingest.formats import ocr
from pipelines.ingest.formats.layout import Box, Grid, Page, Word
from pipelines.ingest.formats.paged import converted
from pipelines.ingest.legacy import is_syllable, mended, well_formed
from pipelines.ingest.rejection import Reason, Rejection

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF
    from pypdfium2 import PdfDocument, PdfPage

MAX_PAGES = 1000
MAX_CHARACTERS = 200_000  # on one page
_POINTS = 72  # an inch
_TAIL = 2048  # bytes that hold the end's mark
_FEW_LETTERS = 200  # a stamp or a signature over a scan, not the page's text
_RULES = 3  # drawn paths, at the least, that make a table; a letterhead has two
_DRAWN = 300  # paths of a page whose letters are drawn
_COVERED = 0.3  # share of a page under images that makes it a scan
_WORDS_TO_TELL = 20
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff]")  # one a line may be a bullet
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")  # glyphs whose font says nothing of them
_WORD = re.compile(r"[^\W\d_]+")
_AROUND = '.,:;!?()"“”'
_NO_TITLE = re.compile(r"microsoft word|untitled|\.(?:docx?|xlsx?|pdf|tmp)\s*$", re.IGNORECASE)
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")


def recognises(content: bytes) -> bool:
    """Whether the bytes begin as a PDF."""
    return content[:1024].lstrip(b"\xef\xbb\xbf\0 \t\r\n").startswith(b"%PDF-")


def convert(content: bytes) -> Converted:
    """The text of all pages; title, author and date of its first lines, or else of its metadata.

    Raises ``Rejection`` (encrypted, damaged, too_complex, no_text, and those of ocr.py).
    """
    from pypdfium2 import PdfiumError

    if b"%%EOF" not in content[-_TAIL:]:
        raise Rejection(Reason.DAMAGED, "the PDF breaks off before its end; send it again, whole")
    with _opened(content) as pdf:
        if len(pdf) > MAX_PAGES:
            raise Rejection(Reason.TOO_COMPLEX, f"{len(pdf)} pages are more than {MAX_PAGES}; split the PDF")
        try:
            pages = list(_pages(pdf, content))
        except PdfiumError as error:
            raise Rejection(Reason.DAMAGED, f"a page can't be read ({error}); open the PDF and save it anew") from error
        said = pdf.get_metadata_dict(skip_empty=True)
    title = said.get("Title", "").strip()
    return converted(
        "application/pdf",
        pages,
        title=None if _NO_TITLE.search(title) else title or None,
        author=said.get("Author", "").strip() or None,
        published=_date_of(said.get("CreationDate", "")),
    )


def _opened(content: bytes) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        return PdfDocument(content)
    except PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise Rejection(Reason.ENCRYPTED, "the PDF asks for a password; save it without and add it again") from error
        raise Rejection(Reason.DAMAGED, f"not a readable PDF ({error}); send it again") from error


def _pages(pdf: PdfDocument, content: bytes) -> Iterator[Page]:
    with closing(_Tables(content)) as tables:
        for number in range(len(pdf)):
            page = pdf[number]
            words = _words(page)
            if not _is_readable(page, words):
                yield _recognised(page, f"trang {number + 1}")
            else:
                ruled = words and _drawn(page, _RULES) >= _RULES
                yield Page(_mended(words), tables.of(number) if ruled else [])
            page.close()


def _words(page: PdfPage) -> list[Word]:
    """The words of a page's text layer where they are seen; pdfium knows blanks that were not typed."""
    import pypdfium2.raw as pdfium

    layer = page.get_textpage()
    if layer.count_chars() > MAX_CHARACTERS:
        raise Rejection(Reason.TOO_COMPLEX, f"{layer.count_chars():,} characters on one page; print the PDF to a new one")
    upright = _upright(page)
    width, height = page.get_size()
    shown = Box(0, 0, width, height)
    found: list[Word] = []
    word, box = "", None
    for index in range(layer.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(layer, index))
        char = "-" if char in "\x02\ufffe" else char  # a hyphen at a line's end
        if char.isspace() or char == "\0":
            word, box = _kept(found, word, box, shown)
            continue
        at = upright(*layer.get_charbox(index, loose=True))
        if box and not _beside(box, at):
            word, box = _kept(found, word, box, shown)
        word += char
        box = Box(min(box.x0, at.x0), min(box.top, at.top), max(box.x1, at.x1), max(box.bottom, at.bottom)) if box else at
    _kept(found, word, box, shown)
    return found


def _kept(found: list[Word], word: str, box: Box | None, shown: Box) -> tuple[str, None]:
    if box and shown.holds(box):
        found.append(Word(unicodedata.normalize("NFC", word), box))
    return "", None


def _beside(word: Box, char: Box) -> bool:
    """Whether a character goes on with a word: on its line, and not far."""
    height = max(word.bottom - word.top, char.bottom - char.top)
    return word.top < (char.top + char.bottom) / 2 < word.bottom and -height < char.x0 - word.x1 < height


def _upright(page: PdfPage) -> Callable[[float, float, float, float], Box]:
    """What turns a rectangle of the page (left, bottom, right, top) as the page itself is turned to be read."""
    left, bottom, right, top = page.get_bbox()
    turned: dict[int, Callable[[float, float, float, float], Box]] = {
        0: lambda x0, y0, x1, y1: Box(x0 - left, top - y1, x1 - left, top - y0),
        90: lambda x0, y0, x1, y1: Box(y0 - bottom, x0 - left, y1 - bottom, x1 - left),
        180: lambda x0, y0, x1, y1: Box(right - x1, y0 - bottom, right - x0, y1 - bottom),
        270: lambda x0, y0, x1, y1: Box(top - y1, right - x1, top - y0, right - x0),
    }
    return turned[page.get_rotation()]


def _is_readable(page: PdfPage, words: list[Word]) -> bool:
    """Whether the text layer is the page's text: not a signature over a scan, nor glyphs that say nothing."""
    text = "\n".join(word.text for word in words)
    if sum(map(str.isalpha, text)) < _FEW_LETTERS and (_covered(page) > _COVERED or _drawn(page, _DRAWN) >= _DRAWN):
        return False
    if len(_UNMAPPED.findall(text)) > 0.1 * len(text) or len(_CONTROLS.findall(text)) > 0.01 * len(text):
        return False
    if mended(text) is not None:
        return True
    return _says_something(text)


def _says_something(text: str) -> bool:
    """Whether words are words: Vietnamese ones, or without any letter beyond ASCII as those of another language."""
    words = _WORD.findall(text.lower())
    beyond = [word for word in words if not word.isascii()]
    if len(beyond) >= _WORDS_TO_TELL / 4 and well_formed(text) < 0.5:
        return False
    return len(words) < _WORDS_TO_TELL or sum(map(is_syllable, words)) > 0.1 * len(words)


def _mended(words: list[Word]) -> list[Word]:
    """Words of a font from before Unicode as they were meant."""
    text = "\n".join(word.text for word in words)
    meant = mended(text)
    if meant is None:
        return words
    news = meant.split("\n")
    # TCVN3 has ư where PDF has a hyphen: "ph-¬ng".
    otherwise = (mended(text.replace("-", "\u00ad")) or meant).split("\n")
    return [
        Word(other if "-" in word.text and is_syllable(other.strip(_AROUND).lower()) else new, word.box)
        for word, new, other in zip(words, news, otherwise, strict=True)
    ]


def _covered(page: PdfPage) -> float:
    """The share of a page under images."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    boxes = (image.get_bounds() for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    covered: float = sum((right - left) * (top - bottom) for left, bottom, right, top in boxes)
    return covered / (width * height or 1)


def _drawn(page: PdfPage, enough: int) -> int:
    """How many paths are drawn on a page, counted up to ``enough``."""
    import pypdfium2.raw as pdfium

    paths = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)
    return sum(1 for _, _ in zip(range(enough), paths, strict=False))


class _Tables:
    """The ruled tables of pages by pdfplumber, which is opened for the first page that has lines."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._pdf: PDF | None = None

    def of(self, number: int) -> list[Grid]:
        """The tables of a page, the first is 0; a frame around text is none."""
        import pdfplumber
        from pdfplumber.table import TableFinder

        try:
            self._pdf = self._pdf or pdfplumber.open(io.BytesIO(self._content))
            page = self._pdf.pages[number]
            tables = TableFinder(page).tables
            page.close()
        except Exception:  # pdfminer raises anything on what pdfium still reads; the lines are left then
            return []
        left, top = page.cropbox[:2]
        grids = [[[cell and _moved(cell, left, top) for cell in row.cells] for row in table.rows] for table in tables]
        return [grid for grid in grids if len(grid[0]) > 1]

    def close(self) -> None:
        if self._pdf:
            self._pdf.close()


def _moved(cell: tuple[float, float, float, float], left: float, top: float) -> Box:
    x0, y0, x1, y1 = cell
    return Box(x0 - left, y0 - top, x1 - left, y1 - top)


def _recognised(page: PdfPage, where: str) -> Page:
    ocr.require()
    width, height = page.get_size()
    ocr.check_size(width, height, where)
    image = page.render(scale=ocr.scale_of(width, height, _POINTS), grayscale=True).to_pil()
    return ocr.recognise(image, where)


def _date_of(stamp: str) -> date | None:
    match = _DATE.match(stamp)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
