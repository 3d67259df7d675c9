"""The columns of an export: what each is called, what it means, what type it has.

Belongs here: the declared columns of observations, and how any other table's columns are taken as they are.
Does not: the rows (selection.py), how a format writes a type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from pipelines.export.codes import BASES, COMPARATORS, KINDS, LEVELS, CodeList


class Column(NamedTuple):
    """A column: ``header`` is what a Vietnamese reader sees, ``codes`` the words for its codes where it holds any."""

    name: str
    header: str
    description: str = ""
    codes: CodeList | None = None


OBSERVATION = (
    Column("metric", "Chỉ tiêu", "Name of the metric"),
    Column("place_full_name", "Địa phương", "The place with its level word, as it was called in the period"),
    Column("province", "Tỉnh, thành phố", "The province that the place belongs to"),
    Column("tier", "Cấp chính quyền", "Level of government that the figure is of, where it is of one only", LEVELS),
    Column("kind", "Loại", "A state of affairs, or one to be reached", KINDS),
    Column("comparator", "So sánh", "How the stated value bounds the true one", COMPARATORS),
    Column("value", "Giá trị", "The stated value: percent for shares, plain units for counts"),
    Column("value_low", "Cận dưới", "Lower bound of the true value; empty where open"),
    Column("value_high", "Cận trên", "Upper bound of the true value; empty where open"),
    Column("denominator", "Trên tổng số", "What the value is a part of: 32 of 30/32"),
    Column("unit", "Đơn vị", "Name of the unit of measure"),
    Column("period", "Kỳ", "The period in SDMX notation: 2023, 2023-S1, 2023-Q2, 2023-06, 2023-06-15, 2021-01-01/P5Y"),
    Column("period_start", "Từ ngày", "First day of the period"),
    Column("period_end", "Đến ngày", "Last day of the period"),
    Column("period_basis", "Căn cứ của kỳ", "Where the period comes from", BASES),
    Column("source", "Nguồn", "Who published the document"),
    Column("title", "Tên văn bản", "Title of the document"),
    Column("published_on", "Ngày đăng", "When the document was published"),
    Column("url", "Đường dẫn", "Address of the document"),
    Column("quote", "Trích dẫn", "The sentence that the value was read from, letter by letter"),
    Column("location", "Vị trí", "Page, or sheet and cell, of the value in the document; empty where it has none"),
    Column("confidence", "Độ tin cậy", "How sure the reading is, 0 to 1"),
    Column("pillar", "Trụ cột", "Pillar of digital transformation that the metric belongs to"),
    Column("place", "Tên địa phương", "The place without its level word"),
    Column("place_level", "Cấp của địa phương", "Tier of the place", LEVELS),
    Column("period_grain", "Độ dài kỳ", "What sort of period was stated"),
    Column("authority", "Thẩm quyền của nguồn", "1 an unknown page to 5 the state body that owns the figure"),
    Column("metric_id", "Mã chỉ tiêu", "Key of the metric"),
    Column("place_key", "Mã địa phương", "Key of the place: code list, code, first day of validity"),
    Column("unit_id", "Mã đơn vị", "Key of the unit"),
    Column("platform_id", "Mã nền tảng", "Key of the named digital system, where the figure is of one"),
    Column("source_id", "Mã nguồn", "Key of the source"),
    Column("document_id", "Mã văn bản", "SHA-256 of the document's bytes"),
    Column("observation_id", "Mã quan sát", "Key of the observation: kpi trace shows where it comes from"),
    Column("recorded_at", "Ghi nhận lúc (UTC)", "When the warehouse recorded the observation"),
    Column("observation_ids", "Quan sát cùng số", "Observations of the same period that say the same"),
    Column("disagreeing_observation_ids", "Quan sát khác số", "Observations of the same period that say otherwise"),
)
DOCUMENT = (
    Column("title", "Tên văn bản", "Title of the document"),
    Column("publisher", "Nơi đăng", "Who published it, as the page says"),
    Column("source", "Nguồn", "Who published it, as the catalogue knows them"),
    Column("published_on", "Ngày đăng", "When it was published"),
    Column("url", "Đường dẫn", "Where it was found"),
    Column("source_id", "Mã nguồn", "Key of the source"),
    Column("document_id", "Mã văn bản", "SHA-256 of its bytes"),
)
ESSENTIAL = frozenset(
    {"observation_id", "metric_id", "place_key", "value", "comparator", "unit_id", "period_start", "period_end"}
)


def arranged(frame: pl.DataFrame, declared: tuple[Column, ...], comments: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of ``frame``: the declared ones first, the others after them under their own names.

    A comment of the database on a column goes before the description declared here.
    """
    known = {column.name for column in declared}
    found = [column for column in declared if column.name in frame.columns]
    found += [Column(name, name) for name in frame.columns if name not in known]
    return tuple(column._replace(description=comments.get(column.name) or column.description) for column in found)
