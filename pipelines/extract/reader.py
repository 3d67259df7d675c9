"""The reader: runs the stages over a document and decides what each number is.

Belongs here: the order of the stages, what becomes of a number, and sources by name.
Does not: the rules of any one stage; the place and period of a figure (attribution.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipelines.extract.attribution import Attribution
from pipelines.extract.clauses import own_parts
from pipelines.extract.comparators import bounds, read_comparator
from pipelines.extract.kinds import heading_kind, read_kind
from pipelines.extract.lexicon import Hit, Lexicon
from pipelines.extract.link import Link, Surroundings, hits_within, link, measure_kind
from pipelines.extract.nonfacts import PART_OF_SOMETHING, masks, why_no_fact
from pipelines.extract.numerals import Number, read_numbers
from pipelines.extract.ordered import Ordered
from pipelines.extract.periods import PeriodMention
from pipelines.extract.sections import Sections
from pipelines.extract.segment import lines, sentences
from pipelines.extract.tables import Row, rows
from pipelines.extract.view import view
from pipelines.model import Comparator, Document, Kind, Observation, Span, Status
from pipelines.reference.catalogue import Catalogue, Source

EXTRACTOR_VERSION = "1"
FACT_CONFIDENCE = 0.6
UNKNOWN_SOURCE = "unknown"
LOOK_BACK = 800  # how far back in a sentence a head may stand


class Figure(NamedTuple):
    """A number that may be a figure; ``reason`` says why it is none, ``begins`` where its comparator does."""

    number: Number
    reason: str | None
    comparator: Comparator
    begins: int


class Passage(NamedTuple):
    """The sentence or row being read, and what the headings above it say of its figures."""

    span: Span
    quote: str
    kind: Kind | None
    period: PeriodMention | None


class Reader:
    """Reads documents with one compiled catalogue; holds no state between documents."""

    def __init__(self, catalogue: Catalogue) -> None:
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
        """The figures of many documents, one document after the other."""
        for document in documents:
            yield from self.read(document)


class _Reading:
    """One document being read."""

    def __init__(self, reader: Reader, document: Document) -> None:
        self.lexicon = reader.lexicon
        self.document = document
        self.text = document.text
        self.seen = view(document.text)
        self.masked = masks(self.seen)
        source = reader.source_of(document.publisher, document.url)
        self.lines = lines(self.text)
        self.rows = rows(self.seen, self.lines)
        self.attribution = Attribution(document, self.seen, source.province if source else None)
        self.sections = Sections(self.seen, self.attribution.first_period, lambda line: self.lexicon.scan(self.seen, line))

    def observations(self) -> Iterator[Observation]:
        for line in self.lines:
            row = self.rows.get(line)
            if row:
                yield from self._read_row(row)
                continue
            figures = self._figures(line)
            self.sections.enter(line, bool(figures.items))
            self.attribution.enter_line(line, self.sections.in_list)
            for sentence in sentences(self.text, line) if figures.items else ():
                yield from self._read_sentence(sentence, figures)

    def _figures(self, within: Span) -> Ordered[Figure]:
        """The numbers that may be figures: not those that are part of a date or a name."""
        judged = [(n, why_no_fact(self.seen, n, self.masked)) for n in read_numbers(self.seen, within)]
        figures = [
            Figure(number, reason, *read_comparator(self.seen, number))
            for number, reason in judged
            if reason not in PART_OF_SOMETHING
        ]
        return Ordered(figures, lambda figure: figure.number.span.start)

    def _read_sentence(self, sentence: Span, of_line: Ordered[Figure]) -> Iterator[Observation]:
        figures = of_line.between(sentence.start, sentence.end)
        self.attribution.enter_sentence(sentence)
        if figures:
            hits = Ordered(self.lexicon.scan(self.seen, sentence), lambda hit: hit.start)
            parts = own_parts(self.seen, sentence, [Span(figure.begins, figure.number.end) for figure in figures])
            previous: dict[str, Link] = {}
            passage = self._passage(sentence)
            for figure, part in zip(figures, parts, strict=True):
                measures = measure_kind(self.seen, figure.number)
                around = Surroundings(
                    figure.number,
                    measures,
                    hits_within(hits, part),
                    hits_within(hits, Span(max(sentence.start, part.start - LOOK_BACK), part.start)),
                    self.sections.hits,
                    previous.get(measures),
                )
                if found := link(self.seen, around, self.lexicon):
                    previous[measures] = found
                if observation := self._judge(figure, found, around.own, part, passage):
                    yield observation
        self.attribution.leave_sentence()

    def _read_row(self, row: Row) -> Iterator[Observation]:
        """The figures of a table's row: the label names the metric, the column's head the kind and period."""
        self.attribution.enter_line(row.line, in_list=True)
        self.attribution.enter_sentence(row.line)
        passage = self._passage(row.line)
        labels = [hit for label in row.labels for hit in self.lexicon.scan(self.seen, label)]
        percent_unit = any(self.seen[label.start : label.end].strip() in ("%", "phần trăm") for label in row.labels)
        named = set(row.labels)
        for column, cell in enumerate(row.cells):
            if cell in named:
                continue
            head = row.head_of(column)
            head_text = self.seen[head.start : head.end] if head else ""
            if head_text.strip() in ("tt", "stt", "số tt"):
                continue
            heading_hits = tuple(self.lexicon.scan(self.seen, head)) if head else ()
            headed = passage._replace(
                kind=(head and heading_kind(self.seen, head)) or passage.kind,
                period=(head and self.attribution.first_period(head)) or passage.period,
            )
            for figure in self._figures(cell).items:
                percent = figure.number.percent or percent_unit or "%" in head_text or "tỷ lệ" in head_text
                number = figure.number._replace(percent=percent)
                around = Surroundings(number, measure_kind(self.seen, number), (), (*labels, *heading_hits), ())
                found = link(self.seen, around, self.lexicon)
                part = Span(row.line.start, cell.end)
                if observation := self._judge(figure._replace(number=number), found, (), part, headed):
                    yield observation
        self.attribution.leave_sentence()

    def _passage(self, span: Span) -> Passage:
        return Passage(span, self.text[span.start : span.end], self.sections.kind, self.sections.period)

    def _judge(
        self,
        figure: Figure,
        found: Link | None,
        own: tuple[Hit, ...],
        part: Span,
        passage: Passage,
    ) -> Observation | None:
        number, reason, comparator, begins = figure
        if found is None and number.worded:
            return None  # "hai", "ba" and their like are mostly no figures at all
        low, high = bounds(number.value, number.high, comparator)
        period = self.attribution.period(number, part, passage.period)
        before = Span(max(passage.span.start, begins - LOOK_BACK), max(begins, passage.span.start))
        status, why = _decide(found, reason)
        return Observation(
            doc_id=self.document.doc_id,
            metric_id=found.metric.metric.id if found else None,
            value=number.value,
            value_low=low,
            value_high=high,
            unit=found.metric.metric.unit if found else ("percent" if number.percent else None),
            comparator=comparator,
            kind=read_kind(self.seen, before, passage.kind, period, self.document.published),
            place=self.attribution.place(number, part),
            period=period,
            quote=passage.quote,
            quote_span=passage.span,
            number=number.span,
            confidence=found.confidence if found else 0.0,
            rule_id=found.rule_id if found else "link.none",
            status=status,
            reason=why,
            platform_id=self._platform(found, own),
        )

    def _platform(self, found: Link | None, own: tuple[Hit, ...]) -> str | None:
        """The platform that the number's own words name, else its metric's."""
        named = next((self.lexicon.platform_of[hit.term] for hit in own if hit.term in self.lexicon.platform_of), None)
        return named or (found.metric.metric.platform if found else None)


def _decide(found: Link | None, reason: str | None) -> tuple[Status, str | None]:
    if reason and not (found and reason == "change" and found.metric.metric.change):
        return Status.REJECTED, reason
    if found is None:
        return Status.CANDIDATE, "no metric of the catalogue fits"
    if found.confidence < FACT_CONFIDENCE:
        return Status.LOW_CONFIDENCE, f"confidence {found.confidence} is below {FACT_CONFIDENCE}"
    return Status.FACT, None
