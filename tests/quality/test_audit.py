"""Suites, and an expectation that raises."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from pipelines.paths import EXPECTATIONS
from pipelines.quality import suites
from pipelines.quality.audit import audit
from pipelines.quality.suites import expectations

META = {"scope": "row", "owner": "data steward", "reason": "A test."}


def write_suite(folder: Path, *entries: dict[str, object]) -> None:
    content = {"name": "test", "expectations": list(entries)}
    (folder / "test.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("path", sorted(EXPECTATIONS.glob("*.json")), ids=lambda path: path.stem)
def test_every_expectation_says_its_severity_owner_and_reason(path: Path) -> None:
    known = expectations(path.stem)
    assert known
    assert len({e.name for e in known}) == len(known)
    for expectation in known:
        assert expectation.severity in ("critical", "warning", "info")
        assert expectation.scope in ("row", "table")
        assert expectation.reason.endswith(".")


def test_failing_rows_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suites, "EXPECTATIONS", tmp_path)
    write_suite(
        tmp_path,
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "value", "max_value": 100},
            "severity": "critical",
            "meta": {"name": "in_bounds", **META},
        },
    )
    [result] = audit("test", pl.DataFrame({"id": ["a", "b", "c"], "value": [80.0, 180.0, None]}), "id")
    assert (result.success, result.failing_keys, result.failing_rows) == (False, ("b",), 1)
    assert not result.blocks, "a row's failure doesn't block the table"


def test_an_expectation_that_raises_is_a_critical_failure_of_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suites, "EXPECTATIONS", tmp_path)
    write_suite(
        tmp_path,
        {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "no_such_column"},
            "severity": "info",
            "meta": {"name": "raises", **META},
        },
    )
    [result] = audit("test", pl.DataFrame({"id": ["a"]}), "id")
    assert result.blocks
    assert "no_such_column" in str(result.observed)


def test_nothing_to_audit_costs_nothing() -> None:
    import sys

    before = "great_expectations" in sys.modules
    assert all(result.success for result in audit("observation", pl.DataFrame({"observation_id": []}), "observation_id"))
    assert ("great_expectations" in sys.modules) == before
