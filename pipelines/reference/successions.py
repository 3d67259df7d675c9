"""What became of every administrative unit on 1 July 2025.

Belongs here: which of today's units hold land of which old ones, and what kind of change that was.
Does not: the units themselves (gazetteer.py), rolling figures up (sql/marts/080_todays_unit.sql).

Read from ``converter_2025.json`` of the package vietnamadminunits, which follows the 34 resolutions of the National
Assembly's Standing Committee of 16 June 2025 (1654–1687/NQ-UBTVQH15): for each of today's communes the old ones
that went into it whole, and for each divided old one the communes that share it. What the package adds to a divided
one, a default and distances for guessing an address, says nothing of how much went where and is not read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from typing import Any

import polars as pl

from pipelines.errors import UserError
from pipelines.model import Level
from pipelines.reference.gazetteer import NEW_LIST, OLD_LIST, PACKAGE, REFORM, package_file, place_key, units

LEGAL_BASIS = {
    Level.PROVINCE: "Nghị quyết 202/2025/QH15",
    Level.DISTRICT: "Nghị quyết 203/2025/QH15",
    Level.COMMUNE: "Nghị quyết 1654–1687/NQ-UBTVQH15",
}
_OLD_KEYS = "select provinceKey, districtKey, coalesce(wardKey, ''), coalesce(wardCode, districtCode) from admin_units_legacy"
_NEW_KEYS = "select provinceKey, wardKey, wardCode from admin_units"


class SuccessionError(UserError):
    """The package's map of the reform doesn't fit its own list of units."""


class Change(StrEnum):
    """What happened to an old unit; `sql/schema/009_place_succession.sql` defines each."""

    UNCHANGED = "unchanged"
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    TRANSFERRED = "transferred"


@cache
def successions() -> pl.DataFrame:
    """The rows of ``core.place_succession``, with that table's columns; made once a process.

    Raises ``SuccessionError`` where the package's map names a unit that its list lacks.
    """
    pairs = _every_level(pl.DataFrame(_mapped(), schema=["from_key", "to_key"], orient="row"))
    basis = pl.col("from_level").replace_strict({str(level): law for level, law in LEGAL_BASIS.items()})
    return _with_change(pairs).select(
        "from_key",
        "to_key",
        "from_level",
        "change",
        pl.lit(REFORM).alias("valid_from"),
        basis.alias("legal_basis"),
        pl.lit(f"{PACKAGE} {version(PACKAGE)}").alias("source"),
    )


def _mapped() -> list[tuple[str, str]]:
    """(old, new) of every commune, and of the five island districts that had none, as the package maps them."""
    old, new = _keys()
    document = json.loads(package_file("converter_2025.json").read_text(encoding="utf-8"))
    try:
        return [(old[from_unit], new[province, to_unit]) for from_unit, province, to_unit in _named(document)]
    except KeyError as error:
        raise SuccessionError(
            f"{PACKAGE} {version(PACKAGE)}: converter_2025.json maps {error.args[0]!r}, which dataset.db lacks;"
            " install the version that pyproject.toml names"
        ) from error


def _named(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(old unit, new province, new unit) by the package's own names, first of the undivided, then of the divided."""
    for province, communes in document["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, from_units in communes.items():
            yield from ((from_unit, province, commune) for from_unit in from_units)
    for province, divided in document["DICT_PROVINCE_WARD_DIVIDED"].items():
        for from_unit, parts in divided.items():
            yield from ((from_unit, province, part["newWardKey"]) for part in parts)


def _keys() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """The place keys of the old and of today's communes, by the package's own names of them."""
    with sqlite3.connect(f"file:{package_file('dataset.db')}?mode=ro", uri=True) as database:
        old = {f"{p}_{d}_{c}": place_key(OLD_LIST, code) for p, d, c, code in database.execute(_OLD_KEYS)}
        new = {(p, c): place_key(NEW_LIST, code) for p, c, code in database.execute(_NEW_KEYS)}
    return old, new


def _every_level(mapped: pl.DataFrame) -> pl.DataFrame:
    """from_key, to_key and from_level with the names of both, of communes, districts and provinces."""
    known = pl.DataFrame(
        [(u.place_key, str(u.level), u.full_name, u.parent_key, u.province_key) for u in units()],
        schema=["key", "level", "name", "parent", "province"],
        orient="row",
    )
    both = mapped.join(known.select(pl.all().name.prefix("from_")), on="from_key").join(
        known.select(pl.all().name.prefix("to_")), on="to_key"
    )
    of_commune = pl.col("from_level") == Level.COMMUNE
    communes = both.filter(of_commune).select("from_key", "to_key")
    districts = both.select(pl.when(of_commune).then("from_parent").otherwise("from_key").alias("from_key"), "to_key")
    provinces = both.select(pl.col("from_province").alias("from_key"), pl.col("to_province").alias("to_key"))
    return (
        pl.concat([communes, districts, provinces])
        .unique(maintain_order=True)
        .join(known.select(pl.col("key", "level", "name").name.prefix("from_")), on="from_key")
        .join(known.select(pl.col("key", "name").name.prefix("to_")), on="to_key")
    )


def _with_change(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs with the kind of change: how many of today's units hold the old one, who of its level went with it."""
    together = ("to_key", "from_level")
    counted = pairs.with_columns(
        (pl.len().over("from_key") > 1).alias("divided"), (pl.len().over(together) == 1).alias("alone")
    ).with_columns(pl.col("divided").any().over(together).alias("takes_parts"))
    same_name = pl.col("from_name").str.to_lowercase() == pl.col("to_name").str.to_lowercase()
    return counted.with_columns(
        pl.when("divided")
        .then(pl.lit(Change.SPLIT))
        .when(pl.col("alone") & same_name)
        .then(pl.lit(Change.UNCHANGED))
        .when("alone")
        .then(pl.lit(Change.RENAMED))
        .when("takes_parts")
        .then(pl.lit(Change.TRANSFERRED))
        .otherwise(pl.lit(Change.MERGED))
        .alias("change")
    )
