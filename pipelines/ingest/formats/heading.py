"""The heading of an article or an official paper: its title line, and the line that dates it.

Belongs here: what the first lines of a text say, whatever format the text came in.
Does not: what a format's own metadata say (the formats).
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_HEAD_LINES = 15
_BYLINE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?=\D{1,4}\d{1,2}[:h]\d{2}|\s*$)")
_LETTERHEAD = re.compile(r"(?:số|kính gửi)\s*:|độc lập", re.IGNORECASE)
_DATE_LINE = re.compile(r"^[^.\n]{0,80}ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})\W*$", re.IGNORECASE)


class Heading(NamedTuple):
    """What the first lines say; None where they don't."""

    title: str | None
    published: date | None


def heading(text: str) -> Heading:
    """The title is the first short line, the date that of the byline ("07/07/2023, 07:51") or of the
    place-and-date line ("Cà Mau, ngày 5 tháng 7 năm 2023").
    """
    head = [line.strip() for line in text.splitlines() if line.strip()][:_HEAD_LINES]
    return Heading(
        next((line.rstrip(",") for line in head if _may_be_title(line)), None),
        next((found for line in head if (found := _date_in(line))), None),
    )


def _may_be_title(line: str) -> bool:
    """A short line that is no sentence, no letterhead (all capitals, or two columns) and no byline."""
    if not 10 <= len(line) <= 160 or line[-1] in ".;:" or line.isupper() or "  " in line or "|" in line:
        return False
    return not _LETTERHEAD.match(line) and _date_in(line) is None


def _date_in(line: str) -> date | None:
    match = _BYLINE.search(line) or _DATE_LINE.match(line)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None
