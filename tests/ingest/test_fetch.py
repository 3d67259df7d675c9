"""Fetching from a real server on loopback that misbehaves."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipelines.ingest.fetch import FetchError, fetch

asked: Counter[str] = Counter()


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked[self.path] += 1
        if self.path == "/flaky" and asked["/flaky"] < 3:
            self.send_error(503)
        elif self.path == "/gone":
            self.send_error(404)
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/page")
            self.end_headers()
        elif self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"8")
                time.sleep(0.05)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"80%" * (1 if self.path != "/endless" else 100_000))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_is_fetched_where_it_moved_to(site: str, tmp_path: Path) -> None:
    fetch(f"{site}/moved", tmp_path / "page", 1000, 5)
    assert (tmp_path / "page").read_bytes() == b"80%"


def test_a_server_that_is_busy_is_asked_again(site: str, tmp_path: Path) -> None:
    fetch(f"{site}/flaky", tmp_path / "page", 1000, 5)
    assert asked["/flaky"] == 3


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/gone", "the server answered 404"),
        ("/endless", "more than 1,000 bytes"),
        ("/loop", "check the address"),
        ("/drip", "not had in 0.5 s"),
    ],
)
def test_what_can_not_be_had_says_why(site: str, tmp_path: Path, path: str, says: str) -> None:
    with pytest.raises(FetchError, match=says):
        fetch(f"{site}{path}", tmp_path / "page", 1000, 0.5 if path == "/drip" else 5)
    assert asked[path] <= 6


def test_a_server_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="check the address and the network"):
        fetch("http://127.0.0.1:1/page", tmp_path / "page", 1000, 1)
