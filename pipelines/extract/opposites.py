"""Opposites: shares of those that a metric leaves out.

Belongs here: "30% cửa hàng chưa có mã QR", "hộ chưa nối cáp quang còn 12%", "0,4% quá hạn". What has not is no
figure of what has; its complement is not stated either.
Does not: words that rule a single metric out (`not` in metrics.yaml).
"""

from __future__ import annotations

import re

from pipelines.extract.cued import Cued
from pipelines.extract.numerals import Number
from pipelines.extract.view import View

_REACH = 90
_CLAUSE = r"[^,;.:()\n\d%|]"
# "chưa" denies what follows, unless it belongs to a bound or sets something aside.
_NOT_YET = r"chưa\s(?!(?:đến|tới|đầy|quá|vượt|tính|kể|bao gồm|nói)(?!\w)|(?:có|được|đạt)\s\d)".replace(" ", r"\s")
# "không" is also part of bounds and of names: it denies before a verb of having and using.
_HAVING = (
    r"có|biết|dùng(?! tiền mặt)|sử dụng(?! tiền mặt)|được|nối|kết nối|lắp|cài|đăng ký|tham gia|nộp|kích hoạt|hài lòng"
    r"|đồng ý|tiếp cận|triển khai|áp dụng|số hóa|ký"
).replace(" ", r"\s")
_NOT = rf"(?:{_NOT_YET}|không\s(?:hề\s|thể\s)?(?:{_HAVING})(?!\w))"
_OF_THE_REST = "quá hạn|trễ hạn|trễ hẹn|chậm hạn|quá hẹn|bị từ chối|bị trả lại|hộ nghèo|hộ cận nghèo"
_REST = _OF_THE_REST.replace(" ", r"\s")
_IN_STEAD = rf"do\s{_CLAUSE}{{1,24}}\s(?:nộp|làm)\s(?:hộ|thay)"
# Words that begin another thought.
_BREAK = r"(?<!\w)(?:nhưng|mà|dù|tuy|song|để|nếu|khi|do|vì|nên|thay|so)(?!\w)"
_LEADS = (
    r"(?:\s(?:là|còn|chiếm|ở|mức|khoảng|gần|hơn|trên|dưới|tới|đến|xuống|vẫn|chỉ|giảm|hiện|tối đa|tối thiểu|không quá)){0,4}:?\s"
)
_AFTER = re.compile(rf"(?:(?!{_BREAK}){_CLAUSE}){{1,{_REACH}}}?(?<!\w){_NOT}")
_REST_AFTER = re.compile(rf"\s(?:(?:hồ\ssơ|số|là|bị|đã|đang|còn)\s){{0,3}}(?:{_REST}|{_IN_STEAD})(?!\w)")
_OUT_OF_ORDER = Cued(  # "17 trạm phát sóng phải sửa chữa sau bão"
    "phải sửa|bị hư|bị hỏng|bị đổ|bị gãy|bị ngập|hư hỏng|hư hại|mất liên lạc|mất sóng|ngừng hoạt động",
    r"(?<!\w)(?:phải sửa|bị (?:hư|hỏng|đổ|gãy|ngập)|hư hỏng|hư hại|mất liên lạc|mất sóng|ngừng hoạt động)(?!\w)",
)
_WITHIN_CLAUSE = re.compile(rf"{_CLAUSE}+")
_BEFORE = Cued(
    "chưa|không",
    rf"(?<!\w)(?:chưa|không)\s(?:được\s|thể\s)?(?:{_HAVING})(?!\w)(?:\s(?!(?:chỉ|mục)\stiêu|kế\shoạch)[^\W\d]+){{1,8}}?{_LEADS}$",
)
_REST_BEFORE = Cued(_OF_THE_REST, rf"(?<!\w)(?<!không )(?<!chưa )(?:{_REST}){_LEADS}$")


def states_the_opposite(seen: View, number: Number) -> bool:
    """Whether a share is that of those who have not what a metric measures, or a count that of what is out of order."""
    if not number.percent:
        broken = _OUT_OF_ORDER.first(seen, number.end, number.end + _REACH)
        return broken is not None and _WITHIN_CLAUSE.fullmatch(seen, number.end, broken.start()) is not None
    if _AFTER.match(seen, number.end) or _REST_AFTER.match(seen, number.end):
        return True
    start = number.span.start
    return bool(_BEFORE.first(seen, start - _REACH, start) or _REST_BEFORE.first(seen, start - 40, start))
