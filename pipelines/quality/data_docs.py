"""Data Docs: the results of the checks as static pages, drawn by Great Expectations' own renderer.

Belongs here: turning rows of ``ops.dq_result`` into what the renderer takes, so that suites and `sql/checks/` look alike and
any recorded run can be drawn; the pages and their index.
Does not: how a page looks (Great Expectations), when pages are drawn (assets/watch.py, cli/).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.quality.audit import NOTHING_TO_AUDIT
from pipelines.quality.suites import definitions

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.render.view import DefaultJinjaIndexPageView, DefaultJinjaPageView

INDEX = "index.html"
RUNS_SHOWN = 30
_PAGES = "validations"
_SITE = "kpi"


def draw(folder: Path, results: Iterable[dict[str, Any]], kept: Iterable[dict[str, Any]]) -> None:
    """Draw the pages of one run from its rows of ``ops.dq_result``, a page for each suite that looked at anything, and the
    index of the pages that are there of ``kept`` (run_id, suite, recorded_at, success); the other pages are removed.
    """
    pages = {suite: list(rows) for suite, rows in groupby(results, key=itemgetter("suite"))}
    looked_at = {suite: rows for suite, rows in pages.items() if any(row["observed"] != NOTHING_TO_AUDIT for row in rows)}
    for suite, rows in looked_at.items():
        _draw_page(folder / _page(suite, rows[0]), suite, rows)
    if looked_at:
        _draw_index(folder, kept)


def _draw_page(page: Path, suite: str, results: Sequence[dict[str, Any]]) -> None:
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    page.parent.mkdir(parents=True, exist_ok=True)
    document = ValidationResultsPageRenderer().render(_validation(suite, results))
    pages, _ = _views()
    page.write_text(pages.render(document), encoding="utf-8")


@cache
def _views() -> tuple[DefaultJinjaPageView, DefaultJinjaIndexPageView]:
    """What renders pages and their index, made once: each compiles its templates anew."""
    from great_expectations.render.view import DefaultJinjaIndexPageView, DefaultJinjaPageView

    return DefaultJinjaPageView(), DefaultJinjaIndexPageView()


def _draw_index(folder: Path, kept: Iterable[dict[str, Any]]) -> None:
    from great_expectations.render.renderer.site_index_page_renderer import SiteIndexPageRenderer

    links = [_link(row) for row in kept if (folder / _page(row["suite"], row)).exists()]
    runs = {link["run_name"] for link in links}
    for left in folder.glob(f"{_PAGES}/*/*"):
        if left.name not in runs:
            shutil.rmtree(left)
    document = SiteIndexPageRenderer().render({"site_name": _SITE, "validations_links": links})
    _, index = _views()
    (folder / INDEX).write_text(index.render(document), encoding="utf-8")


def _page(suite: str, row: dict[str, Any]) -> str:
    # as deep as Great Expectations lays its own, which its links from a page to the index go by
    return f"{_PAGES}/{suite}/{row['run_id']}/latest/{suite}.html"


def _link(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "full_key": None,
        "run_name": row["run_id"],
        "run_time": f"{row['recorded_at']:%Y-%m-%dT%H:%M:%SZ}",
        "batch_identifier": row["run_id"],
        "expectation_suite_name": row["suite"],
        "filepath": _page(row["suite"], row),
        "source": "pipeline",
        "validation_success": row["success"],
        "asset_name": row["suite"],
        "batch_kwargs": None,
        "batch_spec": None,
    }


def _validation(suite: str, results: Sequence[dict[str, Any]]) -> ExpectationSuiteValidationResult:
    from great_expectations.core import ExpectationSuiteValidationResult

    known = definitions(suite)
    passed = sum(row["success"] for row in results)
    return ExpectationSuiteValidationResult(
        success=passed == len(results),
        results=[_result(known.get(row["expectation"]), row) for row in results],
        suite_name=suite,
        suite_parameters={},
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(results) - passed,
            "success_percent": 100 * passed / len(results),
        },
        meta={"run_id": {"run_name": results[0]["run_id"], "run_time": f"{results[0]['recorded_at']:%Y-%m-%dT%H:%M:%SZ}"}},
    )


def _result(definition: dict[str, Any] | None, row: dict[str, Any]) -> ExpectationValidationResult:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    said = f"{row['expectation']} ({row['severity']}, {row['owner']}): {row['reason']}"
    failing = [", ".join(f"{name}: {value}" for name, value in item.items()) for item in json.loads(row["sample"] or "[]")]
    configuration = ExpectationConfiguration(
        type=definition["type"] if definition else "unexpected_rows_expectation",
        kwargs=definition["kwargs"]
        if definition
        else {"unexpected_rows_query": f"sql/checks/{row['expectation']}.sql of {{batch}}"},
        severity=row["severity"],
        description=said.replace("$", "$$"),
    )
    return ExpectationValidationResult(
        success=row["success"],
        expectation_config=configuration,
        result={
            "observed_value": f"{row['failing_rows']} rows" if row["failing_rows"] else row["observed"],
            "unexpected_count": 0,  # else the renderer wants the share of all rows too, which is not kept
            "partial_unexpected_list": failing,
        },
        exception_info={"raised_exception": False, "exception_message": None, "exception_traceback": None},
    )
