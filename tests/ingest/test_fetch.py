"""Fetching from a real server on loopback that misbehaves."""

from __future__ import annotations

import gzip
import io
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipelines.ingest.fetch import Clock, Failure, Fetcher, FetchError, Validators
from pipelines.ingest.network import is_public
from pipelines.ingest.robots import Robots
from tests.site import Answer, Site, in_turn, moved, serve


class FakeTime:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def fetcher(time: FakeTime) -> Iterator[Fetcher]:
    with Fetcher(1000, 5, private=True, delay=0, clock=time.clock) as fetcher:
        yield fetcher


def had(fetcher: Fetcher, url: str, known: Validators | None = None) -> bytes:
    content = io.BytesIO()
    fetcher.fetch(url, content, known)
    return content.getvalue()


def failure(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as failed:
        had(fetcher, url)
    return failed.value


def test_a_page_is_fetched_where_it_moved_to(fetcher: Fetcher, site: Site) -> None:
    site.pages |= {"/moved": moved("/page"), "/page": b"80%"}
    assert had(fetcher, f"{site.address}/moved") == b"80%"


def test_a_gzipped_page_is_unpacked_within_the_limit(fetcher: Fetcher, site: Site) -> None:
    site.pages["/page"] = Answer(gzip.compress(b"80%"), headers={"Content-Encoding": "gzip"})
    site.pages["/bomb"] = Answer(gzip.compress(bytes(10**7)), headers={"Content-Encoding": "gzip"})
    site.pages["/twice"] = Answer(gzip.compress(gzip.compress(b"80%")), headers={"Content-Encoding": "gzip, gzip"})
    assert had(fetcher, f"{site.address}/page") == b"80%"
    assert failure(fetcher, f"{site.address}/bomb").failure is Failure.TOO_LARGE
    assert failure(fetcher, f"{site.address}/twice").failure is Failure.UNREADABLE


@pytest.mark.parametrize("broken", [Answer(status=500), Answer(status=503), Answer(b"8", length=3)])
def test_what_is_broken_for_a_moment_is_asked_for_again(fetcher: Fetcher, site: Site, time: FakeTime, broken: Answer) -> None:
    site.pages["/flaky"] = in_turn(broken, broken, Answer(b"80%"))
    assert had(fetcher, f"{site.address}/flaky") == b"80%", "and nothing of the first tries"
    assert time.slept == [0.5, 1.0]


def test_the_server_says_how_long_to_wait(fetcher: Fetcher, site: Site, time: FakeTime) -> None:
    site.pages["/busy"] = in_turn(Answer(status=429, headers={"Retry-After": "17"}), Answer(b"80%"))
    assert had(fetcher, f"{site.address}/busy") == b"80%"
    assert time.slept == [17]


@pytest.mark.parametrize(
    "later", ["3600", format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)], ids=["seconds", "a date"]
)
def test_a_server_that_wants_an_hour_is_left_for_a_later_run(fetcher: Fetcher, site: Site, time: FakeTime, later: str) -> None:
    site.pages["/busy"] = Answer(status=429, headers={"Retry-After": later})
    assert failure(fetcher, f"{site.address}/busy").failure is Failure.BUSY
    assert (time.slept, site.times("/busy")) == ([], 1)


@pytest.mark.parametrize("nonsense", ["soon", "-5", "Fri, 99 Nov 2099 99:99:99 GMT"])
def test_a_wait_that_is_no_wait_is_ours_to_choose(fetcher: Fetcher, site: Site, time: FakeTime, nonsense: str) -> None:
    site.pages["/busy"] = in_turn(Answer(status=503, headers={"Retry-After": nonsense}), Answer(b"80%"))
    assert had(fetcher, f"{site.address}/busy") == b"80%"
    assert time.slept == [0.5]


@pytest.mark.parametrize(
    ("page", "code", "says", "times"),
    [
        (Answer(status=404), Failure.NOT_THERE, "the server answered 404", 1),
        (Answer(bytes(2000)), Failure.TOO_LARGE, "more than 1,000 bytes", 1),
        (Answer(bytes(10**7), length=-1), Failure.TOO_LARGE, "more than 1,000 bytes", 1),
        (moved("/page"), Failure.REDIRECTS, "more than 5 redirects", 6),
        (moved("file:///etc/passwd"), Failure.REDIRECTS, "only http and https are fetched", 1),
        (Answer(b"8", length=3), Failure.BROKEN_OFF, "check the address", 3),
        (Answer(b"8" * 900, headers={"Content-Encoding": "br"}), Failure.UNREADABLE, "coded as 'br'", 1),
    ],
)
def test_what_can_not_be_had_says_why(fetcher: Fetcher, site: Site, page: Answer, code: Failure, says: str, times: int) -> None:
    site.pages["/page"] = page
    failed = failure(fetcher, f"{site.address}/page")
    assert (failed.failure, says in str(failed), site.times("/page")) == (code, True, times)


def test_a_server_that_drips_is_left(site: Site) -> None:
    site.pages["/drip"] = Answer(b"8" * 100, drip=0.05)
    with Fetcher(1000, 0.3, private=True) as fetcher:
        failed = failure(fetcher, f"{site.address}/drip")
    assert (failed.failure, site.times("/drip")) == (Failure.TOO_SLOW, 1)
    assert "not had in 0.3 s" in str(failed)


def test_a_server_that_drips_its_headers_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, Fetcher(1000, 0.3, private=True) as fetcher:
        assert failure(fetcher, f"http://127.0.0.1:{server.getsockname()[1]}/page").failure is Failure.TOO_SLOW


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/page", "http://nowhere.invalid/page"])
def test_a_server_that_is_not_there_says_so(fetcher: Fetcher, url: str) -> None:
    failed = failure(fetcher, url)
    assert failed.failure is Failure.NETWORK
    assert "check the address and the network" in str(failed)


@pytest.mark.parametrize("url", ["ftp://bao.example/a", "file:///etc/passwd", "http://", "http://[::1"])
def test_what_is_no_web_address_is_not_fetched(fetcher: Fetcher, url: str) -> None:
    assert failure(fetcher, url).failure is Failure.REDIRECTS


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "10.1.2.3"])
def test_this_machine_and_its_network_are_refused(host: str, site: Site) -> None:
    port = site.address.rpartition(":")[2]
    with Fetcher(1000, 5) as fetcher:
        failed = failure(fetcher, f"http://{host}:{port}/page")
    assert (failed.failure, site.asked) == (Failure.ADDRESS, [])
    assert "KPI_FETCH_PRIVATE" in str(failed)


def test_a_public_page_may_not_lead_to_a_private_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name counts as public here, what it redirects to doesn't: the check is made at each connection."""
    monkeypatch.setattr("pipelines.ingest.network.is_public", lambda address: address == "127.0.0.1")
    site.pages["/page"] = moved("http://169.254.169.254/latest/meta-data/")
    with Fetcher(1000, 5) as fetcher:
        failed = failure(fetcher, f"{site.address}/page")
    assert (failed.failure, site.times("/page")) == (Failure.ADDRESS, 1)
    assert "169.254.169.254" in str(failed)


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def resolve(_: str, port: int, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    connected = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("pipelines.ingest.network.socket.getaddrinfo", resolve)
    monkeypatch.setattr("httpcore._backends.sync.socket.create_connection", connect)
    with Fetcher(1000, 5, clock=FakeTime().clock) as fetcher:
        failed = failure(fetcher, "http://rebinding.example/")
    assert connected == ["93.184.216.34"]
    assert failed.failure is Failure.ADDRESS, "the second try finds the name elsewhere"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("127.8.9.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("localhost", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_requests_to_a_host_are_spaced_and_those_to_another_do_not_wait(site: Site, time: FakeTime) -> None:
    site.pages |= {"/a": b"a", "/b": b"b"}
    other = site.address.replace("127.0.0.1", "localhost")
    with Fetcher(1000, 5, private=True, delay=2, clock=time.clock) as fetcher:
        for url in (f"{site.address}/a", f"{other}/a", f"{site.address}/b"):
            had(fetcher, url)
        assert time.slept == [2]
        time.now += 10
        had(fetcher, f"{site.address}/a")
    assert time.slept == [2]


def test_what_has_not_changed_is_not_had_again(fetcher: Fetcher, site: Site) -> None:
    given = {"ETag": '"v1"', "Last-Modified": "Fri, 07 Jul 2023 01:00:00 GMT"}
    site.pages["/page"] = in_turn(Answer(b"80%", headers=given), Answer(status=304))
    content = io.BytesIO()

    validators = fetcher.fetch(f"{site.address}/page", content)
    assert validators == Validators('"v1"', "Fri, 07 Jul 2023 01:00:00 GMT")
    assert fetcher.fetch(f"{site.address}/page", content, validators) is None

    assert site.asked[1].headers["if-none-match"] == '"v1"'
    assert site.asked[1].headers["if-modified-since"] == "Fri, 07 Jul 2023 01:00:00 GMT"


def test_robots_are_obeyed_where_a_page_leads_too(fetcher: Fetcher, site: Site) -> None:
    site.pages["/robots.txt"] = b"User-agent: kpi-warehouse\nDisallow: /noi-bo\nCrawl-delay: 7\n\nUser-agent: *\nDisallow: /"
    site.pages |= {"/bai": b"80%", "/lach": moved("/noi-bo/a"), "/noi-bo/a": b"90%"}
    robots = Robots(fetcher)
    content = io.BytesIO()

    fetcher.fetch(f"{site.address}/bai", content, allowed=robots.check)
    with pytest.raises(FetchError, match=r"robots\.txt forbids it") as failed:
        fetcher.fetch(f"{site.address}/lach", content, allowed=robots.check)

    assert failed.value.failure is Failure.ROBOTS
    assert (site.times("/noi-bo/a"), site.times("/robots.txt")) == (0, 1)
    assert robots.delay(f"{site.address}/bai") == 7


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (Answer(status=404), True),
        (Answer(status=403), True),
        (Answer(status=500), False),
        (moved("/robots.txt"), True),
        (Answer(b"User-agent: *\nDisallow: /\n" + b"#" * 600_000), False),
        (Answer(b"\xff\xfe<html>"), True),
    ],
)
def test_robots_that_can_not_be_read(fetcher: Fetcher, site: Site, rules: Answer, allowed: bool) -> None:
    site.pages["/robots.txt"] = rules
    robots = Robots(fetcher)
    if allowed:
        robots.check(f"{site.address}/bai")
    else:
        with pytest.raises(FetchError):
            robots.check(f"{site.address}/bai")
