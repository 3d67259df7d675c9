"""A copy has the bytes of its source, whatever their number and whatever the file system takes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.store import copying
from pipelines.store.copying import copy_to_disk

SIZES = (0, 1, 4096, 4097, 3 * 4096, (16 << 20) + 4096, (16 << 20) + 5)


@pytest.mark.parametrize("past_cache", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_a_copy_has_the_bytes_of_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, past_cache: bool
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(size))
    target.write_bytes(b"of before" * 10_000)
    if not past_cache:
        monkeypatch.setattr(copying, "_write_past_cache", lambda *_: False)

    copy_to_disk(source, target)

    assert target.read_bytes() == source.read_bytes()


def test_a_file_system_that_does_not_write_past_the_cache_is_copied_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x" * 4096)
    opened = os.open

    def refuse(path: Path, flags: int, *mode: int) -> int:
        if flags & os.O_DIRECT:
            raise OSError(22, "Invalid argument")
        return opened(path, flags, *mode)

    monkeypatch.setattr(os, "open", refuse)
    copy_to_disk(source, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == source.read_bytes()
