"""Every defect is caught by what should catch it, and thirty clean days give nobody anything to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.assets.checks import record
from pipelines.paths import EXPECTATIONS, ROOT, Layout
from pipelines.quality.audit import Result
from pipelines.quality.suites import expectations
from pipelines.store.checks import attach_published, check_head
from pipelines.store.database import Database
from pipelines.store.statements import statements
from tests.alerts.conftest import HOOK, MAIL, Routes
from tests.quality.bench import RUN, Bench
from tests.quality.defects import DEFECTS, Defect
from tests.quality.house import FIRST, HISTORY, NEXT, House

CLEAN_DAYS = 30
SEVERITY = {e.name: e.severity for path in EXPECTATIONS.glob("*.json") for e in expectations(path.stem)} | {
    name: check_head(name, text).severity for name, text in statements("checks")
}
PAGE = ROOT / "docs" / "defects.md"


def house(folder: Path, days: int = HISTORY) -> House:
    layout = Layout(folder / "warehouse")
    layout.create()
    built = House(layout)
    assert to_do(built.live(FIRST, days)) == []
    return built


def to_do(results: list[Result]) -> list[tuple[str, str | None]]:
    """What somebody would be told of."""
    return [(r.expectation.name, r.sample) for r in results if not r.success and r.expectation.severity != "info"]


def outcome(results: list[Result]) -> str:
    failed = [result.expectation for result in results if not result.success]
    if any(expectation.blocks for expectation in failed):
        return "blocked"
    if any(expectation.scope == "row" for expectation in failed):
        return "quarantined"
    return "warned" if any(expectation.severity == "warning" for expectation in failed) else "noted"


def is_told(defect: Defect) -> bool:
    """Whether anybody is to be told of a defect, by the severity of what catches it."""
    return any(SEVERITY[name] in ("critical", "warning") for name in defect.caught.split())


def told(bench: Bench, results: list[Result]) -> int:
    """How many routes of those to which everything goes find it in their outbox, filled by the results' own transaction."""
    record(bench.database, RUN, results)
    [(alerts,)] = bench.database.connection.execute("select count(distinct route_id) from ops.alert").fetchall()
    for table in ("ops.alert", "ops.problem_event", "ops.dq_result"):
        bench.sql(f"delete from {table} where run_id = '{RUN}'")
    return int(alerts)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    built = house(tmp_path_factory.mktemp("bench"))
    with Database(built.layout) as database:
        attach_published(database.connection, built.layout)
        yield Bench(database, built)


@pytest.mark.parametrize("defect", DEFECTS, ids=[defect.id for defect in DEFECTS])
def test_a_defect_is_caught_and_told(defect: Defect, bench: Bench, routes: Routes) -> None:
    results = defect.plant(bench)

    caught = sorted(result.expectation.name for result in results if not result.success)
    assert (" ".join(caught), outcome(results)) == (defect.caught, defect.outcome)
    routes(MAIL, HOOK)
    assert told(bench, results) == (2 if is_told(defect) else 0)


def test_what_is_planted_goes_again(bench: Bench) -> None:
    for results in (bench.document(), bench.row(), bench.whole(lambda _: None)):
        assert [result.expectation.name for result in results if not result.success] == []


@pytest.mark.parametrize("passed", range(0, CLEAN_DAYS, CLEAN_DAYS // 3))
def test_thirty_clean_days_give_nobody_anything_to_do(passed: int, tmp_path: Path) -> None:
    """In three parts, so that they go side by side: what was before each is read at once."""
    built = house(tmp_path, HISTORY + passed)
    for day in range(passed, passed + CLEAN_DAYS // 3):
        assert to_do(built.live(NEXT + timedelta(days=day), 1)) == []


def test_the_defects_are_of_enough_kinds_and_each_stands_once() -> None:
    assert len({defect.id for defect in DEFECTS}) == len(DEFECTS) >= 40


def test_the_page_of_defects_is_up_to_date() -> None:
    """Write it anew with KPI_WRITE_DOCS=1."""
    rows = [
        f"| {d.says} | {', '.join(f'`{name}`' for name in d.caught.split())} | {d.outcome} | {'yes' if is_told(d) else 'no'} |"
        for d in DEFECTS
    ]
    counts = ", ".join(f"{sum(d.outcome == o for d in DEFECTS)} {o}" for o in ("blocked", "quarantined", "warned", "noted"))
    text = "\n".join([HEAD.format(defects=len(DEFECTS), counts=counts, days=CLEAN_DAYS, history=HISTORY), *rows, ""])
    if os.environ.get("KPI_WRITE_DOCS"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text


HEAD = """\
# Defects that are caught

Each was planted alone in good data (five sources over {history} days) and met the stations of the line as a run would bring it
to them: {defects} of {defects} are caught ({counts}). On {days} clean days after these nobody is told of anything.
A defect with an alert is in the outbox of every route that wants it, by the transaction that records what caught it. The table
is `tests/quality/defects.py`; the test that tries them compares it (`KPI_WRITE_DOCS=1` writes it).

blocked: nothing is published until it is mended · quarantined: the row waits for a steward, the rest passes · warned: somebody
should look · noted: good to know.

| what is wrong | caught by | what comes of it | alert |
|---|---|---|---|"""
