"""What the way a document was had adds to its figures: the page or cell they stand on, the doubt of a machine's reading.

Belongs here: both, once a figure has been read. Does not: converting a document (ingest/).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter

from pipelines.model import Document, Observation, Status


def as_had(document: Document, observations: Iterable[Observation], threshold: float) -> list[Observation]:
    """The observations with their ``location``, and as sure as ``document`` is legible: below ``threshold`` one is no fact."""
    located = [observation._replace(location=location_of(document, observation.number.start)) for observation in observations]
    return located if document.legibility >= 1 else [_doubted(each, document.legibility, threshold) for each in located]


def location_of(document: Document, offset: int) -> str | None:
    """The label of the last mark at or before ``offset``: "trang 3", "Biểu 2!D17"; None where the document has no marks."""
    index = bisect_right(document.marks, offset, key=attrgetter("start")) - 1
    return document.marks[index].label if index >= 0 else None


def _doubted(observation: Observation, legibility: float, threshold: float) -> Observation:
    confidence = round(observation.confidence * legibility, 2)
    if observation.status is not Status.FACT or confidence >= threshold:
        return observation._replace(confidence=confidence)
    why = f"confidence {confidence} is below {threshold}: the document was read by a machine, {legibility:.0%} surely"
    return observation._replace(confidence=confidence, status=Status.LOW_CONFIDENCE, reason=why)
