"""The `dagster.yaml` of a warehouse: ours is kept up to date, an operator's is left alone."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.operation.instance import POSTGRES_URL, WRITER, edited, prepare_instance, with_driver
from pipelines.operation.runs import NoStorage, limit_writers, open_instance
from pipelines.paths import Layout
from pipelines.settings import SettingsError
from tests.conftest import Kpi

BEFORE_MARKS = """\
# Written by kpi; everything Dagster keeps for this warehouse lies in this folder.
telemetry:
  enabled: false
# Assets say what happened in events; capturing their output too would start four processes a run.
compute_logs:
  module: dagster.core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


@pytest.fixture(autouse=True)
def _keep_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv(POSTGRES_URL, raising=False)


def written(layout: Layout) -> str:
    prepare_instance(layout)
    return (layout.dagster_home / "dagster.yaml").read_text("utf-8")


def test_one_writer_at_a_time_is_what_dagster_reads_of_it(layout: Layout) -> None:
    prepare_instance(layout)
    with dg.DagsterInstance.get() as instance:
        limit_writers(instance)
        assert instance.event_log_storage.get_concurrency_info(WRITER).slot_count == 1
        assert instance.get_concurrency_config().pool_config.pool_granularity.value == "run"  # type: ignore[union-attr]
        assert instance.run_monitoring_enabled


def test_one_that_an_earlier_program_wrote_is_brought_up_to_date(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    path = layout.dagster_home / "dagster.yaml"
    path.write_text(BEFORE_MARKS, encoding="utf-8")
    assert not edited(layout)
    now = written(layout)
    assert "concurrency:" in now

    monkeypatch.setenv(POSTGRES_URL, "postgresql://a:b@localhost/c")
    assert written(layout) == now.replace(now.splitlines()[0], written(layout).splitlines()[0]) + (
        "storage:\n  postgres:\n    postgres_url: {env: KPI_DAGSTER_POSTGRES_URL}\n"
    )
    monkeypatch.delenv(POSTGRES_URL)
    assert written(layout) == now


@pytest.mark.parametrize(
    "text",
    ["telemetry: {enabled: true}\n", BEFORE_MARKS + "nux: {enabled: false}\n", None],
    ids=["own", "older and edited", "newer and edited"],
)
def test_one_that_an_operator_edited_is_left_alone(layout: Layout, kpi: Kpi, text: str | None) -> None:
    text = text or written(layout).replace("default_limit: 1", "default_limit: 2")
    (layout.dagster_home / "dagster.yaml").write_text(text, encoding="utf-8")
    assert written(layout) == text
    assert "dagster.yaml was edited and is left as it is" in kpi("doctor").stdout


def test_addresses_get_the_driver_that_is_installed() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg2"):
        assert with_driver(f"{scheme}://a:b@c/d") == "postgresql+psycopg2://a:b@c/d"
    with pytest.raises(SettingsError, match=r"write postgresql://") as wrong:
        with_driver("mysql://a:geheim@c/d")
    assert "geheim" not in str(wrong.value)


def test_a_postgresql_that_is_down_is_said_in_one_line(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(POSTGRES_URL, "postgresql://kpi:geheim@127.0.0.1:1/kpi")
    prepare_instance(layout)
    with pytest.raises(NoStorage, match="KPI_DAGSTER_POSTGRES_URL: PostgreSQL can't be used") as down:
        open_instance()
    assert "geheim" not in str(down.value)
    assert "\n" not in str(down.value)
