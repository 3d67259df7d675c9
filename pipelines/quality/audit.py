"""Auditing a frame with a suite of Great Expectations.

Belongs here: running a suite and putting its results into plain values.
Does not: what becomes of failing rows (assets/), the suites themselves (expectations/).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.quality.suites import Expectation, expectations, suite_definition

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core.batch_definition import BatchDefinition

NOTHING_TO_AUDIT = "no rows"
_SAMPLE = 5
_CONTEXT = ("metric_id", "place_key", "quote")  # what a sample of failing rows tells of each, where the frame has it


@dataclass(frozen=True, slots=True)
class Result:
    """How one expectation went. ``failing_keys`` are the keys of the rows that failed it, ``metric_ids`` and
    ``place_keys`` what these rows speak of, ``subjects`` which of them together."""

    suite: str
    expectation: Expectation
    success: bool
    observed: str | None
    failing_keys: tuple[str, ...]
    failing_rows: int
    sample: str | None
    metric_ids: tuple[str, ...] = ()
    place_keys: tuple[str, ...] = ()
    subjects: tuple[tuple[str | None, str | None], ...] = ()

    @property
    def blocks(self) -> bool:
        return not self.success and self.expectation.blocks

    def as_row(self) -> dict[str, Any]:
        """The result as a row of ``ops.dq_result`` without run and time."""
        return {
            "suite": self.suite,
            "expectation": self.expectation.name,
            "scope": self.expectation.scope,
            "severity": self.expectation.severity,
            "success": self.success,
            "observed": self.observed,
            "failing_rows": self.failing_rows,
            "sample": self.sample,
            "reason": self.expectation.reason,
            "owner": self.expectation.owner,
            "standing": self.expectation.standing,
            "metric_ids": list(self.metric_ids),
            "place_keys": list(self.place_keys),
        }


def audit(suite: str, frame: pl.DataFrame, key: str) -> list[Result]:
    """Run a suite over ``frame``, whose rows ``key`` names; an empty frame meets every expectation.

    An expectation that raises counts as a failed critical one of the whole table, whatever its own
    severity: Great Expectations reports it as a failure without rows.
    """
    known = expectations(suite)
    if frame.is_empty():
        return [Result(suite, expectation, True, NOTHING_TO_AUDIT, (), 0, None) for expectation in known]
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    batch = _batches(suite).get_batch({"dataframe": _as_pandas(frame, key)})
    validation = batch.validate(
        gx.ExpectationSuite(**suite_definition(suite)),
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [key]},
    )
    by_name = {expectation.name: expectation for expectation in known}
    return [_result(suite, by_name, outcome.to_json_dict(), frame, key) for outcome in validation.results]


@cache
def _batches(suite: str) -> BatchDefinition[Any]:
    """What Great Expectations needs to look at frames, made once a process: that takes as long as looking at a small one."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_pandas(suite).add_dataframe_asset(suite).add_batch_definition_whole_dataframe("all")


def _as_pandas(frame: pl.DataFrame, key: str) -> pd.DataFrame:
    """What Great Expectations looks at: without quotes, and words that come again and again kept once."""
    looked_at = frame.drop("quote", strict=False)
    words = [name for name, kind in looked_at.schema.items() if kind == pl.String and name != key]
    return looked_at.with_columns(pl.col(words).cast(pl.Categorical)).to_pandas()


def _result(suite: str, known: dict[str, Expectation], outcome: dict[str, Any], frame: pl.DataFrame, key: str) -> Result:
    expectation = known[outcome["expectation_config"]["meta"]["name"]]
    if (message := _exception(outcome["exception_info"])) is not None:
        return Result(suite, raised(expectation, message), False, message, (), 0, None)
    result = outcome["result"]
    failing = result.get("unexpected_index_list") or []
    keys = tuple(dict.fromkeys(str(row[key]) for row in failing))
    observed = result.get("observed_value", result.get("unexpected_count"))
    rows = frame.filter(pl.col(key).is_in(keys))
    return Result(
        suite,
        expectation,
        bool(outcome["success"]),
        None if observed is None else str(observed),
        keys,
        int(result.get("unexpected_count") or 0),
        _sample(failing[:_SAMPLE], rows, key),
        _distinct(rows, "metric_id"),
        _distinct(rows, "place_key"),
        _subjects(rows),
    )


def raised(expectation: Expectation, message: str) -> Expectation:
    """What an expectation that raised counts as: a critical one of the whole table, whatever its own severity."""
    return replace(expectation, scope="table", severity="critical", reason=f"{expectation.reason} (it raised: {message})")


def _sample(failing: list[dict[str, Any]], rows: pl.DataFrame, key: str) -> str | None:
    """The failing rows as JSON, each with what the frame says of it besides."""
    if not failing:
        return None
    known = rows.filter(pl.col(key).is_in([str(row[key]) for row in failing]))
    told = {row[key]: row for row in known.select(key, *(name for name in _CONTEXT if name in rows.columns)).to_dicts()}
    return json.dumps([{**told.get(row[key], {}), **row} for row in failing], ensure_ascii=False, default=str)


def _distinct(rows: pl.DataFrame, column: str) -> tuple[str, ...]:
    return tuple(rows[column].drop_nulls().unique().sort()) if column in rows.columns else ()


def _subjects(rows: pl.DataFrame) -> tuple[tuple[str | None, str | None], ...]:
    """The (metric, place) of each of the rows, once."""
    columns = [
        pl.col(name) if name in rows.columns else pl.lit(None, pl.String).alias(name) for name in ("metric_id", "place_key")
    ]
    return tuple(rows.select(columns).unique().sort("metric_id", "place_key").iter_rows())


def _exception(info: dict[str, Any]) -> str | None:
    """The message of an expectation that raised; the report has one entry, or one for each metric."""
    entries = [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, dict)]
    return next((str(entry.get("exception_message")) for entry in entries if entry.get("raised_exception")), None)
