"""CSV as text: what is a table, its delimiter, its encoding, its cells."""

from __future__ import annotations

import csv as writer
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.convert import convert
from pipelines.ingest.formats import csv
from pipelines.ingest.formats.grid import clean
from pipelines.ingest.rejection import Reason, Rejection
from tests.line import SAMPLES

TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
TABLE = 'Đơn vị;Tỷ lệ (%);Ghi chú\r\n"Xã An Lạc; khu 1";85,2;\r\nXã Bình Yên;1.234,5;"tạm\r\ntính"\r\n'
TEXT = "Đơn vị | Tỷ lệ (%) | Ghi chú\nXã An Lạc; khu 1 | 85,2 | |\nXã Bình Yên | 1.234,5 | tạm tính"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_reads_the_same_in_every_encoding(encoding: str) -> None:
    converted = convert(TABLE.encode(encoding))
    assert (converted.media_type, converted.text) == ("text/csv", TEXT)
    assert [(mark.label, converted.text[mark.start :][:4]) for mark in converted.marks][3:5] == [("A2", "Xã A"), ("B2", "85,2")]


def test_a_table_in_windows_1258_is_read() -> None:
    rows = ["Huyện;Số hồ sơ;Tỷ lệ", "Thới Bình;120;85,2", "Trần Văn Thời;98;77,5", "Năm Căn;45;90"]
    content = "\n".join(map(tones_apart, rows)).encode("cp1258")
    assert convert(content).text == "\n".join(rows).replace(";", " | ")


def tones_apart(text: str) -> str:
    """Vietnamese as Windows-1258 has it: hats on their letters, tones after them."""
    pieces = (unicodedata.normalize("NFD", char) for char in text)
    return "".join(unicodedata.normalize("NFC", TONES.sub("", piece)) + "".join(TONES.findall(piece)) for piece in pieces)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_what_parts_the_lines_alike(delimiter: str) -> None:
    buffer = io.StringIO()
    rows = [["TT", "Tên, xã", "Tỷ lệ; %"], ["1", "An, Lạc", "85,2"], ["2", "Bình, Yên", "70,5"]]
    writer.writer(buffer, delimiter=delimiter).writerows(rows)
    assert convert(buffer.getvalue().encode()).text == "\n".join(" | ".join(row) for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        "Xã có tổ công nghệ số, có wifi, có camera.\nẤp có đường, có trường, có trạm.\nChợ có điện, có nước, có mã QR.\n",
        "Đến nay, xã An Lạc đạt 85%, tăng 3%.\nMục tiêu, theo kế hoạch, là 90%.\nHết.\n",
        "a;b;c\n1;2;3\n",
        "Tên;Tỷ lệ\nAn Lạc;85\nBình Yên;70\nCửa Lớn;60\n",
        "",
    ],
)
def test_prose_and_short_lists_are_no_table(text: str) -> None:
    assert not csv.recognises(text.encode())


def test_no_sample_is_a_table() -> None:
    assert [path.name for path in SAMPLES.iterdir() if csv.recognises(path.read_bytes())] == []


def test_an_empty_table_has_no_text() -> None:
    with pytest.raises(Rejection) as rejection:
        csv.convert(b'" ";" ";" "\n' * 3)
    assert rejection.value.reason is Reason.NO_TEXT


def test_fifty_thousand_rows_are_all_there() -> None:
    table = "\n".join(["TT;Xã;Tỷ lệ", *(f"{row};Xã {row};{row % 100},5" for row in range(50_000))]).encode()
    converted = convert(table)
    assert converted.marks[-1].label == "C50001"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["C"]), max_size=8), min_size=3, max_size=3), min_size=3))
def test_every_cell_of_a_table_is_found_at_its_mark(rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    writer.writer(buffer, delimiter=";", quoting=writer.QUOTE_ALL).writerows(
        [["a", "b", "c"], *(["x" + row[0], *row[1:]] for row in rows)]
    )
    converted = csv.convert(buffer.getvalue().encode())
    at = {mark.label: mark.start for mark in converted.marks}
    for number, row in enumerate(rows, start=2):
        for letter, cell in zip("ABC", ["x" + row[0], *row[1:]], strict=True):
            if said := clean(cell):
                assert converted.text.startswith(said, at[f"{letter}{number}"])
