"""Cued patterns find what the same patterns find without their cues."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipelines.extract.reader  # noqa: F401 (makes every cued pattern known)
from pipelines.extract.cued import Cued, digit_runs, known
from pipelines.extract.view import View, nfc, view
from tests.line import SAMPLES

KNOWN = known()  # before a test here makes more
WORDS = sorted({word for cued in KNOWN for word in cued.words})
AROUND = [
    "nay",
    "tỉnh",
    "huyện,",
    "đã",
    "là",
    "kế hoạch",
    "số",
    "10",
    "12/6/2023",
    "2023",
    "80%",
    "45/kh-ubnd",
    "(",
    ",",
    "\n",
    "/",
    "_",
]


def agrees(cued: Cued, seen: View, start: int, end: int) -> None:
    expected = [match.span() for match in cued.pattern.finditer(seen, start, end)]
    assert [match.span() for match in cued.find(seen, start, end)] == expected, cued.pattern.pattern
    first = cued.first(seen, start, end)
    assert (first and first.span()) == (expected[0] if expected else None)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(WORDS + AROUND), max_size=40), st.integers(0, 30), st.integers(0, 30))
def test_the_cues_open_every_match(words: list[str], start: int, before_end: int) -> None:
    seen = view(nfc(" ".join(words)))
    for cued in KNOWN:
        agrees(cued, seen, min(start, len(seen)), max(0, len(seen) - before_end))


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.name)
def test_the_cues_open_every_match_in_the_samples(sample) -> None:  # type: ignore[no-untyped-def]
    seen = view(nfc(sample.read_text(encoding="utf-8")))
    for cued in KNOWN:
        agrees(cued, seen, 0, len(seen))


def test_where_numbers_in_digits_begin() -> None:
    assert digit_runs(view("a1 12,5% x")) == [1, 3, 6]


def test_a_word_inside_another_opens_nothing() -> None:
    cued = Cued("ấp", r"ấp \d")
    assert [match.start() for match in cued.find(view("cấp 3, ấp 4"), 0, 11)] == [7]
