"""`kpi query` and the limits of `kpi sql` as their user meets them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.paths import Layout
from pipelines.store.guard import Clock, QueryTooLong, confine
from pipelines.store.questions import questions
from pipelines.store.versions import open_current
from tests.conftest import Kpi, kpi_on

TO_BE_GIVEN = {"metric": "%", "place": "%", "province": "ca mau", "day": "2030-01-01", "document": "Khánh Hội", "platform": "%"}
ENDLESS = "with recursive r as (select 1 as n union all select n + 1 from r) select max(n) from r"
UNTRACKED = "select list_transform(range(30000000), lambda x: x * 2)[1]"  # heeds no interrupt until it ends


@pytest.fixture
def on_samples(sample_warehouse: Layout, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.setenv("KPI_WAREHOUSE", str(sample_warehouse.folder))
    return sample_warehouse


def test_the_questions_are_listed_with_their_parameters(kpi: Kpi) -> None:
    shown = kpi("query").stdout
    for question in questions():
        assert f"\n{question.name}\n    {question.english}\n    {question.vietnamese}\n" in "\n" + shown
    assert "-p months=12  how many months ago" in shown
    assert "-p place  name of the place (must be given)" in shown


def test_every_question_runs_on_a_published_version_under_the_limits(on_samples: Layout) -> None:
    with open_current(on_samples) as connection:
        confine(connection, 1000)
        for question in questions():
            typed = [f"{p.name}={TO_BE_GIVEN[p.name]}" for p in question.parameters if p.required]
            relation = connection.sql(question.text, params=question.values(typed))
            assert len(set(relation.columns)) == len(relation.columns), f"{question.name}: JSON needs distinct names"
            relation.fetchall()


def test_a_question_is_answered_in_every_format(on_samples: Layout) -> None:
    asked = ("query", "trend", "--param", "metric=online_submission_share", "-p", "place=khanh hoi")
    assert "Xã Khánh Hội" in kpi_on(on_samples, *asked).stdout
    [row] = json.loads(kpi_on(on_samples, *asked, "--format", "json").stdout)
    assert (row["place"], row["value"], row["period_end"]) == ("Xã Khánh Hội", 72.2, "2023-08-31")
    [head, line] = csv.reader(io.StringIO(kpi_on(on_samples, *asked, "--format", "csv").stdout))
    assert dict(zip(head, line, strict=True))["value"] == "72.2"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("query", "ghost"), 1, "ghost: no such question; kpi query lists them"),
        (("query", "trend"), 1, "trend needs metric"),
        (("query", "stale_figures", "-p", "months=soon"), 1, "must be a whole number"),
        (("query", "-p", "months=1"), 2, "say of which question"),
        (("query", "quarantine"), 1, "nothing is published"),
    ],
)
def test_what_can_not_be_asked_is_one_line(kpi: Kpi, arguments: tuple[str, ...], code: int, says: str) -> None:
    result = kpi(*arguments)
    assert result.returncode == code
    assert says in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "query",
    [
        "delete from core.fact_observation",
        "create table x as select 1",
        "comment on table core.dim_unit is 'x'",
        "copy (select 1) to '{file}'",
        "export database '{file}'",
        "from read_csv('/etc/passwd')",
        "from read_text('/etc/passwd')",
        "from '/etc/passwd'",
        "from glob('/etc/*')",
        "install httpfs",
        "load httpfs",
        "load '{file}'",
        "attach '{file}'",
        "attach ':memory:' as other",
        "select getenv('HOME')",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "pragma memory_limit = '100GB'",
        "reset memory_limit",
        "set lock_configuration = false",
        "set temp_directory = '{file}'",
        "set threads = 64",
        "pragma profiling_output = '{file}'",
        "from in_scope",
    ],
)
def test_a_query_can_neither_write_nor_reach_outside_nor_undo_its_limits(
    on_samples: Layout, tmp_path: Path, query: str
) -> None:
    import duckdb
    import polars as pl

    in_scope = pl.DataFrame({"a": [1]})
    assert in_scope.height, "a frame that DuckDB would find by its name"
    with open_current(on_samples) as connection:
        confine(connection, 500)
        with pytest.raises(duckdb.Error):
            connection.sql(query.format(file=tmp_path / "x")).fetchall()
        assert connection.execute("select current_setting('memory_limit')").fetchone() == ("476.8 MiB",)
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_needs_more_than_its_memory_is_refused_and_leaves_nothing_on_disk(
    on_samples: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_QUERY_MEMORY_MB", "50")
    before = sorted(on_samples.published.iterdir())
    counted = kpi_on(on_samples, "sql", "select count(distinct range) from range(20000000)")
    beside = kpi_on(on_samples, "sql", "select length(repeat('x', 3000000000))")
    for result in (counted, beside):
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr == "kpi: the query needs more than 50 MB of memory; narrow it, or raise KPI_QUERY_MEMORY_MB\n"
    assert sorted(on_samples.published.iterdir()) == before


@pytest.mark.parametrize("query", [ENDLESS, UNTRACKED], ids=["heeds an interrupt", "heeds none"])
def test_a_query_that_takes_too_long_is_stopped(on_samples: Layout, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setenv("KPI_QUERY_TIMEOUT_SECONDS", "0.2")
    result = kpi_on(on_samples, "sql", query)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(
        "kpi: the query ran longer than 0.2 s and was stopped; narrow it, or raise KPI_QUERY_TIMEOUT"
    )


def test_rows_without_end_are_stopped_too(on_samples: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_QUERY_TIMEOUT_SECONDS", "0.2")
    result = kpi_on(on_samples, "sql", "from range(1000000000000)", "--format", "csv")
    assert result.returncode == 1
    assert "was stopped" in result.stderr
    assert result.stdout.startswith("range\n0\n1\n")


def test_waiting_for_a_reader_uses_up_no_time(on_samples: Layout) -> None:
    def stuck(error: QueryTooLong) -> None:
        raise AssertionError(error)

    with open_current(on_samples) as connection:
        clock = Clock(connection, 0.5, stuck)
        with clock.counted():
            relation = connection.sql("from range(10000)")
        time.sleep(0.6)
        with clock.counted():
            assert len(relation.fetchall()) == 10000
        with pytest.raises(QueryTooLong, match=r"longer than 0\.5 s"), clock.counted():
            connection.execute(ENDLESS)


@pytest.mark.usefixtures("on_samples")
def test_asking_starts_without_what_is_slow_to_import() -> None:
    script = "import sys; from pipelines.cli import main\ntry: main()\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script, "sql", "select 1"], capture_output=True, text=True, check=True)
    assert {"duckdb", "pipelines.store.guard"} <= set(done.stderr.split())
    assert {"dagster", "great_expectations", "polars", "pyarrow", "pandas", "numpy", "pydantic_settings"} & set(
        done.stderr.split()
    ) == set()
