"""ZIP archives: their members, and what is refused of them."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.containers import archive
from pipelines.ingest.containers.member import Budget, ContainerLimits, Member
from pipelines.ingest.containers.unpack import members_of
from pipelines.ingest.rejection import Reason, Rejection

Content = dict[str, bytes]


def zipped(content: Content, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, data in content.items():
            made.writestr(name, data)
    return file.getvalue()


def opened(path: Path, content: bytes, limits: ContainerLimits | None = None) -> list[Member]:
    path.write_bytes(content)
    members = members_of(path, Budget(limits or ContainerLimits()))
    assert members is not None, "no container"
    return list(members)


def outcome(members: list[Member]) -> dict[str, bytes | str]:
    return {name: content.reason.value if isinstance(content, Rejection) else content for name, content in members}


def test_members_in_the_archives_order_without_folders_and_hidden_files(tmp_path: Path) -> None:
    content = zipped({"thư mục/": b"", "thư mục/báo cáo.txt": b"80%", "__MACOSX/x": b"", ".an/b.txt": b"", "a.txt": b"9"})
    assert outcome(opened(tmp_path / "a", content)) == {"thư mục/báo cáo.txt": b"80%", "a.txt": b"9"}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258"])
def test_names_that_are_not_marked_as_unicode(tmp_path: Path, encoding: str) -> None:
    name = "Báo cáo sô liêu tháng.txt".encode(encoding)
    plain = "x" * len(name)
    content = zipped({plain: b"80%"}).replace(plain.encode(), name)
    assert [name for name, _ in opened(tmp_path / "a", content)] == ["Báo cáo sô liêu tháng.txt"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions(tmp_path: Path, method: int) -> None:
    assert outcome(opened(tmp_path / "a", zipped({"a.txt": b"80%"}, method))) == {"a.txt": b"80%"}


@pytest.mark.parametrize(
    "name", ["../a.txt", "b/../../a.txt", "/etc/passwd", "C:/a.txt", "..\\a.txt", "C:\\a.txt", "\\\\server\\a.txt"]
)
def test_a_name_that_leads_out_is_refused_and_the_others_go_on(tmp_path: Path, name: str) -> None:
    found = outcome(opened(tmp_path / "a", zipped({name: b"x", "b.txt": b"80%"})))
    assert found == {name: "unsafe_name", "b.txt": b"80%"}
    assert [path.name for path in tmp_path.rglob("*")] == ["a"], "nothing is written"


def test_a_folder_may_be_called_word(tmp_path: Path) -> None:
    assert outcome(opened(tmp_path / "a", zipped({"word/báo cáo.txt": b"80%"}))) == {"word/báo cáo.txt": b"80%"}


def _link(made: zipfile.ZipFile) -> None:
    link = zipfile.ZipInfo("x.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    made.writestr(link, "/etc/passwd")


def _twice(made: zipfile.ZipFile) -> None:
    made.writestr("x.txt", "80%")
    with pytest.warns(UserWarning, match="Duplicate name"):
        made.writestr("x.txt", "90%")


@pytest.mark.parametrize(("add", "kept", "reason"), [(_link, None, "unsafe_name"), (_twice, b"80%", "duplicate_name")])
def test_what_is_no_member_of_its_own(
    tmp_path: Path, add: Callable[[zipfile.ZipFile], None], kept: bytes | None, reason: str
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        add(made)
        made.writestr("b.txt", "9")
    members = opened(tmp_path / "a", file.getvalue())
    contents = [content.reason.value if isinstance(content, Rejection) else content for _, content in members]
    assert contents == [*([kept] if kept else []), reason, b"9"]


def patched(content: bytes, offset_local: int, offset_central: int, value: int) -> bytes:
    """Another 16-bit value in both headers of the first member."""
    changed = bytearray(content)
    for at in (offset_local, content.index(b"PK\x01\x02") + offset_central):
        changed[at : at + 2] = struct.pack("<H", value)
    return bytes(changed)


@pytest.mark.parametrize(
    ("offsets", "value", "reason"),
    [((6, 8), 0x1, Reason.ENCRYPTED), ((8, 10), 99, Reason.UNSUPPORTED_TYPE), ((14, 16), 0xDEAD, Reason.DAMAGED)],
)
def test_a_member_that_can_not_be_read_is_refused_by_name(
    tmp_path: Path, offsets: tuple[int, int], value: int, reason: Reason
) -> None:
    content = patched(zipped({"x.txt": b"80%", "b.txt": b"9"}), *offsets, value)
    assert outcome(opened(tmp_path / "a", content)) == {"x.txt": reason.value, "b.txt": b"9"}


def test_limits_of_size_and_number(tmp_path: Path) -> None:
    content = zipped({"a.txt": b"123456789", "b.txt": b"1234", "c.txt": b"1234", "d.txt": b"12"})
    by_size = opened(tmp_path / "a", content, ContainerLimits(member_bytes=5, total_bytes=7))
    assert outcome(by_size) == {"a.txt": "too_large", "b.txt": b"1234", "c.txt": "too_large", "d.txt": b"12"}
    by_number = opened(tmp_path / "a", content, ContainerLimits(members=2))
    assert outcome(by_number) == {"a.txt": b"123456789", "b.txt": b"1234", "…": "too_complex"}


def test_a_bomb_is_refused_whatever_its_header_says(tmp_path: Path) -> None:
    content = zipped({"bom.txt": bytes(3_000_000), "b.txt": b"9"})
    limits = ContainerLimits(ratio=100, ratio_from=100_000)
    assert outcome(opened(tmp_path / "a", content, limits)) == {"bom.txt": "too_complex", "b.txt": b"9"}

    lie = bytearray(content)
    for at in (22, content.index(b"PK\x01\x02") + 24):
        lie[at : at + 4] = struct.pack("<I", 3)
    assert outcome(opened(tmp_path / "a", bytes(lie), limits))["bom.txt"] in ("too_complex", "damaged")


def test_an_archive_that_is_cut_off_is_refused_as_a_whole(tmp_path: Path) -> None:
    for size in (10, 60, 120):
        with pytest.raises(Rejection) as refused:
            opened(tmp_path / "a", zipped({"a.txt": b"80%", "b.txt": b"9"})[:size])
        assert refused.value.reason is Reason.DAMAGED


def test_a_directory_longer_than_any_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_DIRECTORY_BYTES", 1000)
    with pytest.raises(Rejection) as refused:
        opened(tmp_path / "a", zipped({f"{number}.txt": b"" for number in range(100)}))
    assert refused.value.reason is Reason.TOO_COMPLEX


def word_file() -> bytes:
    file = io.BytesIO()
    document = Document()
    document.add_paragraph("Xã đạt 80%")
    document.save(file)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write(0, 0, "80%")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        word_file(),
        workbook(),
        word_file()[:3000],
        zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
        zipped({"META-INF/MANIFEST.MF": b"", "a.class": b""}),
        zipped({"x.xml": b"", "[Content_Types].xml": b""}),
        b"80%",
        b"",
        b"PK",
    ],
)
def test_documents_are_no_archives(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert members_of(path, Budget(ContainerLimits())) is None


_WHOLE = zipped({"a.txt": b"80%" * 50, "b/c.html": b"<p>9", "d.zip": zipped({"e.txt": b"7"})})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(4, len(_WHOLE) - 1), st.integers(0, 255)), max_size=6), st.integers(30, len(_WHOLE)))
def test_any_bytes_give_members_or_reasons(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], size: int
) -> None:
    content = bytearray(_WHOLE)
    for at, value in changes:
        content[at] = value
    path = tmp_path_factory.getbasetemp() / "any.zip"
    path.write_bytes(content[:size] if len(changes) % 2 else content)
    members = members_of(path, Budget(ContainerLimits()))
    try:
        contents = [content for _, content in members or ()]
    except Rejection as rejection:
        contents = [rejection]
    assert all(isinstance(content, bytes) or content.message for content in contents)
