"""The subject of a document: the place or agency that it is about before its text names one.

Belongs here: what the title, the first line and the publisher's name say.
Does not: what the sentences speak of as they go on (place_attribution.py).
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pipelines.extract.agencies import bodies
from pipelines.extract.place_levels import COUNTRY_PLACE, NOWHERE
from pipelines.extract.place_roles import SETS, SPEAKS
from pipelines.extract.places import place_finder
from pipelines.extract.segment import first_line
from pipelines.extract.view import View, nfc, view
from pipelines.model import Document, Place, Span
from pipelines.reference.gazetteer import REFORM

_OF = re.compile(r"(?<!\w)(?:của|ở|tại|trên địa bàn)\s$")
_OF_IT = re.compile(r"(?<!\w)của\s$")  # a report of a hospital; what happens at one is not about it alone
_OF_THE_NATION = re.compile(r"(?<!\w)(?:ủy ban quốc gia|quốc hội|(?:63|34) (?:tỉnh|địa phương))(?!\w)")
_SINCE_REFORM = re.compile(  # the year first, for it is rarer than a month: looking for that took a tenth of all the time
    r"[/-](?:2025(?:(?<=\D[7-9].2025)|(?<=\D0[7-9].2025)|(?<=\D1[0-2].2025)"
    r"|(?<=quý iii.2025)|(?<=quý iv.2025)|(?<=quý [34].2025))"
    r"|20(?:2[6-9]|[3-9]\d)(?:(?<=\D[1-9].20..)|(?<=\D0[1-9].20..)|(?<=\D1[0-2].20..)))(?!\d)"
)
_DISTRICTS = re.compile(r"(?<!\w)(?:huyện|thị xã|thị trấn|quận)(?!\w)")
_LONGEST_TITLE, _LONGEST_OPENING = 200, 400


def agency_of(document: Document, seen: View) -> Place | None:
    """The agency that the paper is about, by its title or first line ("Báo cáo … của Bộ Giao thông vận tải")."""
    first = first_line(seen) or Span(0, 0)
    for line in (document.title or "", document.text[first.start : min(first.end, first.start + _LONGEST_TITLE)]):
        seen = view(line)
        for body in bodies(line, seen):
            opens = not seen[: body.span.start].strip() and not SETS.match(seen, body.span.end)
            of_it = _OF_IT if body.inner else _OF
            if not body.local and (
                of_it.search(seen, 0, body.span.start) or (opens and not (body.inner or SPEAKS.search(seen, body.span.end)))
            ):
                return body.place(None)
    return None


def map_day(document: Document, seen: View) -> date | None:
    """The day whose map a document is of: that of its publication; undated, today's if it dates something after the reform
    and speaks of no district.
    """
    if document.published or not _SINCE_REFORM.search(seen) or _DISTRICTS.search(seen):
        return document.published
    return REFORM


def home_of(document: Document, province: str | None, day: date | None) -> Place:
    """The place that the source writes about: its ``province``, else the one in the publisher's name ("Báo Hà Tĩnh")."""
    finder = place_finder()
    if unit := finder.province(province, day) if province else None:
        return Place(unit.name, unit.level, unit.place_key)
    named = _named_by(nfc(document.publisher), _is_of_today(day)) if document.publisher else None
    return named or _nation(document)


@lru_cache(maxsize=1024)
def _named_by(publisher: str, today: bool) -> Place | None:
    """The place in a publisher's name, on today's map or the one before."""
    named = place_finder().find(publisher, view(publisher), REFORM if today else None, None)
    return next((mention.place for mention in named if mention.place != COUNTRY_PLACE), None)


def _is_of_today(day: date | None) -> bool:
    """Whether the map of 34 provinces was in force."""
    return day is not None and day >= REFORM


def _nation(document: Document) -> Place:
    """The country, where a paper opens with its bodies or counts its provinces."""
    opening = view(f"{document.title or ''}\n{document.text[:_LONGEST_OPENING]}")
    return COUNTRY_PLACE if _OF_THE_NATION.search(opening) else NOWHERE
