"""The lexicon's index: which wordings are looked at, and what hits say of the groups and metrics."""

from __future__ import annotations

from pipelines.extract.lexicon import Hit
from pipelines.extract.reader import Reader
from pipelines.extract.view import view
from pipelines.model import Span


def test_whatever_meets_a_wording_calls_it(reader: Reader) -> None:
    lexicon = reader.lexicon
    patterns = [(m.unit_kind, pattern) for m in lexicon.metrics for pattern in m.patterns]
    assert len(patterns) == len(lexicon.wordings)
    for number, (kind, pattern) in enumerate(patterns):
        calls = lexicon.calls[kind]
        assert any(all(number in calls.get(term, ()) for term in group) for group in pattern)


def test_bits_say_what_the_groups_say(reader: Reader) -> None:
    lexicon = reader.lexicon
    numbered = iter(lexicon.wordings)
    for place, metric in enumerate(lexicon.metrics):
        assert {t for t, bits in enumerate(lexicon.excludes) if bits >> place & 1} == metric.exclude
        assert {t for t, bits in enumerate(lexicon.counts) if bits >> place & 1} == metric.nouns
        for pattern in metric.patterns:
            wording = next(numbered)
            assert wording.metric == 1 << place
            assert [{t for t, bits in enumerate(lexicon.meets) if bits & group} for group in wording.groups] == list(pattern)


def test_terms_are_found_as_whole_words_up_to_the_edges(reader: Reader) -> None:
    seen = view("xã tổ tổng. hồ sơ")
    said = {seen[hit.start : hit.end] for hit in reader.lexicon.scan(seen, Span(3, len(seen)))}
    assert {"tổ", "hồ sơ"} <= said
    assert "xã" not in said
    assert all(isinstance(hit, Hit) for hit in reader.lexicon.scan(seen, Span(0, len(seen))))
