"""What `deploy/` ships is sound as far as that can be said without a server."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from pipelines.paths import ROOT
from pipelines.settings import Settings

DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze")
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/kpi/.venv/bin/kpi", "/bin/true")  # it is not installed here
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_settings_that_are_set_there_exist() -> None:
    others = {"KPI_WAREHOUSE", "KPI_BACKUPS", "KPI_POSTGRES_PASSWORD"}
    known = {f"KPI_{name.upper()}" for name in Settings.model_fields} | others
    for path in DEPLOY.iterdir():
        assert set(re.findall(r"\bKPI_\w+", path.read_text("utf-8"))) <= known, path.name


def test_no_password_stands_in_the_compose_file_and_the_page_is_not_open_to_the_network() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${KPI_POSTGRES_PASSWORD:?")
    assert all(port.startswith("127.0.0.1:") for port in services["kpi"]["ports"])
    assert (ROOT / services["kpi"]["build"]["dockerfile"]).is_file()


def test_a_run_has_longer_to_end_than_the_service_gives_it() -> None:
    stop = float(Settings.model_fields["stop_seconds"].default)
    unit = (DEPLOY / "kpi.service").read_text("utf-8")
    grace = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["kpi"]["stop_grace_period"]
    assert int(re.findall(r"TimeoutStopSec=(\d+)", unit)[0]) > stop + 60
    assert int(grace.removesuffix("s")) > stop + 60
    assert "KillMode=mixed" in unit
