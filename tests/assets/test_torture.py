"""Runs killed at any moment, many times over in one warehouse, and runs started at once.

A few kills here; `make torture` makes two hundred.
"""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from pipelines.paths import Layout
from pipelines.store.versions import current_version, open_version
from tests.assets.test_kill import _run, run_in_child
from tests.forked import FORK
from tests.line import TORTURE, facts

KILLS = 200 if TORTURE else 12
PLACES = ("Phong Lạc", "Khánh Hải", "Lợi An", "Phong Điền", "Khánh Bình")


def land(layout: Layout, number: int) -> None:
    text = (
        f"Xã {PLACES[number % len(PLACES)]}, huyện Trần Văn Thời (Cà Mau), bản tin {number}\n\n"
        f"Tính đến ngày 30/4/2023, {20 + number % 80}% cửa hàng của xã có mã QR thanh toán. "
        f"Xã có {2 + number} tổ công nghệ số cộng đồng."
    )
    (layout.landing / f"{number}.txt").write_text(text, encoding="utf-8")


def new(folder: Path) -> Layout:
    layout = Layout(folder)
    layout.create()
    return layout


@pytest.mark.timeout(3600 if TORTURE else 240)
def test_killed_at_random_moments_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    whole, killed = new(tmp_path / "whole"), new(tmp_path / "killed")
    for number in range(KILLS):
        land(whole, number)
    assert run_in_child(whole) == 0
    moments = random.Random(20261124)
    land(killed, 0)
    started = time.monotonic()
    assert run_in_child(killed) == 0
    length = time.monotonic() - started

    deaths = 0
    for number in range(1, KILLS):
        land(killed, number)
        process = FORK.Process(target=_run, args=(str(killed.folder), None))
        started = time.monotonic()
        process.start()
        process.join(timeout=moments.uniform(0.05, 1.1) * length)
        if process.exitcode is not None:  # the machine has become faster, or less busy
            length = min(length, time.monotonic() - started)
        process.kill()
        process.join()
        deaths += process.exitcode == -signal.SIGKILL
        version = current_version(killed)
        assert version is not None
        open_version(version).close()

    assert deaths > KILLS / 2
    assert run_in_child(killed) == 0
    assert facts(killed) == facts(whole)


def test_of_two_runs_started_at_once_the_second_waits(tmp_path: Path) -> None:
    layout, alone = new(tmp_path / "both"), new(tmp_path / "alone")
    for number in range(3):
        land(layout, number)
        land(alone, number)
    runs = [FORK.Process(target=_run, args=(str(layout.folder), None)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(timeout=100)
    assert [run.exitcode for run in runs] == [0, 0]
    assert run_in_child(alone) == 0
    assert facts(layout) == facts(alone)
