"""Published versions: readers beside a writer, rolling back, comparing, and what a full disk does."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.paths import Layout
from pipelines.store.compare import CanNotCompare, compare_versions
from pipelines.store.database import Database, writer_lock
from pipelines.store.versions import (
    NoSuchVersion,
    current_version,
    open_current,
    point_to,
    published_sequence,
    version_path,
    versions,
)
from tests.line import TORTURE, published_rows
from tests.store.test_store import FACT, publish_all, store

READERS, PUBLISHED = (20, 30) if TORTURE else (8, 6)


def fact(number: int) -> dict[str, object]:
    return FACT | {"observation_id": f"n{number}", "char_start": 4, "recorded_at": datetime.now(UTC), "platform_id": None}


@pytest.mark.timeout(600)
def test_readers_and_publications_do_not_disturb_each_other(layout: Layout) -> None:
    store(layout, {})
    publish_all(layout, keep=2)
    seen: set[int] = set()
    wrong: list[str] = []
    done = threading.Event()

    def read_in_a_loop() -> None:
        last = 0
        query = "select v.facts, sum(len(t.observation_ids)) from ops.version as v, mart.metric_trend as t group by all"
        while not done.wait(0.1):
            try:
                with open_current(layout) as connection:
                    row = connection.execute(query).fetchone()
            except Exception as error:
                wrong.append(repr(error))
                return
            assert row is not None
            if not row[0] == row[1] >= last:
                wrong.append(f"{row} after {last}")
            last = row[0]
            seen.add(last)

    readers = [threading.Thread(target=read_in_a_loop) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        for number in range(PUBLISHED - 1):
            store(layout, fact(number))
            publish_all(layout, keep=2)
    finally:
        done.set()
        for reader in readers:
            reader.join()

    assert wrong == []
    assert max(seen) >= PUBLISHED - 1
    assert len(versions(layout)) == 2


def test_rolled_back_the_earlier_version_is_read_and_kept(layout: Layout) -> None:
    store(layout, {})
    first = publish_all(layout)
    store(layout, fact(1))
    publish_all(layout)

    point_to(layout, version_path(layout, "1"))

    assert published_rows(layout, "select count(*) from core.fact_observation") == [(1,)]
    assert current_version(layout) == first
    store(layout, fact(2))
    third = publish_all(layout, keep=1)
    assert third.stem == "kpi-000003"
    assert published_rows(layout, "select count(*) from core.fact_observation") == [(3,)]
    with pytest.raises(NoSuchVersion, match=r"no version 7; kept are kpi-000003"):
        version_path(layout, "7")


def test_a_run_that_was_rolled_back_does_not_count_as_unpublished(layout: Layout) -> None:
    run = {"run_id": "run", "finished_at": datetime.now(UTC), "extractor_version": "1"}
    counts = dict.fromkeys(("documents", "rejected", "observations", "quarantined", "retracted"), 0)
    for sequence in (1, 2):
        with Database(layout) as database:
            database.insert("ops.run", [{"sequence": sequence} | run | counts])
        publish_all(layout)
    point_to(layout, version_path(layout, "kpi-000001"))
    assert published_sequence(layout) == 2


def test_who_takes_the_lock_finds_a_lost_database_restored_from_the_newest_version(layout: Layout) -> None:
    store(layout, {})
    publish_all(layout)
    store(layout, fact(1))
    publish_all(layout)
    point_to(layout, version_path(layout, "1"))
    layout.database.unlink()
    layout.database.with_name(f"{layout.database.name}.wal").write_bytes(b"of the lost one")

    with writer_lock(layout, 0), Database(layout) as database:
        assert database.connection.execute("select count(*) from core.fact_observation").fetchall() == [(2,)]
        assert database.is_new(), "the raw store may know of more"


def test_a_version_of_an_older_program_can_not_be_compared_and_says_so(layout: Layout, tmp_path: Path) -> None:
    store(layout, {})
    version = publish_all(layout)
    older, damaged = tmp_path / "kpi-000000.duckdb", tmp_path / "kpi-000009.duckdb"
    with duckdb.connect(str(older)) as connection:
        connection.execute("create schema core; create table core.fact_observation (observation_id varchar)")
    damaged.write_bytes(b"no database" * 1000)
    with pytest.raises(CanNotCompare, match=r"kpi-000000 was made by an older version"):
        compare_versions(older, version)
    with pytest.raises(CanNotCompare, match=r"kpi-000009\.duckdb can't be read"):
        compare_versions(version, damaged)


def test_two_versions_are_compared(layout: Layout) -> None:
    store(layout, {})
    before = publish_all(layout)
    moment = datetime.now(UTC)
    replaced = {"value": 85.0, "value_low": 85.0, "value_high": 85.0, "recorded_at": moment}
    store(layout, replaced)
    with Database(layout) as database:
        ended = {"observation_id": "a1", "recorded_at": FACT["recorded_at"], "superseded_at": moment, "reason": "replaced"}
        database.insert("core.supersession", [ended | {"extractor_version": "2", "run_id": "run"}])
    after = publish_all(layout)

    changes = compare_versions(before, after)

    assert changes["facts added"]["value"].to_list() == [85.0]
    assert changes["facts superseded"].select("value", "reason").rows() == [(80.0, "replaced")]
    assert changes["latest values changed"].select("value_before", "value").rows() == [(80.0, 85.0)]
    assert {what: frame.height for what, frame in compare_versions(after, after).items()} == dict.fromkeys(changes, 0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 32 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "none", folder], check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def _store_and_publish(layout: Layout, first: int) -> None:
    store(layout, *(fact(first + i) for i in range(500)))
    publish_all(layout)


def test_a_full_disk_costs_nothing_that_was_published(small_disk: Path) -> None:
    layout = Layout(small_disk / "warehouse")
    layout.create()
    store(layout, {})
    first = publish_all(layout)
    (small_disk / "ballast").write_bytes(
        b"\0" * (32_000_000 - sum(f.stat().st_size for f in small_disk.rglob("*") if f.is_file()))
    )
    for number in range(3):
        with pytest.raises(Exception, match=r"(?i)space|disk|write"):
            _store_and_publish(layout, 1000 * number)
        assert current_version(layout) == first
        assert published_rows(layout, "select count(*) from core.fact_observation") == [(1,)]

    (small_disk / "ballast").unlink()
    store(layout, fact(9999))
    publish_all(layout)
    assert published_rows(layout, "select count(*) from core.fact_observation where observation_id = 'n9999'") == [(1,)]
    assert [path.name for path in layout.published.iterdir() if path.name.startswith(".")] == []
