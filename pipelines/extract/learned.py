"""The second opinion: a linear model of the words around a number, learned from annotated text.

Belongs here: the words that it looks at, its file, its opinion of a number and what that rests on.
Does not: learning (training.py), the rules, whose opinion comes first (link.py), what is made of both (focus.py).

One softmax regression for each shape of number that it has learned of (shares and ranks); its features are the words
and pairs of words in the number's own part of the sentence, those next to it, and those before its part, names and
dates left out.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.extract.link import Link
from pipelines.extract.view import View
from pipelines.model import Span
from pipelines.reference.catalogue import CatalogueError

NOTHING = "none"  # the model's name for a number that states no metric
UNSURE = 0.8  # a rule's link is firm from here on
ENOUGH = 0.8  # the probability that makes a link where rules found none, or none that is firm
_OWN, _EARLIER = 25, 30  # words
_LOOK_BACK = 160  # characters
_REASONS = 3
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[%;:()§]")
_NAME = "§"


class Words(NamedTuple):
    """What the model sees of a number: its shape and the texts before and after it in its own part, and before that.
    ``at`` is where the number begins, by which training finds its annotation.
    """

    shape: str
    before: Sequence[str]
    after: Sequence[str]
    earlier: Sequence[str]
    at: int


class Opinion(NamedTuple):
    """A metric's id (null: none of the catalogue), its probability, and the words that speak most for it."""

    metric_id: str | None
    probability: float
    because: str


def words_around(seen: View, shape: str, part: Span, number: Span, begins: int, names: Sequence[Span]) -> Words:
    """The words of ``part`` around ``number``, and of the sentence before it from ``begins`` on, without ``names``."""
    return Words(
        shape,
        _tokens(seen, Span(part.start, number.start), names)[-_OWN:],
        _tokens(seen, Span(number.end, max(number.end, part.end)), names)[:_OWN],
        _tokens(seen, Span(max(begins, part.start - _LOOK_BACK), part.start), names)[-_EARLIER:],
        number.start,
    )


def features(words: Words) -> dict[str, float]:
    """The weights of what is said: ``o:`` own words and pairs, ``e:`` earlier ones, ``n:`` and ``l:`` next to the number."""
    found = {"bias": 1.0}
    found |= dict.fromkeys((f"e:{gram}" for gram in _grams(words.earlier)), 0.5)
    found |= dict.fromkeys((f"o:{gram}" for said in (words.before, words.after) for gram in _grams(said)), 1.0)
    for count in (1, 2, 3):
        found[f"n:{' '.join(words.after[:count])}"] = 1.0
        found[f"l:{' '.join(words.before[-count:])}"] = 0.5
    return found


class _OfShape:
    """The regression for one shape of number."""

    def __init__(self, metrics: list[str], weights: dict[str, list[float]]) -> None:
        self.metrics = metrics
        self._row = {name: row for row, name in enumerate(weights)}
        self._weights = np.zeros((len(weights), len(metrics)), dtype=np.float32)
        for row, pairs in enumerate(weights.values()):  # (metric, weight) pairs, flat in the file to be small
            self._weights[row, np.array(pairs[::2], dtype=int)] = pairs[1::2]

    def judge(self, words: Words) -> Opinion:
        said = [(self._row[name], times, name) for name, times in features(words).items() if name in self._row]
        weights = self._weights[[row for row, *_ in said]] * np.array([[times] for _, times, _ in said], dtype=np.float32)
        scores = weights.sum(axis=0)
        best = int(scores.argmax())
        probability = 1 / float(np.exp(scores - scores[best]).sum())
        if self.metrics[best] == NOTHING:
            return Opinion(None, probability, "")
        telling = sorted(zip(weights[:, best].tolist(), (name for *_, name in said), strict=True), reverse=True)
        return Opinion(
            self.metrics[best], probability, ", ".join(f"{name[2:]} {w:+.1f}" for w, name in telling[:_REASONS] if w > 0)
        )


class SecondOpinion:
    """The model: a regression for each shape of number that it has learned of."""

    def __init__(self, of_shape: Mapping[str, _OfShape]) -> None:
        self._of_shape = of_shape

    @classmethod
    def load(cls, path: Path) -> SecondOpinion:
        """Read a model that training.py wrote. Raises ``CatalogueError``."""
        try:
            held = json.loads(gzip.decompress(path.read_bytes()))
            return cls({shape: _OfShape(part["metrics"], part["weights"]) for shape, part in held.items()})
        except (OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError) as error:
            raise CatalogueError(
                f"{path}: no learned model ({error}); make train writes it, without it rules decide"
            ) from error

    @property
    def metrics(self) -> set[str]:
        """The ids of the metrics that it can tell."""
        return {metric for one in self._of_shape.values() for metric in one.metrics} - {NOTHING}

    def wants(self, shape: str, link: Link | None) -> bool:
        """Whether a number of a shape whose link by the rules is ``link`` is worth an opinion."""
        return shape in self._of_shape and (link is None or link.confidence < UNSURE)

    def judge(self, words: Words) -> Opinion:
        """The likeliest metric of a number of a shape that was learned."""
        return self._of_shape[words.shape].judge(words)


def _tokens(seen: View, within: Span, names: Sequence[Span]) -> list[str]:
    pieces, position = [], within.start
    for name in names:
        if name.end > position and name.start < within.end:
            pieces += [seen[position : max(position, name.start)], _NAME]
            position = name.end
    pieces.append(seen[position : within.end] if position < within.end else "")
    return ["0" if token.isdigit() else token for piece in pieces for token in _TOKEN.findall(piece)]


def _grams(tokens: Sequence[str]) -> Iterator[str]:
    yield from tokens
    yield from (f"{one} {other}" for one, other in pairwise(tokens))
