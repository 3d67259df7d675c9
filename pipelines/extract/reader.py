"""The reader: runs the stages over a document and decides what each number is.

Belongs here: the order of the stages, and what becomes of a number.
Does not: the rules of any one stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from operator import attrgetter

from pipelines.extract.agencies import counters
from pipelines.extract.clauses import opened_before, own_parts
from pipelines.extract.comparators import bounds, read_comparator
from pipelines.extract.figures import OUT_OF_BOUNDS, Figure, Passage, is_inside
from pipelines.extract.flow import flow
from pipelines.extract.focus import LOOK_BACK, Focus
from pipelines.extract.forms import read_forms, without
from pipelines.extract.kinds import column_kind, read_kind
from pipelines.extract.learned import SecondOpinion
from pipelines.extract.lexicon import Hit, Lexicon
from pipelines.extract.link import Link, Surroundings, hits_within, link, measure_kind, outside_names
from pipelines.extract.nonfacts import PART_OF_SOMETHING, masks, why_no_fact
from pipelines.extract.numerals import Number, read_numbers
from pipelines.extract.ordered import SPAN_START, START, Ordered
from pipelines.extract.period_attribution import PeriodAttribution
from pipelines.extract.phrases import phrase_of
from pipelines.extract.place_attribution import Owned, PlaceAttribution
from pipelines.extract.provenance import as_had
from pipelines.extract.sections import Sections
from pipelines.extract.segment import lines, sentences
from pipelines.extract.sources import Sources
from pipelines.extract.tables import (
    Row,
    counts_sites,
    estimates,
    in_percent,
    is_ranking,
    measure_of_head,
    rows,
    says_no_value,
    sums_up,
)
from pipelines.extract.tiers import read_tiers
from pipelines.extract.view import nfc, view
from pipelines.extract.yardsticks import yardsticks
from pipelines.model import Comparator, Document, Kind, Level, Observation, Period, Place, Span, Status
from pipelines.reference.catalogue import Catalogue

EXTRACTOR_VERSION = "7"
FACT_CONFIDENCE = 0.6
_NEAR, _LONGEST_NOUN, _MOST_TO_THE_LEFT = 12, 48, 24


def version_of(catalogue: Catalogue) -> str:
    """What tells one reading from another: the rules' version and the catalogue."""
    return f"{EXTRACTOR_VERSION}+{catalogue.fingerprint}"


class Reader:
    """Reads documents with one compiled catalogue; holds no state between documents.

    ``second`` takes the place of the catalogue's learned model. Raises ``CatalogueError`` where that can't be read.
    """

    def __init__(self, catalogue: Catalogue, second: SecondOpinion | None = None) -> None:
        self.version = version_of(catalogue)
        self.lexicon = Lexicon(catalogue)
        self.second = second or (SecondOpinion.load(catalogue.learned) if catalogue.learned else None)
        self.sources = Sources(catalogue)

    def read(self, document: Document) -> list[Observation]:
        """Every figure of ``document`` in reading order: facts, and the rest with status and reason. Tables that a form of the
        catalogue fits are read by it.
        """
        source = self.sources.of(document.publisher, document.url)
        filled = read_forms(document, self.lexicon.catalogue, source.province if source else None)
        rest = without(document.text, filled.lines)
        flowing = flow(rest)
        read = _Reading(self, replace(document, text=flowing.text)).observations()
        if flowing.text != rest:
            read = (flowing.restored(observation, document.text) for observation in read)
        if filled.observations:
            read = iter(sorted((*read, *filled.observations), key=attrgetter("number.start")))
        return as_had(document, read, FACT_CONFIDENCE)

    def read_all(self, documents: Iterable[Document]) -> Iterator[Observation]:
        """The figures of many documents, one document after the other."""
        for document in documents:
            yield from self.read(document)


class _Reading:
    """One document being read; its text flows (flow.py)."""

    def __init__(self, reader: Reader, document: Document) -> None:
        self.lexicon = reader.lexicon
        self.document = document
        self.text = document.text
        self.seen = view(document.text)
        self.masked = masks(self.seen)
        source = reader.sources.of(document.publisher, document.url)
        self.lines = lines(self.text)
        self.numbers = Ordered(read_numbers(self.seen, Span(0, len(self.seen))), SPAN_START)
        self.rows = rows(self.text, self.seen, self.lines)
        self.places = PlaceAttribution(document, self.seen, source.province if source else None)
        self.periods = PeriodAttribution(document, self.seen)
        self._kind_before: Kind | None = None
        self.focus = Focus(self.seen, self.lexicon, partial(sentences, self.text), reader.second, lambda: self.title_hits)
        self.sections = Sections(
            self.seen, self.periods.first_in, self.places.of_title, lambda line: self.lexicon.scan(self.seen, line)
        )

    @cached_property
    def title_hits(self) -> tuple[Hit, ...]:
        """The cues in the title, without their places."""
        title = view(nfc(self.document.title or ""))
        return tuple(self.lexicon.scan(title, Span(0, len(title))))

    def observations(self) -> Iterator[Observation]:
        for line in self.lines:
            if line in self.rows:
                if row := self.rows[line]:
                    yield from self._read_row(row)
                continue
            figures = self._figures(self.numbers.between(*line))
            self.sections.enter(line, bool(figures.items))
            self.places.enter_line(self.sections.in_list, self.sections.is_numbered)
            if self.sections.in_heading:
                self.places.enter_heading(self.sections.place)
            self.periods.enter_line()
            if not figures.items:
                self._pass_over(line)
                continue
            self._kind_before = None
            for sentence in sentences(self.text, line):
                yield from self._read_sentence(sentence, figures)

    def _pass_over(self, line: Span) -> None:
        """A line without figures: only what it names can matter to those after it."""
        self.focus.pass_over(line)
        if not (self.places.names(line) or self.periods.names(line)):
            return
        for sentence in sentences(self.text, line):
            self.places.enter_sentence(sentence)
            self.places.leave_sentence()
            if self.periods.names(sentence):
                self.periods.enter_sentence(sentence)
                self.periods.leave_sentence()

    def _figures(self, numbers: Iterable[Number]) -> Ordered[Figure]:
        """The numbers that may be figures: not those that are part of a date or a name."""
        judged = [(n, why_no_fact(self.seen, n, self.masked)) for n in numbers if self._may_count(n)]
        figures = [
            Figure(number, reason, *read_comparator(self.seen, number))
            for number, reason in judged
            if reason not in PART_OF_SOMETHING
        ]
        return Ordered(figures, attrgetter("number.span.start"))

    def _read_sentence(self, sentence: Span, of_line: Ordered[Figure]) -> Iterator[Observation]:
        self.places.enter_sentence(sentence)
        self.periods.enter_sentence(sentence)
        figures = of_line.between(*sentence)
        kinds: set[Kind] = set()
        if figures:
            spans = self.places.spans()
            figures = [f for f in figures if not is_inside(f.number.span, spans)]
        if figures:
            said = Ordered(self.lexicon.scan(self.seen, sentence), START)
            hits = outside_names(said, [*spans, *counters(self.seen, sentence)])
            for index, reason in yardsticks(self.seen, [figure.number for figure in figures]).items():
                figures[index] = figures[index]._replace(reason=figures[index].reason or reason)
        if figures:
            parts = own_parts(self.seen, sentence, [Span(figure.begins, figure.number.end) for figure in figures])
            owned = [
                Owned(figure.number, part, figure.comparator is Comparator.LE, figure.reason is None)
                for figure, part in zip(figures, parts, strict=True)
            ]
            named = [*spans, *self.periods.spans()]
            links = self.focus.links(sentence, owned, hits, self.sections.hits, named)
            if self._kind_before is Kind.TARGET and self.places.names(sentence):  # a goal's year ends with its subject
                self._kind_before = None
                self.periods.forget()
            passage = self._passage(sentence)._replace(carried=self._kind_before)
            places = self.places.places(owned)
            reached: Period | None = None
            tiers = read_tiers(self.seen, sentence, [figure.number for figure in figures], parts)
            for figure, part, measured, where, tier in zip(figures, parts, links, places, tiers, strict=True):
                for found in measured or (None,):
                    for observation in self._judge(figure, found, hits_within(hits, part), part, passage, where, tier):
                        if found and not (
                            self._in_aside(figure.number, sentence) or self.periods.is_passing(observation.period)
                        ):
                            beside = observation.kind is Kind.TARGET and observation.period == reached
                            self._kind_before = Kind.ACTUAL if beside else observation.kind  # "đạt 92%, vượt chỉ tiêu 85%"
                            reached = observation.period if self._kind_before is Kind.ACTUAL else reached
                        if found:
                            kinds.add(observation.kind)
                        yield observation
        else:
            self.focus.pass_over(sentence)
        self.places.leave_sentence()
        self.periods.leave_sentence(states_goals=kinds == {Kind.TARGET})

    def _in_aside(self, number: Number, sentence: Span) -> bool:
        """Whether a number stands in parentheses."""
        return opened_before(self.seen, sentence.start, number.span.start) >= 0

    def _may_count(self, number: Number) -> bool:
        """Whether a number is in digits, or a word before what the catalogue counts: "hai", "ba" mostly are not."""
        if not number.worded or number.percent or measure_kind(self.seen, number) == "rank":
            return True
        near = number.end + _NEAR
        ends = self.seen.find("\n", number.end, near + _LONGEST_NOUN)
        after = Span(number.end, ends if ends >= 0 else min(len(self.seen), near + _LONGEST_NOUN))
        return any(self.lexicon.counts[hit.term] for hit in self.lexicon.scan(self.seen, after) if hit.start < near)

    def _read_row(self, row: Row) -> Iterator[Observation]:
        """The figures of a table's row: label and column's head name the metric, the head also kind and period."""
        self.places.enter_line(in_list=True)
        self.places.enter_sentence(row.line)
        self.periods.enter_line()
        self.periods.enter_sentence(row.line)
        scan = partial(self.lexicon.scan, self.seen)
        said = Ordered((hit for label in row.labels for hit in scan(label)), START)
        labels = outside_names(said, self.places.spans()).items
        above = [hit for span in (row.group, row.caption) if span for hit in scan(span)]
        words = [self.seen[label.start : label.end] for label in row.labels]
        sites, is_share = any(map(counts_sites, words)), any(map(in_percent, words))
        of_row = "rank" if any(map(is_ranking, words)) else None
        passage = self._passage(row.line)
        of_table = self.periods.first_in(row.caption) if row.caption else None
        to_the_left: list[Hit] = []
        for cell, column in row.values():
            said_above = {self.seen[head.start : head.end].strip(): head for head in column}  # merged ones repeat theirs
            heads = tuple(said_above.values())
            if any(map(says_no_value, said_above)) or (not heads and cell is row.cells[0]):
                continue
            head_hits = [hit for head in heads for hit in scan(head)]
            if any(map(sums_up, said_above)):
                to_the_left = []
            measures = next(filter(None, map(measure_of_head, said_above)), None)
            dated = (self.periods.first_in(head, of_table) for head in heads)
            headed = passage._replace(
                kind=None if measures else passage.kind,
                settled=next(filter(None, map(column_kind, said_above)), None),
                period=next(filter(None, dated), passage.period),
            )
            about = any(map(estimates, said_above))
            for figure in self._figures(read_numbers(self.seen, cell)).items:
                if about and figure.comparator is Comparator.EQ:
                    figure = figure._replace(comparator=Comparator.APPROX)
                as_share = measures == "share" or (is_share and not measures)
                number = figure.number._replace(percent=figure.number.percent or as_share)
                shape = measure_kind(self.seen, number)
                shape = (measures or of_row or shape) if shape == "count" else shape
                own, earlier = (*labels, *head_hits), (*to_the_left, *above)
                found = link(self.seen, Surroundings(number, shape, own, earlier, self.title_hits), self.lexicon)
                if found and found.metric.unit_kind == "score" and sites:
                    found = None
                part = Span(row.line.start, cell.end)
                place = self.places.of_row((*heads, *row.labels), above=(row.group, row.caption))
                [tier] = read_tiers(self.seen, part, [number], [part])
                yield from self._judge(figure._replace(number=number), found, own, part, headed, (place,), tier)
            to_the_left = [*to_the_left, *head_hits][-_MOST_TO_THE_LEFT:]

    def _passage(self, span: Span) -> Passage:
        return Passage(span, self.text[span.start : span.end], self.sections.kind, self.sections.period)

    def _judge(
        self,
        figure: Figure,
        found: Link | None,
        own: tuple[Hit, ...],
        part: Span,
        passage: Passage,
        places: tuple[Place, ...],
        tier: Level | None,
    ) -> Iterator[Observation]:
        """An observation of each place; none of a number in words that measures nothing."""
        number, reason, comparator, begins = figure
        if found is None and number.worded:
            return
        low, high = bounds(number.value, number.high, comparator)
        if found and found.carried:
            self.periods.go_on()
        period = self.periods.period(number, part, passage.period)
        before = Span(max(passage.span.start, begins - LOOK_BACK), max(begins, passage.span.start))
        after = Span(number.end, max(number.end, part.end))
        kind = passage.settled or read_kind(
            self.seen, before, after, passage.kind, period, self.document.published, passage.carried, self.periods.written
        )
        period = self.periods.from_above(period, kind)
        status, why = _decide(number, found, reason)
        observation = Observation(
            doc_id=self.document.doc_id,
            metric_id=found.metric.metric.id if found else None,
            value=number.value,
            value_low=low,
            value_high=high,
            unit=found.metric.metric.unit if found else ("percent" if number.percent else None),
            comparator=comparator,
            kind=kind,
            place=places[0],
            period=period,
            quote=passage.quote,
            quote_span=passage.span,
            number=number.span,
            confidence=found.confidence if found else 0.0,
            rule_id=found.rule_id if found else "link.none",
            status=status,
            reason=why or (found.because if found else None),
            platform_id=self._platform(found, own),
            tier=tier,
            denominator=number.denominator,
            phrase=None if found else phrase_of(self.text, self.seen, number),
        )
        yield observation
        yield from (observation._replace(place=place) for place in places[1:])

    def _platform(self, found: Link | None, own: tuple[Hit, ...]) -> str | None:
        """The platform that the number's own words name, else its metric's."""
        named = next((self.lexicon.platform_of[hit.term] for hit in own if hit.term in self.lexicon.platform_of), None)
        return named or (found.metric.metric.platform if found else None)


def _decide(number: Number, found: Link | None, reason: str | None) -> tuple[Status, str | None]:
    if reason and not (found and reason == "change" and found.metric.metric.change):
        return Status.REJECTED, reason
    if found is None:
        return Status.CANDIDATE, "no metric of the catalogue fits"
    if not found.metric.metric.allows(number.value, number.high):
        return Status.REJECTED, OUT_OF_BOUNDS
    if found.confidence < FACT_CONFIDENCE:
        return Status.LOW_CONFIDENCE, f"confidence {found.confidence} is below {FACT_CONFIDENCE}"
    return Status.FACT, None
