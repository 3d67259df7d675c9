"""The structure of an SDMX export: concepts, code lists, data structure definition, dataflow.

Belongs here: what pysdmx must be told. Does not: the rows (sdmx.py).

Concepts that SDMX's cross-domain list has keep its ids (FREQ, REF_AREA, TIME_PERIOD, OBS_VALUE, UNIT_MEASURE). It
has none for how a value bounds the true one: OBS_COMPARATOR is ours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple

import polars as pl
from pysdmx.model import (
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    Role,
)
from pysdmx.model.__base import MaintainableArtefact

from pipelines.export.codes import BASES, COMPARATORS, KINDS, LEVELS, CodeList
from pipelines.export.selection import Export

AGENCY, STRUCTURE_ID, VERSION = "KPI_WAREHOUSE", "KPI", "1.0"
NOT_APPLICABLE = "_Z"  # as SDMX's own code lists say it
DIMENSIONS = ["FREQ", "INDICATOR", "REF_AREA", "KIND", "TIER", "TIME_PERIOD"]
_OPEN_END = date(9999, 12, 31)
# The part of SDMX:CL_FREQ(2.1) that periods.py gives, with its codes.
_FREQUENCIES = {
    "A": "Annual",
    "S": "Half-yearly",
    "Q": "Quarterly",
    "M": "Monthly",
    "W": "Weekly",
    "D": "Daily: the state on that day",
    "_O": "Other: TIME_PERIOD is a range, first day and duration",
}


class _Part(NamedTuple):
    id: str
    name: str
    role: Role
    code_list: str | None = None
    type: DataType = DataType.STRING
    required: bool = False


_PARTS = (
    _Part("FREQ", "Length of the period", Role.DIMENSION, "CL_FREQ", required=True),
    _Part("INDICATOR", "Metric", Role.DIMENSION, "CL_METRIC", required=True),
    _Part("REF_AREA", "Place, as it was on the period's days", Role.DIMENSION, "CL_PLACE", required=True),
    _Part("KIND", "Actual or target", Role.DIMENSION, "CL_KIND", required=True),
    _Part("TIER", "Level of government that the figure is of", Role.DIMENSION, "CL_TIER", required=True),
    _Part("TIME_PERIOD", "Period", Role.DIMENSION, type=DataType.PERIOD, required=True),
    _Part("OBS_VALUE", "Stated value", Role.MEASURE, type=DataType.DOUBLE, required=True),
    _Part("UNIT_MEASURE", "Unit of measure", Role.ATTRIBUTE, "CL_UNIT", required=True),
    _Part("OBS_COMPARATOR", "How the stated value bounds the true one", Role.ATTRIBUTE, "CL_COMPARATOR", required=True),
    _Part("VALUE_LOW", "Lower bound of the true value", Role.ATTRIBUTE, type=DataType.DOUBLE),
    _Part("VALUE_HIGH", "Upper bound of the true value", Role.ATTRIBUTE, type=DataType.DOUBLE),
    _Part("DENOMINATOR", "What the value is a part of", Role.ATTRIBUTE, type=DataType.DOUBLE),
    _Part("PERIOD_BASIS", "Where the period comes from", Role.ATTRIBUTE, "CL_PERIOD_BASIS"),
    _Part("PLATFORM", "Named digital system", Role.ATTRIBUTE, "CL_PLATFORM"),
    _Part("SOURCE", "Who published the document", Role.ATTRIBUTE, "CL_SOURCE"),
    _Part("CONFIDENCE", "How sure the reading is, 0 to 1", Role.ATTRIBUTE, type=DataType.DOUBLE),
    _Part("DOCUMENT_ID", "SHA-256 of the document's bytes", Role.ATTRIBUTE),
    _Part("OBSERVATION_ID", "Key of the observation in the warehouse", Role.ATTRIBUTE, required=True),
)


def as_code(key: pl.Expr) -> pl.Expr:
    """A place's key as an SDMX id, which may hold ``A–Z a–z 0–9 _ @ $ -`` only: "/" is "@" there, ":" is "$"."""
    return key.str.replace_many(["/", ":"], ["@", "$"])


def as_key(code: pl.Expr) -> pl.Expr:
    """The place's key that ``as_code`` was given; no key holds "@" or "$"."""
    return code.str.replace_many(["@", "$"], ["/", ":"])


def structures(export: Export) -> tuple[DataStructureDefinition, list[MaintainableArtefact]]:
    """The data structure definition, and everything that the structure message holds."""
    lists = {code_list.id: code_list for code_list in _code_lists(export)}
    concepts = [Concept(id=part.id, urn=_item_urn(part.id), name=part.name, dtype=part.type) for part in _PARTS]
    scheme = ConceptScheme(id="CS_KPI", name="Concepts of the KPI warehouse", agency=AGENCY, version=VERSION, items=concepts)
    components = [
        Component(
            id=part.id,
            required=part.required,
            role=part.role,
            concept=concept,
            local_dtype=part.type,
            name=part.name,
            local_codes=lists.get(part.code_list or ""),
            local_enum_ref=_urn("codelist.Codelist", part.code_list) if part.code_list else None,
            attachment_level="O" if part.role is Role.ATTRIBUTE else None,
        )
        for part, concept in zip(_PARTS, concepts, strict=True)
    ]
    structure = DataStructureDefinition(
        id=STRUCTURE_ID,
        name="Observations of the KPI warehouse",
        agency=AGENCY,
        version=VERSION,
        components=Components(components),
    )
    flow = Dataflow(
        id=STRUCTURE_ID, name=f"mart.{export.mart}, {export.version}", agency=AGENCY, version=VERSION, structure=structure
    )
    return structure, [*lists.values(), scheme, structure, flow]


def _urn(kind: str, id: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={AGENCY}:{id}({VERSION})"


def _item_urn(id: str) -> str:
    return f"{_urn('conceptscheme.Concept', 'CS_KPI')}.{id}"


def _code_lists(export: Export) -> list[Codelist]:
    dims = export.code_lists
    tier = [*_named(LEVELS), Code(id=NOT_APPLICABLE, name="không riêng cấp nào", description="not of one level only")]
    return [
        _code_list("CL_FREQ", "Length of a period", [Code(id=id, name=name) for id, name in _FREQUENCIES.items()]),
        _code_list("CL_METRIC", "Metrics", _codes(dims["metric"], "metric_id")),
        _code_list("CL_PLACE", "Administrative units of Việt Nam", _places(dims["place"])),
        _code_list("CL_UNIT", "Units of measure", _codes(dims["unit"], "unit_id")),
        _code_list("CL_PLATFORM", "Named digital systems", _codes(dims["platform"], "platform_id")),
        _code_list("CL_SOURCE", "Publishers", _codes(dims["source"].rename({"name": "name_vi"}), "source_id")),
        _code_list("CL_KIND", "Actual or target", _named(KINDS)),
        _code_list("CL_TIER", "Levels of government", tier),
        _code_list("CL_COMPARATOR", "How a value bounds the true one", _named(COMPARATORS)),
        _code_list("CL_PERIOD_BASIS", "Where a period comes from", _named(BASES)),
    ]


def _code_list(id: str, name: str, codes: list[Code]) -> Codelist:
    return Codelist(id=id, name=name, agency=AGENCY, version=VERSION, items=codes)


def _named(codes: CodeList) -> list[Code]:
    return [Code(id=str(code), name=words.vi, description=words.en) for code, words in codes.items()]


def _codes(frame: pl.DataFrame, key: str) -> list[Code]:
    """A dimension as codes: the Vietnamese name, and the English one as description where there is one."""
    return [Code(id=row[key], name=row["name_vi"], description=row.get("name_en")) for row in frame.iter_rows(named=True)]


def _places(frame: pl.DataFrame) -> list[Code]:
    coded = frame.select(as_code(pl.col("place_key")), "full_name", "valid_from", "valid_to")
    return [
        Code(id=id, name=name, valid_from=_midnight(first), valid_to=_midnight(end)) for id, name, first, end in coded.rows()
    ]


def _midnight(day: date) -> datetime | None:
    return None if day == _OPEN_END else datetime.combine(day, time(), UTC)
