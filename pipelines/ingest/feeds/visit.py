"""Visiting a feed: asking what it lists, and having its pages into the landing folder.

Belongs here: one visit, one page. Does not: when a feed is due and which pages wait (store/feeds.py), HTTP (fetch.py).
Nothing here raises for what a site does: a failure is part of what comes back.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from pipelines.ingest.feeds.listing import MOST_BYTES, Entry, Listing, read_listing
from pipelines.ingest.fetch import Failure, Fetcher, FetchError, Validators
from pipelines.ingest.landing import Landed, Origin, land, sha256_of
from pipelines.ingest.robots import Robots
from pipelines.paths import Layout
from pipelines.reference.catalogue import Feed

_MOST_SITEMAPS = 50  # of an index, the last changed first


class Result(StrEnum):
    """What came of a visit or of having a page."""

    READ = "read"
    UNCHANGED = "unchanged"
    LANDED = "landed"
    KNOWN = "known"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Visited:
    """What came of asking for a feed, or for a sitemap that its index names; ``validators`` are for the next time."""

    url: str
    result: Result
    entries: tuple[Entry, ...] = ()
    validators: Validators | None = None
    failure: Failure | None = None
    message: str | None = None

    def row(self) -> dict[str, Any]:
        """A row of ``ops.feed_visit`` without feed, run and time."""
        given = self.validators or Validators()
        return {
            "url": self.url,
            "result": self.result.value,
            "reason": self.failure.value if self.failure else None,
            "message": self.message,
            "entries": len(self.entries),
            "etag": given.etag,
            "last_modified": given.last_modified,
        }

    def pages(self) -> list[dict[str, Any]]:
        """Rows of ``ops.feed_page`` without feed, run and time."""
        return [{"url": entry.url, "published_on": entry.published, "changed_on": entry.changed} for entry in self.entries]


@dataclass(frozen=True, slots=True)
class Had:
    """What came of having a page; ``document_id`` is the SHA-256 of its bytes."""

    url: str
    result: Result
    document_id: str | None = None
    failure: Failure | None = None
    message: str | None = None

    def row(self) -> dict[str, Any]:
        """A row of ``ops.fetched_page`` without feed, run and time."""
        return {
            "url": self.url,
            "result": self.result.value,
            "final": self.failure is None or self.failure.final,
            "reason": self.failure.value if self.failure else None,
            "message": self.message,
            "document_id": self.document_id,
        }


class Visitor:
    """Visits feeds as a robot that obeys robots.txt. ``today`` bounds the dates that are believed."""

    def __init__(self, fetcher: Fetcher, today: date) -> None:
        self._fetcher = fetcher
        self._robots = Robots(fetcher)
        self._today = today

    def visit(self, feed: Feed, known: Callable[[str], Validators | None]) -> Iterator[Visited]:
        """Ask for a feed, and for the sitemaps of an index; ``known`` gives what an address said to ask with next time."""
        self._space(feed)
        visited, listing = self._ask(feed.url, known(feed.url), feed.kind)
        if listing is None or not listing.sitemaps:
            yield visited
            return
        yield replace(visited, validators=None)  # the next visit needs to know them again
        latest = sorted(listing.sitemaps, key=lambda entry: entry.changed or date.min, reverse=True)
        site = urlsplit(feed.url).hostname
        for sitemap in [entry for entry in latest if urlsplit(entry.url).hostname == site][:_MOST_SITEMAPS]:
            yield self._ask(sitemap.url, known(sitemap.url), "sitemap")[0]

    def have(self, layout: Layout, feed: Feed, source_id: str, url: str, published: date | None) -> Had:
        """Download a page into the landing folder, with where it comes from."""
        self._space(feed)
        path = layout.landing / f".fetch-{os.getpid()}"
        try:
            with path.open("wb") as file:
                self._fetcher.fetch(url, file, allowed=self._robots.check)
            origin = Origin(url, url, published.isoformat() if published else None, source_id)
            document_id = sha256_of(path)
            new = land(layout, path, origin)
        except FetchError as error:
            return Had(url, Result.FAILED, failure=error.failure, message=str(error))
        finally:
            path.unlink(missing_ok=True)
        return Had(url, Result.LANDED if new is Landed.NEW else Result.KNOWN, document_id)

    def _ask(self, url: str, known: Validators | None, kind: str | None) -> tuple[Visited, Listing | None]:
        content = io.BytesIO()
        try:
            validators = self._fetcher.fetch(url, content, known, self._robots.check, MOST_BYTES)
            if validators is None:
                return Visited(url, Result.UNCHANGED), None
            listing = read_listing(content.getvalue(), url, self._today)
            if kind and kind != listing.kind:
                message = f"{url}: is {listing.kind}, not {kind}; mend its kind in sources.yaml, or leave it out"
                raise FetchError(Failure.NOT_A_FEED, message)
        except FetchError as error:
            return Visited(url, Result.FAILED, failure=error.failure, message=str(error)), None
        return Visited(url, Result.READ, listing.entries, validators), listing

    def _space(self, feed: Feed) -> None:
        """Let as much time lie between two requests as the feed's entry says, or the site where that asks for more."""
        self._fetcher.delay = feed.seconds_between
        self._fetcher.delay = max(feed.seconds_between, self._robots.delay(feed.url))
