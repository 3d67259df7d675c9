"""The catalogue and the gazetteer as rows of the dimension tables."""

from __future__ import annotations

import polars as pl

from pipelines.reference.catalogue import Catalogue
from pipelines.reference.gazetteer import Unit, units
from pipelines.reference.successions import successions


def dimension_frames(catalogue: Catalogue) -> dict[str, pl.DataFrame]:
    """A frame for each dimension table, with the table's own columns."""
    return {
        "dim_unit": pl.DataFrame(
            [
                {"unit_id": u.id, "name_vi": u.name.vi, "name_en": u.name.en, "kind": u.kind, "additive": u.additive}
                for u in catalogue.units.values()
            ]
        ),
        "dim_platform": pl.DataFrame(
            [{"platform_id": p.id, "name_vi": p.name.vi, "name_en": p.name.en} for p in catalogue.platforms.values()]
        ),
        "dim_metric": pl.DataFrame(
            [
                {
                    "metric_id": m.id,
                    "name_vi": m.name.vi,
                    "name_en": m.name.en,
                    "pillar": m.pillar,
                    "unit_id": m.unit,
                    "lower_bound": float(m.bounds[0]),
                    "upper_bound": m.bounds[1],
                    "direction": m.direction,
                    "platform_id": m.platform,
                    "cumulative": m.cumulative,
                }
                for m in catalogue.metrics.values()
            ],
            schema_overrides={"upper_bound": pl.Float64, "platform_id": pl.String},
            infer_schema_length=None,
        ),
        "dim_source": pl.DataFrame(
            [
                {"source_id": s.id, "name": s.name, "kind": s.kind, "authority": s.authority, "province": s.province}
                for s in catalogue.sources.values()
            ],
            schema_overrides={"province": pl.String},
            infer_schema_length=None,
        ),
        "dim_place": pl.DataFrame(units(), schema=list(Unit._fields), orient="row", infer_schema_length=None),
        "place_succession": successions(),
    }
