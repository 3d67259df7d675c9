"""Rows and documents: what ingestion writes to its tables, and what the reader is given.

Belongs here: turning what was landed, converted or refused into rows.
Does not: writing them (store/), converting (convert.py).
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from pipelines.ingest.containers.unpack import Container
from pipelines.ingest.convert import CONVERTER_VERSION, version_lacking
from pipelines.ingest.converted import Converted, DateBasis
from pipelines.ingest.landing import Stored
from pipelines.ingest.rejection import Reason, Rejection
from pipelines.model import Document, Mark


def raw_row(stored: Stored) -> dict[str, Any]:
    """A row of ``core.raw_document`` without run and time."""
    return {"document_id": stored.sha256, "bytes": stored.size}


def origin_row(stored: Stored) -> dict[str, Any]:
    """A row of ``core.origin`` without run and time."""
    origin = stored.origin
    return {
        "document_id": stored.sha256,
        "name": origin.name,
        "url": origin.url,
        "source_id": origin.source,
        "published_on": date.fromisoformat(origin.published) if origin.published else None,
        "retrieved_at": datetime.fromisoformat(origin.retrieved_at),
        "container_id": origin.container,
    }


def container_row(container: Container) -> dict[str, Any]:
    """A row of ``core.container`` without run and time."""
    return {
        "document_id": container.stored.sha256,
        "name": container.stored.origin.name,
        "members": container.members,
        "refused": len(container.refused),
    }


def refused_rows(container: Container) -> list[dict[str, Any]]:
    """The rows of ``core.rejected_document`` for what was refused of a container."""
    landing = container.stored.sha256 or ""
    return [rejection_row(None, name, rejection, landing) for name, rejection in container.refused]


def unreadable_row(stored: Stored) -> dict[str, Any]:
    """The row of ``core.rejected_document`` for something whose bytes could not even be read."""
    rejection = Rejection(Reason.UNREADABLE, str(stored.error))
    return rejection_row(None, stored.origin.name, rejection, landing=str(stored.landed_ns))


def rejection_row(document_id: str | None, name: str, rejection: Rejection, landing: str = "") -> dict[str, Any]:
    """A row of ``core.rejected_document`` without run and time."""
    version = version_lacking(rejection.lacking)
    identity = "|".join((document_id or name, landing, version, rejection.reason))
    return {
        "rejection_id": hashlib.sha256(identity.encode()).hexdigest()[:16],
        "document_id": document_id,
        "name": name,
        "converter_version": version,
        "reason": rejection.reason.value,
        "message": rejection.message,
    }


def document_row(raw: dict[str, Any], converted: Converted, source_id: str) -> dict[str, Any]:
    """A row of ``core.document_version`` without run and time; what the sender gave goes before what was found."""
    given = raw["published_on"]
    return {
        "document_id": raw["document_id"],
        "converter_version": CONVERTER_VERSION,
        "media_type": converted.media_type,
        "title": converted.title,
        "author": converted.author,
        "publisher": converted.publisher,
        "url": raw["url"] or converted.url,
        "source_id": source_id,
        "published_on": given or converted.published,
        "published_basis": (DateBasis.GIVEN if given else converted.published_basis).value,
        "text": converted.text,
        "marks": [mark._asdict() for mark in converted.marks] or None,
        "legibility": converted.legibility,
    }


def as_document(row: dict[str, Any]) -> Document:
    """What the reader is given, from a row of `sql/line/documents_to_read.sql`."""
    marks = tuple(Mark(**mark) for mark in row["marks"] or ())
    return Document(
        row["document_id"],
        row["text"],
        row["title"],
        row["published_on"],
        row["publisher"],
        row["url"],
        marks,
        row["legibility"],
    )
