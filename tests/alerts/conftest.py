"""What the tests of alerts share: routes to a mail server and a webhook, and results to record."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.alerts.outbox import WHOLE, Finding, note
from pipelines.paths import ROOT, Layout
from pipelines.store.database import Database
from tests.alerts.receivers import MailServer, Webhook

MAIL = {"id": "mail", "to": "${KPI_TEST_MAIL}", "heartbeat": "never"}
HOOK = {"id": "hook", "to": "${KPI_TEST_HOOK}", "heartbeat": "never"}
Routes = Callable[..., None]


@pytest.fixture
def routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Routes:
    """Write alerts.yaml into a copy of the reference files that KPI_REFERENCE names."""
    folder = tmp_path / "reference"
    shutil.copytree(ROOT / "warehouse" / "reference", folder)
    monkeypatch.setenv("KPI_REFERENCE", str(folder))
    monkeypatch.setenv("KPI_SECRETS", str(tmp_path / "secrets"))

    def write(*entries: dict[str, Any]) -> None:
        (folder / "alerts.yaml").write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")

    return write


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """A mail server that is down, and the route `mail` that leads to it."""
    server = MailServer()
    monkeypatch.setenv("KPI_TEST_MAIL", server.url)
    return server


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    """A webhook that is up, and the route `hook` that leads to it."""
    with Webhook().up() as webhook:
        monkeypatch.setenv("KPI_TEST_HOOK", webhook.url)
        yield webhook


def failing(name: str, *subjects: tuple[str | None, str | None], **more: Any) -> Finding:
    """A check that fails, for some metrics and places or as a whole."""
    given = {"severity": "warning", "reason": f"{name} fails.", "owner": "data steward", "failing_rows": 1} | more
    return Finding("checks", name, subjects=subjects or WHOLE, **given)


def passing(name: str, **more: Any) -> Finding:
    """The same check when it passes."""
    return Finding("checks", name, **{"severity": "warning", "reason": f"{name} fails.", "owner": "data steward"} | more)


def recorded(layout: Layout, run_id: str, *findings: Finding) -> None:
    """What a run records."""
    with Database(layout) as database, database.transaction():
        note(database, run_id, database.moment(), findings)
