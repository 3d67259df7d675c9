"""Periods in SDMX notation: a year is 2023, its second quarter 2023-Q2, five years 2021-01-01/P5Y.

Belongs here: first and last day to the shortest notation that keeps both, and the frequency that goes with it.
Does not: reading periods from text (extract/periods.py).

SDMX 3.0, section 6 (technical notes), 4.2: Gregorian periods, reporting periods whose year begins on 1 January,
and time ranges (start/duration of ISO 8601). The days alone decide: "6 tháng đầu năm 2024" is 2024-S1.
"""

from __future__ import annotations

import polars as pl

_START, _END = pl.col("period_start"), pl.col("period_end")
_YEAR, _MONTH = _START.dt.to_string("%Y"), _START.dt.month()
_MONTHS = (_END.dt.year() - _START.dt.year()) * 12 + _END.dt.month() - _MONTH + 1
_DAYS = (_END - _START).dt.total_days() + 1
_WHOLE = (_START.dt.day() == 1) & (_END.dt.month_end() == _END)
_ISO = _START.dt.to_string("%Y-%m-%d")


def _part(letter: str, months: int) -> pl.Expr:
    return _YEAR + f"-{letter}" + ((_MONTH - 1) // months + 1).cast(pl.String)


def _over(count: pl.Expr, unit: str) -> pl.Expr:
    return _ISO + "/P" + count.cast(pl.String) + unit


# (holds, notation, code of SDMX's CL_FREQ): the first that holds is taken.
_NOTATIONS = (
    (_WHOLE & (_MONTHS == 12) & (_MONTH == 1), _YEAR, "A"),
    (_WHOLE & (_MONTHS == 6) & (_MONTH % 6 == 1), _part("S", 6), "S"),
    (_WHOLE & (_MONTHS == 3) & (_MONTH % 3 == 1), _part("Q", 3), "Q"),
    (_WHOLE & (_MONTHS == 1), _START.dt.to_string("%Y-%m"), "M"),
    (_DAYS == 1, _ISO, "D"),
    ((_DAYS == 7) & (_START.dt.weekday() == 1), _START.dt.to_string("%G-W%V"), "W"),
    (_WHOLE & (_MONTHS % 12 == 0), _over(_MONTHS // 12, "Y"), "_O"),
    (_WHOLE, _over(_MONTHS, "M"), "_O"),
    (pl.lit(True), _over(_DAYS, "D"), "_O"),
)
TIME_PERIOD = pl.coalesce(pl.when(holds).then(notation) for holds, notation, _ in _NOTATIONS)
FREQUENCY = pl.coalesce(pl.when(holds).then(pl.lit(code)) for holds, _, code in _NOTATIONS)
"""Of the columns ``period_start`` and ``period_end``, both inclusive days."""
