"""A document of pages, converted: what its text says of itself before what its metadata say.

Belongs here: what PDF and images have in common once their pages are known.
Does not: the pages (pdf.py, image.py, ocr.py), their text (paragraphs.py).
"""

from __future__ import annotations

from datetime import date

from pipelines.ingest.converted import Converted, DateBasis
from pipelines.ingest.formats.heading import heading
from pipelines.ingest.formats.layout import Page
from pipelines.ingest.formats.paragraphs import compose
from pipelines.ingest.rejection import Reason, Rejection


def converted(
    media_type: str,
    pages: list[Page],
    title: str | None = None,
    author: str | None = None,
    published: date | None = None,
) -> Converted:
    """What becomes of pages; the arguments after them are what the metadata say. Raises ``Rejection`` (no_text)."""
    text, marks, legibility = compose(pages)
    if not any(char.isalnum() for char in text):
        raise Rejection(Reason.NO_TEXT, "no text on any page; check that it is not blank, or scan it anew")
    head = heading(text)
    basis = DateBasis.TEXT if head.published else DateBasis.METADATA if published else DateBasis.NONE
    return Converted(
        media_type=media_type,
        text=text,
        title=head.title or title,
        author=author,
        published=head.published or published,
        published_basis=basis,
        marks=marks,
        legibility=legibility,
    )
