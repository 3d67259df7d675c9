"""Comparators, numbers that are no figures, periods, clauses, sentences: each stage on its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.clauses import own_parts
from pipelines.extract.comparators import bounds, read_comparator
from pipelines.extract.nonfacts import masks, why_no_fact
from pipelines.extract.numerals import read_numbers
from pipelines.extract.ordered import Ordered
from pipelines.extract.periods import read_periods
from pipelines.extract.segment import lines, sentences
from pipelines.extract.tables import Row, rows
from pipelines.extract.view import View, view
from pipelines.model import Comparator, Span


def whole(text: str) -> Span:
    return Span(0, len(text))


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("trên 80% hồ sơ", "gt"),
        ("hơn 1.200 hộ", "gt"),
        ("đã vượt 72%", "gt"),
        ("ít nhất 80%", "ge"),
        ("tối thiểu là 80%", "ge"),
        ("không dưới 80%", "ge"),
        ("đạt từ 80% trở lên", "ge"),
        ("≥ 80%", "ge"),
        ("dưới 5%", "lt"),
        ("chưa đến 45%", "lt"),
        ("chưa đầy 45%", "lt"),
        ("không quá 5%", "le"),
        ("tối đa 5%", "le"),
        ("top 25 cả nước", "le"),
        ("khoảng 80%", "approx"),
        ("gần 80%", "approx"),
        ("ước đạt 80%", "approx"),
        ("xấp xỉ 80%", "approx"),
        ("khoảng 70-80%", "approx"),
        ("70-80%", "range"),
        ("ước đến hết năm nay, tỉnh có 420 doanh nghiệp", "approx"),
        ("đạt 80%", "eq"),
        ("trên địa bàn, 80%", "eq"),
    ],
)
def test_comparators(text: str, comparator: str) -> None:
    seen = view(text)
    [number] = read_numbers(seen, whole(seen))
    assert read_comparator(seen, number)[0] == comparator


@pytest.mark.parametrize(
    ("comparator", "expected"),
    [
        ("gt", (80, None)),
        ("ge", (80, None)),
        ("lt", (None, 80)),
        ("le", (None, 80)),
        ("eq", (80, 80)),
        ("approx", (None, None)),
    ],
)
def test_bounds(comparator: str, expected: tuple[float | None, float | None]) -> None:
    assert bounds(80, None, Comparator(comparator)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ngày 30.4.2023", "date"),
        ("ngày 15 tháng 6 năm 2024", "date"),
        ("quý 2/2023", "date"),
        ("năm 2023", "date"),
        ("giai đoạn 2021-2025", "date"),
        ("Quyết định số 749/QĐ-TTg", "document_number"),
        ("Nghị định 61", "document_number"),
        ("Đề án 06", "document_number"),
        ("Kế hoạch số 45/KH-UBND", "document_number"),
        ("điện thoại 0290 3831 234", "phone"),
        ("tổng đài 1022", "phone"),
        ("lúc 7 giờ 30", "time"),
        ("chợ 4.0", "version"),
        ("mức độ 4", "name"),
        ("mức độ 3, 4 của", "name"),
        ("xem 2.jpg", "file_name"),
        ("chi 1,85 tỷ đồng", "money"),
        ("trong 15 ngày", "duration"),
        ("anh Út, 46 tuổi", "age"),
        ("tăng 5%", "change"),
        ("giảm hơn 5%", "change"),
        ("tăng 2,1 điểm phần trăm", "change"),
        ("nhích 10 hạng", "change"),
        ("gấp 2,4 lần", "change"),
        ("đạt mức (vượt 9,5%)", "change"),
        ("Chỉ số 766 của", "document_number"),
        ("bằng 97% kế hoạch", "share_of_plan"),
        ("phiên thứ 3", "name"),
        ("cơ chế “4 tại chỗ”", "name"),
        ("năm thứ ba", "name"),
        ("thứ ba và thứ sáu hằng tuần", "date"),
        ("ngày Chuyển đổi số 10/10", "date"),
        ("trước 31/7", "date"),
        ("mở lớp 14 - 16/5", "date"),
        ("nhà số 27, ngõ 68", "address"),
        ("mã H08.15-240610-0023", "document_number"),
        ("mỗi tổ 5-7 người", "size_of_one"),
        ("một tổ nên gồm 5 - 7 người", "size_of_one"),
    ],
)
def test_numbers_that_are_no_figures(text: str, reason: str) -> None:
    seen = view(text)
    masked = masks(seen)
    numbers = read_numbers(seen, whole(seen))
    assert [why_no_fact(seen, number, masked) for number in numbers] == [reason] * len(numbers)
    assert numbers or masked


@pytest.mark.parametrize(
    "text",
    [
        "đạt 80%",
        "có 194 thành viên",
        "tăng lên 80%",
        "1.022 hồ sơ",
        "nâng từ 60% lên 80%",
        "qua tài khoản 61,5%",
        "vượt kế hoạch 40 tập",
        "năm 2022 đạt 52 nghìn",
        "từ 10/12 xã",
        "hạng 43 Đồng Nai",
        "mỗi ngày có 2.400 hồ sơ",
    ],
)
def test_numbers_that_may_be_figures(text: str) -> None:
    seen = view(text)
    assert [why_no_fact(seen, number, masks(seen)) for number in read_numbers(seen, whole(seen))][-1] is None


@pytest.mark.parametrize(
    ("text", "start", "end", "grain"),
    [
        ("tính đến ngày 30.4.2023", "2023-04-30", "2023-04-30", "day"),
        ("ngày 15 tháng 6 năm 2024", "2024-06-15", "2024-06-15", "day"),
        ("ngày 30/4", "2023-04-30", "2023-04-30", "day"),
        ("đến hết tháng 9/2024", "2024-09-01", "2024-09-30", "month"),
        ("tháng 2 năm 2024", "2024-02-01", "2024-02-29", "month"),
        ("quý II/2023", "2023-04-01", "2023-06-30", "quarter"),
        ("quý IV năm 2022", "2022-10-01", "2022-12-31", "quarter"),
        ("6 tháng đầu năm 2024", "2024-01-01", "2024-06-30", "months"),
        ("6 tháng đầu năm", "2023-01-01", "2023-06-30", "months"),
        ("6 tháng cuối năm 2024", "2024-07-01", "2024-12-31", "months"),
        ("9 tháng năm 2023", "2023-01-01", "2023-09-30", "months"),
        ("Kết quả 6 tháng: 71%", "2023-01-01", "2023-06-30", "months"),
        ("9 tháng, toàn tỉnh", "2023-01-01", "2023-09-30", "months"),
        ("tuần 04 năm 2025", "2025-01-20", "2025-01-26", "week"),
        ("tuần 27", "2023-07-03", "2023-07-09", "week"),
        ("năm 2023", "2023-01-01", "2023-12-31", "year"),
        ("giai đoạn 2021-2025", "2021-01-01", "2025-12-31", "years"),
        ("năm ngoái", "2022-01-01", "2022-12-31", "year"),
    ],
)
def test_periods(text: str, start: str, end: str, grain: str) -> None:
    seen = view(text)
    [period] = read_periods(seen, whole(seen), date(2023, 7, 7))
    assert (period.start.isoformat(), period.end.isoformat(), period.grain) == (start, end, grain)


@given(
    st.dates(date(2000, 1, 1), date(2049, 12, 31)),
    st.sampled_from(["ngày {d}/{m}/{y}", "{d:02}.{m:02}.{y}", "ngày {d} tháng {m} năm {y}", "đến {d}-{m}-{y}"]),
)
def test_a_day_written_the_vietnamese_way_is_read_back(day: date, form: str) -> None:
    seen = view(f"Tính đến hết {form.format(d=day.day, m=day.month, y=day.year)}, xã có sóng.")
    [period] = read_periods(seen, whole(seen), None)
    assert (period.start, period.end, period.grain) == (day, day, "day")


@given(st.integers(2000, 2049), st.integers(1, 12), st.sampled_from(["tháng {m}/{y}", "tháng {m:02} năm {y}", "tháng {m}-{y}"]))
def test_a_month_is_read_back(year: int, month: int, form: str) -> None:
    seen = view(f"Trong {form.format(m=month, y=year)}, xã có sóng.")
    [period] = read_periods(seen, whole(seen), None)
    assert (period.start, period.grain) == (date(year, month, 1), "month")
    assert (period.end + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "text",
    [
        "ngày 31/2/2023",
        "sau 3 tháng triển khai",
        "12 phường",
        "tháng 13/2023",
        "tuần 2 của tháng",
        "tuần 60",
        "sau 6 tháng, xã",
        "ba tháng một cửa hoạt động",
    ],
)
def test_what_is_no_period(text: str) -> None:
    seen = view(text)
    assert read_periods(seen, whole(seen), date(2023, 7, 7)) == []


def test_a_year_that_is_only_compared_with_is_a_baseline() -> None:
    seen = view("đạt 95%, so với 87% của năm 2022; cao hơn so với năm 2021")
    assert [p.baseline for p in read_periods(seen, whole(seen), None)] == [False, True]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A đạt 80%, B đạt 90%", ["A đạt 80%", ", B đạt 90%"]),
        ("100% hộ dùng A, 30% dân dùng B", ["100% hộ dùng A", ", 30% dân dùng B"]),
        ("98,2% ở cấp tỉnh; 95% ở huyện", ["98,2% ở cấp tỉnh;", " 95% ở huyện"]),
        ("có 9 tổ với 63 thành viên", ["có 9 tổ ", "với 63 thành viên"]),
        ("trong khi 95% văn bản thì chế độ mới đạt 40%", ["trong khi 95% văn bản ", "thì chế độ mới đạt 40%"]),
        ("giải quyết 70 hồ sơ, đúng hạn và trước hạn đạt 99%", ["giải quyết 70 hồ sơ", ", đúng hạn và trước hạn đạt 99%"]),
        ("từ 80% trở lên, B trên 70%", ["từ 80% trở lên", ", B trên 70%"]),
    ],
)
def test_each_number_owns_its_part(text: str, parts: list[str]) -> None:
    seen = view(text)
    figures = [Span(read_comparator(seen, number)[1], number.end) for number in read_numbers(seen, whole(seen))]
    found = own_parts(seen, whole(seen), figures)
    assert [text[part.start : part.end] for part in found] == parts


def test_sentences_are_not_cut_at_abbreviations() -> None:
    text = "Tại TP. Cà Mau có 9 tổ. Ông H. Thới nói: “Đạt 80%.” Xong"
    [line] = lines(text)
    assert [text[s.start : s.end] for s in sentences(text, line)] == [
        "Tại TP. Cà Mau có 9 tổ.",
        "Ông H. Thới nói: “Đạt 80%.”",
        "Xong",
    ]


def test_a_table_flattened_to_lines_keeps_head_and_label_of_each_cell() -> None:
    seen = view("Biểu 1\nSTT | Chỉ tiêu | Kế hoạch | Kết quả\n1 | Ký số | 95% | 97,8%\nHết bảng.")
    header, row = rows(str(seen), seen, lines(seen)).values()
    assert header is None
    assert row is not None
    assert [seen[label.start : label.end].strip() for label in row.labels] == ["ký số"]
    assert cells_with_heads(seen, row) == [("1", ["stt"]), ("95%", ["kế hoạch"]), ("97,8%", ["kết quả"])]


def test_heads_of_several_rows_are_kept_the_lowest_first() -> None:
    seen = view("Biểu 1\nĐơn vị | Hồ sơ | Hồ sơ\nĐơn vị | Số lượng | Tỷ lệ (%)\nXã A | 95 | 97,8")
    *_, row = rows(str(seen), seen, lines(seen)).values()
    assert row is not None
    assert row.caption is not None
    assert cells_with_heads(seen, row) == [("95", ["số lượng", "hồ sơ"]), ("97,8", ["tỷ lệ (%)", "hồ sơ"])]


def cells_with_heads(seen: View, row: Row) -> list[tuple[str, list[str]]]:
    return [
        (seen[cell.start : cell.end].strip(), [seen[head.start : head.end].strip() for head in heads])
        for cell, heads in row.values()
    ]


def test_the_view_spells_tones_spaces_and_quotes_one_way() -> None:
    assert view("HOÀ quý Quỳ uỷ\u00a0“Thuý”—khoẻn") == 'hòa quý quỳ ủy "thúy"-khoẻn'


def test_the_last_that_begin_in_a_stretch() -> None:
    ordered = Ordered([5, 1, 9, 7], lambda item: item)
    assert ordered.between(2, 9) == [5, 7]
    assert ordered.last_between(0, 9, count=2) == [5, 7]
    assert ordered.last_between(8, 9) == []
