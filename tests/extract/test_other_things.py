"""Numbers that state something else: excesses and marks, what is lacking, events, unknown nouns."""

from __future__ import annotations

import pytest

from pipelines.extract.counted import counts_something_else
from pipelines.extract.events import is_of_an_event
from pipelines.extract.numerals import read_numbers
from pipelines.extract.opposites import states_the_opposite
from pipelines.extract.view import view
from pipelines.extract.yardsticks import EXCESS, MARK, yardsticks
from pipelines.model import Span


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("đạt 92,28% - 74,73%, vượt chỉ tiêu 12,28% và 4,73%", [None, None, EXCESS, EXCESS]),
        ("được 86,62%, xã tới 90,14%, nghĩa là vượt 46,62% và 60,14% so với chỉ tiêu", [None, None, EXCESS, EXCESS]),
        ("là 92,79% (hơn mức giao 12,79%)", [None, EXCESS]),
        ("đạt 95%, cao hơn bình quân cả nước 6%", [None, EXCESS]),
        ("nhiều hơn năm ngoái 4.500 lượt", [EXCESS]),
        ("vượt chỉ tiêu 75%, đạt 81,3%", [None, None]),
        ("đạt 92,8%, vượt mục tiêu 90%", [None, None]),
        ("đạt 87%, cao hơn bình quân cả nước là 82%", [None, None]),
        ("có 9 xã đạt tỷ lệ hồ sơ nộp trực tuyến 100%", [None, MARK]),
        ("5 nơi trên 20%, 13 nơi trong khoảng 10-20%, còn dưới 5% có 2.", [None, MARK, None, MARK, MARK, None]),
        ("15 bộ, ngành, địa phương có tỷ lệ dưới 10%", [None, MARK]),
        ("ở 64 xã có 95% hộ dùng", [None, None]),
        ("huyện có 12 xã, tỷ lệ số hóa đạt 90%", [None, None]),
    ],
)
def test_what_only_measures_others(text: str, reasons: list[str | None]) -> None:
    seen = view(text)
    numbers = read_numbers(seen, Span(0, len(seen)))
    found = yardsticks(seen, numbers)
    assert [found.get(index) for index in range(len(numbers))] == reasons


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("30% cửa hàng ở trung tâm chưa có mã QR", True),
        ("18% người cao tuổi không dùng điện thoại", True),
        ("hồ sơ chưa được số hóa còn 12%", True),
        ("chỉ 0,4% quá hạn", True),
        ("hộ nghèo chiếm 4,2%", True),
        ("3% do cán bộ nộp hộ", True),
        ("57% người dân thanh toán không dùng tiền mặt", False),
        ("hồ sơ không quá hạn là 98%", False),
        ("không dưới 80% hộ", False),
        ("chưa đạt mục tiêu 80%", False),
        ("45% hộ có cáp quang nhưng chưa dùng hết", False),
        ("80% hồ sơ đã số hóa, chưa kể giấy tờ cũ", False),
    ],
)
def test_shares_of_what_a_metric_leaves_out(text: str, opposite: bool) -> None:
    seen = view(text)
    [number] = read_numbers(seen, Span(0, len(seen)))
    assert states_the_opposite(seen, number) is opposite


@pytest.mark.parametrize(
    ("text", "at_event"),
    [
        ("đại diện 100% xã dự hội nghị", True),
        ("3 doanh nghiệp công nghệ số ký biên bản hợp tác", True),
        ("thí sinh đạt 95 điểm", True),
        ("được 95 điểm ở vòng thi", True),
        ("180 học viên dự hội nghị tập huấn", False),
        ("tỉnh đạt 95 điểm", False),
    ],
)
def test_who_came_and_competed(text: str, at_event: bool) -> None:
    seen = view(text)
    [number] = read_numbers(seen, Span(0, len(seen)))
    assert is_of_an_event(seen, number) is at_event


@pytest.mark.parametrize(
    ("text", "something_else"),
    [
        ("32 tiện ích", True),
        ("68 đội tranh tài", True),
        ("“4 tại chỗ”", False),
        ("1.204, tăng 5%", False),
        ("1.204 đã xử lý", False),
        ("85% tiện ích", False),
    ],
)
def test_what_a_bare_number_counts(text: str, something_else: bool) -> None:
    seen = view(text)
    number, *_ = read_numbers(seen, Span(0, len(seen)))
    assert counts_something_else(seen, number, known=set()) is something_else
