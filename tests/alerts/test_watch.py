"""Trouble that no result speaks of: feeds that can't be had, and silence, which a heartbeat breaks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.alerts.delivery import deliver, opened
from pipelines.alerts.watch import heartbeats, look, week
from pipelines.paths import Layout
from pipelines.reference.routes import Route
from pipelines.settings import read_settings
from pipelines.store.database import Database
from tests.alerts.conftest import HOOK, Routes, failing, recorded
from tests.alerts.receivers import Webhook

URL = "https://bao.example/rss"
SOURCE = {"id": "bao", "name": "Báo", "kind": "newspaper", "authority": 3, "feeds": [{"url": URL}]}


@pytest.fixture
def database(layout: Layout) -> Iterator[Database]:
    with Database(layout) as database:
        yield database


def feeds(*sources: dict[str, Any]) -> None:
    path = Path(os.environ["KPI_REFERENCE"]) / "sources.yaml"
    path.write_text(
        yaml.safe_dump([*sources, {"id": "unknown", "name": "?", "kind": "other", "authority": 1}]), encoding="utf-8"
    )


def asked(database: Database, hours_ago: float, result: str) -> None:
    row = {"url": URL, "feed_url": URL, "source_id": "bao", "entries": 0, "new_pages": 0, "run_id": "r", "result": result}
    failed = {"reason": "busy", "message": "the server is busy"} if result == "failed" else {"reason": None, "message": None}
    database.insert("ops.feed_visit", [row | failed | {"recorded_at": datetime.now(UTC) - timedelta(hours=hours_ago)}])


def looked(database: Database) -> list[Any]:
    look(database, read_settings())
    columns = "about, kind, expectation, observed"
    return database.connection.execute(
        f"select {columns} from ops.alert join ops.problem_event using (event_id) order by alert_id"
    ).fetchall()


def test_a_feed_that_cannot_be_had_for_long_is_told_and_so_is_that_it_is_back(database: Database, routes: Routes) -> None:
    routes(HOOK)
    feeds(SOURCE)
    assert looked(database) == [], "it was never asked"
    asked(database, 30, "read")
    asked(database, 23, "unchanged")
    asked(database, 1, "failed")
    assert looked(database) == [], "not yet for long"
    database.connection.execute("delete from ops.feed_visit where result = 'unchanged'")
    told = ("opened", "stale_source", URL, "bao: busy: the server is busy")
    assert looked(database) == looked(database) == [told]
    asked(database, 0, "read")
    assert [about for about, *_ in looked(database)] == ["opened", "solved"]


def test_a_feed_that_was_never_had_counts_from_when_it_was_first_asked(database: Database, routes: Routes) -> None:
    routes(HOOK)
    feeds(SOURCE)
    asked(database, 30, "failed")
    asked(database, 1, "failed")
    assert len(looked(database)) == 1


def test_a_feed_of_a_slow_rhythm_has_more_time_and_one_taken_out_is_no_problem_any_more(
    database: Database, routes: Routes
) -> None:
    routes(HOOK)
    feeds(SOURCE | {"feeds": [{"url": URL, "every_minutes": 1440}]})
    asked(database, 70, "read")
    assert looked(database) == []
    feeds(SOURCE)
    assert len(looked(database)) == 1
    feeds()
    assert [about for about, *_ in looked(database)] == ["opened", "solved"]


@pytest.mark.parametrize("rhythm", ["daily", "weekly", "never"])
def test_heartbeats_come_at_eight_of_their_days_and_the_first_at_once(database: Database, rhythm: str) -> None:
    route = Route.model_validate(HOOK | {"heartbeat": rhythm})
    start = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # a Monday, 7:30 in Việt Nam
    sent = []
    for half_hour in range(48 * 15):
        now = start + timedelta(minutes=30 * half_hour)
        for alert in heartbeats(database, [route], now):
            database.insert("ops.alert", [alert | {"alert_id": half_hour, "recorded_at": now, "run_id": "w"}])
            sent.append(f"{now + timedelta(hours=7):%d %H:%M}")
    assert (
        sent
        == {
            "daily": ["02 07:30", *(f"{day:02} 08:00" for day in range(2, 17))],
            "weekly": ["02 07:30"],
            "never": [],
        }[rhythm]
    )


def test_the_week_in_review_is_one_message_of_how_things_stand_and_all_that_is_open(
    layout: Layout, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK | {"heartbeat": "weekly"}, HOOK | {"id": "other"})
    recorded(layout, "run-1", failing("units_fit_their_metric"))
    deliver(layout, read_settings())
    with opened(layout) as database:
        week(database, read_settings())
    deliver(layout, read_settings())
    assert hook.titles[-1] == "KPI: 1 vấn đề vẫn còn"
    message = hook.got[-1]["message"]
    assert "Một số liệu sai đơn vị" in message
    assert "0 văn bản, 0 số liệu" in message
    assert len(hook.got) == 3, "what opened, to both; the week, to one"


def test_a_look_is_one_message_of_all_that_was_seen(layout: Layout, routes: Routes) -> None:
    routes(HOOK | {"heartbeat": "daily"})
    feeds(SOURCE)
    with opened(layout) as database:
        asked(database, 30, "failed")
        assert look(database, read_settings()) == 1
        assert database.connection.execute("select alerts, state from ops.alert_message").fetchall() == [(2, "pending")]
