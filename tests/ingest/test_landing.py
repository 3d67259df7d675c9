"""The landing folder and the raw store."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest.landing import (
    Landed,
    Origin,
    forget,
    land,
    land_error,
    move_to_raw,
    raw_path,
    sha256_of,
    stored_in_raw,
    waiting,
)
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


def test_what_is_said_of_known_bytes_corrects_their_origin(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("80%", encoding="utf-8")
    land(layout, path, Origin("a.txt", url="https://bao.example/a"))

    assert land(layout, path, Origin("b.txt", published="2023-07-07")) is Landed.CORRECTED

    file, word = waiting(layout)
    for item in (file, word):
        stored = move_to_raw(layout, item)
        assert stored is not None
        assert stored.sha256 == sha256_of(path)
        forget(layout, item, stored)
    assert stored.origin.document_id == sha256_of(path)
    [kept] = stored_in_raw(layout)
    assert (kept.origin.name, kept.origin.url, kept.origin.published) == ("a.txt", "https://bao.example/a", "2023-07-07")
    assert waiting(layout) == []


def test_a_linked_folder_and_a_name_that_breaks_the_screen_are_not_lost(layout: Layout) -> None:
    (layout.folder / "elsewhere").mkdir()
    (layout.landing / "link").symlink_to(layout.folder / "elsewhere")
    (layout.landing / "dòng\x1b[31m một\n.txt").write_text("80%", encoding="utf-8")

    name, link = waiting(layout)
    stored = move_to_raw(layout, name)
    refused = move_to_raw(layout, link)

    assert stored is not None
    assert refused is not None
    assert stored.origin.name == "dòng\ufffd[31m một\ufffd.txt"
    assert refused.error == "a link to a folder; check it and add it again"


def test_what_was_set_aside_earlier_under_the_same_name_stays(layout: Layout) -> None:
    for _ in range(2):
        path = layout.landing / "gone.txt"
        path.symlink_to(layout.folder / "nowhere")
        stored = move_to_raw(layout, path)
        assert stored is not None
        forget(layout, path, stored)
    assert len(list(layout.rejected.iterdir())) == 2


def test_origin_travels_with_the_bytes(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>x", encoding="utf-8")
    origin = Origin("a.html", "https://example.vn/a", "2023-07-07", "bao_camau", "2023-07-08T00:00:00+00:00")
    land(layout, path, origin)
    stored = move_to_raw(layout, waiting(layout)[0])
    assert stored is not None
    assert stored.origin == origin
    assert stored.sha256 == sha256_of(path)


def test_what_a_killed_run_left_half_written_beside_raw_bytes_is_no_document(layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Đạt 80%.", encoding="utf-8")
    land(layout, tmp_path / "a.txt", Origin("a.txt"))
    [item] = waiting(layout)
    stored = move_to_raw(layout, item)
    assert stored is not None
    assert stored.sha256 is not None
    raw = raw_path(layout, stored.sha256)
    raw.with_name(f"{raw.name}.origin.json.part").write_text("{", encoding="utf-8")
    assert [kept.sha256 for kept in stored_in_raw(layout)] == [stored.sha256]


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
