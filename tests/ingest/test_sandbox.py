"""What breaks a limit ends with a reason, and the next conversion goes on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.rejection import Reason, Rejection
from pipelines.ingest.sandbox import Sandbox
from pipelines.limits import ConversionLimits


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(ConversionLimits(seconds=2, memory_mb=2000)) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("function", "argument", "reason", "lacking"),
    [
        (time.sleep, 60, Reason.TOO_SLOW, "more than 2 s"),
        (bytearray, 10**10, Reason.TOO_DEMANDING, "more than 2000 MB"),
        (os._exit, 1, Reason.CONVERTER_FAILED, None),
    ],
)
def test_what_breaks_a_limit_is_refused_and_the_next_goes_on(
    sandbox: Sandbox, function: Callable[[Any], Any], argument: int, reason: Reason, lacking: str | None
) -> None:
    with pytest.raises(Rejection) as refused:
        sandbox.run("application/x", function, argument)
    assert (refused.value.reason, refused.value.lacking) == (reason, lacking)
    assert str(refused.value).startswith("application/x: ")
    assert sandbox.run("application/x", abs, -3) == 3


def test_a_page_that_hangs_its_parser_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        f"<html><p {' '.join(f'a{number}=1' for number in range(60_000))}>Xã có 85% hộ.</p></html>", encoding="utf-8"
    )
    with pytest.raises(Rejection) as refused:
        sandbox.convert_file(path, date(2026, 1, 1))
    assert refused.value.reason is Reason.TOO_SLOW


def test_a_refusal_comes_whole_out_of_the_process(sandbox: Sandbox) -> None:
    with pytest.raises(Rejection, match="needs it") as refused:
        sandbox.run("application/x", _refuse)
    assert (refused.value.reason, refused.value.lacking) == (Reason.NEEDS_TOOL, "tesseract")


def _refuse() -> None:
    raise Rejection(Reason.NEEDS_TOOL, "needs it", "tesseract")
