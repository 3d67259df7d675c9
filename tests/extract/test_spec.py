"""The specification of the reader: what tests/spec says, sentence by sentence, and that it says enough.

Each file of tests/spec is one phenomenon: a list of entries, each a text and the facts a careful analyst reads
from it, no more and no fewer. What an entry leaves out is not compared, except that a comparator left out is eq
(of a range: range) and a kind left out is actual. ``as_of`` is written as in the gold set; null means that the
text dates nothing. ``at`` is the number as written, for a value that stands twice. ``open`` says what the reader
still gets wrong: the entry must fail until that is mended, and then the word goes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.extract.evaluation import last_day
from pipelines.extract.reader import Reader
from pipelines.extract.view import nfc
from pipelines.model import Basis, Document, Observation, Status
from pipelines.reference.catalogue import Catalogue
from pipelines.reference.gazetteer import ALIASES, units

SPEC = Path(__file__).parents[1] / "spec"
PUBLISHED = date(2024, 6, 15)
ENTRY_FIELDS = {"text", "published", "publisher", "facts", "why", "open"}
FACT_FIELDS = {"metric", "value", "high", "comparator", "kind", "place", "level", "as_of", "basis", "at"}

Entry = dict[str, Any]
Expected = dict[str, Any]


def entries() -> list[tuple[str, Entry]]:
    """Every entry under its id: file, number in the file, the first words of its text."""
    return [
        (f"{path.stem}-{number:03d}-{slug(entry['text'])}", entry)
        for path in sorted(SPEC.glob("*.yaml"))
        for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1)
    ]


def slug(text: str) -> str:
    """The first words without their marks: a test's id is best typed in ASCII."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"\w+", plain)[:6])


def marks(entry: Entry) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=entry["open"], strict=True)] if "open" in entry else []


ENTRIES = entries()


@pytest.mark.parametrize("entry", [pytest.param(entry, id=name, marks=marks(entry)) for name, entry in ENTRIES])
def test_a_sentence_states_its_facts_and_no_other(entry: Entry, reader: Reader) -> None:
    text = nfc(entry["text"])
    document = Document("spec", text, published=entry.get("published", PUBLISHED), publisher=entry.get("publisher"))
    found = [o for o in reader.read(document) if o.status is Status.FACT]
    if not same_facts(text, entry["facts"], found):
        pytest.fail(report(entry, found), pytrace=False)


def same_facts(text: str, expected: Sequence[Expected], found: Sequence[Observation]) -> bool:
    """Whether each fact can be given an observation of its own that agrees with it, and none is left over."""
    if len(expected) != len(found):
        return False
    return not expected or any(
        agrees(text, expected[0], o) and same_facts(text, expected[1:], [*found[:i], *found[i + 1 :]])
        for i, o in enumerate(found)
    )


def agrees(text: str, fact: Expected, o: Observation) -> bool:
    high = fact.get("high")
    return (
        o.metric_id == fact["metric"]
        and o.value == pytest.approx(fact["value"])
        and (high is None or o.value_high == pytest.approx(high))
        and o.comparator.value == fact.get("comparator", "eq" if high is None else "range")
        and o.kind.value == fact.get("kind", "actual")
        and ("place" not in fact or in_place(fact, o))
        and ("as_of" not in fact or in_time(fact["as_of"], o))
        and ("basis" not in fact or o.period.basis.value == fact["basis"])
        and text.startswith(nfc(fact.get("at", "")), o.number.start)
    )


def in_place(fact: Expected, o: Observation) -> bool:
    level = o.place.level and o.place.level.value
    return ((o.place.name or "").casefold(), level) == ((fact["place"] or "").casefold(), fact.get("level"))


def in_time(as_of: str | None, o: Observation) -> bool:
    """Null asks for the publication date: the text says nothing, or only "đến nay"."""
    if as_of is None:
        return o.period.basis is Basis.PUBLICATION
    return o.period.basis is not Basis.PUBLICATION and o.period.end == last_day(as_of)


def report(entry: Entry, found: Sequence[Observation]) -> str:
    """The sentence, what it states, what was read."""
    read = [
        f"{o.metric_id} {o.value:g}{f'–{o.value_high:g}' if o.comparator == 'range' else ''} {o.comparator} {o.kind}"
        f" | {o.place.name} {o.place.level} | {o.period.start}…{o.period.end} {o.period.basis} | {o.rule_id} {o.confidence}"
        for o in found
    ]
    expected = [" ".join(f"{key}={value}" for key, value in fact.items()) for fact in entry["facts"]]
    why = [f"({entry['why']})"] if "why" in entry else []
    return "\n".join(["", entry["text"], *why, "expected:", *(expected or ["nothing"]), "read:", *(read or ["nothing"])])


# --- The specification itself


def test_an_entry_has_only_the_fields_that_are_compared() -> None:
    for name, entry in ENTRIES:
        assert entry.keys() <= ENTRY_FIELDS, name
        for fact in entry["facts"]:
            assert fact.keys() <= FACT_FIELDS, name
            assert {"metric", "value"} <= fact.keys(), name
            assert ("level" in fact) == bool(fact.get("place")), name
            assert nfc(fact.get("at", "")) in nfc(entry["text"]), name


def test_every_place_existed_on_the_day_of_its_figure() -> None:
    known = {(unit.name.casefold(), unit.level.value, unit.valid_from, unit.valid_to) for unit in units()}
    aliases = {alias.casefold() for alias in ALIASES}
    unknown = [
        (name, fact["place"])
        for name, entry in ENTRIES
        for fact in entry["facts"]
        if fact.get("place") and fact["level"] != "other" and fact["place"].casefold() not in aliases
        for day in [min(entry.get("published", PUBLISHED), last_day(fact.get("as_of") or "9999"))]
        if not any((fact["place"].casefold(), fact["level"]) == (place, level) and a <= day < b for place, level, a, b in known)
    ]
    assert unknown == []


def test_no_sentence_stands_twice() -> None:
    assert [text for text, count in Counter(nfc(entry["text"]) for _, entry in ENTRIES).items() if count > 1] == []


def test_the_specification_is_large_and_says_what_is_no_fact() -> None:
    without_facts = [name for name, entry in ENTRIES if not entry["facts"]]
    assert len(ENTRIES) >= 400
    assert len(without_facts) * 3 >= len(ENTRIES)


def test_little_is_open() -> None:
    assert sum("open" in entry for _, entry in ENTRIES) * 50 <= len(ENTRIES)


def test_every_metric_is_specified_twice_and_no_other(catalogue: Catalogue) -> None:
    stated = Counter(fact["metric"] for _, entry in ENTRIES for fact in entry["facts"])
    assert stated.keys() - catalogue.metrics.keys() == set()
    assert [metric for metric in catalogue.metrics if stated[metric] < 2] == []
