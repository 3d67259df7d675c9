"""The codes of an observation in words, Vietnamese and English.

Belongs here: the words that stand for a code where people read it, and name it where programs do.
Does not: the codes themselves (model.py), what the catalogue names (metrics, units, places).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pipelines.model import Basis, Comparator, Kind, Level


class Words(NamedTuple):
    """A code's name."""

    vi: str
    en: str


CodeList = Mapping[str, Words]

COMPARATORS: CodeList = {
    Comparator.EQ: Words("bằng", "equal to the value"),
    Comparator.GT: Words("trên", "greater than the value"),
    Comparator.GE: Words("tối thiểu", "the value or more"),
    Comparator.LT: Words("dưới", "less than the value"),
    Comparator.LE: Words("tối đa", "the value or less"),
    Comparator.APPROX: Words("khoảng", "about the value"),
    Comparator.RANGE: Words("trong khoảng", "between the low and the high value"),
}
KINDS: CodeList = {
    Kind.ACTUAL: Words("thực hiện", "state of affairs"),
    Kind.TARGET: Words("mục tiêu", "to be reached"),
}
BASES: CodeList = {
    Basis.STATED: Words("nêu rõ", "stated beside the figure"),
    Basis.INHERITED: Words("theo ngữ cảnh", "from what the text spoke of before"),
    Basis.PUBLICATION: Words("ngày đăng", "date of publication"),
}
LEVELS: CodeList = {
    Level.NATIONAL: Words("cả nước", "national"),
    Level.PROVINCE: Words("cấp tỉnh", "province"),
    Level.DISTRICT: Words("cấp huyện", "district"),
    Level.COMMUNE: Words("cấp xã", "commune"),
    Level.OTHER: Words("khác", "other"),
}
