"""Images of pages: PNG, JPEG, TIFF with its pages, BMP, WebP; read by OCR.

Belongs here: telling and opening images. Does not: reading them (ocr.py).
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.ingest.converted import Converted
from pipelines.ingest.formats import ocr
from pipelines.ingest.formats.layout import Page
from pipelines.ingest.formats.paged import converted
from pipelines.ingest.rejection import Reason, Rejection

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PAGES = 200
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)


def recognises(content: bytes) -> bool:
    """Whether the bytes begin as an image that is read."""
    return (
        content.startswith(_STARTS)
        or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
        or (content[:2] == b"BM" and len(content) > 18 and struct.unpack_from("<I", content, 14)[0] in _BMP_HEADERS)
    )


def convert(content: bytes) -> Converted:
    """The text on an image, page by page.

    Raises ``Rejection`` (damaged, too_complex, no_text, and those of ocr.py).
    """
    from PIL import Image

    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our limit is below the one it warns of
            return converted(Image.MIME[image.format or "PNG"], list(_pages(image)))
    except Image.DecompressionBombError as error:
        raise Rejection(Reason.TOO_COMPLEX, f"{error}; scan it at {ocr.DPI} dpi") from error
    except (
        OSError,
        SyntaxError,
        TypeError,
        ValueError,
        EOFError,
        struct.error,
    ) as error:  # of broken images
        raise Rejection(Reason.DAMAGED, f"the image can't be read ({error}); send it again") from error


def _pages(image: Image) -> Iterator[Page]:
    from PIL import ImageOps

    count = getattr(image, "n_frames", 1)
    if count > MAX_PAGES:
        raise Rejection(Reason.TOO_COMPLEX, f"{count} pages in one image are more than {MAX_PAGES}; split it")
    for number in range(count):
        image.seek(number)
        where = f"trang {number + 1}"
        ocr.check_size(*image.size, where)
        ocr.require()
        yield ocr.recognise_image(ImageOps.exif_transpose(image), where)
