"""The schema, the checks and the published versions, on real DuckDB files."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import WriterBusy
from pipelines.paths import SQL, Layout
from pipelines.store.checks import check_head
from pipelines.store.database import Database
from pipelines.store.schema import SchemaError, migrate
from pipelines.store.statements import statements
from pipelines.store.versions import NothingPublished, NotPassed, current_version, open_current, publish
from tests.line import published_rows

FACT = {
    "observation_id": "a1",
    "document_id": "d1",
    "metric_id": "m1",
    "place_key": "VN",
    "platform_id": None,
    "kind": "actual",
    "period_start": date(2023, 1, 1),
    "period_end": date(2023, 12, 31),
    "period_grain": "year",
    "period_basis": "stated",
    "value": 80.0,
    "value_low": 80.0,
    "value_high": 80.0,
    "comparator": "eq",
    "unit_id": "percent",
    "quote": "Đạt 80%.",
    "char_start": 4,
    "char_end": 12,
    "value_start": 8,
    "value_end": 10,
    "confidence": 0.9,
    "rule_id": "r",
    "extractor_version": "1",
    "recorded_at": datetime(2023, 7, 7, tzinfo=UTC),
    "run_id": "run",
}
ROWS = {
    "dim_unit": {"unit_id": "percent", "name_vi": "phần trăm", "name_en": "percent", "kind": "share"},
    "dim_metric": {
        "metric_id": "m1",
        "name_vi": "Tỷ lệ",
        "name_en": "Share",
        "pillar": "overall",
        "unit_id": "percent",
        "lower_bound": 0.0,
        "upper_bound": 100.0,
        "direction": "up",
        "platform_id": None,
    },
    "dim_source": {"source_id": "s1", "name": "Báo", "kind": "newspaper", "authority": 3, "province": None},
    "dim_place": {
        "place_key": "VN",
        "code": "VN",
        "code_list": "ISO 3166-1",
        "name": "Việt Nam",
        "full_name": "Việt Nam",
        "kind": "Nước",
        "level": "national",
        "parent_key": None,
        "province_key": None,
        "valid_from": date(1945, 9, 2),
        "valid_to": date(9999, 12, 31),
    },
    "document_version": {
        "document_id": "d1",
        "converter_version": "1",
        "media_type": "text/plain",
        "title": "Bài",
        "author": None,
        "publisher": None,
        "url": None,
        "source_id": "s1",
        "published_on": date(2023, 7, 7),
        "published_basis": "given",
        "text": "Bài\nĐạt 80%.",
        "recorded_at": datetime(2023, 7, 7, tzinfo=UTC),
        "run_id": "run",
    },
}


def store(layout: Layout, *facts: dict[str, object], **changes: dict[str, object]) -> None:
    with Database(layout) as database:
        for table, row in ROWS.items():
            if not database.connection.execute(f"select 1 from core.{table}").fetchone():
                database.insert(f"core.{table}", [{**row, **changes.get(table, {})}])
        database.insert("core.fact_observation", [{**FACT, **fact} for fact in facts])


def failed_checks(layout: Layout, noted: bool = True) -> dict[str, int]:
    """The rows that each check found; without ``noted`` only of those that somebody is told of."""
    with Database(layout) as database:
        _, results = database.build(layout, "run")
    return {
        result.name: result.failing_rows
        for result in results
        if result.failing_rows and (noted or result.head.severity != "info")
    }


def publish_all(layout: Layout, keep: int = 10) -> Path:
    assert failed_checks(layout, noted=False) == {}
    with Database(layout) as database:
        return publish(database, layout, "run", keep)


def test_a_migration_is_applied_once_and_guarded_by_its_checksum(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "db.duckdb")) as connection:
        assert migrate(connection) == len(statements("schema"))
        assert migrate(connection) == 0
        connection.execute("update schema_migration set checksum = 'x' where name like '002%'")
        with pytest.raises(SchemaError, match=r"002_ops\.sql has changed since it was applied"):
            migrate(connection)
        connection.execute("update schema_migration set name = '999_future' where name like '002%'")
        with pytest.raises(SchemaError, match=r"999_future.*update the program"):
            migrate(connection)


def test_a_process_killed_after_a_migration_leaves_a_database_that_opens(tmp_path: Path) -> None:
    """What DuckDB logs of a statement it must be able to take in again: of a list as a default it can't (1.5)."""
    database = str(tmp_path / "db.duckdb")
    for _, text in statements("schema"):
        with duckdb.connect(database) as connection:
            connection.execute("pragma disable_checkpoint_on_shutdown")
            connection.execute(text)
        with duckdb.connect(database) as connection:  # raises where the log can't be taken in
            connection.execute("checkpoint")


def test_documents_of_an_older_schema_are_kept(tmp_path: Path) -> None:
    older = [(name, text) for name, text in statements("schema") if name < "005"]
    with duckdb.connect(str(tmp_path / "db.duckdb")) as connection:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pipelines.store.schema.statements", lambda _: older)
            migrate(connection)
        connection.execute(
            "insert into core.raw_document values"
            " ('d1', 'a.txt', 9, 'https://bao.example', 's1', '2023-07-07', null, '2023-07-08', 'run');"
            "insert into core.dim_document by name"
            " select 'd1' as document_id, '1' as converter_version, 'text/plain' as media_type, 's1' as source_id,"
            " 'given' as published_basis, 'Đạt 80%.' as text, timestamptz '2023-07-08' as recorded_at, 'run' as run_id"
        )

        migrate(connection)

        assert connection.execute("select document_id, name, published_on::varchar from core.document_origin").fetchall() == [
            ("d1", "a.txt", "2023-07-07")
        ]
        assert connection.execute("select document_id, text from core.dim_document").fetchall() == [("d1", "Đạt 80%.")]


def test_applied_checksums_are_those_of_the_files(layout: Layout) -> None:
    with Database(layout) as database:
        applied = dict(database.connection.execute("select name, checksum from schema_migration").fetchall())
    assert applied == {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in (SQL / "schema").glob("*.sql")}


def test_good_data_fails_no_check(layout: Layout) -> None:
    store(layout, {})
    assert failed_checks(layout) == {}


@pytest.mark.parametrize(
    ("fact", "check"),
    [
        ({"metric_id": "ghost"}, "facts_resolve"),
        ({"place_key": "ghost"}, "facts_resolve"),
        ({"document_id": "ghost"}, "facts_resolve"),
        ({"char_start": 3}, "quotes_stand_in_their_text"),
        ({"value_end": 40}, "quotes_stand_in_their_text"),
        ({"value": 180.0}, "units_fit_their_metric"),
        ({"period_start": date(1930, 1, 1), "period_end": date(1930, 12, 31)}, "places_existed"),
    ],
)
def test_each_check_finds_what_it_is_for(layout: Layout, fact: dict[str, object], check: str) -> None:
    store(layout, fact)
    assert check in failed_checks(layout)


def test_the_same_observation_twice_is_found(layout: Layout) -> None:
    store(layout, {}, {})
    assert "facts_are_unique" in failed_checks(layout)


def test_facts_that_have_gone_are_found(layout: Layout) -> None:
    store(layout, {}, {"observation_id": "a2"})
    publish_all(layout)
    with Database(layout) as database:
        database.connection.execute("delete from core.fact_observation where observation_id = 'a2'")
    found = failed_checks(layout)
    assert found["nothing_recorded_has_gone"] == 1
    assert found["marts_hold_every_fact"] == 1


def test_a_fact_changed_in_place_is_found(layout: Layout) -> None:
    store(layout, {})
    publish_all(layout)
    with Database(layout) as database:
        database.connection.execute("update core.fact_observation set value = 81")
    assert failed_checks(layout) == {"no_fact_has_changed": 1}
    with Database(layout) as database, pytest.raises(NotPassed, match="failed their checks"):
        publish(database, layout, "run", keep=10)


def test_every_check_says_who_and_why() -> None:
    for name, text in statements("checks"):
        head = check_head(name, text)
        assert head.severity in ("critical", "warning", "info")
        assert head.owner
        assert head.meaning.endswith(".")
    with pytest.raises(ValueError, match="begin with"):
        check_head("x", "select 1")


def test_a_reader_of_an_old_version_finishes_undisturbed(layout: Layout) -> None:
    with pytest.raises(NothingPublished, match=r"kpi add.*kpi run"):
        open_current(layout)
    store(layout, {})
    publish_all(layout, keep=1)
    old = open_current(layout)
    store(layout, {"observation_id": "a2", "value": 81.0, "recorded_at": datetime.now(UTC)})
    publish_all(layout, keep=1)

    assert old.execute("select count(*) from core.fact_observation").fetchone() == (1,)
    old.close()
    assert published_rows(layout, "select count(*) from core.fact_observation") == [(2,)]
    assert [path.name for path in sorted(layout.published.glob("kpi-*"))] == ["kpi-000002.duckdb"]
    current = current_version(layout)
    assert current is not None
    assert current.name == "kpi-000002.duckdb"


def test_the_latest_observation_is_of_the_higher_authority(layout: Layout) -> None:
    store(layout, {}, {"observation_id": "a2", "value": 70.0, "document_id": "d2", "period_end": date(2024, 1, 1)})
    with Database(layout) as database:
        database.insert("core.dim_source", [{**ROWS["dim_source"], "source_id": "s2", "authority": 5}])
        database.insert("core.document_version", [{**ROWS["document_version"], "document_id": "d2", "source_id": "s2"}])
        database.insert("core.fact_observation", [{**FACT, "observation_id": "a3", "value": 71.0, "document_id": "d2"}])
    publish_all(layout)
    rows = published_rows(
        layout,
        "select observation_id, observation_ids, disagreeing_observation_ids, chosen_because from mart.latest_observation",
    )
    assert rows == [("a2", ["a2"], [], "later period")]


def test_a_database_in_use_says_so(layout: Layout) -> None:
    import subprocess
    import sys

    with Database(layout):
        code = f"import duckdb; duckdb.connect({str(layout.database)!r})"
        locked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "lock" in locked.stderr.lower(), "DuckDB's own message is what WriterBusy is made of"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb, time; c = duckdb.connect({str(layout.database)!r}); print('held', flush=True); time.sleep(30)",
        ],
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(WriterBusy, match="wait for it to end"):
            Database(layout)
    finally:
        holder.kill()
        holder.wait()
