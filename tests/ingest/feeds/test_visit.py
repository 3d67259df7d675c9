"""Visiting the feeds of a site: what comes back, and what landed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest

from pipelines.ingest.feeds.visit import Result, Visitor
from pipelines.ingest.fetch import Failure, Fetcher, Validators
from pipelines.ingest.landing import landed_urls, sha256_of, waiting
from pipelines.paths import Layout
from pipelines.reference.catalogue import Feed
from tests.site import Answer, Site, in_turn, moved, serve

TODAY = date(2026, 1, 1)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(100_000, 5, private=True) as fetcher:
        yield fetcher


def feed(site: Site, path: str, **more: object) -> Feed:
    return Feed.model_validate({"url": site.address + path, "seconds_between": 0} | more)


def sitemap(site: Site, *paths: str, root: str = "urlset", item: str = "url") -> bytes:
    items = "".join(f"<{item}><loc>{site.address}{path}</loc></{item}>" for path in paths)
    return f"<{root}>{items}</{root}>".encode()


def test_a_feed_is_asked_with_what_it_gave(fetcher: Fetcher, site: Site) -> None:
    site.pages["/s.xml"] = in_turn(Answer(sitemap(site, "/a"), headers={"ETag": '"1"'}), Answer(status=304))
    visitor = Visitor(fetcher, TODAY)

    [first] = visitor.visit(feed(site, "/s.xml"), lambda _: None)
    [second] = visitor.visit(feed(site, "/s.xml"), lambda _: first.validators)

    assert (first.result, len(first.entries), first.validators) == (Result.READ, 1, Validators('"1"', None))
    assert (second.result, second.entries) == (Result.UNCHANGED, ())
    assert site.asked[-1].headers["if-none-match"] == '"1"'


def test_an_index_leads_to_its_sitemaps_and_is_asked_anew_each_time(fetcher: Fetcher, site: Site) -> None:
    index = sitemap(site, "/s1.xml", "/gone.xml", root="sitemapindex", item="sitemap")
    abroad = b"<sitemap><loc>https://elsewhere.example/s.xml</loc></sitemap></sitemapindex>"
    site.pages["/index.xml"] = Answer(index.replace(b"</sitemapindex>", abroad), headers={"ETag": '"1"'})
    site.pages["/s1.xml"] = Answer(sitemap(site, "/a", "/b"), headers={"ETag": '"2"'})

    visits = list(Visitor(fetcher, TODAY).visit(feed(site, "/index.xml", kind="sitemap"), lambda _: None))

    assert [(visit.url.removeprefix(site.address), visit.result) for visit in visits] == [
        ("/index.xml", Result.READ),
        ("/s1.xml", Result.READ),
        ("/gone.xml", Result.FAILED),
    ]
    assert [visit.validators for visit in visits] == [None, Validators('"2"', None), None]
    assert visits[2].failure is Failure.NOT_THERE


@pytest.mark.parametrize(
    ("page", "kind", "failure"),
    [
        (Answer(b"<html>"), None, Failure.NOT_A_FEED),
        (Answer(b"<urlset/>"), "rss", Failure.NOT_A_FEED),
        (Answer(status=404), None, Failure.NOT_THERE),
        (moved("/feed"), None, Failure.REDIRECTS),
    ],
)
def test_a_feed_that_fails_says_why(fetcher: Fetcher, site: Site, page: Answer, kind: str | None, failure: Failure) -> None:
    site.pages["/feed"] = page
    [visit] = Visitor(fetcher, TODAY).visit(feed(site, "/feed", kind=kind), lambda _: None)
    assert (visit.result, visit.failure, visit.row()["reason"]) == (Result.FAILED, failure, failure.value)


def test_a_page_lands_byte_for_byte_with_where_it_comes_from(fetcher: Fetcher, site: Site, layout: Layout) -> None:
    page = "<html><p>Xã đạt 80%".encode()
    site.pages["/a"] = Answer(page, headers={"Content-Type": "text/html; charset=iso-8859-1"})  # a lie that costs nothing

    had = Visitor(fetcher, TODAY).have(layout, feed(site, "/s.xml"), "bao_camau", f"{site.address}/a", date(2023, 7, 7))

    [path] = waiting(layout)
    assert path.read_bytes() == page
    assert (had.result, had.document_id) == (Result.LANDED, sha256_of(path))
    origin = json.loads(path.with_name(path.name + ".origin.json").read_text("utf-8"))
    assert {name: origin[name] for name in ("name", "url", "published", "source")} == {
        "name": f"{site.address}/a",
        "url": f"{site.address}/a",
        "published": "2023-07-07",
        "source": "bao_camau",
    }
    assert landed_urls(layout) == {f"{site.address}/a"}


def test_a_page_that_fails_leaves_nothing_behind(fetcher: Fetcher, site: Site, layout: Layout) -> None:
    site.pages |= {"/robots.txt": b"User-agent: *\nDisallow: /noi-bo", "/noi-bo/a": b"80%", "/ngat": Answer(b"8", status=410)}
    visitor = Visitor(fetcher, TODAY)
    for path, failure in (("/noi-bo/a", Failure.ROBOTS), ("/ngat", Failure.NOT_THERE)):
        had = visitor.have(layout, feed(site, "/s.xml"), "bao_camau", site.address + path, None)
        assert (had.result, had.failure, had.row()["final"]) == (Result.FAILED, failure, True)
    assert list(layout.landing.iterdir()) == []
    assert site.times("/noi-bo/a") == 0
