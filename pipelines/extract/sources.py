"""Sources: who published a document, by the publisher's name or the address.

Belongs here: finding the catalogue's source. Does not: the sources themselves (warehouse/reference/sources.yaml).
"""

from __future__ import annotations

import re

from pipelines.extract.view import view
from pipelines.reference.catalogue import Catalogue, Source

UNKNOWN_SOURCE = "unknown"


class Sources:
    """The catalogue's sources by name and by host."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._by_publisher = {view(name): s for s in catalogue.sources.values() for name in (s.name, *s.publishers)}
        self._by_host = {host: s for s in catalogue.sources.values() for host in s.hosts}

    def id_of(self, publisher: str | None, url: str | None) -> str:
        """The id of a document's source, "unknown" where the catalogue has none."""
        source = self.of(publisher, url)
        return source.id if source else UNKNOWN_SOURCE

    def of(self, publisher: str | None, url: str | None) -> Source | None:
        """The source by publisher's name, else by the URL's host or a parent domain of it."""
        if publisher and (source := self._by_publisher.get(view(publisher))):
            return source
        host = re.sub(r"^https?://(?:www\.)?|[/:?#].*$", "", url or "")
        while host:
            if host in self._by_host:
                return self._by_host[host]
            host = host.partition(".")[2]
        return None
