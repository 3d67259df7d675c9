"""Fetching one page by URL, politely and within limits.

Belongs here: HTTP. Does not: feeds and sites that are watched, which come with their own schedule.
"""

from __future__ import annotations

import time
from pathlib import Path

import httpx
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_exponential

from pipelines.errors import UserError

USER_AGENT = "kpi-warehouse/0.1 (statistics of public pages)"


class FetchError(UserError):
    """The page could not be had; the message says why and what to do."""


def _passing(error: BaseException) -> bool:
    """Whether another try may help: the connection failed, or the server says it is busy or broken."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in (429, 500, 502, 503, 504)
    return isinstance(error, httpx.TransportError)


@retry(
    retry=retry_if_exception(_passing),
    stop=stop_after_attempt(3),
    wait=wait_exponential(multiplier=0.5, max=8),
    reraise=True,
)
def _download(url: str, target: Path, max_bytes: int, timeout: float) -> None:
    ends = time.monotonic() + timeout
    with (
        httpx.Client(follow_redirects=True, max_redirects=5, timeout=timeout, headers={"User-Agent": USER_AGENT}) as client,
        client.stream("GET", url) as response,
    ):
        response.raise_for_status()
        size = 0
        with target.open("wb") as file:
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > max_bytes:
                    raise FetchError(f"{url}: more than {max_bytes:,} bytes; raise KPI_MAX_DOCUMENT_MB to read it")
                if time.monotonic() > ends:  # a server that drips would hold the line for ever
                    raise FetchError(f"{url}: not had in {timeout:g} s; try later, or raise KPI_FETCH_TIMEOUT_SECONDS")
                file.write(chunk)


def fetch(url: str, target: Path, max_bytes: int, timeout: float) -> None:
    """Download ``url`` into the file ``target``, in at most ``timeout`` seconds a try.

    Tries three times where that may help. Raises ``FetchError``.
    """
    try:
        _download(url, target, max_bytes, timeout)
    except httpx.HTTPStatusError as error:
        raise FetchError(
            f"{url}: the server answered {error.response.status_code}; check the address and add it again"
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchError(
            f"{url}: {error or type(error).__name__}; check the address and the network, and add it again"
        ) from error
