"""Explanation: for every number in a text, the facts it became or why it became none.

Belongs here: putting what the reader decided beside the numbers it passed over (dates, document numbers).
Does not: deciding anything (reader.py), printing (cli/explain.py).
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from pipelines.extract.flow import flow
from pipelines.extract.nonfacts import masks, why_no_fact
from pipelines.extract.numerals import read_numbers
from pipelines.extract.reader import Reader
from pipelines.extract.segment import lines
from pipelines.extract.view import view
from pipelines.model import Document, Observation, Span

COUNTS_NOTHING = "a word that counts nothing"


class Explained(NamedTuple):
    """A number of the text: the observations made of it (facts or not), else the reason why it was passed over."""

    number: Span
    observations: tuple[Observation, ...]
    reason: str | None


def explain(reader: Reader, document: Document) -> list[Explained]:
    """Every number of ``document`` in reading order."""
    flowing = flow(document.text)
    seen = view(flowing.text)
    masked = masks(seen)
    made: defaultdict[int, list[Observation]] = defaultdict(list)
    for observation in reader.read(document):
        made[observation.number.start].append(observation)
    found = []
    for line in lines(flowing.text):
        for number in read_numbers(seen, line):
            span = flowing.back(number.span)
            observations = tuple(made.get(span.start, ()))
            reason = None if observations else why_no_fact(seen, number, masked) or COUNTS_NOTHING
            found.append(Explained(span, observations, reason))
    return found
