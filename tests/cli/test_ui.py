"""`make dev` opens the Dagster UI on the instance that `kpi run` writes to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from pipelines.paths import Layout
from tests.conftest import Kpi

QUERY = """{ runsOrError { ... on Runs { results { runId jobName status } } }
             repositoriesOrError { ... on RepositoryConnection { nodes { name assetNodes { assetKey { path } } } } } }"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.timeout(240)
def test_runs_from_the_command_line_are_seen_in_the_ui(kpi: Kpi, layout: Layout) -> None:
    (layout.landing / "a.txt").write_text(
        "Xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có 9 tổ công nghệ số cộng đồng.", encoding="utf-8"
    )
    assert kpi("run").returncode == 0
    port = free_port()
    environment = {**os.environ, "KPI_WAREHOUSE": str(layout.folder)}
    ui = subprocess.Popen(
        [Path(sys.executable).with_name("kpi"), "ui", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        answer: dict[str, object] = {}
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and ui.poll() is None:
            try:
                answer = httpx.post(f"http://127.0.0.1:{port}/graphql", json={"query": QUERY}, timeout=20).json()["data"]
            except httpx.TransportError:
                time.sleep(0.5)
                continue
            if answer["repositoriesOrError"].get("nodes"):  # type: ignore[union-attr,attr-defined]
                break
            time.sleep(0.5)
    finally:
        os.killpg(ui.pid, signal.SIGTERM)
        ui.wait(timeout=30)
    runs = answer["runsOrError"]["results"]  # type: ignore[index]
    assert [(run["jobName"], run["status"]) for run in runs] == [("run_line", "SUCCESS")]
    [node] = answer["repositoriesOrError"]["nodes"]  # type: ignore[index]
    assert ["published"] in [asset["assetKey"]["path"] for asset in node["assetNodes"]]
