"""The suites of `expectations/`: what they expect, without running them.

Belongs here: reading a suite's file, so that Dagster knows its checks before any run.
Does not: running it (audit.py).

A suite's file is Great Expectations' own form. ``meta`` adds a name, a scope (row: failing rows go to
quarantine and the rest passes; table: a critical failure blocks), an owner and a reason in plain words; ``releasable`` where
a person may let a failing row pass. A suite looks at what is new to a run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pipelines.paths import EXPECTATIONS


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation of a suite as its file states it.

    ``standing``: it looks at how things stand, so that a later success means that the failure is over.
    """

    name: str
    scope: str
    severity: str
    owner: str
    reason: str
    releasable: bool = False
    standing: bool = False

    @property
    def blocks(self) -> bool:
        return self.scope == "table" and self.severity == "critical"


def suite_definition(suite: str) -> dict[str, Any]:
    """The content of `expectations/SUITE.json`."""
    definition: dict[str, Any] = json.loads((EXPECTATIONS / f"{suite}.json").read_text(encoding="utf-8"))
    return definition


def definitions(suite: str) -> dict[str, dict[str, Any]]:
    """The entries of a suite by their names; nothing where there is no such suite."""
    if not (EXPECTATIONS / f"{suite}.json").exists():
        return {}
    return {entry["meta"]["name"]: entry for entry in suite_definition(suite)["expectations"]}


def expectations(suite: str) -> list[Expectation]:
    """The expectations of a suite, in their order. Raises ``KeyError`` where one lacks a field."""
    return [
        Expectation(
            entry["meta"]["name"],
            entry["meta"]["scope"],
            entry["severity"],
            entry["meta"]["owner"],
            entry["meta"]["reason"],
            entry["meta"].get("releasable", False),
        )
        for entry in suite_definition(suite)["expectations"]
    ]
