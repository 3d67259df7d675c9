"""What a feed or sitemap lists: addresses of pages, with the day each was published where it says so.

Belongs here: reading RSS, Atom and sitemaps within limits. Does not: fetching them (visit.py).
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlsplit

from pipelines.ingest.convert import EARLIEST
from pipelines.ingest.fetch import Failure, FetchError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_ENTRIES = 50_000  # what the sitemaps' protocol allows in one file, and more than any feed has
MOST_BYTES = 50_000_000  # the same
_LONGEST_URL = 2_000
_GZIP = b"\x1f\x8b"
_HERE = timezone(timedelta(hours=7))  # a date without a zone is meant so


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that is listed: ``published`` as the feed says it, ``changed`` when it says that the page was last changed."""

    url: str
    published: date | None = None
    changed: date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What one document lists, each address once. ``kind`` is rss, atom or sitemap; ``sitemaps`` are those of an index."""

    kind: str
    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[Entry, ...] = ()


def read_listing(content: bytes, url: str, today: date) -> Listing:
    """Read a feed or sitemap, gzipped or not, that was had from ``url``; dates after ``today`` or before 2000 are not believed.

    Raises ``FetchError`` (not_a_feed, too_large).
    """
    content = _unpacked(content, url)
    if b"<!ENTITY" in content:  # entities may multiply, or name files; no feed needs its own
        raise FetchError(Failure.NOT_A_FEED, f"{url}: declares entities of its own, which are not read; tell the site")
    if b"<urlset" in content or b"<sitemapindex" in content:
        return _sitemap(content, url, today)
    return _feed(content, url, today)


def _unpacked(content: bytes, url: str) -> bytes:
    if not content.startswith(_GZIP):
        return content
    try:
        with gzip.open(io.BytesIO(content)) as file:
            unpacked = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FetchError(Failure.NOT_A_FEED, f"{url}: damaged gzip ({error}); try the address in a browser") from error
    if len(unpacked) > MOST_BYTES:
        raise FetchError(Failure.TOO_LARGE, f"{url}: unpacks to more than {MOST_BYTES:,} bytes; name a smaller sitemap")
    return unpacked


def _feed(content: bytes, url: str, today: date) -> Listing:
    import feedparser

    try:
        found: Any = feedparser.parse(io.BytesIO(content))  # a file, for a string may be taken for an address
    except Exception as error:  # what it meets on the web is not always what it foresaw
        raise FetchError(
            Failure.NOT_A_FEED, f"{url}: can't be read ({type(error).__name__}: {error}); tell the site"
        ) from error
    version = found.get("version")
    if not version:
        raise FetchError(Failure.NOT_A_FEED, f"{url}: neither RSS, Atom nor a sitemap; try the address in a browser")
    entries = (
        Entry(address, _day(dict.get(entry, "published"), today), _day(dict.get(entry, "updated"), today))
        for entry in found.entries[:MOST_ENTRIES]  # dict's get, for its own gives one date for the other
        if (address := _address(url, entry.get("link") or entry.get("id")))
    )
    return Listing("atom" if version.startswith("atom") else "rss", _each_once(entries))


def _sitemap(content: bytes, url: str, today: date) -> Listing:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise FetchError(Failure.NOT_A_FEED, f"{url}: no well-formed sitemap ({error}); tell the site") from error
    listed = _each_once(_listed(root, url, today))[:MOST_ENTRIES]
    if _name(root) == "sitemapindex":
        return Listing("sitemap", sitemaps=listed)
    return Listing("sitemap", listed)


def _listed(root: Element, url: str, today: date) -> Iterator[Entry]:
    for item in root:
        said = {_name(element): (element.text or "").strip() for element in item.iter()}
        if address := _address(url, said.get("loc")):
            yield Entry(address, _day(said.get("publication_date"), today), _day(said.get("lastmod"), today))


def _name(element: Element) -> str:
    """An element's name without its namespace; a comment has none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.url, entry)
    return tuple(first.values())


def _address(base: str, given: Any) -> str | None:
    """An absolute address without its fragment; None where it is none of the web."""
    try:
        address = urldefrag(urljoin(base, str(given or "").strip())).url
        parts = urlsplit(address)
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and parts.hostname and address.isprintable()
    return address if given and is_web and len(address) <= _LONGEST_URL else None


def _day(given: str | None, today: date) -> date | None:
    """The day in Vietnam of a date as RSS or Atom write it; None where there is none that can be believed."""
    if not given:
        return None
    moment = _moment(given.strip())
    if moment is None:
        return None
    try:
        day = (moment.astimezone(_HERE) if moment.tzinfo else moment).date()
    except OverflowError:
        return None
    return day if EARLIEST <= day <= today else None


def _moment(given: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(given)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
