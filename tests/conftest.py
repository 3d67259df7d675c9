"""What the tests share: a warehouse of their own, the catalogue, the reader, the `kpi` command."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from pipelines.extract.reader import Reader
from pipelines.paths import ROOT, Layout
from pipelines.reference.catalogue import Catalogue, load_catalogue
from tests.forked import run_command
from tests.line import SAMPLES, run_line

# The same examples every time: a failure is the change's. To explore: pytest --hypothesis-profile=default.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

SHARED = ROOT.parent / "shared"

Kpi = Callable[..., subprocess.CompletedProcess[str]]


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait for what other processes do."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those first that say they may be slow: started last, one of them would be waited for by all."""
    items.sort(key=lambda item: any(item.iter_markers("timeout")), reverse=True)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "warehouse" / "reference")


@pytest.fixture(scope="session")
def reader(catalogue: Catalogue) -> Reader:
    return Reader(catalogue)


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A new, empty warehouse that KPI_WAREHOUSE names."""
    monkeypatch.setenv("KPI_WAREHOUSE", str(tmp_path / "warehouse"))
    layout = Layout.from_environment()
    layout.create()
    return layout


def kpi_on(
    layout: Layout, *arguments: str | Path, text: bool = True, input: str | None = None
) -> subprocess.CompletedProcess[str]:
    """The `kpi` command on a warehouse, in a process of its own; what it prints as ``text`` or as bytes."""
    environment = {**os.environ, "KPI_WAREHOUSE": str(layout.folder), "COLUMNS": "120", "NO_COLOR": "1"}
    done: Any = run_command(["kpi", *map(str, arguments)], ROOT, environment, (input or "").encode())
    if text:
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    return done


@pytest.fixture
def kpi(layout: Layout) -> Kpi:
    """The `kpi` command on the test's own warehouse."""
    return partial(kpi_on, layout)


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A warehouse in which the bundled samples were landed, read and published; tests only read it."""
    folder = tmp_path_factory.mktemp("samples") / "warehouse"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPI_WAREHOUSE", str(folder))
        layout = Layout.from_environment()
        layout.create()
        for path in sorted(SAMPLES.iterdir()):
            (layout.landing / path.name).write_bytes(path.read_bytes())
        assert run_line(layout).success
    return layout
