"""Conversion by content, and where title and date come from."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.convert import convert, convert_file
from pipelines.ingest.rejection import Reason, Rejection
from tests.ingest.test_legacy import in_vni

PAGE = """<html><head><title>Tin</title><meta property="og:title" content="Xã Phong Lạc vào chợ số">
<meta property="article:published_time" content="2023-05-12T08:15:00+07:00"><link rel="canonical" href="https://bao.example/a">
</head><body><nav><a href="/">Trang chủ</a></nav><article><h1>Xã Phong Lạc vào chợ số</h1>
<p>Theo báo cáo của xã, tính đến hết tháng 4, đã có 85% cửa hàng trong chợ nhận tiền bằng mã QR, nhiều hơn năm trước.</p>
<p>Bà con cho biết cách trả tiền này vừa nhanh vừa đỡ lo tiền giả, nhất là những ngày chợ đông khách phương xa.</p></article>
<section class="related"><h3>Tin liên quan</h3><a href="/b">Huyện Đầm Dơi đạt 99% hộ dùng nước sạch</a></section>
<footer>Điện thoại: 0290 000 000</footer></body></html>"""


LETTERHEAD = "UBND XÃ A   CỘNG HÒA\nSố: 5/BC\nCà Mau, ngày 5 tháng 7 năm 2023\n"


def test_a_web_page_gives_its_article_and_nothing_around_it() -> None:
    page = convert(PAGE.encode())
    assert (page.title, page.published, page.url) == ("Xã Phong Lạc vào chợ số", date(2023, 5, 12), "https://bao.example/a")
    assert page.text.startswith("Xã Phong Lạc vào chợ số\n")
    assert "85% cửa hàng" in page.text
    assert "99%" not in page.text
    assert "0290" not in page.text


@pytest.mark.parametrize(
    ("text", "title", "published"),
    [
        ("Chợ xã dùng mã QR\n\nLê Út | 07/07/2023, 07:51\n\nNội dung.", "Chợ xã dùng mã QR", date(2023, 7, 7)),
        (LETTERHEAD + "BÁO CÁO\nTình hình chuyển đổi số\n", "Tình hình chuyển đổi số", date(2023, 7, 5)),
        ("Không có ngày nào cả, chỉ có một câu dài kể chuyện.", None, None),
        ("Ngày lạ 45/13/2023, 07:51", "Ngày lạ 45/13/2023, 07:51", None),
    ],
)
def test_title_and_date_of_a_text(text: str, title: str | None, published: date | None) -> None:
    converted = convert(text.encode())
    assert (converted.title, converted.published) == (title, published)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_encodings_give_the_same_text(encoding: str) -> None:
    assert convert("Tỷ lệ đạt 80%\r\n".encode(encoding)).text == "Tỷ lệ đạt 80%\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_told_without_a_mark(encoding: str) -> None:
    text = "Đến hết tháng 5, cả xã có 85% số hộ dùng mã QR khi mua bán ở chợ."
    assert convert(text.encode(encoding)).text == text


def test_a_page_in_an_encoding_before_unicode_is_read() -> None:
    legacy = "".join(
        chr(byte) for byte in in_vni("Tính đến hết tháng 4, đã có 85% cửa hàng trong chợ nhận tiền bằng mã QR, nhiều hơn.")
    )
    title = "".join(chr(byte) for byte in in_vni("Chợ xã dùng mã QR"))
    body = f"<article><h1>{title}</h1><p>{legacy}</p><p>{legacy}</p></article>"
    page = convert(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode())
    assert "85% cửa hàng trong chợ" in page.text
    assert page.title == "Chợ xã dùng mã QR"


def test_characters_that_only_direct_a_screen_become_spaces() -> None:
    found = convert("Xã đạt \u202e80%\u202c văn bản số\x0b\x7f trong\u2066 năm.".encode())
    assert found.text == "Xã đạt  80%  văn bản số   trong  năm."


def test_the_name_of_a_file_does_not_decide(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    assert convert_file(path, 10**6, date(2026, 1, 1)).media_type == "text/html"


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("<p>Thứ sáu, 07/07/2023, 07:51</p>", date(2023, 7, 7)),
        ("<p>Phong Lạc, ngày 5 tháng 7 năm 2023</p>", date(2023, 7, 5)),
        ("<p>Kế hoạch năm 2025 đã được giao từ năm 2021.</p>", None),
    ],
)
def test_a_page_without_metadata_is_dated_by_its_byline_and_by_nothing_else(said: str, published: date | None) -> None:
    bare = re.sub(r"<meta[^>]*>", "", PAGE).replace("</h1>", f"</h1>{said}")
    assert convert(bare.encode()).published == published


@pytest.mark.timeout(30)
@pytest.mark.parametrize("endless", ["&amp;" * 300_000, "chữ " * 50_000], ids=["a word", "a sentence"])
def test_a_page_of_one_endless_word_or_sentence_is_judged_in_linear_time(endless: str) -> None:
    page = f"<html><body><article><p>{endless}</p></article></body></html>"
    with pytest.raises(Rejection, match="no article text"):
        convert(page.encode())


def test_a_date_in_the_future_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    assert convert_file(path, 10**6, date(2023, 5, 11)).published is None


def test_a_message_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_bytes(b"x" * 2000)
    with pytest.raises(Rejection) as rejection:
        convert_file(path, 1000, date(2026, 1, 1))
    assert rejection.value.reason is Reason.TOO_LARGE
    assert "raise KPI_MAX_DOCUMENT_MB" in rejection.value.message


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000) | st.binary(max_size=500).map(lambda tail: PAGE.encode()[:700] + tail))
def test_any_bytes_convert_or_are_rejected(content: bytes) -> None:
    try:
        converted = convert(content)
    except Rejection as rejection:
        message = rejection.message
    else:
        message = converted.text
    assert message
