"""Reading images by Tesseract: the words of one page, where they stand, and how sure they are.

Belongs here: preparing a page's image, running the program, its confidences.
Does not: getting the image (pdf.py, image.py), lines and paragraphs (layout.py, paragraphs.py).
"""

from __future__ import annotations

import math
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from pipelines.ingest import tools
from pipelines.ingest.formats.layout import Box, Page, Word
from pipelines.ingest.formats.rulings import without_rulings
from pipelines.ingest.rejection import Reason, Rejection

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 200  # Tesseract's model reads letters of 30 pixels best: at 300 dpi it loses more of the figures that stand alone
MAX_PIXELS = 80_000_000  # of an image as it comes
A4_PIXELS, A3_PIXELS = 3_900_000, 7_800_000  # at that resolution
PAGE_SECONDS = 60
MOST_CELLS = 500  # of a page, that are read again one by one
_PAGE, _LINE = 3, 7  # Tesseract's modes of segmentation
_SCANNED = 150  # dpi that a scanner may state; less is what programs write for want of better
_UNSURE = 0.6  # below that, the page may lie on its side
_DOUBTFUL = 0.6
_NOISE = 0.3
_NO_LETTERS = re.compile(r"[|_~=\\/<>«»‘’'\"`.,:;—–-]+")
_INK, _MARGIN, _BORDER = 120, 30, 4  # of a cell: what is dark; pixels added around it, and left out at its edges


class Read(NamedTuple):
    """A word and how sure it is, 0 to 1."""

    word: Word
    sure: float


def require() -> None:
    """Raises ``Rejection`` (needs_tool) where Tesseract or its Vietnamese is missing."""
    tools.require(tools.TESSERACT, "a page that is an image")


def check_size(width: float, height: float, where: str) -> None:
    """Raises ``Rejection`` (too_complex) where an image has too many pixels, or a page too many points."""
    if width * height > MAX_PIXELS:
        message = f"{where} measures {width:.0f} × {height:.0f}, more than {MAX_PIXELS:,} in all; scan it at {DPI} dpi"
        raise Rejection(Reason.TOO_COMPLEX, message)


def scale_of(width: float, height: float, dpi: float) -> float:
    """How much to enlarge what measures so many dots, ``dpi`` of them an inch; 0 where that isn't known.

    A page beyond A3 is one whose pixels were taken for points.
    """
    fits = math.sqrt(A3_PIXELS / (width * height))
    return min(DPI / dpi if dpi else max(1.0, min(2.0, math.sqrt(A4_PIXELS / (width * height)))), fits)


def recognise_image(image: Image, where: str) -> Page:
    """The words of an image as it comes. Raises ``Rejection`` as ``recognise`` does."""
    from PIL.Image import Resampling

    stated = float(image.info.get("dpi", (0, 0))[0])
    scale = scale_of(*image.size, stated if stated >= _SCANNED else 0)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return recognise(image.convert("L").resize(size, Resampling.LANCZOS), where)


def recognise(grey: Image, where: str) -> Page:
    """The words of a page's grey image at about ``DPI``; one that lies on its side is turned.

    Raises ``Rejection`` (too_slow, converter_failed).
    """
    page = _read(grey, where)
    if page.confidence < _UNSURE and (turn := _turn_of(grey)):
        turned = _read(grey.rotate(-turn, expand=True, fillcolor=255), where)
        return max(page, turned, key=lambda read: read.confidence)
    return page


def _read(grey: Image, where: str) -> Page:
    bare, grids = without_rulings(grey)
    read = [Read(Word(text, box), sure) for text, box, sure, _ in _words(bare, _PAGE, where)]
    cells = [cell for grid in grids for cells in grid for cell in cells if cell]
    for cell, again in _read_again(bare, cells, read, where):
        read = [one for one in read if not cell.holds(one.word.box)] + again
    size = sum(len(one.word.text) for one in read)
    sure = sum(len(one.word.text) * one.sure for one in read)
    return Page([one.word for one in read], grids, sure / size if size else 1.0)


def _words(image: Image | str, mode: int, where: str) -> Iterator[tuple[str, Box, float, int]]:
    """Words with their confidence, and the number of their page in a file of several."""
    import pytesseract

    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # threads cost it more than they give
    try:
        told = pytesseract.image_to_data(
            image, lang="vie", config=f"--psm {mode} --dpi {DPI}", timeout=PAGE_SECONDS, output_type=pytesseract.Output.DICT
        )
    except RuntimeError as error:
        if isinstance(error, pytesseract.TesseractError):
            raise Rejection(Reason.CONVERTER_FAILED, f"{where}: tesseract: {error.message}; please report the file") from error
        raise Rejection(Reason.TOO_SLOW, f"{where}: tesseract took longer than {PAGE_SECONDS} s; scan it anew") from error
    columns = (told[name] for name in ("text", "conf", "left", "top", "width", "height", "page_num"))
    for text, percent, left, top, width, height, page in zip(*columns, strict=True):
        word = unicodedata.normalize("NFC", str(text).replace("|", "").strip())
        sure = float(percent) / 100
        if word and sure >= 0 and not (sure < _NOISE and _NO_LETTERS.fullmatch(word)):
            yield word, Box(left, top, left + width, top + height), sure, int(page)


def _read_again(bare: Image, cells: list[Box], read: list[Read], where: str) -> Iterator[tuple[Box, list[Read]]]:
    """The cells in which nothing was read for sure though something is there, mostly figures that stand alone; each read
    as a line of its own, all in one run of the program. Their words stand in the middle of them.
    """
    doubtful = [cell for cell in cells if all(one.sure < _DOUBTFUL for one in read if cell.holds(one.word.box))]
    cut = [(cell, image) for cell in doubtful[:MOST_CELLS] if (image := _cut(bare, cell))]
    if not cut:
        return
    found: dict[Box, list[Read]] = {}
    with tempfile.TemporaryDirectory(prefix="kpi-ocr-") as folder:
        path = Path(folder) / "cells.tiff"
        first, *others = (image for _, image in cut)
        first.save(path, save_all=True, append_images=others)
        for text, _, sure, page in _words(str(path), _LINE, where):
            cell = cut[page - 1][0]
            found.setdefault(cell, []).append(Read(Word(text, cell), sure))
    for cell, again in found.items():
        before = [one.sure for one in read if cell.holds(one.word.box)]
        if fmean(one.sure for one in again) > (fmean(before) if before else 0):
            yield cell, again


def _cut(bare: Image, cell: Box) -> Image | None:
    """What stands in a cell, in a white frame; None where nothing does."""
    from PIL import ImageOps

    x0, top, x1, bottom = (int(side) for side in cell)
    if x1 - x0 <= 2 * _BORDER or bottom - top <= 2 * _BORDER:
        return None
    inner = bare.crop((x0 + _BORDER, top + _BORDER, x1 - _BORDER, bottom - _BORDER))
    ink = inner.point(lambda value: 255 * (value < _INK)).getbbox()
    return ImageOps.expand(inner.crop(ink), _MARGIN, 255) if ink else None


def _turn_of(grey: Image) -> int:
    """By how many degrees clockwise the page must be turned to stand upright; 0 where that can't be told."""
    import pytesseract

    try:
        told = pytesseract.image_to_osd(grey, timeout=PAGE_SECONDS, output_type=pytesseract.Output.DICT)
    except RuntimeError:  # too few letters to tell, or no data for it
        return 0
    return int(told["rotate"])
