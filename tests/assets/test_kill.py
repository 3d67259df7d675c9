"""A run killed anywhere loses nothing and doubles nothing: SIGKILL at one point after another, then a run to the end.

Runs are forked from a server that has imported what is slow, so that each costs a second or two.
"""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.landing import waiting
from pipelines.paths import Layout
from pipelines.store.versions import current_version, open_version, published_sequence
from tests.forked import FORK
from tests.line import WHEN_AND_BY_WHOM, facts, pipeline_rows, run_line

ARTICLES = {
    "mot.txt": "Xã Phong Lạc, huyện Trần Văn Thời (Cà Mau), bản tin {number}\n\n"
    "Tính đến ngày 30/4/2023, {share}% cửa hàng của xã có mã QR thanh toán.",
    "hai.txt": "Huyện Đầm Dơi (Cà Mau), bản tin {number}\n\n"
    "Hết năm 2022, toàn huyện có {share}% văn bản được ký số; tỷ lệ hồ sơ nộp trực tuyến đạt 71,5%.",
    "hai-in-lai.txt": "Huyện Đầm Dơi (Cà Mau), bản tin {number}\n\n"
    "HẾT năm 2022, toàn huyện có {share}% văn bản được ký số; tỷ lệ hồ sơ nộp trực tuyến đạt 71,5%...",
    "hong.html": "<html><body><form>Đăng nhập {number}</form></body></html>",
}

# Where to die: (module, attribute, die before or after the call, on which call, only if an argument has this value).
POINTS = {
    "landing, bytes copied but not recorded": ("pipelines.assets.line", "raw_row", "before", 1, None),
    "landing, a container half unpacked": ("pipelines.ingest.containers.unpack", "store_raw", "before", 2, None),
    "landing, a container unpacked but not recorded": ("pipelines.assets.line", "container_row", "before", 1, None),
    "raw_document, recorded but still in the landing folder": ("pipelines.assets.line", "forget", "before", 3, None),
    "document, half of them converted": ("pipelines.ingest.sandbox.Sandbox", "convert_file", "before", 3, None),
    "document, converted but not audited": ("pipelines.assets.line", "record", "before", 1, None),
    "document_cluster, signed but not compared": ("pipelines.assets.line", "documents_to_compare", "before", 1, None),
    "document_cluster, before the commit": ("pipelines.assets.line", "move_to_clusters", "after", 1, None),
    "document_cluster, done": ("pipelines.extract.reader.Reader", "read_all", "before", 1, None),
    "observation, staged": ("pipelines.assets.line", "observation_frame", "after", 1, None),
    "audited_batch, results recorded": ("pipelines.assets.line", "record", "after", 2, None),
    "fact_observation, inside the transaction": ("pipelines.store.database.Database", "run", "after", 1, "line/append_facts"),
    "fact_observation, before the commit": ("pipelines.store.database.Database", "run", "after", 1, "line/note_run"),
    "fact_observation, appended": ("pipelines.store.database.Database", "append", "after", 1, None),
    "marts, half built": ("pipelines.store.marts", "mart_head", "after", 3, None),
    "marts, built but not checked": ("pipelines.store.database", "build_marts", "after", 1, None),
    "marts, built and checked": ("pipelines.store.database.Database", "build", "after", 1, None),
    "published, before the copy": ("pipelines.store.versions", "copy_to_disk", "before", 1, None),
    "published, copied": ("pipelines.store.versions", "copy_to_disk", "after", 1, None),
    "published, before the rename": ("pipelines.store.versions", "sync", "after", 1, None),
    "published, renamed but not pointed to": ("pipelines.store.versions", "point_to", "before", 1, None),
    "published, pointed to": ("pipelines.assets.line", "publish", "after", 1, None),
}


def _die_at(point: str) -> None:
    """Make the process kill itself at a point."""
    import importlib

    place, name, when, call, argument = POINTS[point]
    try:
        owner: Any = importlib.import_module(place)
    except ModuleNotFoundError:
        module, _, attribute = place.rpartition(".")
        owner = getattr(importlib.import_module(module), attribute)
    original: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def deadly(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        if argument is None or argument in arguments:
            calls += 1
        dies = calls == call and (argument is None or argument in arguments)
        if dies and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **options)
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


def _run(folder: str, point: str | None) -> None:
    os.environ["KPI_WAREHOUSE"] = folder
    if point:
        _die_at(point)
    assert run_line(Layout(Path(folder))).success


def run_in_child(layout: Layout, point: str | None = None) -> int | None:
    """The exit code of a run in a process of its own; -9 where it was killed."""
    process = FORK.Process(target=_run, args=(str(layout.folder), point))
    process.start()
    process.join(timeout=90)
    assert process.exitcode is not None, "the run hangs"
    return process.exitcode


PACKED = {
    "ba.txt": "Xã Khánh Hội, huyện U Minh (Cà Mau), thư {number}\n\nTính đến ngày 30/6/2023, {share}% hộ có cáp quang.",
    "rong.txt": "",
    "../ngoai.txt": "{number}",
}


def _land(layout: Layout, number: int) -> None:
    with zipfile.ZipFile(layout.landing / f"{number}.zip", "w") as archive:
        for name, text in PACKED.items():
            archive.writestr(zipfile.ZipInfo(name), text.format(number=number, share=50 + number))
    link = layout.landing / f"hut-{number}.txt"
    link.symlink_to(layout.folder / "nowhere")
    os.utime(link, (1, 1), follow_symlinks=False)  # part of what tells one landing from another
    for name, text in ARTICLES.items():
        (layout.landing / f"{number}-{name}").write_text(text.format(number=number, share=50 + number), encoding="utf-8")


@pytest.mark.timeout(600)
def test_killed_at_every_point_in_turn_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    layout, whole = Layout(tmp_path / "killed"), Layout(tmp_path / "whole")
    for folder in (layout, whole):
        folder.create()

    for number, point in enumerate(POINTS):
        _land(layout, number)
        _land(whole, number)
        assert run_in_child(layout, point) == -signal.SIGKILL, point
        version = current_version(layout)
        if version:
            open_version(version).close()
    assert run_in_child(layout) == 0
    assert run_in_child(whole) == 0

    assert len(facts(whole)) == 6 * len(POINTS)
    assert len(pipeline_rows(whole, "from core.document_cluster")) == 2 * len(POINTS)
    assert facts(layout) == facts(whole)
    for table in (
        "raw_document",
        "container",
        "origin",
        "document_version",
        "document_signature",
        "document_cluster",
        "rejected_document",
        "document_reading",
        "quarantine_observation",
        "candidate_observation",
        "platform_mention",
        "supersession",
    ):
        columns = f"* exclude ({WHEN_AND_BY_WHOM}" + (", retrieved_at)" if table == "origin" else ")")
        query = f"select {columns} from core.{table} order by all"
        assert pipeline_rows(layout, query) == pipeline_rows(whole, query), table
    assert waiting(layout) == []
    assert published_sequence(layout) == pipeline_rows(layout, "select max(sequence) from ops.run")[0][0]
    assert [path.name for path in layout.published.iterdir() if path.name.startswith(".")] == [], "no half copy is left"
