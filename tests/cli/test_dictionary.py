"""`kpi dictionary` as its user meets it."""

from __future__ import annotations

from tests.conftest import Kpi


def test_one_table_of_the_dictionary(kpi: Kpi) -> None:
    shown = kpi("dictionary", "mart.metric_trend").stdout
    assert "### mart.metric_trend" in shown
    assert "| value_low | double | Lower bound" in shown
    assert shown.count("###") == 1


def test_an_unknown_table_is_said(kpi: Kpi) -> None:
    result = kpi("dictionary", "mart.nothing")
    assert (result.returncode, result.stdout) == (1, "")
    assert "mart.nothing: no such table; kpi dictionary lists all" in result.stderr
