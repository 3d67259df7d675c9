"""Dagster's own storage in PostgreSQL, by the very `dagster.yaml` that ships: the line runs on it, and again after a restart
in the middle of a run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from pipelines.operation.instance import WRITER, prepare_instance
from pipelines.operation.runs import limit_writers, open_instance
from pipelines.paths import ROOT, Layout
from tests.cli.test_ui import free_port
from tests.conftest import Kpi
from tests.line import facts, pipeline_rows

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
PASSWORD = "mật-khẩu@9"
ARTICLE = "Đến ngày 30/4/2023, xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có {number} tổ công nghệ số cộng đồng."


@dataclass
class Cluster:
    """A PostgreSQL of the test's own, on loopback."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://dagster:m%E1%BA%ADt-kh%E1%BA%A9u%409@127.0.0.1:{self.port}/postgres"

    def control(self, *arguments: str) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.program("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", options, *arguments)

    def program(self, name: str, *arguments: str) -> None:
        """Run a program of PostgreSQL; as the user postgres where we are root, whom it refuses."""
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        command = [*user, str(self.programs / name), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=60)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    if not PROGRAMS:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("PostgreSQL refuses root, and there is no setpriv to be another user")
    folder = Path("/tmp", f"kpi-postgres-{os.getpid()}")  # pytest's own folders are closed to other users
    folder.mkdir(mode=0o755)
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(PROGRAMS[-1].parent, folder, free_port())
    try:
        secret = ("-A", "scram-sha-256", "--pwfile", str(folder / "password"))
        cluster.program("initdb", "-D", str(folder / "data"), "-U", "dagster", "-E", "UTF8", *secret)
        cluster.control("start")
        yield cluster
    finally:
        cluster.control("stop", "-m", "immediate")
        shutil.rmtree(folder)


def rows(cluster: Cluster, query: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(cluster.url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
    finally:
        connection.close()


def events(layout: Layout) -> list[str]:
    lines = [line for path in layout.logs.iterdir() for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line)["event"] for line in lines]


@pytest.mark.timeout(300)
def test_the_line_runs_on_postgresql_and_again_after_a_restart_in_the_middle(
    layout: Layout, kpi: Kpi, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_DAGSTER_POSTGRES_URL", cluster.url)
    (layout.landing / "a.txt").write_text(ARTICLE.format(number=9), encoding="utf-8")
    done = kpi("run")
    assert done.returncode == 0, done.stderr
    assert len(facts(layout)) == 1
    assert rows(cluster, "select pipeline_name, status from runs") == [("run_line", "SUCCESS")]
    assert not (layout.dagster_home / "history").exists(), "nothing is kept in files beside it"

    (layout.landing / "b.txt").write_text(ARTICLE.format(number=11), encoding="utf-8")
    before = events(layout).count("run ended")
    command = [Path(sys.executable).with_name("kpi"), "run"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        ends = time.monotonic() + 60
        while events(layout).count("document read") < 2:
            assert run.poll() is None
            assert time.monotonic() < ends
            time.sleep(0.02)
        cluster.control("restart", "-m", "immediate")
        run.wait(timeout=90)
    assert events(layout).count("run started") == 2
    assert events(layout).count("run ended") - before in (0, 1), "it ended, or was lost with its storage"

    assert kpi("run").returncode == 0

    assert sorted(value for (value,) in pipeline_rows(layout, "select value from core.current_observation")) == [9.0, 11.0]
    assert len(facts(layout)) == 2
    assert max(rows(cluster, "select status, count(*) from runs group by status")) >= ("SUCCESS", 2)


def test_the_pool_is_known_however_often_the_service_starts(
    layout: Layout, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_DAGSTER_POSTGRES_URL", cluster.url)
    monkeypatch.setenv("DAGSTER_HOME", str(layout.dagster_home))
    prepare_instance(layout)
    for _ in range(2):
        with open_instance() as instance:
            limit_writers(instance)
            assert [(pool.name, pool.limit) for pool in instance.event_log_storage.get_pool_limits()] == [(WRITER, 1)]


def test_the_password_stands_nowhere(layout: Layout, kpi: Kpi, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_DAGSTER_POSTGRES_URL", cluster.url)
    (layout.landing / "a.txt").write_text(ARTICLE.format(number=9), encoding="utf-8")
    said = kpi("run").stdout + kpi("doctor").stdout

    secret = cluster.url.split(":")[2].split("@")[0]
    assert secret not in said
    assert "KPI_DAGSTER_POSTGRES_URL = **********" in said
    written = [path for path in layout.folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert written == []
    assert "env: KPI_DAGSTER_POSTGRES_URL" in (layout.dagster_home / "dagster.yaml").read_text("utf-8")
