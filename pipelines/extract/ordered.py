"""Things in reading order, found by where they begin: what keeps the reading linear in the text's length."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Generic, TypeVar

T = TypeVar("T")
START, SPAN_START = attrgetter("start"), attrgetter("span.start")  # of spans and hits, of what has a span


class Ordered(Generic[T]):
    """A list sorted by ``start`` of its items, with look-ups by position."""

    def __init__(self, items: Iterable[T], start: Callable[[T], int]) -> None:
        self.items = sorted(items, key=start)
        self._starts = list(map(start, self.items))

    def between(self, start: int, end: int) -> list[T]:
        """The items that begin in the half-open interval."""
        starts = self._starts
        if not starts or (first := bisect_left(starts, start)) == len(starts):
            return []
        return self.items[first : bisect_left(starts, end, first)]

    def last_between(self, start: int, end: int, count: int = 1) -> list[T]:
        """The last ``count`` of the items that begin in the half-open interval."""
        after = bisect_left(self._starts, end)
        return self.items[max(bisect_left(self._starts, start), after - count) : after]
