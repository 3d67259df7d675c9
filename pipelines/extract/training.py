"""Training: learns the second opinion (learned.py) from annotated documents and writes its file.

Belongs here: which numbers are examples, their labels, the regression, the file. Does not: the features (learned.py).

    python -m pipelines.extract.training GOLD.jsonl… [--specs tests/spec] [--out FILE]

An example is a number that the reader takes for a figure in annotated text; its label is the annotated metric, or
none. The same input gives the same bytes. Needs scikit-learn, which reading does not.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from pipelines.cli.extract import documents_from_jsonl
from pipelines.extract.learned import NOTHING, Opinion, SecondOpinion, Words, features
from pipelines.extract.link import Link
from pipelines.extract.numerals import read_numbers
from pipelines.extract.reader import Reader
from pipelines.extract.view import nfc, view
from pipelines.model import Document, Span
from pipelines.reference.catalogue import LEARNED, Catalogue, load_catalogue
from pipelines.settings import read_settings

SHAPES = ("share", "rank")  # a count is known by its noun, points by the index that they are of
STRENGTH = 10.0  # of the fit; scikit-learn's C
_LEAST_SEEN = 2  # a feature of one example only tells nothing of others
_FAINTEST = 0.02  # smaller weights are left out
Example = tuple[Words, str]


class Recorder(SecondOpinion):
    """Takes the model's place, keeps what it is asked, and has no opinion."""

    def __init__(self) -> None:
        super().__init__({})
        self.asked: list[Words] = []

    def wants(self, shape: str, link: Link | None) -> bool:
        return shape in SHAPES

    def judge(self, words: Words) -> Opinion:
        self.asked.append(words)
        return Opinion(None, 0.0, "")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("gold", nargs="+", type=Path, help="annotated documents, as kpi eval reads them")
    parser.add_argument("--specs", type=Path, help="folder of specification files, whose entries are examples too")
    reference = read_settings().reference
    parser.add_argument("--out", type=Path, default=reference / LEARNED)
    options = parser.parse_args()

    catalogue = load_catalogue(reference)
    annotated = [pair for path in options.gold for pair in _from_gold(path)]
    annotated += _from_catalogue(catalogue)
    annotated += _from_specs(options.specs) if options.specs else []
    recorder = Recorder()
    found = list(examples(Reader(catalogue, recorder), recorder, annotated))
    options.out.write_bytes(packed(fitted(found)))
    print(f"{options.out}: {len(found)} examples, {options.out.stat().st_size / 1e6:.2f} MB")


def examples(reader: Reader, recorder: Recorder, annotated: Iterable[tuple[Document, dict[int, str]]]) -> Iterator[Example]:
    """What the ``recorder`` of ``reader`` is asked in annotated documents (each with the metric of the number at an offset)."""
    for document, metric_at in annotated:
        recorder.asked.clear()
        reader.read(document)
        yield from ((words, metric_at.get(words.at, NOTHING)) for words in recorder.asked)


def fitted(found: Iterable[Example]) -> dict[str, Any]:
    """The model as its file holds it: a softmax regression for each shape of number."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    by_shape: defaultdict[str, list[Example]] = defaultdict(list)
    for example in found:
        by_shape[example[0].shape].append(example)
    model = {}
    for shape in SHAPES:
        of_shape = by_shape[shape]
        labels = [label for _, label in of_shape]
        if len(set(labels)) < 3:  # two classes would be another regression
            continue
        vectorizer = DictVectorizer()
        table = vectorizer.fit_transform([features(words) for words, _ in of_shape])
        kept = (table > 0).sum(axis=0).A1 >= _LEAST_SEEN
        regression = LogisticRegression(C=STRENGTH, max_iter=300).fit(table[:, kept], labels)
        names = [name for name, keep in zip(vectorizer.get_feature_names_out(), kept, strict=True) if keep]
        weights = {name: _sparse(column) for name, column in zip(names, regression.coef_.T.tolist(), strict=True)}
        weights["bias"] = [x for i, w in enumerate(regression.intercept_.tolist()) for x in (i, round(w, 3))] + weights["bias"]
        model[shape] = {"metrics": regression.classes_.tolist(), "weights": {k: v for k, v in weights.items() if v}}
    return model


def packed(model: dict[str, Any]) -> bytes:
    """The file's bytes, the same for the same model."""
    return gzip.compress(json.dumps(model, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def _sparse(column: list[float]) -> list[float]:
    """The weights of one feature that are worth keeping, as flat pairs of metric and weight."""
    return [x for index, weight in enumerate(column) if abs(weight) >= _FAINTEST for x in (index, round(weight, 2))]


def _from_gold(path: Path) -> Iterator[tuple[Document, dict[int, str]]]:
    for item, document in documents_from_jsonl(path):
        known = ((fact["start"], fact["metric_id"]) for fact in reversed(item["facts"]))
        yield document, {start: metric for start, metric in known if metric}


def _from_catalogue(catalogue: Catalogue) -> Iterator[tuple[Document, dict[int, str]]]:
    """The examples of every metric, those that state none of it included."""
    for metric in catalogue.metrics.values():
        for example in metric.examples:
            yield _labelled(example.text, ((fact.value, fact.metric or metric.id, "") for fact in example.facts))


def _from_specs(folder: Path) -> list[tuple[Document, dict[int, str]]]:
    """The entries of the specification but the open ones, which show what reading still lacks."""
    entries = (entry for path in sorted(folder.glob("*.yaml")) for entry in yaml.safe_load(path.read_text("utf-8")))
    return [_from_entry(entry) for entry in entries if "open" not in entry]


def _from_entry(entry: dict[str, Any]) -> tuple[Document, dict[int, str]]:
    facts = ((fact["value"], fact["metric"], str(fact.get("at", ""))) for fact in entry["facts"])
    document, metric_at = _labelled(entry["text"], facts)
    return replace(document, published=entry.get("published"), publisher=entry.get("publisher")), metric_at


def _labelled(text: str, facts: Iterable[tuple[float, str, str]]) -> tuple[Document, dict[int, str]]:
    """A document and its facts' metrics by offset; a fact (value, metric, as written) is the first number that agrees."""
    seen = view(nfc(text))
    starts = {number.span.start: number.value for number in read_numbers(seen, Span(0, len(seen)))}
    metric_at: dict[int, str] = {}
    for value, metric, written in facts:
        agree = (at for at, read in starts.items() if read == value and at not in metric_at and seen.startswith(written, at))
        metric_at |= dict.fromkeys(list(agree)[:1], metric)
    return Document("example", nfc(text)), metric_at


if __name__ == "__main__":
    main()
