"""Cued patterns: regular expressions that are tried only where one of their opening words stands.

Belongs here: finding the opening words of every pattern in one pass over a text, and matching from there.
Does not: the patterns, which stand in the module of the rule they serve.

A regular expression that begins with a choice of words is tried by Python at every character; most of the
time of reading went there. A ``Cued`` one says its opening words, and is matched only where they stand. Its
matches are the same: the words must open every match the pattern can have (tests/extract/test_cued.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import cache

from ahocorasick_rs import AhoCorasick

from pipelines.extract.view import View

_DIGITS = re.compile(r"\d+")
_known: list[Cued] = []


class Cued:
    """``pattern``, each match of which begins with one of ``words`` ("a|b|c") as a word of its own, or, with
    ``at_digits``, with a number's first digit. Where one word begins with another, the shorter is enough.
    """

    def __init__(self, words: str, pattern: str, at_digits: bool = False, flags: re.RegexFlag = re.NOFLAG) -> None:
        said = {word for word in words.split("|") if word}
        self.words = sorted(word for word in said if not any(word.startswith(o) for o in said if o != word))
        self.pattern = re.compile(pattern, flags)
        self.at_digits = at_digits
        self._match = self.pattern.match
        self._rank = len(_known)
        _known.append(self)
        _openings_finder.cache_clear()

    def find(self, seen: View, start: int, end: int) -> list[re.Match[str]]:
        """The matches inside ``seen[start:end]``, as ``finditer`` gives them: leftmost first, none overlapping."""
        found = []
        for at in self._openings(seen, start, end):
            if at >= start and (match := self._match(seen, at, end)):
                found.append(match)
                start = match.end()
        return found

    def first(self, seen: View, start: int, end: int) -> re.Match[str] | None:
        """The first match inside ``seen[start:end]``, as ``search`` gives it."""
        for at in self._openings(seen, start, end):
            if match := self._match(seen, at, end):
                return match
        return None

    def within(self, seen: View, start: int, end: int) -> list[re.Match[str]]:
        """The same of a pattern that is asked for stretch after stretch: its matches in the whole text are found once,
        those that lie inside ``seen[start:end]`` given.
        """
        starts, matches = seen.matched.get(self._rank) or self._match_all(seen)
        first = bisect_left(starts, start)
        inside = matches[first : bisect_left(starts, end, first)]
        if inside and inside[-1].end() > end:
            inside.pop()
        return inside

    def _match_all(self, seen: View) -> tuple[list[int], list[re.Match[str]]]:
        matches = self.find(seen, 0, len(seen))
        found = seen.matched[self._rank] = [match.start() for match in matches], matches
        return found

    def _openings(self, seen: View, start: int, end: int) -> list[int]:
        starts = (seen.openings or openings(seen))[self._rank]
        if not starts or (first := bisect_left(starts, start)) == len(starts):
            return []
        return starts[first : bisect_left(starts, end, first)]


def known() -> tuple[Cued, ...]:
    """Every cued pattern made so far."""
    return tuple(_known)


def digit_runs(seen: View) -> list[int]:
    """Where the numbers in digits begin: each digit that follows none."""
    return openings(seen)[-1]


def openings(seen: View) -> list[list[int]]:
    """Where each cued pattern may begin, in the order in which they were made; last, where digits begin."""
    if seen.openings is None:
        seen.openings = _openings_finder()(seen)
    return seen.openings


@cache
def _openings_finder() -> Callable[[View], list[list[int]]]:
    ranks_of: dict[str, list[int]] = {}
    for rank, cued in enumerate(_known):
        for word in cued.words:
            ranks_of.setdefault(word, []).append(rank)
    automaton = AhoCorasick(list(ranks_of))
    ranks = list(ranks_of.values())
    with_digits = [rank for rank, cued in enumerate(_known) if cued.at_digits]

    def find(seen: View) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in _known]
        flowing = seen.replace("\n", " ")
        for index, start, _ in automaton.find_matches_as_indexes(flowing, overlapping=True):
            before = flowing[start - 1] if start else " "
            if before == " " or not (before.isalnum() or before == "_"):
                for rank in ranks[index]:
                    found[rank].append(start)
        digits = [match.start() for match in _DIGITS.finditer(seen)]
        for rank in with_digits:
            found[rank] = found[rank] + digits if found[rank] else digits
        for starts in found:
            starts.sort()
        return [*found, digits]

    return find
