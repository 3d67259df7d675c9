"""What a number counts, by the word right after it.

Belongs here: "32 tiện ích", "68 đội", "1 do lỗi": a bare number before a word that neither leads on nor belongs to a
metric counts that, and measures nothing of the catalogue.
Also "ở 64 xã": a number of places continues no other number.
Does not: the nouns that metrics count (units.yaml, `nouns` in metrics.yaml), which link.py looks for first.
"""

from __future__ import annotations

import re

from pipelines.extract.numerals import Number
from pipelines.extract.view import View
from pipelines.model import Span

_NEXT_WORD = re.compile(r"[ ]?[\"']?(?P<word>[^\W\d_]+)")
# Words that may follow a number without being counted: prepositions, conjunctions, adverbs, and verbs of a report.
_LEADING_ON = frozenset(
    """
    của trong trên dưới tại ở cho với và hoặc hay cùng cả từ đến tới vào ra lên xuống qua theo về để bằng so sau trước
    giữa ngoài là thì mà nhưng song còn gồm như vì nên khi nếu dù
    đã đang sẽ được bị đạt có mới chỉ cũng vẫn đều không chưa nay hiện này đó ấy kia nữa khác
    năm tháng quý ngày tuần kỳ tính riêng tăng giảm chiếm vượt cao thấp hơn kém xếp đứng thuộc toàn thay tương bình trung
    trở mỗi một nghìn triệu tỷ
    """.split()
)
_AREAS_AFTER = re.compile(
    r"\s(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|thôn|bản|ấp|khóm|địa phương|đơn vị|nơi)(?!\w)"
)


def counts_something_else(seen: View, number: Number, known: set[int]) -> bool:
    """Whether a word that no metric knows follows ``number`` at once. ``known`` is where the cues and nouns begin."""
    if number.percent or not (after := _NEXT_WORD.match(seen, number.end)):
        return False
    return after["word"] not in _LEADING_ON and after.start("word") not in known


def counts_places(seen: View, number: Number) -> bool:
    """Whether it is administrative units that a bare number counts."""
    return not number.percent and areas_after(seen, number) is not None


def areas_after(seen: View, number: Number) -> Span | None:
    """The word for administrative units right after a number ("100% xã", "18 thôn")."""
    found = _AREAS_AFTER.match(seen, number.end)
    return Span(found.start() + 1, found.end()) if found else None
