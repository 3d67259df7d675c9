"""Flow: a text as it is read aloud, and the way back to the text as it is stored.

Belongs here: one space between words, no line break inside a sentence, nothing invisible. Spaces and breaks of a page
or a PDF say nothing; all other stages read the flowing text, so that none has to think of them.
Does not: spelling (view.py), where sentences end (segment.py).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from pipelines.extract.view import SMALL
from pipelines.model import Observation, Span

# Tabs part the cells of a table and stay.
_SPACES = "\f\v\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_BLANKS = f"\r\x85\u2028\u2029{_SPACES}"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # soft hyphens, joiners, directions
_ODD = re.compile(f"[{_ODD_BLANKS}{_INVISIBLE}]")
_ODD_SPACE = re.compile(f"[{_SPACES}]")
_SURPLUS = re.compile(
    rf"[ {_ODD_BLANKS}{_INVISIBLE}]{{2,}}|[{_INVISIBLE}]"
    rf"|[ {_ODD_BLANKS}](?:(?=\n|\Z)|(?<=\n.)|(?<=\A.))"
)
# Text taken from a page breaks its lines inside sentences. Such a break stands between words without a mark, and the
# next line goes on with a small letter; a line between that begins with a number is proved by what follows or precedes.
_WRAP = re.compile(
    rf"\n(?:(?<=[\w,]\n)(?={SMALL}{{2,}}(?!\w)|{SMALL}[ ,])"
    rf"|(?<={SMALL}\n)(?=[\d.,]+%?\s[^\n|\t]*\w\n{SMALL}{{2,}}\s)"
    r"|(?:(?<=\sđạt\n)|(?<=\slà\n)|(?<=\scó\n))(?=\d))"
)


class Flow(NamedTuple):
    """``text`` flows; ``starts`` are where its stretches that moved begin, ``moved`` by how much they did."""

    text: str
    starts: list[int]
    moved: list[int]

    def back(self, span: Span) -> Span:
        """Where a non-empty span of the flowing text stands in the original."""
        return Span(self._original(span.start), self._original(span.end - 1) + 1) if self.starts else span

    def restored(self, observation: Observation, original: str) -> Observation:
        """An observation of the flowing text as one of the ``original``."""
        quoted = self.back(observation.quote_span)
        return observation._replace(
            quote=original[quoted.start : quoted.end], quote_span=quoted, number=self.back(observation.number)
        )

    def _original(self, at: int) -> int:
        stretch = bisect_right(self.starts, at) - 1
        return at + self.moved[stretch] if stretch >= 0 else at


def flow(text: str) -> Flow:
    """The flowing form of NFC ``text``."""
    starts: list[int] = []
    moved: list[int] = []
    if "  " in text or " \n" in text or "\n " in text or _ODD.search(text):
        pieces, position, length = [], 0, 0
        for match in _SURPLUS.finditer(text):
            start, end = match.span()
            kept = _kept(text, start, end)
            pieces += [text[position:start], kept]
            length += start - position + len(kept)
            position = end
            starts.append(length)
            moved.append(end - length)
        text = _ODD_SPACE.sub(" ", "".join((*pieces, text[position:])))
    return Flow(unwrapped(text), starts, moved)


def unwrapped(text: str) -> str:
    """``text`` with spaces for the line breaks inside sentences; same length."""
    return _WRAP.sub(lambda match: match[0] if has_bar(text, _around(text, match.start())) else " ", text)


def has_bar(text: str, within: Span) -> bool:
    """Whether a bar or tab stands in a stretch, as between the cells of a table."""
    return text.find("|", *within) >= 0 or text.find("\t", *within) >= 0


def _kept(text: str, start: int, end: int) -> str:
    """What a run of blanks and invisible characters comes to: nothing at a line's edge or inside a word, else a space."""
    if not start or end == len(text) or text[start - 1] == "\n" or text[end] == "\n":
        return ""
    return " " if any(char.isspace() for char in text[start:end]) else ""


def _around(text: str, at: int) -> Span:
    """The line before a break and the one after it."""
    ends = text.find("\n", at + 1)
    return Span(text.rfind("\n", 0, at) + 1, ends if ends >= 0 else len(text))
