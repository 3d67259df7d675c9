"""Files gone wrong, of every format: each becomes a document or is refused with a reason, and none stops the next.

A few here; `make fuzz` takes ten thousand.
"""

from __future__ import annotations

import io
import os
import random
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from pipelines.ingest.rejection import Reason, Rejection
from pipelines.ingest.sandbox import Sandbox
from pipelines.limits import ConversionLimits
from tests.ingest.formats.papers import PLAIN, report_docx, report_pdf
from tests.ingest.formats.test_same_facts import report_html, report_xlsx
from tests.ingest.mutation import mutated
from tests.ingest.test_legacy import in_tcvn3, in_vni

FILES = int(os.environ.get("KPI_FUZZ", "150"))
LIMITS = ConversionLimits(seconds=30)


def picture(form: str) -> bytes:
    image = Image.new("L", (320, 60), "white")
    ImageDraw.Draw(image).text((10, 20), "85% 1.234 QR 2024", fill="black")
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


@cache
def whole() -> dict[str, bytes]:
    """A sound file of each format."""
    rows = "TT;Chỉ tiêu;Kết quả\n1;Tỷ lệ ký số (%);96,4\n2;Tổ công nghệ số cộng đồng;9\n"
    return {
        "html": report_html(),
        "pdf": report_pdf(),
        "docx": report_docx(),
        "xlsx": report_xlsx(),
        "png": picture("PNG"),
        "jpeg": picture("JPEG"),
        "tiff": picture("TIFF"),
        "csv": rows.encode(),
        "txt": PLAIN.encode(),
        "utf-16": PLAIN.encode("utf-16"),
        "tcvn3": in_tcvn3(PLAIN),
        "vni": in_vni(PLAIN),
    }


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as sandbox:
        yield sandbox


@pytest.mark.timeout(60 + FILES)
def test_a_file_gone_wrong_is_a_document_or_has_a_reason(sandbox: Sandbox, tmp_path: Path) -> None:
    chance = random.Random(20261129)
    forms = list(whole())
    outcomes: Counter[tuple[str, str]] = Counter()
    path = tmp_path / "file"
    for number in range(FILES):
        form = forms[number % len(forms)]
        path.write_bytes(mutated(chance, whole()[form], list(whole().values())))
        try:
            converted = sandbox.convert_file(path, date(2026, 1, 1))
        except Rejection as rejection:
            outcomes[form, rejection.reason] += 1
            if rejection.reason is Reason.CONVERTER_FAILED:
                print(form, number, rejection)
        else:
            assert converted.text.strip()
            assert unicodedata.is_normalized("NFC", converted.text)
            starts = [mark.start for mark in converted.marks]
            assert starts == sorted(starts)
            assert not starts or starts[-1] <= len(converted.text)
            assert 0 <= converted.legibility <= 1
            outcomes[form, "a document"] += 1
    for (form, outcome), times in sorted(outcomes.items()):
        print(f"{form:8} {outcome:20} {times}")
    assert {form for form, _ in outcomes} == set(forms)
    assert sum(times for (_, outcome), times in outcomes.items() if outcome != "a document") > FILES / 10
