"""`kpi backup` and `kpi restore`: whole or not at all, and the same facts on another path."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipelines.operation import backup as module
from pipelines.operation.backup import BackupDamaged, BackupFailed, backups, make_backup, read_backup, stored
from pipelines.operation.restore import CanNotRestore, check_backup, find_backup, restore_backup
from pipelines.paths import ROOT, Layout
from pipelines.store.versions import current_version
from tests.conftest import Kpi, kpi_on
from tests.forked import FORK
from tests.line import facts, pipeline_rows, run_line

REFERENCE = ROOT / "warehouse" / "reference"
LATER = "Đến ngày 30/4/2023, xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có 9 tổ công nghệ số cộng đồng."


@pytest.fixture
def filled(sample_warehouse: Layout, layout: Layout) -> Layout:
    """A warehouse of one's own in which the samples are published."""
    shutil.copytree(sample_warehouse.folder, layout.folder, dirs_exist_ok=True)
    return layout


def back_up(layout: Layout, destination: Path, keep: int = 14) -> Path:
    return make_backup(layout, REFERENCE, destination, keep, patience=10)


def restored(destination: Path, folder: Path, name: str | None = None) -> Layout:
    layout = Layout(folder)
    restore_backup(destination, find_backup(destination, name), layout)
    return layout


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_restored_on_another_path_it_publishes_the_same_facts(
    filled: Layout, kpi: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (filled.landing / "chưa đọc.txt").write_text(LATER, encoding="utf-8")
    made = kpi("backup", tmp_path / "backups")
    assert made.returncode == 0, made.stderr

    taken = kpi("restore", tmp_path / "backups", "--to", tmp_path / "elsewhere")

    assert taken.returncode == 0, taken.stderr
    elsewhere = Layout(tmp_path / "elsewhere")
    assert facts(elsewhere) == facts(filled)
    assert kpi_on(elsewhere, "rebuild").stdout.startswith("Identical")
    for layout in (filled, elsewhere):
        monkeypatch.setenv("KPI_WAREHOUSE", str(layout.folder))
        assert run_line(layout).success
    assert facts(elsewhere) == facts(filled)
    assert current_version(elsewhere) != current_version(filled)
    assert len(facts(elsewhere)) > 82, "what waited in the landing folder was read too"


def test_what_was_decided_since_the_last_publication_is_in_the_backup(filled: Layout, kpi: Kpi, tmp_path: Path) -> None:
    """It stands in the database's log, which no publication has written into the file yet."""
    [(observation_id,)] = pipeline_rows(filled, "select min(observation_id) from core.current_observation")
    assert kpi("quarantine", "reject", observation_id, "--reason", "in nhầm", "--by", "Trần Thị Kiểm").returncode == 0
    back_up(filled, tmp_path / "backups")
    elsewhere = restored(tmp_path / "backups", tmp_path / "elsewhere")
    decided = "select observation_id, action, decided_by from core.correction where origin = 'steward'"
    assert pipeline_rows(elsewhere, decided) == [(observation_id, "reject", "Trần Thị Kiểm")]


def test_what_has_not_changed_is_not_copied_again_and_the_newest_are_kept(filled: Layout, tmp_path: Path) -> None:
    destination = tmp_path / "backups"
    first = back_up(filled, destination)
    before = {path: path.stat().st_mtime_ns for path in (destination / "files").rglob("*") if path.is_file()}
    assert len(before) == len({sha256 for sha256, _ in read_backup(first).files.values()})

    second = back_up(filled, destination)

    assert {path: path.stat().st_mtime_ns for path in (destination / "files").rglob("*") if path.is_file()} == before
    (filled.landing / "b.txt").write_text(LATER, encoding="utf-8")
    third = back_up(filled, destination, keep=2)
    assert backups(destination) == [second, third]
    (filled.landing / "b.txt").unlink()
    fourth = back_up(filled, destination, keep=1)
    assert backups(destination) == [fourth]
    assert {path.name for path in (destination / "files").rglob("*") if path.is_file()} == {path.name for path in before}


@pytest.mark.parametrize("damage", ["changed", "cut off", "gone"])
@pytest.mark.parametrize("what", ["pipeline.duckdb", "published/", "raw/", "reference/metrics.yaml"])
def test_a_damaged_backup_is_refused(backed_up: Path, tmp_path: Path, what: str, damage: str) -> None:
    destination = tmp_path / "backups"
    shutil.copytree(backed_up, destination)
    [path] = backups(destination)
    name, (sha256, size) = next((name, entry) for name, entry in read_backup(path).files.items() if name.startswith(what))
    target = stored(destination, sha256)
    content = bytearray(target.read_bytes())
    content[size // 2] ^= 1
    if damage == "gone":
        target.unlink()
    else:
        target.write_bytes(content if damage == "changed" else content[: size // 2])

    with pytest.raises(BackupDamaged, match="is damaged") as refused:
        restored(destination, tmp_path / "elsewhere")

    assert name in str(refused.value)
    assert not (tmp_path / "elsewhere").exists()


@pytest.fixture(scope="session")
def backed_up(sample_warehouse: Layout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one backup of the samples; tests only read it."""
    destination = tmp_path_factory.mktemp("backed-up") / "backups"
    back_up(sample_warehouse, destination)
    return destination


def test_a_backup_whose_list_is_damaged_is_refused_and_costs_no_other(filled: Layout, tmp_path: Path) -> None:
    destination = tmp_path / "backups"
    first, second = back_up(filled, destination), back_up(filled, destination)
    second.write_text(second.read_text("utf-8")[:-200], encoding="utf-8")

    with pytest.raises(BackupDamaged, match="can't be read"):
        restored(destination, tmp_path / "elsewhere")

    back_up(filled, destination)
    assert facts(restored(destination, tmp_path / "elsewhere", first.stem)) == facts(filled)


def test_a_full_disk_leaves_no_half_backup(filled: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    destination = tmp_path / "backups"
    first = back_up(filled, destination)
    before = files(destination)
    (filled.landing / "a.txt").write_text(LATER, encoding="utf-8")
    (filled.landing / "b.txt").write_text(LATER * 2, encoding="utf-8")
    copy = module.copy_to_disk

    def full(source: Path, target: Path) -> None:
        copy(source, target)
        target.write_bytes(target.read_bytes()[:20])
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    for left in range(2):  # room for so many files
        room = iter([copy] * left)
        monkeypatch.setattr(module, "copy_to_disk", lambda source, target, room=room: next(room, full)(source, target))
        with pytest.raises(BackupFailed, match="No space left on device; no backup was made"):
            back_up(filled, destination)
        assert files(destination) == before
    monkeypatch.undo()
    assert check_backup(destination, first)
    assert len(backups(destination)) == 1


def _run_again_and_again(folder: str, stop: Any) -> None:
    import os

    os.environ["KPI_WAREHOUSE"] = folder
    layout, number = Layout(Path(folder)), 0
    while not stop.is_set():
        number += 1
        (layout.landing / f"{number}.txt").write_text(LATER.replace("9 tổ", f"{number} tổ"), encoding="utf-8")
        assert run_line(layout).success


def test_backups_made_while_runs_are_going_are_consistent(filled: Layout, tmp_path: Path) -> None:
    stop = FORK.Event()
    runs = FORK.Process(target=_run_again_and_again, args=(str(filled.folder), stop), daemon=True)
    runs.start()
    try:
        made = [make_backup(filled, REFERENCE, tmp_path / "backups", 14, patience=60) for _ in range(2)]
    finally:
        stop.set()
        runs.join(timeout=90)
    assert runs.exitcode == 0
    for number, path in enumerate(made):
        there = restored(tmp_path / "backups", tmp_path / f"elsewhere-{number}", path.stem)
        done = kpi_on(there, "rebuild")
        assert done.stdout.startswith("Identical"), done.stdout + done.stderr


def test_what_stands_is_never_overwritten(filled: Layout, backed_up: Path, kpi: Kpi, tmp_path: Path) -> None:
    before = facts(filled)
    done = kpi("restore", backed_up)
    assert done.returncode == 1
    assert f"there is a warehouse in {filled.folder} already" in done.stderr
    assert facts(filled) == before
    with pytest.raises(CanNotRestore, match="there is no backup 7"):
        find_backup(backed_up, "7")
    with pytest.raises(CanNotRestore, match="there is no backup in"):
        find_backup(tmp_path, None)


def test_wrong_places_are_said(filled: Layout, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="lies in the warehouse itself"):
        back_up(filled, filled.folder / "backups")
    with pytest.raises(BackupFailed, match=r"nothing in .* to back up"):
        back_up(Layout(tmp_path / "nowhere"), tmp_path / "backups")
    (tmp_path / "file").touch()
    with pytest.raises(BackupFailed, match="no backup was made"):
        back_up(filled, tmp_path / "file" / "backups")
