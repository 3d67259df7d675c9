"""Residue: whether a part of a sentence says anything beyond its number, its places and empty words.

Belongs here: the words that say nothing of what is measured. "phường Tuy Hòa xấp xỉ 60%" and "con số này mới là
81%" leave nothing over, so what they measure stands elsewhere; "anh bán 20% hàng" does not.
Does not: finding what they measure then (focus of the reader).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.model import Span

# Words of a comparison, a listing or a date; none names what is measured.
_EMPTY = frozenset(
    """
    đạt có là ở tại với và còn riêng trong khi chỉ mới được cùng cũng vẫn thì tương ứng lần lượt tiếp theo đến kế đó
    sau rồi đứng đầu cuối cao thấp nhất nhì nhóm gần bảng dẫn xếp hạng thứ vị trí điểm tỷ lệ con số này ấy kia trên
    dưới hay nghĩa tức chiếm mức tăng lên xuống nay hiện năm tháng quý ngày tỉnh huyện xã phường thị trấn thành phố
    quận cấp khối ngành địa phương toàn của cho về khoảng từ gồm sang đã đang do vào bỏ lại vỏn vẹn các những tính
    chung cả nước tổng bình quân trung kết quả đơn mốc ngưỡng hơn lúc nơi song nhưng tuy nhiên mục tiêu hoạch thực
    giao phấn đấu sẽ phải cần yêu cầu đề ra ước tới quá vượt ít tối thiểu không chưa đầy xấp xỉ tầm chừng bao phía
    liền lọt vươn góp mặt top tốp vùng khu vực duy trì ngang phần nhích kém thua đội sổ chót bét khá giữ ngôi quán
    lớn nhỏ đây thế cụ thể xa hai ba bốn tạm cách trước kỳ so
    xong lâu khác lại đều qua đặt thể tôi chúng đề nghị
    hết nâng bộ giá trị
    giữa theo bám sát như rất
    phân bàn tục ngược chiều nằm dừng lùi tụt rớt vọt bứt leo trụ
    """.split()
)
_WORD = re.compile(r"[^\W\d_]+")
ANAPHOR = re.compile(
    r"(?<!\w)(?:(?:tỷ lệ|con số|chỉ số|chỉ tiêu|kết quả|mức|số liệu|tỷ trọng|(?<!ký )(?<!trong )số)"
    r"\s(?:này|ấy|đó|tương ứng|trên(?!\s\d))"
    r"|(?:vượt|so với|hụt|dưới|thấp hơn|cao hơn|hơn|kém)\s(?:chỉ tiêu|kế hoạch|mục tiêu)(?=\s[\d.,]+\s?%)"
    r"|(?:tỷ lệ|con số)(?=\s(?:là|đạt|mới|đã|chỉ|lần lượt|tương ứng)(?!\w)))(?!\w)"
)


def says_nothing(seen: str, part: Span, apart: Iterable[Span]) -> bool:
    """Whether ``part`` holds only empty words outside the spans ``apart`` (its number, its places, its dates)."""
    return not words_left(seen, part, apart)


def words_left(seen: str, part: Span, apart: Iterable[Span]) -> int:
    """How many words of ``part`` outside the spans ``apart`` say something."""
    pieces, position = [], part.start
    for span in sorted(apart):
        if span.end > position and span.start < part.end:
            pieces.append(seen[position : max(position, span.start)])
            position = min(span.end, part.end)
    pieces.append(seen[position : part.end])
    return sum(word not in _EMPTY for piece in pieces for word in _WORD.findall(piece))


def points_back(seen: str, part: Span) -> Span | None:
    """Where ``part`` names what is measured by pointing to what was said ("tỷ lệ này")."""
    match = ANAPHOR.search(seen, part.start, part.end)
    return match and Span(*match.span())
