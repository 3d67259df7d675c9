"""What waits at the stations of the line, so that the cost of a run follows what is new.

Belongs here: which documents a station still has to take, that it is through, what a run would find to do.
Does not: what a station does with them (assets/).

A station notes up to when it has been through with everything recorded, and at which version. At the same version it looks
only at what was recorded since; at another, at everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipelines.store.database import Database
from pipelines.store.statements import EVER


@dataclass(frozen=True, slots=True)
class Station:
    """A station at a version of what it works with: its statement gives the documents that wait there."""

    name: str
    statement: str
    version: str
    parameters: dict[str, Any] = field(default_factory=dict)


def converting(converter_version: str, refused_by: Sequence[str], max_bytes: int) -> Station:
    """Raw documents of at most ``max_bytes`` become text, but those refused by a version of ``refused_by``."""
    given = {"converter_version": converter_version, "refused_by": list(refused_by), "max_bytes": max_bytes}
    return Station("convert", "line/documents_to_convert", f"{'; '.join(refused_by)}; {max_bytes} bytes", given)


def signing(signature_version: str) -> Station:
    """Texts get the signatures by which reprints are found."""
    return Station("sign", "line/documents_to_sign", signature_version, {"signature_version": signature_version})


def reading(extractor_version: str) -> Station:
    """Texts are read. ``staged`` notes that; the station is through once what was read has been appended."""
    return Station("read", "line/documents_to_read", extractor_version, {"extractor_version": extractor_version})


@dataclass(frozen=True, slots=True)
class Pending:
    """What a run would find to do in the database, and the sequence number of the last one that ended."""

    to_convert: int
    to_sign: int
    to_read: int
    to_report: int
    curated_changed: bool
    sequence: int

    @property
    def anything(self) -> bool:
        return bool(self.to_convert or self.to_sign or self.to_read or self.to_report or self.curated_changed)


def since(database: Database, station: Station) -> datetime:
    """Up to when everything recorded has been through a station at this version."""
    rows = database.rows("line/station_since", station=station.name, version=station.version)
    return rows[0]["since"] if rows else EVER


def waiting(database: Database, station: Station, size: int) -> Iterator[list[dict[str, Any]]]:
    """The documents that wait at a station, in batches of ``size``."""
    return database.batches(station.statement, size, since=since(database, station), **station.parameters)


def through(database: Database, station: Station, upto: datetime, run_id: str) -> None:
    """Note that everything recorded up to a moment has been through a station."""
    row = {"station": station.name, "version": station.version, "upto": upto, "run_id": run_id}
    database.insert("ops.station_done", [row])


def staged(database: Database, to_read: Station, upto: datetime) -> None:
    """Note that everything recorded up to a moment has been read into the stage."""
    database.insert("stage.reading", [{"extractor_version": to_read.version, "upto": upto}])


def pending(database: Database, to_convert: Station, to_sign: Station, to_read: Station, curated_version: str) -> Pending:
    """What a run would find to do."""
    [row] = database.rows("line/pending", curated_version=curated_version)
    return Pending(_count(database, to_convert), _count(database, to_sign), _count(database, to_read), **row)


def _count(database: Database, station: Station) -> int:
    return database.count(station.statement, since=since(database, station), **station.parameters)
