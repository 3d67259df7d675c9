"""`kpi service`, the real one: what lands is published and what is wrong told, with no one typing, a run at a time."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import dagster as dg
import httpx
import pytest

from pipelines.definitions import defs
from pipelines.operation.instance import prepare_instance
from pipelines.paths import Layout
from pipelines.store.versions import NothingPublished
from tests.alerts.conftest import HOOK, MAIL, Routes
from tests.alerts.receivers import MailServer, Webhook
from tests.cli.test_ui import free_port
from tests.conftest import Kpi
from tests.line import pipeline_rows, published_rows

T = TypeVar("T")
ARTICLE = "Đến ngày 30/4/2023, xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có 9 tổ công nghệ số cộng đồng."
WRONG = "Đến ngày 30/4/2023, xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có 850% cửa hàng có mã QR thanh toán."
LOCATION = {"repositoryLocationName": "pipelines.definitions", "repositoryName": "__repository__"}
LAUNCH = "mutation($params: ExecutionParams!) { launchRun(executionParams: $params) { __typename } }"
RUNS = "{ runsOrError { ... on Runs { results { runId status startTime endTime } } } }"
LOADED = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"


@contextmanager
def service(layout: Layout, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`kpi service` in a process of its own, its words in `service.txt`; killed at the end with all it started."""
    often = {"KPI_LANDING_SECONDS": "5", "KPI_ALERT_SECONDS": "5"}
    environment = {**os.environ, "KPI_WAREHOUSE": str(layout.folder), "KPI_STOP_SECONDS": "20", **often}
    command = [Path(sys.executable).with_name("kpi"), "service", "--port", str(port)]
    with (layout.folder / "service.txt").open("wb") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=60)


def wait_for(what: Callable[[], T], seconds: float = 150) -> T:
    """The first value of ``what`` that says something."""
    ends = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.3)
    return found


def ask(port: int, query: str, **variables: Any) -> dict[str, Any]:
    """What Dagster's GraphQL answers; nothing while it does not."""
    try:
        answer = httpx.post(
            f"http://127.0.0.1:{port}/graphql", json={"query": query, "variables": variables}, timeout=30
        ).json()
    except httpx.TransportError:
        return {}
    found: dict[str, Any] = answer["data"]
    return found


def facts(layout: Layout) -> list[tuple[Any, ...]]:
    try:
        return published_rows(layout, "select metric_id, value from core.fact_observation")
    except NothingPublished:
        return []


def told_of_what_is_wrong(mail: MailServer, hook: Webhook) -> tuple[int, int]:
    """How many mails and calls of the webhook speak of the figure that is wrong."""
    texts = [mail.text(number) for number in range(len(mail.mails))], [got["message"] for got in hook.got]
    return sum("850% cửa hàng" in text for text in texts[0]), sum("850% cửa hàng" in text for text in texts[1])


def left_by_a_killed_service(layout: Layout) -> str:
    """A run that Dagster takes for going and that holds the pool, though nothing runs it."""
    prepare_instance(layout)
    with dg.DagsterInstance.get() as instance:
        run = instance.create_run_for_job(defs.resolve_job_def("run_line"), status=dg.DagsterRunStatus.STARTED)
        return run.run_id


def children(process: int) -> list[int]:
    """The processes that a process started."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.timeout(500)
def test_what_lands_is_published_one_run_at_a_time_and_the_service_stops_cleanly(
    layout: Layout, kpi: Kpi, monkeypatch: pytest.MonkeyPatch, routes: Routes, mail: MailServer, hook: Webhook
) -> None:
    routes(MAIL, HOOK)
    monkeypatch.setenv("DAGSTER_HOME", str(layout.dagster_home))
    dead = left_by_a_killed_service(layout)
    port = free_port()
    with mail.up(), service(layout, port) as process:
        wait_for(lambda: ask(port, LOADED).get("repositoriesOrError", {}).get("nodes"))
        (layout.landing / "bài.txt").write_text(ARTICLE, encoding="utf-8")
        assert wait_for(lambda: facts(layout)) == [("community_digital_team_count", 9.0)]
        (layout.landing / "sai.txt").write_text(WRONG, encoding="utf-8")
        wait_for(lambda: all(told_of_what_is_wrong(mail, hook)))  # the run of the killed service was told before
        again = kpi("service", "--port", str(free_port()))
        assert (again.returncode, "is running already" in again.stderr) == (1, True)

        for _ in range(2):
            params = {"selector": {**LOCATION, "jobName": "run_line"}, "runConfigData": {}, "mode": "default"}
            assert ask(port, LAUNCH, params=params)["launchRun"]["__typename"] == "LaunchRunSuccess"

        def ended() -> list[dict[str, Any]]:
            runs: list[dict[str, Any]] = ask(port, RUNS)["runsOrError"]["results"]
            return runs if all(run["status"] in ("SUCCESS", "FAILURE") for run in runs) else []

        runs = wait_for(ended)
        started = children(process.pid)
        assert len(started) == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    assert mail.subjects == hook.titles
    assert told_of_what_is_wrong(mail, hook) == (1, 1), "once, whatever ran since"
    assert [run["status"] for run in runs if run["runId"] == dead] == ["FAILURE"]
    spans = sorted((run["startTime"], run["endTime"]) for run in runs if run["runId"] != dead)
    assert len(spans) >= 4, "the sensor's two, and the two that were launched at once"
    assert {run["status"] for run in runs if run["runId"] != dead} == {"SUCCESS"}
    assert all(before[1] <= after[0] for before, after in pairwise(spans)), "one at a time"
    assert len(facts(layout)) == 1, "none doubled"
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    assert pipeline_rows(layout, "select count(*), bool_and(succeeded) from ops.job_run") == [(len(spans), True)]

    lines = [json.loads(line) for path in layout.logs.iterdir() for line in path.read_text("utf-8").splitlines()]
    ids = {run["runId"] for run in runs}
    assert all(line["run_id"] in ids for line in lines if line["job"] == "run_line")
    [read] = [line for line in lines if line["event"] == "document read" and line["name"] == "bài.txt"]
    assert (read["document_id"],) in pipeline_rows(layout, "select document_id from core.raw_document")
    assert 'kpi_last_run_succeeded{job="run_line"} 1.0' in layout.metrics.read_text("utf-8")


@pytest.mark.timeout(240)
def test_a_part_that_ends_by_itself_ends_the_service_with_a_message(layout: Layout) -> None:
    with service(layout, free_port()) as process:
        [code] = wait_for(lambda: children(process.pid))[:1]
        os.kill(code, signal.SIGKILL)
        assert process.wait(timeout=60) == 1
    said = (layout.folder / "service.txt").read_text("utf-8")
    assert "kpi: the code server ended by itself (killed by SIGKILL)" in said


def test_a_taken_port_is_said_before_anything_starts(kpi: Kpi) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = kpi("service", "--port", str(port))
    assert done.returncode == 1
    assert f"kpi: 127.0.0.1:{port} can't be listened on (Address already in use)" in done.stderr
