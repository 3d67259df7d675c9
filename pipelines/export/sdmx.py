"""SDMX-CSV 2.0 with its structure message (SDMX-JSON 2.0): observations for other statistical systems.

Belongs here: rows as SDMX observations. Does not: the structure (sdmx_structure.py), periods (periods.py).

Only codes, numbers and ids go out, so no cell holds what a document says; ``OBSERVATION_ID`` leads to the sentence.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset
from pysdmx.io.writer import write_sdmx
from pysdmx.model import Organisation
from pysdmx.model.message import Header

from pipelines.errors import UserError
from pipelines.export.periods import FREQUENCY, TIME_PERIOD
from pipelines.export.sdmx_structure import AGENCY, DIMENSIONS, NOT_APPLICABLE, as_code, structures
from pipelines.export.selection import Export

DATA, STRUCTURE = "observations.csv", "structure.json"
_COLUMNS = {
    "INDICATOR": "metric_id",
    "KIND": "kind",
    "OBS_VALUE": "value",
    "UNIT_MEASURE": "unit_id",
    "OBS_COMPARATOR": "comparator",
    "VALUE_LOW": "value_low",
    "VALUE_HIGH": "value_high",
    "DENOMINATOR": "denominator",
    "PERIOD_BASIS": "period_basis",
    "PLATFORM": "platform_id",
    "SOURCE": "source_id",
    "CONFIDENCE": "confidence",
    "DOCUMENT_ID": "document_id",
    "OBSERVATION_ID": "observation_id",
}


class NotForSdmx(UserError):
    """The rows can't be SDMX observations."""


def write(export: Export, path: Path) -> None:
    """``observations.csv`` and ``structure.json``, into the folder ``path``. Raises ``NotForSdmx``."""
    frame = sdmx_frame(export)
    structure, messages = structures(export)
    dataset = PandasDataset(structure=structure.to_schema(), data=frame.to_pandas())
    write_sdmx([dataset], Format.DATA_SDMX_CSV_2_0_0, str(path / DATA))
    header = Header(id=export.version, prepared=export.built_at, sender=Organisation(id=AGENCY))
    write_sdmx(messages, Format.STRUCTURE_SDMX_JSON_2_0_0, str(path / STRUCTURE), prettyprint=False, header=header)


def sdmx_frame(export: Export) -> pl.DataFrame:
    """The rows with the components of the structure as columns. Raises ``NotForSdmx``."""
    if not export.is_observations:
        raise NotForSdmx(f"mart.{export.mart} holds no observations; SDMX takes mart.latest_observation, others: --format csv")
    given = export.frame
    frame = given.select(
        FREQUENCY.alias("FREQ"),
        as_code(pl.col("place_key")).alias("REF_AREA"),
        (pl.col("tier") if "tier" in given.columns else pl.lit(None, pl.String)).fill_null(NOT_APPLICABLE).alias("TIER"),
        TIME_PERIOD.alias("TIME_PERIOD"),
        *(pl.col(column).alias(component) for component, column in _COLUMNS.items() if column in given.columns),
    )
    twice = frame.filter(frame.select(DIMENSIONS).is_duplicated())
    if not twice.is_empty():
        key = ", ".join(map(str, twice.select(DIMENSIONS).row(0)))
        raise NotForSdmx(
            f"mart.{export.mart}: {twice.height:,} rows share their key with another ({key}), and SDMX has one value a key; "
            "export mart.latest_observation, or take --format csv"
        )
    return frame
