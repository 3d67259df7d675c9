"""The `kpi` command as its user meets it: output, files, exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.paths import Layout
from pipelines.store.versions import current_version
from tests.cli.conftest import TEXT
from tests.conftest import Kpi, kpi_on
from tests.line import SAMPLES, published_rows


@pytest.fixture
def on_samples(sample_warehouse: Layout, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """The published samples as the warehouse of `kpi`; only for commands that read."""
    monkeypatch.setenv("KPI_WAREHOUSE", str(sample_warehouse.folder))
    return sample_warehouse


def test_add_run_and_run_again(kpi: Kpi, layout: Layout, article: Path) -> None:
    added = kpi("add", article, "--url", "https://bao.example/a", "--published", "12/05/2023", "--source", "bao_camau")
    assert (added.returncode, added.stdout.splitlines()[-1]) == (0, "1 landed, 0 known already, 0 unreadable. Next: kpi run")
    assert "known    bài báo.txt" in kpi("add", article).stdout

    ran = kpi("run")
    assert ran.returncode == 0, ran.stderr
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert lines[:3] == [["documents", "read", "1"], ["observations", "1"], ["quarantined", "0"]]
    assert lines[3][:2] == ["published", "kpi-000001"]
    origin = "select url, published_on::varchar, published_basis, source_id from core.dim_document"
    assert published_rows(layout, origin) == [("https://bao.example/a", "2023-05-12", "given", "bao_camau")]

    before = sorted((path, path.stat().st_mtime_ns) for path in layout.folder.rglob("*"))
    started = time.monotonic()
    again = kpi("run")
    assert time.monotonic() - started < 10
    assert (again.returncode, again.stdout) == (0, "Nothing new. Published: kpi-000001.\n")
    after = sorted((path, path.stat().st_mtime_ns) for path in layout.folder.rglob("*"))
    assert [p for p, _ in after] == [p for p, _ in before]
    assert dict(after)[current_version(layout)] == dict(before)[current_version(layout)]  # type: ignore[index]


def test_of_two_runs_at_once_the_second_finds_nothing_new(kpi: Kpi, layout: Layout, article: Path) -> None:
    kpi("add", article)
    with ThreadPoolExecutor(2) as pool:
        outcomes = [future.result() for future in [pool.submit(kpi, "run") for _ in range(2)]]

    assert [outcome.returncode for outcome in outcomes] == [0, 0]
    assert sorted("Nothing new" in outcome.stdout for outcome in outcomes) == [False, True]
    assert [path.name for path in layout.published.glob("kpi-*")] == ["kpi-000001.duckdb"]


def test_what_is_said_of_a_known_document_is_taken(kpi: Kpi, layout: Layout, article: Path) -> None:
    kpi("add", article)
    assert kpi("run").returncode == 0
    again = kpi("add", article, "--published", "13/05/2023")
    assert again.stdout.splitlines() == [
        "corrected bài báo.txt",
        "0 landed, 0 known already, 1 corrected, 0 unreadable. Next: kpi run",
    ]
    assert kpi("run").returncode == 0
    assert published_rows(layout, "select published_on::varchar from core.dim_document") == [("2023-05-13",)]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("KPI_MAX_DOCUMENT_MB", "abc", "KPI_MAX_DOCUMENT_MB = 'abc': Input should be a valid number"),
        ("KPI_NIGHTLY", "every night", "KPI_NIGHTLY = 'every night' is no cron expression"),
        ("KPI_WAREHOUSE", "/dev/null", "set KPI_WAREHOUSE to a folder that can be made"),
    ],
)
def test_a_wrong_setting_is_one_line(article: Path, layout: Layout, name: str, value: str, says: str) -> None:
    environment = {**os.environ, "KPI_WAREHOUSE": str(layout.folder), name: value}
    (layout.landing / "a.txt").write_bytes(article.read_bytes())
    command = [Path(sys.executable).with_name("kpi"), "run"]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=100, check=False)
    assert result.returncode == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_page_is_added_by_its_address(kpi: Kpi, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    import functools
    import http.server
    import threading

    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(SAMPLES))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/xa-khanh-hoi-2023.html"
        refused = kpi("add", address)
        assert (refused.returncode, "is no public address; set KPI_FETCH_PRIVATE" in refused.stderr) == (3, True)
        shutil.rmtree(layout.landing)
        monkeypatch.setenv("KPI_FETCH_PRIVATE", "true")
        assert kpi("add", address).stdout.splitlines()[-1].startswith("1 landed")
        assert "known" in kpi("add", SAMPLES / "xa-khanh-hoi-2023.html").stdout
        gone = kpi("add", address + "x")
    finally:
        server.shutdown()
        server.server_close()
    assert (gone.returncode, "the server answered 404; check the address" in gone.stderr) == (3, True)
    origins = [json.loads(path.read_text(encoding="utf-8")) for path in layout.landing.glob("*.origin.json")]
    assert sorted((o["url"], o["error"] is None) for o in origins) == [(address, True), (address + "x", False)]


def test_a_thousand_files_are_summed_up_and_known_at_once(kpi: Kpi, tmp_path: Path) -> None:
    folder = tmp_path / "nhiều"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number}.txt").write_text(f"bài số {number}", encoding="utf-8")
    (folder / "hỏng.txt").symlink_to(tmp_path / "nowhere")
    first = kpi("add", folder)
    assert first.stdout.splitlines() == ["1000 landed, 0 known already, 1 unreadable. Next: kpi run"]
    assert first.stderr.splitlines() == ["failed   hỏng.txt: a link to nothing; check it and add it again"]
    (folder / "hỏng.txt").unlink()
    started = time.monotonic()
    assert kpi("add", folder).stdout.splitlines() == ["0 landed, 1000 known already, 0 unreadable. Next: kpi run"]
    assert time.monotonic() - started < 10, "a second, on a machine that does nothing else"


@pytest.mark.parametrize(
    ("sent", "code", "says"),
    [(signal.SIGKILL, -signal.SIGKILL, ""), (signal.SIGINT, 130, "The next kpi run does what is left.")],
)
def test_a_stopped_run_is_finished_by_the_next_and_shown_as_failed(
    kpi: Kpi, layout: Layout, article: Path, sent: signal.Signals, code: int, says: str
) -> None:
    import dagster as dg

    kpi("add", article)
    running = subprocess.Popen(
        [Path(sys.executable).with_name("kpi"), "run"],
        env={**os.environ, "KPI_WAREHOUSE": str(layout.folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not any(layout.raw.iterdir()) and running.poll() is None:
        time.sleep(0.02)
    running.send_signal(sent)
    _, said = running.communicate(timeout=60)
    assert running.returncode == code
    assert says in said

    assert kpi("run").returncode == 0

    assert published_rows(layout, "select metric_id from core.fact_observation") == [("qr_payment_coverage",)]
    with dg.DagsterInstance.from_config(str(layout.dagster_home)) as instance:
        assert sorted(run.status.value for run in instance.get_runs()) == ["FAILURE", "SUCCESS"]


def test_what_can_not_be_read_shows_in_summary_exit_code_and_doctor(kpi: Kpi, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    (folder / ".hidden").write_text("x", encoding="utf-8")

    added = kpi("add", folder)
    assert (added.returncode, added.stdout.splitlines()[-1]) == (3, "2 landed, 0 known already, 1 unreadable. Next: kpi run")
    ran = kpi("run")
    assert ran.returncode == 3
    assert "empty.txt: empty: the file has no bytes; send it again" in ran.stdout
    assert "gone.txt: unreadable: a link to nothing" in ran.stdout
    doctor = kpi("doctor")
    assert doctor.returncode == 0
    assert "empty.txt: empty" in doctor.stdout
    assert "gone.txt: unreadable" in doctor.stdout
    assert kpi("run").returncode == 0, "nothing new, nothing new that is unreadable"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("add", "/no/such/file"), 2, "no such file, folder or web address"),
        (("add", "ftp://example.vn/a"), 2, "only http and https"),
        (("add", "x", "--published", "hôm qua"), 2, "is no date; write 2023-07-07"),
        (("add", "x", "--published", "2999-01-01"), 2, "in the future"),
        (("add", "x", "--source", "ghost"), 2, "not in sources.yaml"),
        (("sql",), 2, "give a query or -f FILE"),
        (("sql", "select 1"), 1, "nothing is published"),
        (("trace", "x"), 1, "nothing is published"),
        (("extract", "/no/such/file"), 1, "check the file's permissions"),
        (("extract",), 2, "give files or --jsonl"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_wrong_usage_says_what_to_do(kpi: Kpi, arguments: tuple[str, ...], code: int, says: str) -> None:
    result = kpi(*arguments)
    assert result.returncode == code
    flowed = " ".join(result.stderr.replace("│", " ").split())
    assert says in flowed
    assert "Traceback" not in result.stderr


def test_sql_formats(on_samples: Layout) -> None:
    query = "select metric_id, value, period_end, null as nothing from core.fact_observation order by observation_id limit 3"
    [(metric, value, day, _), *_] = published_rows(on_samples, query)

    table = kpi_on(on_samples, "sql", query).stdout
    assert metric in table
    rows = list(csv.reader(io.StringIO(kpi_on(on_samples, "sql", query, "--format", "csv").stdout)))
    assert rows[:2] == [["metric_id", "value", "period_end", "nothing"], [metric, str(value), str(day), ""]]
    assert json.loads(kpi_on(on_samples, "sql", query, "--format", "json").stdout)[0] == {
        "metric_id": metric,
        "value": value,
        "period_end": str(day),
        "nothing": None,
    }
    assert json.loads(kpi_on(on_samples, "sql", "select 1.5 as d", "--format", "json").stdout) == [{"d": 1.5}]
    odd = "select 'nan'::double as n, ['inf'::double, 1] as l, date '2023-07-07' as d"
    assert json.loads(kpi_on(on_samples, "sql", odd, "--format", "json").stdout) == [
        {"n": None, "l": [None, 1], "d": "2023-07-07"}
    ]
    twice = kpi_on(on_samples, "sql", "select 1 as a, 2 as a", "--format", "json")
    assert (twice.returncode, "name them apart with AS" in twice.stderr) == (1, True)
    import pyarrow.parquet

    parquet = kpi_on(on_samples, "sql", query, "--format", "parquet", text=False)
    assert pyarrow.parquet.read_table(io.BytesIO(parquet.stdout)).num_rows == 3  # type: ignore[arg-type]


def test_output_is_utf8_whatever_the_locale(on_samples: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}.items():
        monkeypatch.setenv(name, value)
    shown = kpi_on(on_samples, "sql", "select name from core.dim_place where place_key = 'VN'", text=False)
    assert "Việt Nam" in shown.stdout.decode("utf-8")  # type: ignore[attr-defined]


def test_sql_reads_a_file_of_sql(on_samples: Layout, tmp_path: Path) -> None:
    path = tmp_path / "query.sql"
    path.write_text("-- một câu hỏi\nselect count(*) as n from core.fact_observation;\n", encoding="utf-8")
    assert json.loads(kpi_on(on_samples, "sql", "-f", path, "--format", "json").stdout)[0]["n"] > 50


@pytest.mark.parametrize(
    "query",
    [
        "delete from core.fact_observation",
        "create table x as select 1",
        "select * from read_csv('/etc/passwd')",
        "attach '/tmp/x.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "copy (select 1) to '/tmp/kpi-test.csv'",
    ],
)
def test_sql_can_neither_write_nor_reach_outside(on_samples: Layout, query: str) -> None:
    result = kpi_on(on_samples, "sql", query)
    assert result.returncode == 1
    assert result.stderr.startswith("kpi: ")


def test_trace_shows_the_sentence_its_origin_checks_and_history(on_samples: Layout) -> None:
    [(observation, quote, title)] = published_rows(
        on_samples,
        "select observation_id, quote, title from mart.observation_in_context where metric_id = 'qr_payment_coverage' "
        "and place = 'Khánh Hội'",
    )
    shown = kpi_on(on_samples, "trace", observation).stdout
    assert quote[:60] in shown
    assert title in shown
    assert "https://nhipsongcuabien.example/" in shown
    assert "link.share.own" in shown
    assert "holds now" in shown
    assert "value_within_bounds" in shown


def test_doctor_says_where_everything_lies(on_samples: Layout) -> None:
    result = kpi_on(on_samples, "doctor")
    assert result.returncode == 0
    for part in (
        on_samples.folder,
        on_samples.landing,
        on_samples.database,
        on_samples.dagster_home,
        "74 metrics",
        "KPI_KEEP_VERSIONS",
    ):
        assert str(part) in result.stdout


def test_doctor_finds_what_is_broken(kpi: Kpi, layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout.database.write_bytes(b"this is no database" * 1000)
    (layout.published / "CURRENT").write_text("kpi-000009.duckdb", encoding="utf-8")
    (layout.published / "kpi-000009.duckdb").write_bytes(b"nor is this" * 1000)
    monkeypatch.setenv("KPI_REFERENCE", str(tmp_path))
    result = kpi("doctor")
    assert result.returncode == 1
    broken = [line for line in result.stdout.splitlines() if line.startswith("broken")]
    assert [line.split()[1] for line in broken] == ["catalogue", "database", "published"]


def test_help_lists_commands_and_exit_codes(kpi: Kpi) -> None:
    shown = kpi("--help").stdout
    for word in ("add", "run", "sql", "trace", "extract", "doctor", "ui", "Exit codes", "KPI_WAREHOUSE"):
        assert word in shown
