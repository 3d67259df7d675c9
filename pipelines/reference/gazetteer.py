"""The administrative units of Việt Nam, before and after the reform of 1 July 2025.

Belongs here: reading the units, their codes and their parents from the ``vietnamadminunits`` package.
Does not: finding a unit's name in a text (extract/places.py).

Two code lists are in force one after the other: Quyết định 124/2004/QĐ-TTg (63 provinces, districts,
communes) and Quyết định 19/2025/QĐ-TTg (34 provinces, communes, no districts), from 1 July 2025. The
package dates no unit within a list, so a unit is valid for as long as its list is.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from pipelines.model import Level

PACKAGE = "vietnamadminunits"
REFORM = date(2025, 7, 1)
OLD_LIST, NEW_LIST = "124/2004", "19/2025"
VALID_FROM = {OLD_LIST: date(2004, 7, 8), NEW_LIST: REFORM}
_FIRST_DAY = {code_list: day.isoformat() for code_list, day in VALID_FROM.items()}
VALID_TO = {OLD_LIST: REFORM, NEW_LIST: date(9999, 12, 31)}

# Names that texts use and the package lacks. Thừa Thiên Huế became Thành phố Huế on 1 January 2025
# (Nghị quyết 175/2024/QH15); HCM is the package's own alias, kept there without its capitals.
# "thành phố Huế" was a district of it until then, which the package's list no longer has.
ALIASES = {"Thừa Thiên Huế": "Huế", "Thừa Thiên - Huế": "Huế", "HCM": "Hồ Chí Minh"}
_TINH_UNTIL = {"46": (date(2025, 1, 1), "Thừa Thiên Huế")}  # by the province's code, which both lists have

# The package's columns.
_PROVINCE = "provinceCode, province, provinceShort"
_DISTRICT = "districtCode, district, districtShort, districtType"
_WARD = "wardCode, ward, wardShort, wardType"


class Unit(NamedTuple):
    """An administrative unit. ``place_key`` is code list, code and first day: ``124/2004:967:2004-07-08``.

    ``name`` has no level word, ``full_name`` has it; ``kind`` is the level word itself ("Huyện").
    ``valid_to`` is exclusive. ``province_key`` of a province is its own key.
    """

    place_key: str
    code: str
    code_list: str
    name: str
    full_name: str
    kind: str
    level: Level
    parent_key: str | None
    province_key: str | None
    valid_from: date
    valid_to: date


COUNTRY = Unit(
    "VN", "VN", "ISO 3166-1", "Việt Nam", "Việt Nam", "Nước", Level.NATIONAL, None, None, date(1945, 9, 2), date(9999, 12, 31)
)


@cache
def units() -> tuple[Unit, ...]:
    """Every unit of both lists, the country first; read once a process from the package's SQLite file."""
    found: dict[str, Unit] = {COUNTRY.place_key: COUNTRY}
    with sqlite3.connect(f"file:{package_file('dataset.db')}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        for row in database.execute(f"select {_PROVINCE}, {_DISTRICT}, {_WARD} from admin_units_legacy"):
            province = _add(found, OLD_LIST, row, "province", Level.PROVINCE, COUNTRY)
            district = _add(found, OLD_LIST, row, "district", Level.DISTRICT, province)
            if row["wardCode"]:  # five island districts have no communes
                _add(found, OLD_LIST, row, "ward", Level.COMMUNE, district)
        for row in database.execute(f"select {_PROVINCE}, {_WARD} from admin_units"):
            province = _add(found, NEW_LIST, row, "province", Level.PROVINCE, COUNTRY)
            _add(found, NEW_LIST, row, "ward", Level.COMMUNE, province)
    return tuple(found.values())


def on_day(unit: Unit, day: date | None) -> Unit:
    """A unit as it was called on a day: what is a thành phố of the country now may have been a tỉnh with another name."""
    if day is None or unit.level is not Level.PROVINCE or unit.code not in _TINH_UNTIL:
        return unit
    raised, name = _TINH_UNTIL[unit.code]
    return unit._replace(name=name, kind="Tỉnh") if day < raised else unit


def package_file(name: str) -> Path:
    """A data file of the package; importing the package itself would load geometry libraries, a second."""
    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / name


def place_key(code_list: str, code: str) -> str:
    """The stable key of a unit: code list, code, first day of validity."""
    return f"{code_list}:{code}:{_FIRST_DAY[code_list]}"


def _add(found: dict[str, Unit], code_list: str, row: sqlite3.Row, tier: str, level: Level, parent: Unit) -> Unit:
    """The unit that a row of the package names at a tier (province, district, ward), added where it is new."""
    key = place_key(code_list, row[f"{tier}Code"])
    if key not in found:
        full_name = row[tier]
        kind = row[f"{tier}Type"] if level is not Level.PROVINCE else _province_kind(full_name)
        # The package marks a name that two units share: "Thới Bình (Xã)"; a numbered ward keeps its word.
        found[key] = Unit(
            place_key=key,
            code=row[f"{tier}Code"],
            code_list=code_list,
            name=row[f"{tier}Short"].removesuffix(f" ({kind})"),
            full_name=full_name,
            kind=kind,
            level=level,
            parent_key=parent.place_key,
            province_key=key if level is Level.PROVINCE else parent.province_key,
            valid_from=VALID_FROM[code_list],
            valid_to=VALID_TO[code_list],
        )
    return found[key]


def _province_kind(full_name: str) -> str:
    return "Thành phố" if full_name.startswith("Thành phố") else "Tỉnh"
