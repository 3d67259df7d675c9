"""Observations as frames with the columns of the stage's tables."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipelines.extract.figures import OUT_OF_BOUNDS
from pipelines.model import Observation, PlatformMention, Status

_SCHEMA = {
    "document_id": pl.String,
    "metric_id": pl.String,
    "place_key": pl.String,
    "place_name": pl.String,
    "place_level": pl.String,
    "platform_id": pl.String,
    "kind": pl.String,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "period_grain": pl.String,
    "period_basis": pl.String,
    "value": pl.Float64,
    "value_low": pl.Float64,
    "value_high": pl.Float64,
    "comparator": pl.String,
    "unit_id": pl.String,
    "quote": pl.String,
    "char_start": pl.Int32,
    "char_end": pl.Int32,
    "value_start": pl.Int32,
    "value_end": pl.Int32,
    "confidence": pl.Float64,
    "rule_id": pl.String,
    "extractor_version": pl.String,
    "tier": pl.String,
    "denominator": pl.Float64,
    "location": pl.String,
}
_CANDIDATE_SCHEMA = {
    "document_id": pl.String,
    "phrase": pl.String,
    "value": pl.Float64,
    "unit_id": pl.String,
    "quote": pl.String,
    "value_start": pl.Int32,
    "value_end": pl.Int32,
    "extractor_version": pl.String,
}
_MENTION_SCHEMA = {
    "document_id": pl.String,
    "platform_id": pl.String,
    "quote": pl.String,
    "char_start": pl.Int32,
    "char_end": pl.Int32,
    "extractor_version": pl.String,
}


def observation_frame(observations: Iterable[Observation], extractor_version: str) -> pl.DataFrame:
    """The facts, what is too uncertain to be one, and what its metric can't have, which the audit sends to
    quarantine, a row each. Candidates and other rejected numbers are left out.
    """
    rows = [
        (
            o.doc_id,
            o.metric_id,
            o.place.key,
            o.place.name,
            o.place.level,
            o.platform_id,
            o.kind,
            o.period.start,
            o.period.end,
            o.period.grain,
            o.period.basis,
            o.value,
            o.value_low,
            o.value_high,
            o.comparator,
            o.unit,
            o.quote,
            *o.quote_span,
            *o.number,
            o.confidence,
            o.rule_id,
            extractor_version,
            o.tier,
            o.denominator,
            o.location,
        )
        for o in observations
        if o.status in (Status.FACT, Status.LOW_CONFIDENCE) or o.reason == OUT_OF_BOUNDS
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def candidate_frame(observations: Iterable[Observation], extractor_version: str) -> pl.DataFrame:
    """The figures that no metric fits, a row each, with the columns of ``stage.candidate``."""
    rows = [
        (o.doc_id, o.phrase, o.value, o.unit, o.quote, *o.number, extractor_version)
        for o in observations
        if o.status is Status.CANDIDATE
    ]
    return pl.DataFrame(rows, schema=_CANDIDATE_SCHEMA, orient="row")


def mention_frame(mentions: Iterable[PlatformMention], extractor_version: str) -> pl.DataFrame:
    """Sentences that speak of a platform, a row each, with the columns of ``stage.platform_mention``."""
    rows = [(m.doc_id, m.platform_id, m.quote, *m.span, extractor_version) for m in mentions]
    return pl.DataFrame(rows, schema=_MENTION_SCHEMA, orient="row")
