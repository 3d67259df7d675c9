"""Before the line: the pages that the sources' feeds list land, for the line's next run to read.

Belongs here: the asset. Does not: asking a feed (ingest/feeds/), what is remembered of it (store/feeds.py), its schedule
(triggers.py). The line itself never waits for the network: what landed starts it.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import dagster as dg

from pipelines.assets.freshness import feed_freshness
from pipelines.assets.resources import Reading, Warehouse
from pipelines.ingest.feeds.visit import Had, Result, Visitor
from pipelines.ingest.fetch import Failure, Fetcher, Validators
from pipelines.ingest.landing import landed_urls
from pipelines.operation.instance import WRITER
from pipelines.paths import Layout
from pipelines.reference.catalogue import Feed
from pipelines.store import feeds
from pipelines.store.database import Database


class Asking(dg.Config):
    """Which feeds a run asks: those that are due, or ``all_feeds``."""

    all_feeds: bool = False


@dg.asset(group_name="ingest", kinds={"http"}, pool=WRITER, freshness_policy=feed_freshness())
def feed(context: dg.AssetExecutionContext, config: Asking, warehouse: Warehouse, reading: Reading) -> dg.MaterializeResult:
    """Ask every feed that is due and land the pages that are new. What fails is recorded with its reason; the rest goes on."""
    listed, settings = reading.catalogue.feeds, warehouse.settings
    ends = time.monotonic() + settings.feed_seconds
    counts: Counter[str] = Counter()
    failed = []
    with warehouse.open() as database, Fetcher(*settings.fetch_limits) as fetcher:
        visitor = Visitor(fetcher, date.today())
        for source_id, item in listed if config.all_feeds else feeds.due(database, listed, datetime.now(UTC)):
            if time.monotonic() > ends:
                counts["feeds left for the next run"] += 1
                continue
            counts["feeds asked"] += 1
            stamp = {"feed_url": item.url, "run_id": context.run.run_id}
            for visited in visitor.visit(item, lambda url: _validators(database, url)):
                new = feeds.note_visit(database, visited.row(), visited.pages(), source_id=source_id, **stamp)
                counts.update({"pages listed": new, f"feeds {visited.result}": 1})
                failed += [visited.message] if visited.message else []
            for had in _pages(database, warehouse.layout, visitor, source_id, item, ends):
                feeds.note_page(database, had.row(), **stamp)
                counts[f"pages {had.result}"] += 1
                failed += [had.message] if had.message else []
    for message in failed:
        context.log.warning(message)
    said = {"failures": dg.MetadataValue.md("\n".join(f"- {message}" for message in failed))} if failed else {}
    return dg.MaterializeResult(metadata={"feeds asked": 0, **counts, **said})


def _validators(database: Database, url: str) -> Validators | None:
    given = feeds.given(database, url)
    return Validators(*given) if given else None


def _pages(database: Database, layout: Layout, visitor: Visitor, source_id: str, item: Feed, ends: float) -> Iterator[Had]:
    """Have the pages of a feed that wait, until the time is over or the server says that it is busy."""
    here = landed_urls(layout)  # by a run that was killed before it could note them
    for page in feeds.pages_to_have(database, item):
        if page["url"] in here:
            yield Had(page["url"], Result.KNOWN)
            continue
        if time.monotonic() > ends:
            return
        had = visitor.have(layout, item, source_id, page["url"], page["published_on"])
        yield had
        if had.failure is Failure.BUSY:
            return
