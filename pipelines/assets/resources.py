"""The resources that assets share: the warehouse with its one writer's lock, and the reader.

Belongs here: opening things for the length of a run. Does not: what is done with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import dagster as dg
from pydantic import PrivateAttr

from pipelines.assets.watch import watched
from pipelines.extract.reader import Reader, version_of
from pipelines.paths import Layout
from pipelines.reference.catalogue import Catalogue, load_catalogue
from pipelines.reference.curated import Curated, load_curated
from pipelines.settings import Settings, read_settings
from pipelines.store.database import Database, writer_lock

if TYPE_CHECKING:
    from pipelines.operation.log import Log


class Warehouse(dg.ConfigurableResource):
    """The warehouse in ``folder``, by default that which ``KPI_WAREHOUSE`` names. One run at a time holds it, from its first
    step to its last.
    """

    folder: str | None = None
    _log: Any = PrivateAttr()
    _opened: Database | None = PrivateAttr(default=None)

    @property
    def log(self) -> Log:
        """Where a run says what it does: a line of JSON an event."""
        return cast("Log", self._log)

    @property
    def layout(self) -> Layout:
        return Layout(Path(self.folder)) if self.folder else Layout.from_environment()

    @cached_property
    def settings(self) -> Settings:
        return read_settings()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Warehouse]:
        self.layout.create()
        with (
            writer_lock(self.layout, self.settings.writer_timeout_seconds),
            watched(context, self.layout, self.open) as self._log,
        ):
            yield self

    def open(self) -> Database:
        """The pipeline's database, for one step; between the steps of a run nobody else records anything."""
        self._opened = Database(
            self.layout,
            patience=self.settings.writer_timeout_seconds,
            memory_mb=self.settings.memory_mb,
            latest=self._opened.latest if self._opened else None,
        )
        return self._opened


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
