"""The resources that assets share: the warehouse with its one writer's lock, and the reader.

Belongs here: opening things for the length of a run. Does not: what is done with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import dagster as dg
from filelock import FileLock, Timeout

from pipelines.errors import WriterBusy
from pipelines.extract.reader import Reader
from pipelines.paths import Layout
from pipelines.reference.catalogue import Catalogue, load_catalogue
from pipelines.settings import Settings
from pipelines.store.database import Database


class Warehouse(dg.ConfigurableResource):
    """The warehouse that ``KPI_WAREHOUSE`` names. One run at a time holds it, from its first step to its last."""

    @property
    def layout(self) -> Layout:
        return Layout.from_environment()

    @cached_property
    def settings(self) -> Settings:
        return Settings()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Warehouse]:
        self.layout.create()
        try:
            with FileLock(self.layout.lock, timeout=self.settings.writer_timeout_seconds):
                yield self
        except Timeout as error:
            raise WriterBusy(
                f"another run has held {self.layout.lock} for {self.settings.writer_timeout_seconds:g} s; "
                "wait for it to end, or raise KPI_WRITER_TIMEOUT_SECONDS"
            ) from error

    def open(self) -> Database:
        """The pipeline's database, for one step."""
        return Database(self.layout, patience=self.settings.writer_timeout_seconds)


class Reading(dg.ConfigurableResource):
    """The catalogue and the reader compiled from it, once a run."""

    @cached_property
    def catalogue(self) -> Catalogue:
        return load_catalogue(Settings().reference)

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.catalogue)
