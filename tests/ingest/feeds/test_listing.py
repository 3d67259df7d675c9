"""What feeds and sitemaps list, and what is no feed."""

from __future__ import annotations

import gzip
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.feeds.listing import MOST_ENTRIES, Entry, read_listing
from pipelines.ingest.fetch import Failure, FetchError

TODAY = date(2026, 1, 1)
URL = "https://bao.example/rss/tin.rss"


def rss(items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>Chuyển đổi số</title>{items}</channel></rss>'


def sitemap(items: str, root: str = "urlset") -> str:
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {spaces}>{items}</{root}>'


def entries(content: str | bytes) -> tuple[Entry, ...]:
    return read_listing(content.encode() if isinstance(content, str) else content, URL, TODAY).entries


def test_an_rss_feed_lists_pages_with_their_days_in_vietnam() -> None:
    listing = read_listing(
        rss(
            "<item><link>https://bao.example/mot#dau</link><pubDate>Fri, 07 Jul 2023 20:00:00 GMT</pubDate></item>"
            "<item><title>Hai</title><link> /hai </link></item>"
            "<item><title>Lặp lại</title><link>https://bao.example/mot</link></item>"
        ).encode(),
        URL,
        TODAY,
    )
    assert listing.kind == "rss"
    assert listing.entries == (Entry("https://bao.example/mot", date(2023, 7, 8)), Entry("https://bao.example/hai"))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Fri, 07 Jul 2023 20:00:00 +0700", date(2023, 7, 7)),
        ("Fri, 07 Jul 2023 20:00:00", date(2023, 7, 7)),  # without a zone: here
        ("Fri, 07 Jul 2023 20:00:00 GMT+7", date(2023, 7, 7)),
        ("2023-07-07T18:30:00Z", date(2023, 7, 8)),
        ("2023-07-07", date(2023, 7, 7)),
        ("Fri, 07 Jul 2099 20:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("hôm qua", None),
        ("", None),
    ],
)
def test_the_day_of_an_entry(written: str, day: date | None) -> None:
    [entry] = entries(rss(f"<item><link>https://bao.example/a</link><pubDate>{written}</pubDate></item>"))
    assert entry.published == day


def test_an_atom_feed_says_when_a_page_was_published_and_changed() -> None:
    listing = read_listing(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><link href="/mot"/><id>1</id>'
        b"<published>2023-07-07T08:00:00+07:00</published><updated>2023-07-09T08:00:00+07:00</updated></entry>"
        b'<entry><link href="/hai"/><id>2</id><updated>2023-07-09T08:00:00+07:00</updated></entry></feed>',
        URL,
        TODAY,
    )
    assert listing.kind == "atom"
    assert listing.entries == (
        Entry("https://bao.example/mot", date(2023, 7, 7), date(2023, 7, 9)),
        Entry("https://bao.example/hai", None, date(2023, 7, 9)),
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_sitemap_lists_pages_and_only_news_have_a_day(pack: type[bytes]) -> None:
    content = sitemap(
        "<url><loc>https://bao.example/mot</loc><lastmod>2023-07-09</lastmod></url>"
        "<url><loc>https://bao.example/hai</loc><news:news><news:publication_date>2023-07-07</news:publication_date></news:news></url>"
        "<!-- <url/> --><url><lastmod>2023-07-09</lastmod></url>"
    )
    listing = read_listing(pack(content.encode()), URL, TODAY)
    assert listing.kind == "sitemap"
    assert listing.entries == (
        Entry("https://bao.example/mot", None, date(2023, 7, 9)),
        Entry("https://bao.example/hai", date(2023, 7, 7)),
    )


def test_an_index_lists_sitemaps_and_no_pages() -> None:
    content = sitemap("<sitemap><loc>https://bao.example/s1.xml</loc><lastmod>2023-07-09</lastmod></sitemap>", "sitemapindex")
    listing = read_listing(content.encode(), URL, TODAY)
    assert (listing.entries, listing.sitemaps) == ((), (Entry("https://bao.example/s1.xml", None, date(2023, 7, 9)),))


def test_an_encoding_that_is_not_the_one_declared_costs_no_page() -> None:
    written = rss(
        "<item><title>Cà Mau</title><link>https://bao.example/mot</link></item>", '<?xml version="1.0" encoding="us-ascii"?>'
    )
    assert entries(written) == (Entry("https://bao.example/mot"),)


def test_a_feed_that_ends_in_the_middle_gives_what_came() -> None:
    whole = rss("".join(f"<item><link>https://bao.example/{n}</link></item>" for n in range(9)))
    assert [entry.url for entry in entries(whole[: len(whole) * 2 // 3])][:3] == [f"https://bao.example/{n}" for n in range(3)]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@bao.example",
        "http://[::1",
        "",
        "https://b.example/" + "a" * 2000,
    ],
)
def test_what_is_no_page_of_the_web_is_not_listed(link: str) -> None:
    assert entries(rss(f"<item><link>{link}</link></item>")) == ()


def test_more_entries_than_any_feed_has_are_not_read() -> None:
    content = sitemap("".join(f"<url><loc>https://bao.example/{n}</loc></url>" for n in range(MOST_ENTRIES + 5)))
    assert len(entries(content)) == MOST_ENTRIES


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"", Failure.NOT_A_FEED),
        ("<!doctype html><html><body>Không tìm thấy trang</body></html>".encode(), Failure.NOT_A_FEED),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), Failure.NOT_A_FEED),
        (b"<urlset><url>", Failure.NOT_A_FEED),
        (b'<?xml version="1.0" encoding="ebony"?><urlset/>', Failure.NOT_A_FEED),
        (gzip.compress(b"<urlset/>", mtime=0)[:-9], Failure.NOT_A_FEED),
        (gzip.compress(bytes(51_000_000), mtime=0), Failure.TOO_LARGE),
        (
            b'<!DOCTYPE rss [<!ENTITY a "aaaa">]><rss version="2.0"><channel><item><link>&a;</link></item></channel></rss>',
            Failure.NOT_A_FEED,
        ),
        (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
            Failure.NOT_A_FEED,
        ),
    ],
)
def test_what_is_no_feed_says_so(content: bytes, failure: Failure) -> None:
    with pytest.raises(FetchError) as failed:
        read_listing(content, URL, TODAY)
    assert (failed.value.failure, str(failed.value).startswith(f"{URL}: ")) == (failure, True)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([rss("<item>"), sitemap("<url><loc>https://a.example/"), "<feed>"]), st.booleans()
)
def test_any_bytes_are_a_listing_or_refused(noise: bytes, begin: str, before: bool) -> None:
    content = noise + begin.encode() if before else begin.encode() + noise
    try:
        found = read_listing(content, URL, TODAY)
    except FetchError as error:
        says = str(error)
    else:
        says = URL if all(entry.url.startswith(("http://", "https://")) for entry in found.entries) else "no web address"
    assert says.startswith(URL)
