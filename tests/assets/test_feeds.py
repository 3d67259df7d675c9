"""The feeds as a run asks them: what lands, what is remembered, what a failure leaves to the others."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from pipelines.assets.triggers import hourly
from pipelines.definitions import defs
from pipelines.ingest.documents import origin_row
from pipelines.ingest.feeds.listing import Entry
from pipelines.ingest.feeds.visit import Had, Result, Visited
from pipelines.ingest.fetch import Failure
from pipelines.ingest.landing import Origin, Stored, waiting
from pipelines.paths import ROOT, Layout
from pipelines.reference.catalogue import Feed
from pipelines.store import feeds
from pipelines.store.database import Database
from tests.line import QUIET, pipeline_rows, published_rows, run_line
from tests.site import Answer, Site, in_turn, serve

PAGE = """<html><head><title>Xã {n} vào chợ số</title></head><body><article><h1>Xã {n} vào chợ số</h1>
<p>Tính đến ngày 30/4/2023, {n}% cửa hàng trên địa bàn xã Phong Lạc, huyện Trần Văn Thời (Cà Mau) có mã QR thanh toán.</p>
<p>Bà con cho biết cách trả tiền này vừa nhanh vừa đỡ lo tiền giả, nhất là những ngày chợ đông khách phương xa.</p>
</article></body></html>"""

Watch = Callable[..., None]


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        site.pages |= {f"/{n}.html": PAGE.format(n=n).encode() for n in range(80, 90)}
        yield site


@pytest.fixture
def watch(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Put the site's feeds by these paths into a catalogue of the test's own."""
    reference = tmp_path / "reference"
    shutil.copytree(ROOT / "warehouse" / "reference", reference)
    monkeypatch.setenv("KPI_REFERENCE", str(reference))
    monkeypatch.setenv("KPI_FETCH_PRIVATE", "true")

    def watch(*paths: str, **more: object) -> None:
        path = reference / "sources.yaml"
        sources = yaml.safe_load(path.read_text("utf-8"))
        sources[1]["feeds"] = [{"url": site.address + path, "seconds_between": 0} | more for path in paths]
        path.write_text(yaml.safe_dump(sources, allow_unicode=True), "utf-8")

    return watch


def rss(site: Site, *numbers: int) -> bytes:
    items = "".join(
        f"<item><link>{site.address}/{n}.html</link><pubDate>{n - 79:02} May 2023 08:00:00 +0700</pubDate></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>Tin</title>{items}</channel></rss>'.encode()


def ask(all_feeds: bool = True) -> dict[str, Any]:
    """One run of the job; gives the asset's metadata."""
    with dg.DagsterInstance.ephemeral() as instance:
        config = QUIET | {"ops": {"feed": {"config": {"all_feeds": all_feeds}}}}
        result = defs.resolve_job_def("ask_feeds").execute_in_process(instance=instance, run_config=config)
    [event] = result.get_asset_materialization_events()
    return {name: value.value for name, value in event.materialization.metadata.items()}


def test_pages_of_a_feed_become_published_facts_and_are_had_once(layout: Layout, site: Site, watch: Watch) -> None:
    watch("/tin.rss")
    site.pages["/tin.rss"] = in_turn(
        Answer(rss(site, 80, 81, 81), headers={"ETag": '"1"'}), Answer(status=304), Answer(rss(site, 82, 80, 81))
    )

    assert ask() == {"feeds asked": 1, "feeds read": 1, "pages listed": 2, "pages landed": 2}
    assert run_line(layout).success
    query = "select value, url, published_on::varchar, source_id from mart.observation_in_context order by value"
    facts = [
        (80.0, f"{site.address}/80.html", "2023-05-01", "bao_camau"),
        (81.0, f"{site.address}/81.html", "2023-05-02", "bao_camau"),
    ]
    assert published_rows(layout, query) == facts

    assert ask() == {"feeds asked": 1, "feeds unchanged": 1, "pages listed": 0}
    assert ask() == {"feeds asked": 1, "feeds read": 1, "pages listed": 1, "pages landed": 1}
    assert [asked.headers.get("if-none-match") for asked in site.asked if asked.path == "/tin.rss"] == [None, '"1"', '"1"']
    assert [site.times(f"/{n}.html") for n in (80, 81, 82)] == [1, 1, 1]


def test_what_fails_is_recorded_and_stops_nothing_else(layout: Layout, site: Site, watch: Watch) -> None:
    watch("/hong.rss", "/khong-co.rss", "/tin.rss")
    site.pages |= {
        "/robots.txt": b"User-agent: *\nDisallow: /84.html",
        "/hong.rss": b"<html>Bao tri</html>",
        "/tin.rss": rss(site, 80, 81, 82, 83, 84),
        "/81.html": Answer(status=404),
        "/82.html": Answer(status=302, headers={"Location": "gopher://x/"}),
        "/83.html": Answer(b"<html>", length=900),
    }

    said = ask()

    assert said.pop("failures").count("\n- ") == 5
    assert said == {
        "feeds asked": 3,
        "feeds failed": 2,
        "feeds read": 1,
        "pages listed": 5,
        "pages landed": 1,
        "pages failed": 4,
    }
    visits = "select replace(url, ?, ''), result, reason from ops.feed_visit order by all".replace("?", f"'{site.address}'")
    assert pipeline_rows(layout, visits) == [
        ("/hong.rss", "failed", "not_a_feed"),
        ("/khong-co.rss", "failed", "not_there"),
        ("/tin.rss", "read", None),
    ]
    fetched = f"select replace(url, '{site.address}', ''), result, reason, final from ops.fetched_page order by all"
    assert pipeline_rows(layout, fetched) == [
        ("/80.html", "landed", None, True),
        ("/81.html", "failed", "not_there", True),
        ("/82.html", "failed", "redirects", True),
        ("/83.html", "failed", "broken_off", False),
        ("/84.html", "failed", "robots", True),
    ]
    assert len(waiting(layout)) == 1

    site.pages["/83.html"] = PAGE.format(n=83).encode()
    assert ask()["pages landed"] == 1, "what broke off is tried again, what is not there isn't"
    assert (site.times("/81.html"), site.times("/84.html")) == (1, 0)


def test_a_page_is_given_up_after_five_tries(layout: Layout) -> None:
    feed, stamp = Feed(url="https://bao.example/tin.rss"), {"feed_url": "https://bao.example/tin.rss", "run_id": "run"}
    page = "https://bao.example/a"
    visited = Visited(feed.url, Result.READ, (Entry(page),))
    with Database(layout) as database:
        assert feeds.note_visit(database, visited.row(), visited.pages(), source_id="bao_camau", **stamp) == 1
        for _ in range(5):
            assert [row["url"] for row in feeds.pages_to_have(database, feed)] == [page]
            feeds.note_page(database, Had(page, Result.FAILED, failure=Failure.SERVER_ERROR).row(), **stamp)
        assert feeds.pages_to_have(database, feed) == []


@pytest.mark.usefixtures("layout")
def test_a_visit_has_so_many_pages_the_latest_first_and_the_rest_waits(site: Site, watch: Watch) -> None:
    watch("/tin.rss", pages=2)
    site.pages["/tin.rss"] = in_turn(Answer(rss(site, 80, 82, 81), headers={"ETag": '"1"'}), Answer(status=304))
    assert ask()["pages landed"] == 2
    assert [asked.path for asked in site.asked if asked.path.endswith("html")] == ["/82.html", "/81.html"]

    assert ask()["pages landed"] == 1, "though the feed hasn't changed"


def test_a_busy_server_is_left_in_peace(layout: Layout, site: Site, watch: Watch) -> None:
    watch("/tin.rss")
    site.pages |= {f"/{n}.html": Answer(status=429, headers={"Retry-After": "900"}) for n in (80, 81, 82)}
    site.pages["/tin.rss"] = rss(site, 80, 81, 82)
    assert ask()["pages failed"] == 1
    assert pipeline_rows(layout, "select count(*) from ops.waiting_page") == [(3,)]


def test_time_that_is_over_leaves_the_rest_to_the_next_run(
    layout: Layout, site: Site, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch("/tin.rss", "/them.rss")
    site.pages |= {"/tin.rss": rss(site, 80), "/them.rss": rss(site, 81)}
    monkeypatch.setenv("KPI_FEED_SECONDS", "0.000001")
    assert ask() == {"feeds asked": 0, "feeds left for the next run": 2}
    assert pipeline_rows(layout, "select count(*) from ops.feed_visit") == [(0,)]


def test_what_landed_and_was_not_noted_is_not_had_again(
    layout: Layout, site: Site, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between the two: a page that changes with each look would else land twice."""
    watch("/tin.rss")
    site.pages["/tin.rss"] = rss(site, 80)
    site.pages["/80.html"] = in_turn(*(Answer(PAGE.format(n=80).encode() + b" " * n) for n in range(9)))
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.store.feeds.note_page", lambda *_, **__: None)
        ask()

    assert ask()["pages known"] == 1
    assert (len(waiting(layout)), site.times("/80.html")) == (1, 1)


def test_what_the_warehouse_has_by_another_way_is_not_had(layout: Layout, site: Site, watch: Watch) -> None:
    watch("/tin.rss")
    site.pages["/tin.rss"] = rss(site, 80, 81)
    origin = Origin("a.html", f"{site.address}/80.html")
    with Database(layout) as database:
        row = origin_row(Stored(origin, "0" * 64, 1, 0)) | {"recorded_at": database.moment(), "run_id": "earlier"}
        database.note_origins([row])
    ask()
    assert (site.times("/80.html"), site.times("/81.html")) == (0, 1)


def test_a_feed_is_due_after_its_time(layout: Layout, site: Site, watch: Watch) -> None:
    watch("/tin.rss", every_minutes=60)
    site.pages["/tin.rss"] = rss(site)
    assert ask(all_feeds=False)["feeds asked"] == 1
    assert ask(all_feeds=False)["feeds asked"] == 0

    one, other = Feed(url=f"{site.address}/tin.rss"), Feed(url=f"{site.address}/moi.rss")
    with Database(layout) as database:
        now = datetime.now(UTC)
        assert feeds.due(database, [("a", one), ("a", other)], now) == [("a", other)]
        assert feeds.due(database, [("a", one), ("a", other)], now + timedelta(minutes=59)) == [("a", other), ("a", one)]


def test_the_hourly_schedule_runs_only_where_there_are_feeds(watch: Watch) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        tick = hourly.evaluate_tick(dg.build_schedule_context(instance))
        assert (tick.run_requests, tick.skip_message) == ([], "no source in sources.yaml has feeds")
        watch("/tin.rss")
        assert len(hourly.evaluate_tick(dg.build_schedule_context(instance)).run_requests or []) == 1
