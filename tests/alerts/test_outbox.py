"""Problems open once and are solved once, and every route is told of each of these once, in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.alerts.outbox import Finding, address, note
from pipelines.paths import Layout
from pipelines.reference.routes import Route, load_routes
from pipelines.settings import read_settings
from pipelines.store.database import Database
from tests.alerts.conftest import HOOK, MAIL, Routes, failing, passing

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SUBJECTS = [(None, None), ("qr_payment_coverage", None), ("qr_payment_coverage", "VN"), ("dti_score", "VN")]


@pytest.fixture
def database(layout: Layout) -> Iterator[Database]:
    with Database(layout) as database:
        yield database


def seen(database: Database, run: int, *findings: Finding) -> None:
    note(database, f"run-{run}", NOW + timedelta(days=run), findings)


def rows(database: Database, query: str) -> list[Any]:
    return database.connection.execute(query).fetchall()


def alerts(database: Database) -> list[tuple[str, str, str, str]]:
    columns = "route_id, about, expectation, a.run_id"
    return rows(database, f"select {columns} from ops.alert as a join ops.problem_event using (event_id) order by alert_id")


# Runs of three checks: of each the subjects that fail, or that it was not looked at.
RUNS = st.lists(
    st.fixed_dictionaries({name: st.none() | st.sets(st.sampled_from(SUBJECTS)) for name in ("one", "two", "three")}),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=RUNS)
def test_whatever_the_runs_what_is_open_is_what_fails_and_each_is_told_once(
    database: Database, routes: Routes, runs: list[dict[str, set[tuple[str | None, str | None]] | None]]
) -> None:
    routes(MAIL, HOOK | {"metrics": ["dti_score"]})  # six days: no reminder yet
    fails: dict[str, set[tuple[str | None, str | None]]] = {}
    with database.transaction() as transaction:
        for number, run in enumerate(runs):
            looked = {name: subjects for name, subjects in run.items() if subjects is not None}
            seen(
                database,
                number,
                *(failing(name, *subjects) if subjects else passing(name) for name, subjects in looked.items()),
            )
            fails |= looked
            now_open = rows(database, "select expectation, metric_id, place_key from ops.open_problem")
            assert sorted(map(str, now_open)) == sorted(
                str((name, *subject)) for name, subjects in fails.items() for subject in subjects
            )
        for _, events in rows(
            database, "select problem_id, list(event order by event_id) from ops.problem_event group by problem_id"
        ):
            assert events == (["opened", "solved"] * len(events))[: len(events)]
        told = rows(database, "select about, event_id from ops.alert where route_id = 'mail' order by alert_id")
        assert told == rows(database, "select event, event_id from ops.problem_event order by event_id")
        told = rows(database, "select event_id from ops.alert where route_id = 'hook' order by alert_id")
        of_metric = "select event_id from ops.problem_event where metric_id = 'dti_score' order by event_id"
        assert told == rows(database, of_metric)
        transaction.undo()


def test_a_problem_that_grows_worse_is_told_again(database: Database, routes: Routes) -> None:
    routes(HOOK | {"severities": ["critical"]})
    seen(database, 1, failing("one"))
    assert alerts(database) == []
    seen(database, 2, failing("one", severity="critical"))
    seen(database, 3, failing("one", severity="critical"))
    seen(database, 4, failing("one"))
    assert alerts(database) == [("hook", "opened", "one", "run-2")]
    seen(database, 5, passing("one"))
    assert alerts(database)[1:] == [("hook", "solved", "one", "run-5")]
    assert rows(database, "from ops.open_problem") == []


@pytest.mark.parametrize("finding", [failing("one", severity="info"), passing("one")], ids=["info", "passed"])
def test_what_needs_nobody_opens_nothing(database: Database, routes: Routes, finding: Finding) -> None:
    routes(HOOK)
    seen(database, 1, finding)
    assert rows(database, "from ops.problem_event") == []


def test_a_check_that_had_nothing_to_look_at_solves_nothing(database: Database, routes: Routes) -> None:
    routes(HOOK)
    seen(database, 1, failing("one"))
    seen(database, 2, passing("one", looked=False))
    assert [about for _, about, *_ in alerts(database)] == ["opened"]


def test_rows_that_are_held_back_are_a_problem_for_as_long_as_they_are(database: Database, routes: Routes) -> None:
    routes(HOOK)
    held = {"scope": "row", "severity": "critical"}
    seen(database, 1, failing("one", ("dti_score", "VN"), **held))
    seen(database, 1, passing("two"))
    assert len(rows(database, "from ops.open_problem")) == 1, "between audit and append nothing is known yet"

    database.connection.execute(
        "insert into core.quarantine_observation by name select 'o' as observation_id, 'd' as document_id, 'dti_score' as"
        " metric_id, 'VN' as place_key, 1 as value, 'eq' as comparator, 'actual' as kind, 'q' as quote, 0 as char_start,"
        " 0 as value_start, 1 as value_end, 1 as confidence, 'r' as rule_id, '1' as extractor_version, 'one' as expectation,"
        f" 'why' as reason, timestamptz '{NOW}' as recorded_at, 'r' as run_id; drop schema stage cascade"
    )
    seen(database, 2, passing("one", scope="row"))
    assert len(rows(database, "from ops.open_problem")) == 1

    ended = {
        "observation_id": "o",
        "expectation": "one",
        "recorded_at": NOW,
        "ended_at": NOW + timedelta(days=3),
        "run_id": "r",
    }
    database.insert("core.quarantine_end", [ended])
    seen(database, 3, passing("two"))
    assert [(about, run) for _, about, _, run in alerts(database)] == [("opened", "run-1"), ("solved", "run-3")]


def test_a_warning_on_new_rows_is_told_of_each_runs_and_not_that_it_is_over(database: Database, routes: Routes) -> None:
    routes(HOOK)
    for number in range(2):
        seen(database, 2 * number, failing("one", scope="new"))
        seen(database, 2 * number + 1, passing("one", scope="new"))
    assert rows(database, "from ops.open_problem") == []
    assert [(about, run) for _, about, _, run in alerts(database)] == [("opened", "run-0"), ("opened", "run-2")]


def test_an_expectation_on_rows_that_raised_is_well_once_it_has_looked_again(database: Database, routes: Routes) -> None:
    routes(HOOK)
    seen(database, 1, failing("one", scope="table", severity="critical"))
    seen(database, 2, passing("one", scope="row", looked=False))
    assert len(rows(database, "from ops.open_problem")) == 1
    seen(database, 3, passing("one", scope="row"))
    assert rows(database, "from ops.open_problem") == []


def test_each_problem_has_the_examples_that_speak_of_it(database: Database) -> None:
    sample = [{"metric_id": "dti_score", "quote": "a"}, {"metric_id": "qr_payment_coverage", "quote": "b"}, {"quote": "c"}]
    seen(database, 1, failing("one", ("dti_score", "VN"), ("qr_payment_coverage", None), sample=json.dumps(sample)))
    samples = dict(rows(database, "select metric_id, sample from ops.open_problem"))
    assert {metric: [row["quote"] for row in json.loads(found)] for metric, found in samples.items()} == {
        "dti_score": ["a", "c"],
        "qr_payment_coverage": ["b", "c"],
    }


def test_what_is_recorded_while_the_routes_are_wrong_is_told_once_they_are_mended(database: Database, routes: Routes) -> None:
    routes(HOOK | {"colour": "red"})
    seen(database, 1, failing("one"))
    assert len(rows(database, "from ops.open_problem")) == 1
    routes(HOOK)
    found = load_routes(read_settings().reference)
    assert address(database, found, "watch", NOW) == 1
    assert address(database, found, "watch", NOW) == 0


def test_what_stands_is_told_again_after_a_time_and_not_before(database: Database) -> None:
    route = Route.model_validate(HOOK | {"remind_hours": 24})
    with database.transaction():
        seen(database, 0, failing("one"))
    said = [hour for hour in range(100) if address(database, [route], f"watch-{hour}", NOW + timedelta(hours=hour))]
    assert said == [0, 24, 48, 72, 96]
    assert [about for _, about, *_ in alerts(database)] == ["opened", *["reminded"] * 4]


def test_a_route_hears_of_the_end_of_what_it_was_told_though_it_asks_for_less_now(database: Database, routes: Routes) -> None:
    routes(HOOK)
    seen(database, 1, failing("one"))
    routes(HOOK | {"severities": ["critical"]})
    seen(database, 2, passing("one"), failing("two"))
    assert [alert[1:] for alert in alerts(database)] == [("opened", "one", "run-1"), ("solved", "one", "run-2")]
