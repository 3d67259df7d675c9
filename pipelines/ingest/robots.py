"""robots.txt: what a site allows us to fetch, and how often.

Belongs here: reading it, once a host. Does not: fetching (fetch.py). A page that a person asks for (`kpi add URL`) is not a
robot's business.
"""

from __future__ import annotations

import io
from urllib.parse import urlsplit

from protego import Protego

from pipelines.ingest.fetch import USER_AGENT, Failure, Fetcher, FetchError

_MAX_BYTES = 500_000  # RFC 9309 asks for as much
_LONGEST_DELAY = 30.0


class Robots:
    """The rules of every host that was asked about, as long as this lives."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, Protego | FetchError] = {}

    def check(self, url: str) -> None:
        """Raise ``FetchError`` where the site forbids the address, or its rules can't be had."""
        rules = self._of(url)
        if isinstance(rules, FetchError):
            raise FetchError(Failure.NO_ROBOTS, f"{url}: what the site allows is not known ({rules}); it is tried again later")
        if not rules.can_fetch(url, USER_AGENT):
            raise FetchError(Failure.ROBOTS, f"{url}: the site's robots.txt forbids it; ask the site, or add the file by hand")

    def delay(self, url: str) -> float:
        """The seconds between two requests that the site asks for; 0 where it doesn't say."""
        rules = self._of(url)
        return 0.0 if isinstance(rules, FetchError) else min(rules.crawl_delay(USER_AGENT) or 0.0, _LONGEST_DELAY)

    def _of(self, url: str) -> Protego | FetchError:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._read(f"{site}/robots.txt")
        return self._rules[site]

    def _read(self, url: str) -> Protego | FetchError:
        """The rules; by RFC 9309 everything is allowed where there are none, and nothing where they can't be reached."""
        content = io.BytesIO()
        try:
            self._fetcher.fetch(url, content, max_bytes=_MAX_BYTES)
        except FetchError as error:
            if error.failure in (Failure.NOT_THERE, Failure.REDIRECTS):
                return Protego.parse("")
            if error.failure is not Failure.TOO_LARGE:  # of a longer one the beginning counts
                return error
        return Protego.parse(content.getvalue().decode("utf-8", "replace"))
