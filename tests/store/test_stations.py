"""What waits at a station: everything at a new version, and else what was recorded since the station was through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines.paths import Layout
from pipelines.store.database import Database
from pipelines.store.stations import Station, converting, pending, reading, signing, staged, through, waiting
from tests.store.test_store import ROWS, store

BYTES = 11


@pytest.fixture
def database(layout: Layout) -> Iterator[Database]:
    store(layout)
    with Database(layout) as database:
        database.connection.execute("delete from core.document_version")
        yield database


def come(database: Database, document_id: str) -> None:
    """Record a raw document and what it was converted to."""
    stamp = {"document_id": document_id, "recorded_at": database.moment(), "run_id": "run"}
    database.insert("core.raw_document", [stamp | {"bytes": BYTES}])
    database.insert("core.origin", [stamp | {"name": document_id, "retrieved_at": stamp["recorded_at"]}])
    database.insert("core.document_version", [ROWS["document_version"] | stamp])


def waits(database: Database, station: Station) -> list[Any]:
    return [row["document_id"] for batch in waiting(database, station, 10) for row in batch]


@pytest.mark.parametrize(
    "station", [converting("next", ["next"], 10), signing("1"), reading("1")], ids=lambda station: station.name
)
def test_at_the_same_version_only_what_was_recorded_since_waits(database: Database, station: Station) -> None:
    come(database, "a")
    assert waits(database, station) == ["a"]
    through(database, station, database.moment(), "run")
    assert waits(database, station) == []
    come(database, "b")
    assert waits(database, station) == ["b"]


def test_at_another_version_everything_waits_and_so_on_the_way_back(database: Database) -> None:
    come(database, "a")
    through(database, signing("1"), database.moment(), "run")
    assert waits(database, signing("2")) == ["a"]
    through(database, signing("2"), database.moment(), "run")
    assert waits(database, signing("2")) == []
    assert waits(database, signing("1")) == ["a"]


def test_a_higher_limit_lets_what_was_too_large_wait_again(database: Database) -> None:
    come(database, "a")
    database.connection.execute("delete from core.document_version")
    refused = {
        "rejection_id": "r",
        "document_id": "a",
        "name": "a",
        "reason": "too_large",
        "message": "",
        "converter_version": "1",
    }
    database.insert("core.rejected_document", [refused | {"recorded_at": database.moment(), "run_id": "run"}])
    through(database, converting("1", ["1"], BYTES - 1), database.moment(), "run")
    assert waits(database, converting("1", ["1"], BYTES - 1)) == []
    assert waits(database, converting("1", ["1"], BYTES)) == ["a"]


def test_what_was_staged_but_never_appended_waits_still(database: Database) -> None:
    come(database, "a")
    database.start_stage()
    staged(database, reading("1"), database.moment())
    assert waits(database, reading("1")) == ["a"]
    database.append("run", "1", "curated")
    assert waits(database, reading("1")) == []


def test_what_is_recorded_comes_after_what_the_caller_knows_of(layout: Layout) -> None:
    ahead = datetime.now(UTC) + timedelta(days=1)
    with Database(layout, latest=ahead) as database:
        assert ahead < database.moment() < database.moment()


def test_a_clock_set_back_hides_nothing(database: Database, layout: Layout) -> None:
    come(database, "a")
    through(database, signing("1"), database.moment() + timedelta(days=1), "run")
    database.close()
    with Database(layout) as again:
        come(again, "b")
        assert waits(again, signing("1")) == ["b"]


def test_a_run_has_nothing_to_do_once_every_station_is_through(database: Database) -> None:
    come(database, "a")
    line = converting("next", ["next"], 10), signing("1"), reading("1")
    assert pending(database, *line, "curated").anything
    for station in line:
        through(database, station, database.moment(), "run")
    found = pending(database, *line, "curated")
    assert (found.to_convert, found.to_sign, found.to_read) == (0, 0, 0)
