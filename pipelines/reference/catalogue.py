"""The catalogue: metrics, units, platforms, sources, terms and report forms, as `warehouse/reference/*.yaml` states them.

Belongs here: the shape of each entry, its validation, and errors that name file, entry and field.
Does not: turning cues into something that scans text (extract/lexicon.py), places (gazetteer.py).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import Field, ValidationError, model_validator

from pipelines.errors import UserError
from pipelines.model import Level
from pipelines.reference.entry import Entry
from pipelines.reference.forms import Form, misfits
from pipelines.reference.gazetteer import units

# The C loader reads the catalogue ten times faster; both are safe loaders.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LEARNED = "learned.json.gz"
FILES = ("units", "platforms", "sources", "terms", "metrics")
_CUMULATIVE = re.compile(rb"^  cumulative: true\n", re.MULTILINE)
FORMS = "forms"  # may be missing, and may be empty


class CatalogueError(UserError):
    """The catalogue can't be used; the message names file, entry and field."""


E = TypeVar("E", bound=Entry)


class Name(Entry):
    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Unit(Entry):
    """A unit of measure. ``nouns`` are the words that follow a number of this unit ("14 phản ánh").

    A count is not ``additive`` where two places count the same things: the same public services are offered in both.
    """

    id: str
    name: Name
    kind: Literal["share", "count", "score", "rank"]
    nouns: tuple[str, ...] = ()
    additive: bool = True


class Platform(Entry):
    """A named digital system, recognised by any of ``cues``."""

    id: str
    name: Name
    cues: tuple[str, ...] = Field(min_length=1)


class Feed(Entry):
    """A feed or sitemap that lists a source's pages; what it is, is seen where ``kind`` doesn't say.

    It is asked every ``every_minutes``; of the pages that it lists at most ``pages`` are had at a visit, the latest first.
    """

    url: str = Field(pattern=r"^https?://[^\s/]+\S*$")
    kind: Literal["rss", "atom", "sitemap"] | None = None
    every_minutes: int = Field(default=60, ge=5)
    seconds_between: float = Field(default=2, ge=0, le=60)
    pages: int = Field(default=50, ge=1, le=1000)


class Source(Entry):
    """Who publishes. ``authority``: 1 (an unknown page) to 5 (the state body that owns the figure).

    ``province`` is the province that an unnamed "tỉnh" means in this source. ``feeds`` list its pages.
    """

    id: str
    name: str
    kind: Literal["government", "party", "newspaper", "portal", "other"]
    authority: int = Field(ge=1, le=5)
    hosts: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    province: str | None = None
    feeds: tuple[Feed, ...] = ()


class Term(Entry):
    """Spellings that mean the same everywhere: a cue that contains ``say`` matches every one of ``also``."""

    say: str
    also: tuple[str, ...] = Field(min_length=1)


class Cues(Entry):
    """One way to word a metric. Alternatives inside an item are separated by "|".

    Every item of ``all`` must stand near the number; of ``any`` at least one must.
    """

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _not_empty(self) -> Cues:
        if not self.all and not self.any:
            raise ValueError("give at least one cue under all or any")
        return self


class ExampleFact(Entry):
    value: float
    value_high: float | None = None
    comparator: Literal["eq", "gt", "ge", "lt", "le", "approx", "range"] = "eq"
    kind: Literal["actual", "target"] = "actual"
    metric: str | None = None


class Example(Entry):
    """A sentence and the facts it states; ``metric`` names another metric than the entry's own."""

    text: str
    facts: tuple[ExampleFact, ...]


class Metric(Entry):
    """Everything about one metric in one place; its examples run as tests.

    ``nouns`` narrows what a count of this metric counts (default: its unit's nouns).
    ``not`` lists phrases that rule the metric out where they stand near the number.
    ``change``: the figure is itself a change ("cắt giảm 30% thời gian").
    ``cumulative``: a count that only grows; what is checked of it, not what is read.
    ``index``: the index whose points or places it gives, ``part_of`` the one that this index is a part of.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Name
    pillar: Literal["digital_government", "digital_economy", "digital_society", "infrastructure", "overall"]
    unit: str
    bounds: tuple[float, float | None] = (0, None)
    direction: Literal["up", "down", "none"] = "up"
    platform: str | None = None
    change: bool = False
    cumulative: bool = False
    index: str | None = None
    part_of: str | None = None
    nouns: tuple[str, ...] = ()
    cues: tuple[Cues, ...] = Field(min_length=1)
    exclude: tuple[str, ...] = Field(default=(), alias="not")
    examples: tuple[Example, ...]

    def allows(self, value: float, high: float | None = None) -> bool:
        """Whether a value, or a range, lies within the metric's bounds."""
        lower, upper = self.bounds
        return value >= lower and (upper is None or max(value, high or value) <= upper)

    @model_validator(mode="before")
    @classmethod
    def _one_wording_needs_no_list(cls, entry: Any) -> Any:
        if isinstance(entry, dict) and isinstance(entry.get("cues"), dict):
            return {**entry, "cues": [entry["cues"]]}
        return entry

    @model_validator(mode="after")
    def _bounds_rise(self) -> Metric:
        if self.bounds[1] is not None and self.bounds[0] >= self.bounds[1]:
            raise ValueError("bounds: the lower one must be below the upper one")
        return self

    @model_validator(mode="after")
    def _has_both_kinds_of_example(self) -> Metric:
        def states_it(example: Example) -> bool:
            return any(fact.metric in (None, self.id) for fact in example.facts)

        if not any(states_it(e) for e in self.examples):
            raise ValueError("examples: give at least one sentence that states this metric")
        if all(states_it(e) for e in self.examples):
            raise ValueError("examples: give at least one sentence that does not state this metric")
        return self


@dataclass(frozen=True)
class Catalogue:
    """The validated catalogue; ``fingerprint`` changes with any byte of its files, but not with the feeds of a source or a line
    "cumulative: true": they don't change what is read in a text. ``learned`` is the file of the model that was learned for it,
    if there is one.
    """

    metrics: dict[str, Metric]
    units: dict[str, Unit]
    platforms: dict[str, Platform]
    sources: dict[str, Source]
    terms: tuple[Term, ...]
    fingerprint: str
    forms: tuple[Form, ...] = ()
    learned: Path | None = None

    @property
    def feeds(self) -> list[tuple[str, Feed]]:
        """(source, feed) of every feed."""
        return [(source.id, feed) for source in self.sources.values() for feed in source.feeds]


def load_catalogue(folder: Path) -> Catalogue:
    """Read and validate the YAML files of ``folder``.

    Raises ``CatalogueError`` with every problem found, a line each: file, entry, field, what is wrong.
    """
    problems: list[str] = []
    digest = hashlib.sha256()
    raw: dict[str, list[Any]] = {}
    for name in (*FILES, FORMS):
        path = folder / f"{name}.yaml"
        if name == FORMS and not path.exists():
            raw[name] = []
            continue
        try:
            content = path.read_bytes()
            raw[name] = yaml.load(content, Loader=_LOADER) or []
        except OSError as error:
            raise CatalogueError(f"{path}: can't be read ({error.strerror}); set KPI_REFERENCE") from error
        except yaml.YAMLError as error:
            raise CatalogueError(f"{path}: not valid YAML: {error}") from error
        digest.update(_without_feeds(raw[name]) if name == "sources" else _CUMULATIVE.sub(b"", content))

    def entries(name: str, model: type[E]) -> list[E]:
        return _validated(folder / f"{name}.yaml", raw[name], model, problems)

    learned = folder / LEARNED
    if learned.exists():
        digest.update(learned.read_bytes())
    catalogue = Catalogue(
        metrics={m.id: m for m in entries("metrics", Metric)},
        units={u.id: u for u in entries("units", Unit)},
        platforms={p.id: p for p in entries("platforms", Platform)},
        sources={s.id: s for s in entries("sources", Source)},
        terms=tuple(entries("terms", Term)),
        fingerprint=digest.hexdigest()[:12],
        forms=tuple(entries(FORMS, Form)) if raw[FORMS] else (),
        learned=learned if learned.exists() else None,
    )
    problems += _dangling(folder, catalogue)
    if problems:
        raise CatalogueError("\n".join(problems))
    return catalogue


def _without_feeds(raw: Any) -> bytes:
    entries = raw if isinstance(raw, list) else []
    return repr([{**item, "feeds": ()} if isinstance(item, dict) else item for item in entries]).encode()


def _validated(path: Path, raw: Any, model: type[E], problems: list[str]) -> list[E]:
    if not isinstance(raw, list) or not raw:
        problems.append(f"{path}: must be a list of entries")
        return []
    valid: list[E] = []
    seen: set[str] = set()
    for number, item in enumerate(raw, start=1):
        label = str(item.get("id", item.get("say", f"#{number}"))) if isinstance(item, dict) else f"#{number}"
        if label in seen:
            problems.append(f"{path}: entry {label}: stands twice")
        seen.add(label)
        try:
            valid.append(model.model_validate(item))
        except ValidationError as error:
            for e in error.errors():
                field = ".".join(str(part) for part in e["loc"]) or "(entry)"
                problems.append(f"{path}: entry {label}: {field}: {e['msg']}")
    return valid


def _dangling(folder: Path, catalogue: Catalogue) -> list[str]:
    provinces = {unit.name for unit in units() if unit.level is Level.PROVINCE}
    problems = [
        f"{folder / 'sources.yaml'}: entry {source.id}: province: {source.province!r} is no province, before or after 2025"
        for source in catalogue.sources.values()
        if source.province and source.province not in provinces
    ]
    path = folder / f"{FORMS}.yaml"
    problems += [
        f"{path}: entry {form.id}: {misfit}" for form in catalogue.forms for misfit in misfits(form, catalogue.metrics)
    ]
    feeds = Counter(feed.url for _, feed in catalogue.feeds)
    problems += [f"{folder / 'sources.yaml'}: feeds: {url} stands twice" for url, times in feeds.items() if times > 1]
    path = folder / "metrics.yaml"
    for metric in catalogue.metrics.values():
        if metric.unit not in catalogue.units:
            problems.append(f"{path}: entry {metric.id}: unit: {metric.unit!r} is not in units.yaml")
        if metric.platform and metric.platform not in catalogue.platforms:
            problems.append(f"{path}: entry {metric.id}: platform: {metric.platform!r} is not in platforms.yaml")
        for example in metric.examples:
            for fact in example.facts:
                if fact.metric and fact.metric not in catalogue.metrics:
                    problems.append(f"{path}: entry {metric.id}: examples: no metric {fact.metric!r}")
    return problems
