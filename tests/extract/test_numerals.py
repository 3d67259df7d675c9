"""Numbers in digits and in words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.numerals import Number, parse_digits, parse_words, read_numbers
from pipelines.extract.view import view
from pipelines.model import Span


def read(text: str) -> list[Number]:
    return read_numbers(view(text), Span(0, len(text)))


@pytest.mark.parametrize(
    ("text", "value", "percent"),
    [
        ("có 1.234 hồ sơ", 1234, False),
        ("có 1.234.567 lượt", 1234567, False),
        ("đạt 12,5%", 12.5, True),
        ("đạt 1.407,25 điểm", 1407.25, False),
        ("đạt 77.93 điểm", 77.93, False),
        ("đạt 80 %", 80, True),
        ("đạt 80 phần trăm", 80, True),
        ("đạt 80phần trăm", 80, True),
        ("có 1,7 triệu người", 1_700_000, False),
        ("gần 2 tỷ lượt", 2_000_000_000, False),
        ("có 45 ngàn hộ", 45_000, False),
        ("có 1 triệu 450 nghìn tài khoản", 1_450_000, False),
        ("chừng 12 vạn chữ ký số", 120_000, False),
        ("hai mươi tổ", 20, False),
        ("một trăm chín mươi tư thành viên", 194, False),
        ("mười lăm xã", 15, False),
        ("tám mươi phần trăm số hộ", 80, True),
        ("cứ 10 hộ thì có 8 hộ dùng", 80, True),
        ("hơn 9 trong 10 người", 90, True),
        ("gần 2/3 số hộ", 66.67, True),
        ("trong quý: 12 480.", 12480, False),
    ],
)
def test_one_number(text: str, value: float, percent: bool) -> None:
    [number] = read(text)
    assert (number.value, number.percent) == (value, percent)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("khoảng 70-80% hộ", 70, 80),
        ("từ 70 đến 80% hộ", 70, 80),
        ("từ 70% đến 80%", 70, 80),
        ("giảm từ 30 đến 50%", 30, 50),
        ("1-2 triệu lượt", 1e6, 2),
    ],
)
def test_ranges(text: str, low: float, high: float) -> None:
    [number] = read(text)
    assert number.value == low
    assert number.high == (high if high > 2 else 2e6)


@pytest.mark.parametrize("text", ["tăng từ 11,91% lên 14,26%", "năm 2021-2025 có 3 xã", "từ 80% xuống 70%"])
def test_what_is_no_range(text: str) -> None:
    assert all(number.high is None for number in read(text))


def test_a_fraction_keeps_its_denominator() -> None:
    [number] = read("421/511 chỉ tiêu")
    assert (number.value, number.denominator, number.span) == (421, 511, Span(0, 3))


@pytest.mark.parametrize("text", ["một cửa", "năm nay", "ba mặt giáp biển", "sóng 4G", "mẫu B2"])
def test_words_that_are_no_numbers(text: str) -> None:
    assert [number for number in read(text) if not number.worded] == []


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=99))
def test_a_number_written_the_vietnamese_way_is_read_back(whole: int, cents: int) -> None:
    written = f"{whole:,}".replace(",", ".") + (f",{cents:02d}" if cents else "")
    assert parse_digits(written) == pytest.approx(whole + cents / 100)


DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def spelt(number: int) -> str:
    """A number below ten thousand in words, as a clerk would write it."""
    words = []
    if number >= 1000:
        words += [DIGITS[number // 1000], "nghìn"]
        number %= 1000
        if 0 < number < 100:
            words += ["không", "trăm"]
    if number >= 100:
        words += [DIGITS[number // 100], "trăm"]
        number %= 100
        if 0 < number < 10:
            words.append("linh")
    if number >= 20:
        words += [DIGITS[number // 10], "mươi"]
        number %= 10
        tail = {0: [], 1: ["mốt"], 4: ["tư"], 5: ["lăm"]}.get(number, [DIGITS[number]])
    elif number >= 10:
        words.append("mười")
        tail = {0: [], 5: ["lăm"]}.get(number - 10, [DIGITS[number - 10]])
    else:
        tail = [DIGITS[number]] if number else []
    return " ".join(words + tail)


@given(st.integers(min_value=1, max_value=9999))
def test_a_number_in_words_is_read_back(number: int) -> None:
    assert parse_words(spelt(number)) == number


@given(st.text())
def test_numbers_never_overlap_and_lie_in_the_text(text: str) -> None:
    seen = view(text)
    numbers = read_numbers(seen, Span(0, len(seen)))
    assert all(0 <= n.span.start < n.span.end <= n.end <= len(text) for n in numbers)
    assert all(a.span.end <= b.span.start for a, b in pairwise(numbers))
