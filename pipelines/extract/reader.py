"""The reader: runs the stages over a document and decides what each number is.

Belongs here: the order of the stages, and a figure's place and period.
Does not: the rules of any one stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.extract.clauses import own_parts
from pipelines.extract.comparators import bounds, read_comparator
from pipelines.extract.kinds import heading_kind, read_kind
from pipelines.extract.lexicon import Hit, Lexicon
from pipelines.extract.link import Link, Surroundings, hits_within, link
from pipelines.extract.nonfacts import PART_OF_SOMETHING, masks, why_no_fact
from pipelines.extract.numerals import Number, read_numbers
from pipelines.extract.periods import PeriodMention, read_periods, says_now
from pipelines.extract.places import NOWHERE, place_finder
from pipelines.extract.segment import lines, sentences
from pipelines.extract.view import view
from pipelines.model import Basis, Document, Kind, Observation, Period, Place, Span, Status
from pipelines.reference.catalogue import Catalogue, Source

EXTRACTOR_VERSION = "1"
FACT_CONFIDENCE = 0.6
UNKNOWN_SOURCE = "unknown"

_BULLET = re.compile(r"\s*(?:[-•*+–]|\d{1,2}[.)]|[a-zđ]\))\s")


@dataclass(slots=True)
class _Scope:
    """What holds from one sentence to the next: the opening line of a list, the last stated period."""

    heading_hits: tuple[Hit, ...] = ()
    heading_kind: Kind | None = None
    heading_period: PeriodMention | None = None
    period: PeriodMention | None = None


class Reader:
    """Reads documents with one compiled catalogue; holds no state between documents."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.version = f"{EXTRACTOR_VERSION}+{catalogue.fingerprint}"
        self.lexicon = Lexicon(catalogue)
        self._by_publisher = {view(name): s for s in catalogue.sources.values() for name in (s.name, *s.publishers)}
        self._by_host = {host: s for s in catalogue.sources.values() for host in s.hosts}

    def source_id(self, publisher: str | None, url: str | None) -> str:
        """The id of the catalogue's source, "unknown" where it has none."""
        source = self.source_of(publisher, url)
        return source.id if source else UNKNOWN_SOURCE

    def source_of(self, publisher: str | None, url: str | None) -> Source | None:
        """The catalogue's source by publisher's name, else by the URL's host or a parent domain of it."""
        if publisher and (source := self._by_publisher.get(view(publisher))):
            return source
        host = re.sub(r"^https?://(?:www\.)?|[/:?#].*$", "", url or "")
        while host:
            if host in self._by_host:
                return self._by_host[host]
            host = host.partition(".")[2]
        return None

    def read(self, document: Document) -> list[Observation]:
        """Every figure of ``document`` in reading order: facts, and the rest with status and reason."""
        return list(_Reading(self, document).observations())

    def read_all(self, documents: Iterable[Document]) -> Iterator[Observation]:
        for document in documents:
            yield from self.read(document)


class _Reading:
    """One document being read."""

    def __init__(self, reader: Reader, document: Document) -> None:
        self.reader = reader
        self.document = document
        self.text = document.text
        self.seen = view(document.text)
        self.masked = masks(self.seen)
        source = reader.source_of(document.publisher, document.url)
        self.home = source.province if source else None
        self.places = place_finder().find(self.text, self.seen, document.published, self.home)
        self.fallback = self._place_of_document()

    def observations(self) -> Iterator[Observation]:
        scope = _Scope()
        all_lines = lines(self.text)
        title = _Scope(heading_period=self._first_period(all_lines[0])) if all_lines else _Scope()
        scope.heading_period = title.heading_period
        for line in all_lines:
            in_list = bool(_BULLET.match(self.seen, line.start, line.end))
            if not in_list:
                scope.heading_hits, scope.heading_kind = (), None
                scope.period = None
                scope.heading_period = title.heading_period
            for sentence in sentences(self.text, line):
                yield from self._read_sentence(sentence, scope)
            if not in_list and self.seen[line.start : line.end].rstrip().endswith(":"):
                scope.heading_hits = tuple(self.reader.lexicon.scan(self.seen, line))
                scope.heading_kind = heading_kind(self.seen, line)
                scope.heading_period = self._first_period(line) or scope.heading_period

    def _read_sentence(self, sentence: Span, scope: _Scope) -> Iterator[Observation]:
        periods = read_periods(self.seen, sentence, self.document.published)
        numbers = read_numbers(self.seen, sentence)
        if numbers:
            reasons = {n: why_no_fact(self.seen, n, self.masked) for n in numbers}
            anchors = [n for n in numbers if reasons[n] not in PART_OF_SOMETHING]
            hits = self.reader.lexicon.scan(self.seen, sentence) if anchors else []
            parts = own_parts(self.seen, sentence, anchors) if anchors else []
            for number, part in zip(anchors, parts, strict=True):
                observation = self._judge(number, part, sentence, hits, periods, scope, reasons[number])
                if observation:
                    yield observation
        stated = [p for p in periods if not p.baseline]
        if stated:
            scope.period = stated[-1]
        elif says_now(self.seen, sentence):
            scope.period = None

    def _judge(
        self,
        number: Number,
        part: Span,
        sentence: Span,
        hits: list[Hit],
        periods: list[PeriodMention],
        scope: _Scope,
        reason: str | None,
    ) -> Observation | None:
        around = Surroundings(
            number,
            hits_within(hits, part),
            hits_within(hits, Span(sentence.start, part.start)),
            scope.heading_hits,
        )
        found = link(self.seen, around, self.reader.lexicon)
        if found is None and number.worded:
            return None  # "hai", "ba" and their like are mostly no figures at all
        comparator, begins = read_comparator(self.seen, number)
        low, high = bounds(number.value, number.high, comparator)
        period = self._period(number, part, sentence, periods, scope)
        before = Span(sentence.start, max(begins, sentence.start))
        kind = read_kind(self.seen, before, scope.heading_kind, period.end, self.document.published)
        status, why = _decide(found, reason)
        return Observation(
            doc_id=self.document.doc_id,
            metric_id=found.metric.metric.id if found else None,
            value=number.value,
            value_low=low,
            value_high=high,
            unit=found.metric.metric.unit if found else ("percent" if number.percent else None),
            comparator=comparator,
            kind=kind,
            place=self._place(number, part),
            period=period,
            quote=self.text[sentence.start : sentence.end],
            quote_span=sentence,
            number=number.span,
            confidence=found.confidence if found else 0.0,
            rule_id=found.rule_id if found else "link.none",
            status=status,
            reason=why,
            platform_id=self._platform(found, around),
        )

    def _platform(self, found: Link | None, around: Surroundings) -> str | None:
        for platform_id, cues in self.reader.lexicon.platforms.items():
            if any(hit.term in cues for hit in around.own):
                return platform_id
        return found.metric.metric.platform if found else None

    def _place(self, number: Number, part: Span) -> Place:
        """The place a figure speaks of: named in its part, else last named before it, else the title's."""
        in_part = [m for m in self.places if part.start <= m.span.start and m.span.end <= part.end]
        before = [m for m in in_part if m.span.end <= number.span.start]
        if before:
            return before[-1].place
        if in_part:
            return in_part[0].place
        earlier = [m for m in self.places if m.span.end <= number.span.start]
        return earlier[-1].place if earlier else self.fallback

    def _place_of_document(self) -> Place:
        title = self.document.title or ""
        named = place_finder().find(title, view(title), self.document.published, self.home)
        if named:
            return named[0].place
        unit = place_finder().province(self.home, self.document.published) if self.home else None
        return Place(unit.name, unit.level, unit.key) if unit else NOWHERE

    def _first_period(self, line: Span) -> PeriodMention | None:
        periods = [p for p in read_periods(self.seen, line, self.document.published) if not p.baseline]
        return periods[0] if periods and len(self.seen[line.start : line.end]) < 200 else None

    def _period(self, number: Number, part: Span, sentence: Span, periods: list[PeriodMention], scope: _Scope) -> Period:
        usable = [p for p in periods if not p.baseline]
        before = [p for p in usable if p.span.end <= number.span.start]
        in_part = [p for p in usable if part.start <= p.span.start < part.end]
        chosen = before[-1] if before else (in_part[0] if in_part else None)
        if chosen:
            return Period(chosen.start, chosen.end, chosen.grain, Basis.STATED)
        if len(usable) == 1:
            return Period(usable[0].start, usable[0].end, usable[0].grain, Basis.STATED)
        inherited = None if says_now(self.seen, sentence) else scope.period or scope.heading_period
        if inherited:
            return Period(inherited.start, inherited.end, inherited.grain, Basis.INHERITED)
        published: date | None = self.document.published
        return Period(published, published, "day", Basis.PUBLICATION)


def _decide(found: Link | None, reason: str | None) -> tuple[Status, str | None]:
    if reason and not (found and reason == "change" and found.metric.metric.change):
        return Status.REJECTED, reason
    if found is None:
        return Status.CANDIDATE, "no metric of the catalogue fits"
    if found.confidence < FACT_CONFIDENCE:
        return Status.LOW_CONFIDENCE, f"confidence {found.confidence} is below {FACT_CONFIDENCE}"
    return Status.FACT, None
