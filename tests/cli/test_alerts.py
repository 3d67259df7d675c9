"""`kpi alerts`, and what `kpi run` and `kpi doctor` do for alerts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.paths import ROOT, Layout
from tests.alerts.conftest import HOOK, MAIL, Routes, failing, hook, mail, passing, recorded, routes
from tests.alerts.receivers import MailServer, Webhook
from tests.conftest import Kpi

__all__ = ["hook", "mail", "routes"]  # fixtures
SECRETS = ("5ecret", "t0ken")


def test_without_routes_it_is_said_that_alerts_go_nowhere(kpi: Kpi, routes: Routes) -> None:
    routes()
    assert "alerts go nowhere" in kpi("alerts").stdout
    assert "go nowhere" in kpi("doctor").stdout
    assert kpi("alerts", "send").returncode == 0
    tried = kpi("alerts", "test")
    assert (tried.returncode, "there are no routes" in tried.stderr) == (2, True)


@pytest.mark.usefixtures("hook")
def test_what_waits_is_shown_with_the_reason_and_sent(kpi: Kpi, layout: Layout, routes: Routes, mail: MailServer) -> None:
    routes(MAIL, HOOK)
    recorded(layout, "run-1", failing("one"))
    assert "pending  mail: 1 alerts of run-1" in kpi("alerts").stdout
    sent = kpi("alerts", "send")
    assert (sent.returncode, sent.stdout) == (1, "1 sent, 1 routes failed\n")
    assert "mail: no connection, or no answer within 20 s; look at KPI_TEST_MAIL" in sent.stderr
    shown = kpi("alerts").stdout
    assert "open     checks.one (warning, since" in shown
    assert "failed   mail: 1 alerts of run-1" in shown
    assert "tried 1 times: no connection" in shown
    assert "sent     hook: 1 alerts of run-1" in shown
    doctor = kpi("doctor").stdout
    assert "note      not sent     mail: 1 messages wait" in doctor
    with mail.up():
        assert kpi("alerts", "send").returncode == 0
    assert mail.subjects == ["KPI: 1 vấn đề mới"]
    assert not any(secret in sent.stdout + sent.stderr + shown + doctor for secret in SECRETS)


def test_a_test_message_goes_to_one_route_or_to_all(kpi: Kpi, routes: Routes, mail: MailServer, hook: Webhook) -> None:
    routes(MAIL, HOOK)
    with mail.up():
        assert kpi("alerts", "test", "--route", "mail").returncode == 0
        assert (mail.subjects, hook.got) == (["KPI: tin thử"], [])
        assert kpi("alerts", "test").returncode == 0
    assert (len(mail.mails), hook.titles) == (2, ["KPI: tin thử"])
    hook.answer = 500
    failed = kpi("alerts", "test", "--route", "hook")
    assert (failed.returncode, "hook: the service answered 500" in failed.stderr) == (1, True)
    assert kpi("alerts", "test", "--route", "nobody").returncode == 2


def test_doctor_says_which_route_cannot_be_used(kpi: Kpi, routes: Routes, hook: Webhook) -> None:
    routes(HOOK, MAIL | {"to": "${KPI_TEST_NOWHERE}"})
    result = kpi("doctor")
    assert "ok         alerts       hook: json://… (KPI_TEST_HOOK)" in result.stdout
    assert "alerts       mail: KPI_TEST_NOWHERE is not set" in result.stdout
    assert (result.returncode, hook.got) == (1, [])
    assert not any(secret in result.stdout for secret in SECRETS)
    routes(HOOK | {"metrics": ["qr"]})
    assert "'qr' is not in metrics.yaml" in kpi("doctor").stdout


def test_a_run_sends_what_waits_and_one_that_is_mended_says_so(
    kpi: Kpi, layout: Layout, routes: Routes, hook: Webhook, article: Path
) -> None:
    routes(HOOK)
    recorded(layout, "run-1", failing("corrections_fit", owner="data engineer"), passing("two"))
    kpi("add", article)
    run = kpi("run")
    assert run.returncode == 0, run.stderr
    assert hook.titles[0] == "KPI: 1 vấn đề mới"
    assert "ĐÃ HẾT" in hook.got[1]["message"]
    hook.answer = 500
    recorded(layout, "run-2", failing("two"))
    again = kpi("run")
    assert again.stdout.startswith("Nothing new.")
    assert (again.returncode, "Alerts of hook could not be sent" in again.stderr) == (0, True)


QUIET_RUN = """
import sys
from pipelines.cli.alerts import after_run
from pipelines.cli.dagster_run import Outcome
from pipelines.paths import Layout
from pipelines.store.database import Database

layout = Layout.from_environment()
Database(layout).close()
after_run(layout, Outcome("run-1", True))
print(sorted(set(sys.modules) & {"apprise", "jinja2", "dagster", "great_expectations"}))
"""


@pytest.mark.usefixtures("layout", "hook")
@pytest.mark.parametrize("entries", [(), (HOOK,)], ids=["no routes", "a route"])
def test_a_run_with_nothing_to_tell_loads_nothing_that_is_slow(routes: Routes, entries: tuple[dict[str, str], ...]) -> None:
    routes(*entries)
    done = subprocess.run([sys.executable, "-c", QUIET_RUN], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"
