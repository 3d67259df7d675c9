"""Fetching by HTTP, politely and within limits: the one way by which anything comes from the network.

Belongs here: a request with its redirects, retries and limits. Does not: where it may connect to (network.py), what a site
allows (robots.py), which pages are fetched (cli/line.py, feeds/).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import TracebackType
from typing import BinaryIO
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from pipelines.errors import UserError
from pipelines.ingest.network import AddressRefused, Network

USER_AGENT = "kpi-warehouse/0.1 (statistics of public pages)"
_TRIES = 3
_REDIRECTS = 5
_LONGEST_WAIT = 60.0  # seconds that a server may ask to wait; one that asks for more is left for a later run
_BACKOFF = wait_exponential(multiplier=0.5, max=8)
_CODINGS = ("", "identity", "gzip", "x-gzip", "deflate")  # one of them: of several, each may multiply the size


class Failure(StrEnum):
    """Why something could not be had. A code never changes its meaning."""

    NOT_THERE = "not_there"  # the server answered that it won't give it: 404, 403 …
    BUSY = "busy"  # 429, 503
    SERVER_ERROR = "server_error"
    NETWORK = "network"  # no such host, no connection
    BROKEN_OFF = "broken_off"  # fewer bytes than announced, no HTTP
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"  # coded in a way that is not read
    REDIRECTS = "redirects"  # too many, or to something that is not HTTP
    ADDRESS = "address_refused"  # leads to this machine or its network
    ROBOTS = "robots"  # robots.txt forbids it
    NO_ROBOTS = "no_robots"  # robots.txt can't be had, so nobody knows
    NOT_A_FEED = "not_a_feed"

    @property
    def passing(self) -> bool:
        """Whether another try at once may help."""
        return self in (Failure.BUSY, Failure.SERVER_ERROR, Failure.NETWORK, Failure.BROKEN_OFF)

    @property
    def final(self) -> bool:
        """Whether even a later try wouldn't help."""
        return not self.passing and self not in (Failure.TOO_SLOW, Failure.NO_ROBOTS)


class FetchError(UserError):
    """The page could not be had; the message says why and what to do.

    ``wait`` is how many seconds the server asked to wait.
    """

    def __init__(self, failure: Failure, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.failure = failure
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Clock:
    """The time by which requests are spaced."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask later whether anything has changed."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


class _Transport(httpx.HTTPTransport):
    """httpx over a pool of connections that is given."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool


class Fetcher:
    """Fetches one thing after the other, at least ``delay`` seconds apart for each host. Use as a context manager.

    At most ``max_bytes`` each, in at most ``timeout`` seconds a try; from private addresses only where ``private`` is so.
    """

    def __init__(
        self, max_bytes: int, timeout: float, private: bool = False, delay: float = 1.0, clock: Clock | None = None
    ) -> None:
        self.delay = delay
        self.max_bytes = max_bytes
        self._timeout = timeout
        self._clock = clock or Clock()
        self._asked: dict[str, float] = {}
        self._direct = Network(private)
        self._to_proxy = Network(private=True)  # the operator's own; what it connects to is for it to refuse
        self._clients: dict[str | None, httpx.Client] = {}

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for client in self._clients.values():
            client.close()

    def fetch(
        self,
        url: str,
        target: BinaryIO,
        known: Validators | None = None,
        allowed: Callable[[str], None] | None = None,
        max_bytes: int | None = None,
    ) -> Validators | None:
        """Download ``url`` into ``target``; None where nothing has changed since ``known`` was given.

        Tries three times where that may help. ``allowed`` is asked before each address, those redirected to as well, and
        raises where it isn't. Raises ``FetchError``.
        """
        start = target.tell()

        def once() -> Validators | None:
            target.seek(start)
            target.truncate()
            return self._once(url, target, known or Validators(), allowed, max_bytes or self.max_bytes)

        return Retrying(
            retry=retry_if_exception(_worth_another_try),
            stop=stop_after_attempt(_TRIES),
            wait=_pause,
            sleep=self._clock.sleep,
            reraise=True,
        )(once)

    def _once(
        self, url: str, target: BinaryIO, known: Validators, allowed: Callable[[str], None] | None, max_bytes: int
    ) -> Validators | None:
        try:
            address = httpx.URL(url)
            for _ in range(_REDIRECTS + 1):
                if address.scheme not in ("http", "https") or not address.host:
                    raise FetchError(Failure.REDIRECTS, f"{url}: leads to {address}, and only http and https are fetched")
                if allowed:
                    allowed(str(address))
                self._wait_for(address.host)
                client = self._client(address)
                self._direct.ends = self._to_proxy.ends = time.monotonic() + self._timeout
                with client.stream("GET", address, headers=known.headers()) as response:
                    if response.next_request:
                        address = response.next_request.url
                        continue
                    if response.status_code == httpx.codes.NOT_MODIFIED:
                        return None
                    _check(url, response)
                    self._save(url, response, target, max_bytes)
                    return Validators(response.headers.get("etag"), response.headers.get("last-modified"))
        except AddressRefused as error:
            message = f"{url}: {error}; set KPI_FETCH_PRIVATE=true to read from your own network"
            raise FetchError(Failure.ADDRESS, message) from error
        except httpx.TimeoutException as error:
            message = f"{url}: not had in {self._timeout:g} s; try later, or raise KPI_FETCH_TIMEOUT_SECONDS"
            raise FetchError(Failure.TOO_SLOW, message) from error
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError) as error:
            message = f"{url}: {error or 'the connection broke'}; check the address and add it again"
            raise FetchError(Failure.BROKEN_OFF, message) from error
        except httpx.TransportError as error:
            message = f"{url}: {error or type(error).__name__}; check the address and the network, and add it again"
            raise FetchError(Failure.NETWORK, message) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise FetchError(Failure.REDIRECTS, f"{url}: {error}; check the address and add it again") from error
        raise FetchError(Failure.REDIRECTS, f"{url}: more than {_REDIRECTS} redirects; check the address and add it again")

    def _save(self, url: str, response: httpx.Response, target: BinaryIO, max_bytes: int) -> None:
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > max_bytes:
                message = f"{url}: more than {max_bytes:,} bytes; raise KPI_MAX_DOCUMENT_MB to read it"
                raise FetchError(Failure.TOO_LARGE, message)
            target.write(chunk)

    def _wait_for(self, host: str) -> None:
        """Wait until the host may be asked again."""
        last = self._asked.get(host)
        if last is not None and (wait := last + self.delay - self._clock.now()) > 0:
            self._clock.sleep(wait)
        self._asked[host] = self._clock.now()

    def _client(self, address: httpx.URL) -> httpx.Client:
        proxy = None if proxy_bypass(address.host) else getproxies().get(address.scheme)
        if proxy not in self._clients:
            headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"}
            self._clients[proxy] = httpx.Client(transport=_Transport(self._pool(proxy)), timeout=self._timeout, headers=headers)
        return self._clients[proxy]

    def _pool(self, proxy: str | None) -> httpcore.ConnectionPool:
        context = httpx.create_ssl_context()
        if not proxy:
            return httpcore.ConnectionPool(context, network_backend=self._direct)
        given = httpx.Proxy(proxy)
        return httpcore.HTTPProxy(
            str(given.url), proxy_auth=given.raw_auth, ssl_context=context, network_backend=self._to_proxy
        )


def _check(url: str, response: httpx.Response) -> None:
    """Raise ``FetchError`` where the answer is not the page."""
    status = response.status_code
    if not response.is_success:
        failure = Failure.BUSY if status in (429, 503) else Failure.SERVER_ERROR if status >= 500 else Failure.NOT_THERE
        message = f"{url}: the server answered {status}; check the address and add it again"
        raise FetchError(failure, message, _asked_to_wait(response.headers.get("retry-after")))
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding not in _CODINGS:
        raise FetchError(Failure.UNREADABLE, f"{url}: coded as {coding!r}, which was not asked for; save the page and add it")


def _asked_to_wait(given: str | None) -> float | None:
    """The seconds of a Retry-After, which may be a date; None where it says nothing that can be read."""
    if not given:
        return None
    if given.strip().isdecimal():
        return float(given)
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until.tzinfo else None


def _worth_another_try(error: BaseException) -> bool:
    return isinstance(error, FetchError) and error.failure.passing and (error.wait or 0) <= _LONGEST_WAIT


def _pause(state: RetryCallState) -> float:
    """How long to wait before the next try: what the server asked for, and no less than we would."""
    error = state.outcome.exception() if state.outcome else None
    return max(getattr(error, "wait", None) or 0.0, _BACKOFF(state))
