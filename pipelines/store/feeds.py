"""What the warehouse remembers of feeds: when each was asked, which pages it listed, what came of having them.

Belongs here: which feeds are due, which pages wait, and noting what came of them.
Does not: asking and fetching (ingest/feeds/).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pipelines.reference.catalogue import Feed
from pipelines.store.database import Database
from pipelines.store.statements import EVER

_EARLY = 0.9  # a run that starts a minute earlier than the last one did still finds the feed due


def due(database: Database, feeds: Iterable[tuple[str, Feed]], now: datetime) -> list[tuple[str, Feed]]:
    """Those of the (source, feed) that it is time to ask again, the one that waits longest first."""
    asked = dict(database.connection.execute("select url, asked_at from ops.feed_state").fetchall())
    waiting = [
        (source, feed)
        for source, feed in feeds
        if now - asked.get(feed.url, EVER) >= timedelta(minutes=feed.every_minutes * _EARLY)
    ]
    return sorted(waiting, key=lambda item: asked.get(item[1].url, EVER))


def given(database: Database, url: str) -> tuple[str | None, str | None] | None:
    """ETag and Last-Modified as an address last gave them; None where it was never had."""
    query = "select etag, last_modified from ops.feed_state where url = ?"
    row: tuple[str | None, str | None] | None = database.connection.execute(query, [url]).fetchone()
    return row


def note_visit(database: Database, visit: dict[str, Any], pages: list[dict[str, Any]], **stamp: str) -> int:
    """Record a visit and the pages that it listed, in one transaction; returns how many were never listed before."""
    noted = stamp | {"recorded_at": database.moment()}
    with database.transaction():
        new = database.insert("ops.feed_page", [page | noted for page in pages], key="url")
        database.insert("ops.feed_visit", [visit | {"new_pages": new} | noted])
    return new


def pages_to_have(database: Database, feed: Feed) -> list[dict[str, Any]]:
    """The pages (url, published_on) that a feed listed and that are to be had next, as many as a visit may have."""
    return database.rows("line/pages_to_have", feed_url=feed.url, most=feed.pages)


def note_page(database: Database, page: dict[str, Any], **stamp: str) -> None:
    """Record what came of having a page."""
    database.insert("ops.fetched_page", [page | stamp | {"recorded_at": database.moment()}])
