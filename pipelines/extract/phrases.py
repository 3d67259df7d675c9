"""Phrases: the words that name a figure which no metric of the catalogue fits.

Belongs here: cutting them from the text. Does not: deciding that nothing fits (reader.py).
"""

from __future__ import annotations

import re

from pipelines.extract.numerals import Number
from pipelines.extract.view import View

_MOST_WORDS = 6
_WORDS = rf"[^\W\d_]+(?:[ -][^\W\d_]+){{0,{_MOST_WORDS - 1}}}"
_AFTER = re.compile(rf"\s?({_WORDS})")
_BEFORE = re.compile(rf"({_WORDS})\s?:?\s?$")
_FAR = 80


def phrase_of(text: str, seen: View, number: Number) -> str:
    """At most six words that follow the number at once, else those that lead to it; empty where there are none."""
    if after := _AFTER.match(seen, number.end):
        return text[after.start(1) : after.end(1)]
    start = max(0, number.span.start - _FAR)
    before = _BEFORE.search(seen[start : number.span.start])
    return text[start + before.start(1) : start + before.end(1)] if before else ""
