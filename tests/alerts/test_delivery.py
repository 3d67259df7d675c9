"""Messages arrive: once, in order, on every route, whatever was down or killed meanwhile. Real servers, real processes."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from pipelines.alerts import delivery
from pipelines.alerts.delivery import Delivery, deliver, opened, tell
from pipelines.alerts.watch import look, overdue
from pipelines.paths import Layout
from pipelines.settings import read_settings
from pipelines.store.database import Database, writer_lock
from tests.alerts.conftest import HOOK, MAIL, Routes, failing, passing, recorded
from tests.alerts.receivers import MailServer, Webhook
from tests.forked import FORK
from tests.line import pipeline_rows


def delivered(layout: Layout, at_once: bool = True) -> Delivery:
    return deliver(layout, read_settings(), at_once=at_once)


def states(layout: Layout) -> list[tuple[str, str, int]]:
    with opened(layout) as database:
        return database.connection.execute(
            "select route_id, state, failures from ops.alert_message order by first_alert"
        ).fetchall()


def test_a_mail_server_down_for_three_runs_and_then_up_has_every_message_once_in_order(
    layout: Layout, routes: Routes, mail: MailServer, hook: Webhook
) -> None:
    routes(MAIL, HOOK)
    recorded(layout, "run-1", failing("one"))
    assert set(delivered(layout).failed) == {"mail"}
    recorded(layout, "run-2", failing("one"), failing("two"))
    assert set(delivered(layout).failed) == {"mail"}
    recorded(layout, "run-3", passing("one"), failing("two"))
    assert set(delivered(layout).failed) == {"mail"}
    assert mail.mails == []
    assert len(hook.got) == 3, "the other route goes on"

    with mail.up():
        recorded(layout, "run-4", failing("two"))
        assert delivered(layout).sent == 3
        assert delivered(layout).sent == 0
    assert mail.subjects == hook.titles == ["KPI: 1 vấn đề mới", "KPI: 1 vấn đề mới", "KPI: 1 vấn đề đã hết"]
    assert ["run-1" in mail.text(0), "run-2" in mail.text(1), "run-3" in mail.text(2)] == [True] * 3
    assert ["checks.one" in mail.text(n) for n in range(3)] == [True, False, True]
    assert [failures for route, state, failures in states(layout) if (route, state) == ("mail", "sent")] == [3, 0, 0]


def test_one_message_holds_all_that_a_route_is_told_of_a_run(layout: Layout, routes: Routes, hook: Webhook) -> None:
    routes(HOOK)
    recorded(layout, "run-1", failing("one", severity="critical"), failing("two"))
    recorded(layout, "run-1", failing("three"))
    assert delivered(layout).sent == 1
    assert hook.titles == ["KPI: 3 vấn đề mới (1 nghiêm trọng)"]


def test_what_a_run_adds_after_its_message_was_sent_is_another_message(layout: Layout, routes: Routes, hook: Webhook) -> None:
    routes(HOOK)
    recorded(layout, "run-1", failing("one"))
    delivered(layout)
    recorded(layout, "run-1", failing("two"))
    delivered(layout)
    assert ["checks.two" in got["message"] for got in hook.got] == [False, True]
    assert ["checks.one" in got["message"] for got in hook.got] == [True, False]


def _dies(environment: dict[str, str], when: str) -> None:
    os.environ.update(environment)
    layout = Layout.from_environment()
    if when == "written":
        recorded(layout, "run-1", failing("one"))
        os.kill(os.getpid(), signal.SIGKILL)
    name = {"before it is sent": "_send", "after it was sent": "_keep", "after it was noted on disk": "_note_sent"}[when]
    original = getattr(delivery, name)

    def deadly(*arguments: object) -> object:
        if name == "_note_sent" and not delivery._journal(layout).exists():
            return original(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    setattr(delivery, name, deadly)
    deliver(layout, read_settings(), at_once=True)


@pytest.mark.parametrize(
    ("when", "times"),
    [("written", 1), ("before it is sent", 1), ("after it was sent", 2), ("after it was noted on disk", 1)],
    ids=lambda value: str(value).replace(" ", "_"),
)
def test_killed_anywhere_nothing_is_lost_and_only_what_was_just_sent_comes_twice(
    layout: Layout, routes: Routes, hook: Webhook, when: str, times: int
) -> None:
    routes(HOOK)
    if when != "written":
        recorded(layout, "run-1", failing("one"))
    process = FORK.Process(target=_dies, args=(dict(os.environ), when))
    process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL

    recorded(layout, "run-2", failing("one"), failing("two"))
    delivered(layout)
    delivered(layout)
    assert ["checks.one" in got["message"] for got in hook.got] == [*[True] * times, False]
    assert states(layout) == [("hook", "sent", 0), ("hook", "sent", 0)]


def test_the_database_is_free_while_a_message_is_sent(layout: Layout, routes: Routes, hook: Webhook) -> None:
    routes(HOOK)
    recorded(layout, "run-1", failing("one"))
    hook.meanwhile = lambda: recorded(layout, "run-2", failing("two"))
    delivered(layout)
    assert [got["message"].count("checks.") for got in hook.got] == [2, 2], "in two languages, run-2 in a message of its own"


def _holds(folder: str, may_begin: Event, has_it: Event, may_end: Event) -> None:
    may_begin.wait(60)
    with writer_lock(Layout(Path(folder)), 10):
        has_it.set()
        may_end.wait(30)


def test_a_run_that_begins_while_a_message_is_sent_does_not_have_it_sent_twice(
    layout: Layout, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK)
    recorded(layout, "run-1", failing("one"))
    may_begin, has_it, may_end = FORK.Event(), FORK.Event(), FORK.Event()
    run = FORK.Process(target=_holds, args=(str(layout.folder), may_begin, has_it, may_end))
    run.start()

    def begin() -> None:
        may_begin.set()
        has_it.wait(30)

    hook.meanwhile = begin
    assert delivered(layout) == Delivery(sent=1, busy=True)
    assert delivered(layout) == Delivery(busy=True)
    may_end.set()
    run.join(timeout=30)
    assert delivered(layout) == Delivery()
    assert len(hook.got) == 1


def test_a_message_that_failed_is_tried_again_later_and_later(
    layout: Layout, routes: Routes, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes(HOOK)
    recorded(layout, "run-1", failing("one"))
    hook.answer = 500
    start, minute = datetime.now(UTC), 0

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return start + timedelta(minutes=minute)

    monkeypatch.setattr(delivery, "datetime", Clock)
    tried = []
    for minute in range(0, 260, 2):
        if delivered(layout, at_once=False).failed:
            tried.append(minute)
    assert tried == [0, 2, 6, 14, 30, 62, 122, 182, 242]


def test_a_channel_that_fails_is_told_by_the_others_and_its_end_too(
    layout: Layout, routes: Routes, mail: MailServer, hook: Webhook
) -> None:
    routes(MAIL, HOOK | {"severities": ["critical"]})
    recorded(layout, "run-1", failing("one"))

    def looked() -> None:
        with opened(layout) as database:
            look(database, read_settings())
        delivered(layout)

    for _ in range(3):
        looked()
    assert hook.got == []
    looked()
    [told] = hook.got
    assert told["title"] == "KPI: 1 vấn đề mới (1 nghiêm trọng)"
    assert "Kênh cảnh báo không gửi được: mail" in told["message"]
    assert "no connection" in told["message"]
    with mail.up():
        looked()
        looked()
    assert mail.subjects == ["KPI: 1 vấn đề mới"]
    assert hook.titles[1:] == ["KPI: 1 vấn đề đã hết"]


def test_without_routes_nothing_is_sent_and_nothing_breaks(layout: Layout, routes: Routes) -> None:
    routes()
    recorded(layout, "run-1", failing("one"))
    assert delivered(layout) == Delivery()
    assert pipeline_rows(layout, "select count(*) from ops.open_problem") == [(1,)]


@pytest.mark.usefixtures("hook")
def test_what_waits_for_a_route_that_is_gone_holds_nothing_up(layout: Layout, routes: Routes) -> None:
    routes(MAIL, HOOK)
    recorded(layout, "run-1", failing("one"))
    routes(HOOK)
    assert delivered(layout) == Delivery(sent=1)


def test_what_cannot_be_recorded_is_told_at_once_and_once(routes: Routes, hook: Webhook, mail: MailServer) -> None:
    routes(MAIL, HOOK)
    late = overdue("published", True)
    told = tell(read_settings(), [late], [])
    assert told == ["published:hook"]
    assert hook.titles == ["KPI: 1 vấn đề mới (1 nghiêm trọng)"]
    with mail.up():
        told = tell(read_settings(), [late], told)
    assert told == ["published:mail", "published:hook"]
    assert len(hook.got) == len(mail.mails) == 1
    assert tell(read_settings(), [late], told) == told
    assert tell(read_settings(), [], told) == []


@pytest.mark.usefixtures("hook")
def test_half_a_line_that_a_killed_process_left_is_passed_over(layout: Layout, routes: Routes) -> None:
    routes(HOOK)
    recorded(layout, "run-1", failing("one"))
    layout.alerts.mkdir()
    delivery._journal(layout).write_text('{"route_id": "hook", "run_', encoding="utf-8")
    assert delivered(layout) == Delivery(sent=1)
    with Database(layout) as database:
        assert not database.connection.execute("from ops.alert_message where state <> 'sent'").fetchall()
