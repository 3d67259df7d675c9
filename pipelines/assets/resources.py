"""The resources that assets share: the warehouse with its one writer's lock, and the reader.

Belongs here: opening things for the length of a run. Does not: what is done with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import dagster as dg

from pipelines.extract.reader import Reader, version_of
from pipelines.paths import Layout
from pipelines.reference.catalogue import Catalogue, load_catalogue
from pipelines.reference.curated import Curated, load_curated
from pipelines.settings import Settings, read_settings
from pipelines.store.database import Database, writer_lock


class Warehouse(dg.ConfigurableResource):
    """The warehouse that ``KPI_WAREHOUSE`` names. One run at a time holds it, from its first step to its last."""

    @property
    def layout(self) -> Layout:
        return Layout.from_environment()

    @cached_property
    def settings(self) -> Settings:
        return read_settings()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Warehouse]:
        self.layout.create()
        with writer_lock(self.layout, self.settings.writer_timeout_seconds):
            yield self

    def open(self) -> Database:
        """The pipeline's database, for one step."""
        settings = self.settings
        return Database(self.layout, patience=settings.writer_timeout_seconds, memory_mb=settings.memory_mb)


class Reading(dg.ConfigurableResource):
    """The catalogue, the reader compiled from it and what people decided, once a run."""

    @cached_property
    def catalogue(self) -> Catalogue:
        return load_catalogue(read_settings().reference)

    @cached_property
    def curated(self) -> Curated:
        return load_curated(read_settings().reference, self.catalogue)

    @cached_property
    def reader(self) -> Reader:
        return compiled(self.catalogue)


def compiled(catalogue: Catalogue) -> Reader:
    """The reader of a catalogue, made once a process for as long as that stays the same: it takes a second or two."""
    version = version_of(catalogue)
    if version not in _READERS:
        _READERS.clear()
        _READERS[version] = Reader(catalogue)
    return _READERS[version]


_READERS: dict[str, Reader] = {}
