"""`kpi versions`, `kpi diff`, `kpi rollback`, `kpi rebuild`."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.paths import Layout
from pipelines.store.compare import compare_rebuilt
from pipelines.store.database import Database
from tests.conftest import Kpi, kpi_on
from tests.store.test_store import publish_all, store
from tests.store.test_versions import fact


def test_versions_are_listed_compared_and_rolled_back(kpi: Kpi, layout: Layout) -> None:
    assert "nothing is published" in kpi("versions").stderr
    store(layout, {})
    publish_all(layout)
    store(layout, fact(1) | {"value": 81.0, "value_low": 81.0, "value_high": 81.0})
    publish_all(layout)

    listed = kpi("versions").stdout.splitlines()
    assert [line.split()[1:4] for line in listed if "kpi-" in line] == [["*", "│", "kpi-000002"], ["│", "kpi-000001", "│"]]

    changes = kpi("diff", "kpi-000001", "2")
    assert changes.returncode == 0
    assert "facts added: 1" in changes.stdout
    assert "n1" in changes.stdout
    assert "facts superseded: 0" in changes.stdout

    assert "read kpi-000001 now, no longer kpi-000002" in kpi("rollback", "1").stdout
    assert kpi("sql", "--format", "csv", "select count(*) from core.fact_observation").stdout.split() == ["count_star()", "1"]
    gone = kpi("rollback", "kpi-000009")
    assert gone.returncode == 1
    assert "kept are kpi-000001, kpi-000002" in gone.stderr


def test_a_warehouse_rebuilt_from_its_raw_documents_is_identical(sample_warehouse: Layout) -> None:
    before = sample_warehouse.database.stat()
    done = kpi_on(sample_warehouse, "rebuild")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Identical")
    assert sample_warehouse.database.stat().st_mtime_ns == before.st_mtime_ns
    assert not (sample_warehouse.folder / ".rebuild").exists()


def test_what_differs_from_the_rebuilt_is_listed(sample_warehouse: Layout, tmp_path: Path) -> None:
    changed = Layout(tmp_path / "changed")
    changed.create()
    shutil.copyfile(sample_warehouse.database, changed.database)
    with Database(changed) as database:
        [(observation_id,)] = database.connection.execute("select min(observation_id) from core.fact_observation").fetchall()
        database.connection.execute(
            "update core.fact_observation set value = value + 1 where observation_id = $1", [observation_id]
        )
        database.connection.execute("delete from core.platform_mention")

    differences = compare_rebuilt(changed.database, sample_warehouse.database)

    facts = differences.filter(differences["what"] == "fact").select("side", "id").rows()
    assert facts == [("only as it stood", observation_id), ("only rebuilt", observation_id)]
    others = differences.filter(differences["what"] != "fact")
    assert set(others.select("what", "side").rows()) == {("mention of a system", "only rebuilt")}
