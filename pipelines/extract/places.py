"""Places: the administrative units that a text names, resolved to their codes.

Belongs here: finding names with or without level words, and telling apart the units that share a name by what
else the document says.
Does not: the list of units (reference/gazetteer.py), names that it lacks (unlisted.py, hamlets.py), which names without a
level word are meant (bare_names.py), "toàn tỉnh" and "huyện" (anaphora.py), the place of one figure (place_attribution.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from pipelines.extract.agencies import institutions
from pipelines.extract.anaphora import Anaphora
from pipelines.extract.bare_names import coordinated_with, inside_longer_name, is_officer, own
from pipelines.extract.cued import Cued
from pipelines.extract.hamlets import with_hamlets
from pipelines.extract.ordered import SPAN_START, Ordered
from pipelines.extract.place_levels import CONTAINER_GAP, LEVEL_OF, LEVEL_WORDS, NOWHERE, RANK, PlaceMention
from pipelines.extract.unlisted import unlisted, with_unlisted
from pipelines.extract.view import View, nfc, view
from pipelines.extract.written_names import written_names
from pipelines.model import Level, Place, Span
from pipelines.reference.gazetteer import ALIASES, COUNTRY, NEW_LIST, OLD_LIST, REFORM, Unit, on_day, units

_LEVEL_BEFORE = Cued(
    "|".join(LEVEL_WORDS),
    r"(?<![\w&])("
    + "|".join(re.escape(w) for w in sorted(LEVEL_WORDS, key=len, reverse=True))
    + r")\s?(?:đảo\s|biên giới\s|nghèo\s|miền núi\s|vùng cao\s|vùng sâu\s"
    r"|ven biển\s|thuần nông\s|ngoại thành\s|cù lao\s|mới\s)?$",
)
_REPUBLIC = re.compile(r"cộng hòa xã hội chủ nghĩa(?: việt nam)?")
_OF_PROVINCES = frozenset(("tỉnh", "thành phố", "tp", "tp."))
_LISTED_LEVELS = re.compile(r"(?<!\w)(?:xã|phường|huyện|quận|thị xã|sở, ngành)(?:,|\svà)\s$")


class _Name(NamedTuple):
    """A name in the text and the units it may mean."""

    span: Span
    candidates: tuple[Unit, ...]
    written: str


class PlaceFinder:
    """Every name of the gazetteer; built once a process (see ``place_finder``)."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[Unit]] = defaultdict(list)
        self._by_key = {unit.place_key: unit for unit in units()}
        self._anaphora = Anaphora(self._by_key)
        for unit in units():
            self._by_name[view(nfc(unit.name))].append(unit)
        for alias, name in ALIASES.items():
            provinces = [u for u in self._by_name[view(name)] if u.level is Level.PROVINCE]
            self._by_name[view(alias)].extend(provinces)
        for name in [name for name in self._by_name if "đắk" in name or " - " in name]:
            for spelling in (
                name.replace("đắk", "đăk"),
                name.replace("đắk", "đăk").replace("lắk", "lăk"),
                name.replace("đắk", "đắc"),
                name.replace(" - ", "-"),
            ):
                self._by_name.setdefault(spelling, self._by_name[name])
        self._provinces = {name for name, of_it in self._by_name.items() if any(u.level is Level.PROVINCE for u in of_it)}

    def find(
        self, text: str, seen: View, published: date | None, home: str | None, about: Place = NOWHERE
    ) -> list[PlaceMention]:
        """The places named in ``text`` (``seen`` is its view), in reading order, chains merged.

        ``published`` says which map is in force; ``home`` is the province the source writes about, ``about`` the place
        that the document does: "toàn tỉnh" and "phường" mean it and what contains it, whatever others were named,
        unless one of their level was in the same sentence.
        Of "xã Tân Ân, huyện Ngọc Hiển (Cà Mau)" one mention remains: the commune.
        """
        names = self._names_in(text, seen, self.province_of(about), published)
        others = unlisted(text, seen, Ordered(names, SPAN_START).between)
        resolved = self._resolve(names, published, home)
        named = with_unlisted(seen, self._merge_chains(seen, resolved), others)
        return with_hamlets(text, seen, self._anaphora.added_to(named, text, seen, about, published))

    def province_of(self, place: Place) -> Place | None:
        """The province that a place lies in; the place itself if it is one."""
        unit = self._by_key.get(place.key or "")
        province = self._by_key.get(unit.province_key or "") if unit else None
        return province and Place(province.name, province.level, province.place_key)

    def province(self, name: str, published: date | None) -> Unit | None:
        """The province called ``name`` on the map in force, if there is one."""
        lists = _lists_in_order(published)
        found = [u for u in self._by_name.get(view(name), ()) if u.level is Level.PROVINCE]
        return min(found, key=lambda u: lists.index(u.code_list), default=None)

    def _names_in(self, text: str, seen: View, province: Place | None, day: date | None) -> list[_Name]:
        """The names that can be meant. A bare one is a province, or what it was introduced as, or what it is
        coordinated with, or a district of the document's own ``province``.
        """
        found: list[_Name] = []
        inside = [body.span for body in institutions(text, seen)]  # "Bệnh viện Trung ương Huế" speaks of no city
        inside += [Span(*match.span()) for match in _REPUBLIC.finditer(seen)]  # nor a letterhead of xã Cộng Hòa
        written = [
            (str(seen[start:end]), start, end, _LEVEL_BEFORE.first(seen, start - 24, start))
            for start, end in written_names(text, seen, self._by_name)
            if not any(name.start <= start and end <= name.end for name in inside)
        ]
        # A bare name means the level it was introduced with; no province's is meant before that.
        introduced = {
            name: LEVEL_WORDS[before[1]] for name, _, _, before in reversed(written) if before and name not in self._provinces
        }
        province = province or self._only_province(written)
        for name, start, end, before in written:
            candidates = self._by_name[name]
            begins = start
            if (
                before
                and name in self._provinces
                and _LISTED_LEVELS.search(seen, max(0, before.start(1) - 12), before.start(1))
            ):
                before = None  # "các xã, phường Cà Mau"
            if before and is_officer(text, seen, start, end):
                continue
            if before:
                introduced[name] = LEVEL_WORDS[before[1]]
                candidates = _of_kind(candidates, introduced[name], day)
                begins = before.start(1)
            elif name[-1].isdigit():
                pass  # "Phường 4", "Quận 12" carry their level word in the name
            elif inside_longer_name(text, start, end):
                continue
            elif name in introduced:
                candidates = _of_kind(candidates, introduced[name], day)
            elif same := coordinated_with(_before(found), candidates, seen, start):
                candidates = same
            else:
                provinces = [u for u in candidates if u.level in (Level.PROVINCE, Level.NATIONAL)]
                candidates = provinces or own(candidates, province, seen, start)
            if candidates:
                found.append(_Name(Span(begins, end), tuple(candidates), text[start:end]))
        return found

    def _only_province(self, written: Sequence[tuple[str, int, int, re.Match[str] | None]]) -> Place | None:
        """The province that a text names, if it names one and no other."""
        named = {
            name
            for name, _, _, before in written
            if name in self._provinces and not (before and before[1] not in _OF_PROVINCES)
        }
        if len(named) != 1:
            return None
        unit = next(u for u in self._by_name[named.pop()] if u.level is Level.PROVINCE)
        return Place(unit.name, unit.level, unit.place_key)

    def _resolve(self, names: list[_Name], published: date | None, home: str | None) -> list[tuple[Span, Unit, bool, str]]:
        """A unit for each name, and whether it is the only one that fits what the document says."""
        context = self._context(names, published, home)
        resolved = []
        for name in names:
            best, sure = name.candidates[0], True
            if len(name.candidates) > 1:
                fits = [self._fit(unit, context, published) for unit in name.candidates]
                best, sure = name.candidates[fits.index(max(fits))], fits.count(max(fits)) == 1
            resolved.append((name.span, best, sure, name.written))
        return resolved

    def _context(self, names: list[_Name], published: date | None, home: str | None) -> set[str]:
        """The units that are certain (a province, a unique district), by key."""
        context: set[str] = set()
        if home and (unit := self.province(home, published)):
            context.add(unit.place_key)
        for name in names:
            levels = {u.level for u in name.candidates}
            per_list = defaultdict(list)
            for unit in name.candidates:
                per_list[unit.code_list].append(unit)
            for same_list in per_list.values():
                if len(same_list) == 1 or levels == {Level.PROVINCE}:
                    context.add(same_list[0].place_key)
        return context

    def _fit(self, unit: Unit, context: set[str], published: date | None) -> tuple[int, int, int]:
        ancestors = {unit.parent_key, unit.province_key} - {unit.place_key, COUNTRY.place_key}
        supported = sum(key in context for key in ancestors)
        in_force = unit.code_list == _lists_in_order(published)[0] or unit.level is Level.NATIONAL
        return supported, int(in_force), RANK[unit.level]

    def _merge_chains(self, seen: View, resolved: list[tuple[Span, Unit, bool, str]]) -> list[PlaceMention]:
        merged: list[tuple[Span, Unit, bool, str]] = []
        for item in resolved:
            span, unit, *_ = item
            if merged:
                previous_span, previous, sure, written = merged[-1]
                gap = seen[previous_span.end : span.start]
                if len(gap) < 12 and CONTAINER_GAP.fullmatch(gap) and self._contains(unit, previous):
                    merged[-1] = (Span(previous_span.start, span.end), previous, sure, written)
                    continue
            merged.append(item)
        mentions = []
        for span, unit, sure, written in merged:
            spelt = view(written)
            name = written if spelt in _ALIAS_VIEWS and spelt != "hcm" else unit.name
            mentions.append(PlaceMention(span, Place(name, unit.level, unit.place_key if sure else None)))
        return mentions

    def _contains(self, outer: Unit, inner: Unit) -> bool:
        """Whether ``outer`` is an ancestor of ``inner``, by code where their lists differ."""
        if outer.level is Level.NATIONAL:
            return inner.level is not Level.NATIONAL
        ancestors = {self._by_key[key].code for key in (inner.parent_key, inner.province_key) if key and key != inner.place_key}
        return outer.level is not inner.level and outer.code in ancestors


_ALIAS_VIEWS = {view(alias) for alias in ALIASES}


@cache
def place_finder() -> PlaceFinder:
    """The finder over the whole gazetteer; building it takes a fraction of a second, once."""
    return PlaceFinder()


def _before(found: list[_Name]) -> tuple[int, tuple[Unit, ...]] | None:
    """Where the last name found ends, and what it may mean."""
    return (found[-1].span.end, found[-1].candidates) if found else None


def _of_kind(candidates: list[Unit], kind: str, day: date | None) -> list[Unit]:
    """The units of a kind; where there are none, those of its level: a huyện of 2023 may since be a thị xã."""
    exact = [unit for unit in candidates if on_day(unit, day).kind == kind]
    return exact or [unit for unit in candidates if unit.level is LEVEL_OF.get(kind)]


def _lists_in_order(published: date | None) -> tuple[str, str]:
    """The code lists, the one in force on the day first; without a date, the older."""
    return (NEW_LIST, OLD_LIST) if published and published >= REFORM else (OLD_LIST, NEW_LIST)
