"""The subject of a document: the place or agency that it is about before its text names one.

Belongs here: what the title, the first line and the publisher's name say.
Does not: what the sentences speak of as they go on (place_attribution.py).
"""

from __future__ import annotations

import re

from pipelines.extract.agencies import bodies
from pipelines.extract.place_levels import COUNTRY_PLACE, NOWHERE
from pipelines.extract.place_roles import SETS, SPEAKS
from pipelines.extract.places import place_finder
from pipelines.extract.segment import first_line
from pipelines.extract.view import View, nfc, view
from pipelines.model import Document, Place, Span

_OF = re.compile(r"(?<!\w)(?:của|ở|tại|trên địa bàn)\s$")
_OF_THE_NATION = re.compile(r"(?<!\w)(?:ủy ban quốc gia|quốc hội|(?:63|34) (?:tỉnh|địa phương))(?!\w)")
_LONGEST_TITLE, _LONGEST_OPENING = 200, 400


def agency_of(document: Document, seen: View) -> Place | None:
    """The agency that the paper is about, by its title or first line ("Báo cáo … của Bộ Giao thông vận tải")."""
    first = first_line(seen) or Span(0, 0)
    for line in (document.title or "", document.text[first.start : min(first.end, first.start + _LONGEST_TITLE)]):
        seen = view(line)
        for body in bodies(line, seen):
            opens = not seen[: body.span.start].strip() and not SETS.match(seen, body.span.end)
            if not body.local and (_OF.search(seen, 0, body.span.start) or (opens and not SPEAKS.search(seen, body.span.end))):
                return body.place(None)
    return None


def home_of(document: Document, province: str | None) -> Place:
    """The place that the source writes about: its ``province``, else the one in the publisher's name ("Báo Hà Tĩnh")."""
    finder = place_finder()
    if unit := finder.province(province, document.published) if province else None:
        return Place(unit.name, unit.level, unit.place_key)
    if not document.publisher:
        return _nation(document)
    publisher = nfc(document.publisher)
    named = finder.find(publisher, view(publisher), document.published, None)
    return next((mention.place for mention in named if mention.place != COUNTRY_PLACE), _nation(document))


def _nation(document: Document) -> Place:
    """The country, where a paper opens with its bodies or counts its provinces."""
    opening = view(f"{document.title or ''}\n{document.text[:_LONGEST_OPENING]}")
    return COUNTRY_PLACE if _OF_THE_NATION.search(opening) else NOWHERE
