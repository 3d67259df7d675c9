"""The landing folder and the raw store."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest.landing import Landed, Origin, forget, land, land_error, move_to_raw, raw_path, sha256_of, waiting
from pipelines.paths import Layout


def test_the_same_bytes_twice_land_once(layout: Layout, tmp_path: Path) -> None:
    one, other = tmp_path / "báo cáo.txt", tmp_path / "bản sao.TXT"
    one.write_text("80%", encoding="utf-8")
    other.write_text("80%", encoding="utf-8")

    assert land(layout, one, Origin(one.name)) is Landed.NEW
    assert land(layout, other, Origin(other.name)) is Landed.KNOWN
    [path] = waiting(layout)
    stored = move_to_raw(layout, path)
    assert stored is not None
    assert stored.origin.name == "báo cáo.txt"
    forget(layout, path, stored)

    assert waiting(layout) == []
    assert land(layout, other, Origin(other.name)) is Landed.KNOWN, "from the raw store too"
    assert list(layout.landing.iterdir()) == []


def test_origin_travels_with_the_bytes(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>x", encoding="utf-8")
    origin = Origin("a.html", "https://example.vn/a", "2023-07-07", "bao_camau", "2023-07-08T00:00:00+00:00")
    land(layout, path, origin)
    stored = move_to_raw(layout, waiting(layout)[0])
    assert stored is not None
    assert stored.origin == origin
    assert stored.sha256 == sha256_of(path)


def test_unfinished_and_hidden_files_do_not_wait(layout: Layout) -> None:
    for name in (".hidden", "copy.part", "page.crdownload", "page.html.origin.json"):
        (layout.landing / name).write_text("{}", encoding="utf-8")
    (layout.landing / "tháng 7").mkdir()
    (layout.landing / "tháng 7" / "báo cáo.txt").write_text("80%", encoding="utf-8")
    assert [path.name for path in waiting(layout)] == ["báo cáo.txt"]


def test_word_of_an_error_waits_and_is_forgotten(layout: Layout) -> None:
    land_error(layout, Origin("a.txt", error="Permission denied"))
    [path] = waiting(layout)
    stored = move_to_raw(layout, path)
    assert stored is not None
    assert (stored.sha256, stored.error, stored.origin.name) == (None, "Permission denied", "a.txt")
    forget(layout, path, stored)
    assert waiting(layout) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.binary(max_size=3000))
def test_raw_bytes_are_what_landed(layout: Layout, content: bytes) -> None:
    path = layout.landing / "bytes"
    path.write_bytes(content)
    stored = move_to_raw(layout, path)
    assert stored is not None
    assert stored.sha256 is not None
    forget(layout, path, stored)
    assert raw_path(layout, stored.sha256).read_bytes() == content
    assert sha256_of(raw_path(layout, stored.sha256)) == stored.sha256
