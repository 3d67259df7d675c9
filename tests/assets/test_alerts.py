"""Alerts of real runs: what a run records, and what the sensor sees of runs and deadlines."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.freshness import FreshnessState, FreshnessStateChange
from filelock import FileLock

from pipelines.alerts.delivery import deliver, opened
from pipelines.alerts.watch import Ended, note_runs
from pipelines.assets.alerts import alert_sensor
from pipelines.assets.checks import record, sql_results
from pipelines.assets.freshness import nightly_freshness
from pipelines.definitions import defs
from pipelines.paths import Layout
from pipelines.settings import SettingsError, read_settings
from pipelines.store.checks import CheckResult, check_head
from pipelines.store.database import Database
from pipelines.store.statements import statement
from tests.alerts.conftest import HOOK, MAIL, Routes, hook, mail, routes
from tests.alerts.receivers import MailServer, Webhook
from tests.line import pipeline_rows, run_line

__all__ = ["hook", "mail", "routes"]  # fixtures
BAD = "Xã Phong Lạc, huyện Trần Văn Thời (Cà Mau)\n\nTính đến ngày 30/4/2023, 850% cửa hàng của xã có mã QR thanh toán."
GOOD = BAD.replace("850%", "85%")


@dg.op(config_schema={"fails": bool})
def step(context: dg.OpExecutionContext) -> None:
    if context.op_config["fails"]:
        raise ValueError("thư mục đã đầy")


@dg.job(name="nightly_job")
def job() -> None:
    step()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def execute(instance: dg.DagsterInstance, fails: bool) -> str:
    config = {"ops": {"step": {"config": {"fails": fails}}}, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return job.execute_in_process(instance=instance, raise_on_error=False, run_config=config).run_id


class Ticks:
    """The sensor, tick after tick, with its cursor."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance, self.cursor = instance, None

    def __call__(self) -> str:
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor)
        data = alert_sensor.evaluate_tick(context)
        self.cursor = data.cursor
        return str(data.skip_message)


@pytest.fixture
def tick(layout: Layout, instance: dg.DagsterInstance) -> Ticks:
    Database(layout).close()
    return Ticks(instance)


def told(hook: Webhook) -> list[str]:
    return [got["title"].removeprefix("KPI: ") for got in hook.got]


def test_figures_held_back_while_the_mail_server_is_down_for_three_runs_are_a_mail_each_in_order_once(
    layout: Layout, routes: Routes, mail: MailServer
) -> None:
    routes(MAIL | {"places": ["Huyện Trần Văn Thời, Tỉnh Cà Mau"], "metrics": ["qr_payment_coverage"]})
    communes = ["Xã Phong Lạc", "Xã Khánh Bình", "Xã Lợi An"]
    for commune in communes:
        (layout.landing / "a.txt").write_text(BAD.replace("Xã Phong Lạc", commune), encoding="utf-8")
        run_line(layout)
        assert set(deliver(layout, read_settings()).failed) == ({"mail"} if commune == communes[0] else set()), (
            "or it is too early"
        )
    with mail.up():
        assert deliver(layout, read_settings(), at_once=True).sent == 3
        (layout.landing / "a.txt").write_text(GOOD, encoding="utf-8")
        run_line(layout)
        assert deliver(layout, read_settings()).sent == 0, "another figure is right, these are still held back"
    assert mail.subjects == ["KPI: 1 vấn đề mới"] * 3
    for number, commune in enumerate(communes):
        text = " ".join(mail.text(number).split())
        assert f"Tỷ lệ cơ sở kinh doanh có mã QR thanh toán, {commune}, Tỉnh Cà Mau" in text
        assert '"Tính đến ngày 30/4/2023, 850% cửa hàng của xã có mã QR thanh toán."' in text
        assert not any(other in text for other in communes if other != commune)


SCOPES = {
    "shares_move_within_reason": ("warning", "new"),
    "corrections_fit": ("warning", "table"),
    "units_fit_their_metric": ("critical", "table"),
}


@pytest.mark.parametrize("name", SCOPES)
def test_only_a_warning_on_new_facts_is_over_with_them(layout: Layout, name: str) -> None:
    severity, scope = SCOPES[name]
    head = check_head(name, statement(f"checks/{name}"))
    assert head.severity == severity
    failed = CheckResult(name, head, 1, None, (), (), ())
    with Database(layout) as database:
        record(database, "run-1", sql_results([failed]))
    assert pipeline_rows(layout, "select scope from ops.open_problem") == [(scope,)]


def test_a_run_that_fails_is_told_once_and_so_is_the_one_that_mends_it(
    tick: Ticks, instance: dg.DagsterInstance, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK)
    assert tick() == "0 messages sent, 0 routes failed"
    first = execute(instance, fails=True)
    execute(instance, fails=True)
    tick()
    tick()
    assert told(hook) == ["1 vấn đề mới (1 nghiêm trọng)"]
    message = hook.got[0]["message"]
    assert "Lượt chạy bị lỗi: nightly_job" in message
    assert "step: ValueError: thư mục đã đầy" in message
    assert first in message
    execute(instance, fails=False)
    tick()
    assert told(hook)[1:] == ["1 vấn đề đã hết"]


def test_a_run_whose_process_was_killed_is_told(
    tick: Ticks, instance: dg.DagsterInstance, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK)
    run = instance.create_run_for_job(job, run_config={"ops": {"step": {"config": {"fails": False}}}})
    instance.report_run_failed(run, message="Its process was killed.")
    tick()
    assert told(hook) == ["1 vấn đề mới (1 nghiêm trọng)"]
    assert "Its process was killed." in hook.got[0]["message"]


def test_failures_of_before_and_after_a_restart_are_all_seen(
    tick: Ticks, instance: dg.DagsterInstance, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK)
    execute(instance, fails=True)
    execute(instance, fails=False)
    execute(instance, fails=True)
    tick()
    assert told(hook) == ["1 vấn đề mới (1 nghiêm trọng)", "1 vấn đề đã hết", "1 vấn đề mới (1 nghiêm trọng)"]


def test_what_kpi_run_has_told_is_not_told_again_by_dagster(
    layout: Layout, tick: Ticks, instance: dg.DagsterInstance, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK)
    for fails in (True, True, False):
        run_id = execute(instance, fails)
        with opened(layout) as database:
            note_runs(database, [Ended(run_id, "nightly_job", datetime.now(UTC), "thư mục đã đầy" if fails else None)])
    tick()
    assert told(hook) == ["1 vấn đề mới (1 nghiêm trọng)", "1 vấn đề đã hết"]
    execute(instance, fails=True)
    tick()
    assert told(hook)[2:] == ["1 vấn đề mới (1 nghiêm trọng)"]


def test_runs_seen_while_the_routes_are_wrong_are_seen_once(
    layout: Layout, tick: Ticks, instance: dg.DagsterInstance, routes: Routes
) -> None:
    routes(HOOK | {"colour": "red"})
    for fails in (True, False, True):
        execute(instance, fails)
    tick()
    tick()
    events = "select event from ops.problem_event order by event_id"
    assert pipeline_rows(layout, events) == [("opened",), ("solved",), ("opened",)]


def test_while_a_run_holds_the_warehouse_nothing_that_was_seen_is_lost(
    layout: Layout, tick: Ticks, instance: dg.DagsterInstance, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK)
    execute(instance, fails=True)
    with FileLock(layout.lock):
        assert tick() == "a run holds the warehouse"
    assert hook.got == []
    assert tick() == "1 messages sent, 0 routes failed"


def passes(instance: dg.DagsterInstance, state: FreshnessState) -> None:
    """Say what Dagster's freshness daemon says."""
    change = FreshnessStateChange(
        key=dg.AssetKey("published"),
        new_state=state,
        previous_state=FreshnessState.UNKNOWN,
        state_change_timestamp=datetime.now(UTC).timestamp(),
    )
    instance._report_runless_asset_event(change)


def test_a_deadline_that_passed_is_told_once_and_so_is_its_end(
    tick: Ticks, instance: dg.DagsterInstance, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK)
    for state in (FreshnessState.PASS, FreshnessState.FAIL, FreshnessState.FAIL, FreshnessState.PASS):
        passes(instance, state)
        tick()
    assert told(hook) == ["1 vấn đề mới (1 nghiêm trọng)", "1 vấn đề đã hết"]
    assert "Chưa chạy xong đúng hạn: published" in hook.got[0]["message"]


def test_a_run_that_hangs_is_told_though_it_holds_the_warehouse(
    layout: Layout, tick: Ticks, instance: dg.DagsterInstance, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK)
    passes(instance, FreshnessState.FAIL)
    with FileLock(layout.lock):
        tick()
        tick()
    assert told(hook) == ["1 vấn đề mới (1 nghiêm trọng)"]


def test_a_damaged_database_is_told(layout: Layout, tick: Ticks, routes: Routes, hook: Webhook) -> None:
    routes(HOOK)
    layout.database.write_bytes(b"this is no database" * 1000)
    tick()
    tick()
    assert told(hook) == ["1 vấn đề mới (1 nghiêm trọng)"]
    assert "move it away" in hook.got[0]["message"]


def test_a_tick_never_fails_and_says_why_it_did_nothing(tick: Ticks, routes: Routes) -> None:
    routes(HOOK | {"colour": "red"})
    assert "entry hook: colour" in tick()


def test_nothing_of_an_address_is_in_what_dagster_keeps(
    tick: Ticks, instance: dg.DagsterInstance, routes: Routes, hook: Webhook
) -> None:
    routes(HOOK)
    hook.answer = 500
    execute(instance, fails=True)
    said = tick()
    assert said == "0 messages sent, 1 routes failed"
    assert "t0ken" not in said + json.dumps(tick.cursor)


def test_the_published_version_has_a_deadline_and_the_feeds_a_time() -> None:
    policies: dict[str, Any] = {
        key.to_user_string(): defs.resolve_asset_graph().get(key).freshness_policy
        for key in defs.resolve_asset_graph().get_all_asset_keys()
    }
    assert policies["published"] == dg.FreshnessPolicy.cron("0 6 * * *", timedelta(hours=12), "Asia/Ho_Chi_Minh")
    assert policies["feed"] == dg.FreshnessPolicy.time_window(timedelta(hours=24))
    assert {key for key, policy in policies.items() if policy} == {"published", "feed"}


def test_a_deadline_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_NIGHTLY_DEADLINE", "six o'clock")
    with pytest.raises(SettingsError, match="KPI_NIGHTLY_DEADLINE"):
        nightly_freshness()
