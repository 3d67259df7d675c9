"""HTML pages: the article, its title, author, publisher and publication date, by trafilatura.

Belongs here: what is special to web pages. Related links, comments, menus and footers are left out.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import trafilatura

from pipelines.ingest.converted import Converted, DateBasis
from pipelines.ingest.formats.heading import heading
from pipelines.ingest.legacy import mended
from pipelines.ingest.rejection import Reason, Rejection

_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|article|div|p|h1|table|meta)\b", re.IGNORECASE)
# A page without a single full sentence is a menu, a login form or a list of links.
_SENTENCE = re.compile(r"(?<!\S)(?:[^\s|]{1,60}[ \t]{1,9}){9,60}[^\s|]{0,60}[.!?…:;][\"”’)]{0,9}(?:\s|$)")
_RULE_ROW = re.compile(r"^\|(?:\s*-{3,}\s*\|)+\s*$\n?", re.MULTILINE)


def recognises(content: bytes) -> bool:
    """Whether the bytes begin like a web page, in any encoding that keeps ASCII."""
    return bool(_MARKUP.search(content[:4096].replace(b"\0", b"")))


def convert(content: bytes) -> Converted:
    """The article of a page: title, blank line, body; table rows as "a | b | c" lines.

    Raises ``Rejection`` (no_article) where the page has none.
    """
    page = trafilatura.bare_extraction(
        content,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": date.max.isoformat()},
    )
    body = _RULE_ROW.sub("", page.text or "") if page else ""
    if page is None or not _SENTENCE.search(body):
        raise Rejection(Reason.NO_ARTICLE, "the page has no article text (a menu, a form or links only); check the address")
    title = (page.title or "").strip() or None
    text = body if not title or body.lstrip().startswith(title) else f"{title}\n\n{body}"
    if meant := mended(f"{' '.join((title or '').split())}\n{text}"):
        title, text = meant.split("\n", 1)
    stated = date.fromisoformat(page.date[:10]) if page.date else None
    published = stated or heading(text).published
    basis = DateBasis.METADATA if stated else DateBasis.TEXT
    return Converted(
        media_type="text/html",
        text=unicodedata.normalize("NFC", text),
        title=unicodedata.normalize("NFC", title) if title else None,
        author=page.author,
        publisher=page.sitename,
        url=page.url,
        published=published,
        published_basis=basis if published else DateBasis.NONE,
    )
