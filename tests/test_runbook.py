"""The runbook has a page for every alert that people can be sent, and none for others; messages lead to it."""

from __future__ import annotations

import json
import re

import pytest

from pipelines.alerts.digest import words
from pipelines.alerts.outbox import KINDS
from pipelines.paths import EXPECTATIONS, ROOT
from pipelines.quality.suites import expectations
from pipelines.store.checks import check_head
from pipelines.store.statements import statements

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
PAGES = {page.split("\n", 1)[0]: page.split("\n", 1)[1] for page in re.split(r"^### ", RUNBOOK, flags=re.MULTILINE)[1:]}
ALERTING = {"critical", "warning"}
CHECKS = {
    expectation.name
    for path in EXPECTATIONS.glob("*.json")
    for expectation in expectations(path.stem)
    if expectation.severity in ALERTING
} | {name for name, text in statements("checks") if check_head(name, text).severity in ALERTING}


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    needed = CHECKS | (set(KINDS) - {"check"})
    assert sorted(needed - set(PAGES)) == [], "write these pages in docs/runbook.md"
    assert sorted(set(PAGES) - needed) == [], "take these pages out of docs/runbook.md"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_says_what_it_means_how_to_look_and_what_to_do(name: str) -> None:
    said = re.findall(r"^- \*\*(.+?):\*\* .+", PAGES[name], flags=re.MULTILINE)
    assert said == ["Means", "Look", "Do"]


def test_every_alert_has_vietnamese_words() -> None:
    needed = CHECKS | (set(KINDS) - {"check"})
    known = set(words("vi")["reasons"])
    assert sorted(needed - known) == [], "write these under vi.reasons in pipelines/alerts/templates/words.yaml"
    assert sorted(known - needed) == [], "take these out of pipelines/alerts/templates/words.yaml"


def test_both_languages_have_the_same_words() -> None:
    def keys(found: object, depth: int = 2) -> object:
        return {key: keys(value, depth - 1) for key, value in found.items()} if isinstance(found, dict) and depth else None

    vi, en = (
        {name: value for name, value in words(language).items() if name not in ("reasons", "owners")}
        for language in ("vi", "en")
    )
    assert json.dumps(keys(vi), sort_keys=True) == json.dumps(keys(en), sort_keys=True)
