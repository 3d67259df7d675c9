"""A web site on loopback that does what a test says, well or badly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Answer(NamedTuple):
    """``length`` lies about the body's size; ``drip`` seconds lie between its bytes."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012
    length: int | None = None
    drip: float = 0


class Asked(NamedTuple):
    path: str
    headers: dict[str, str]


Page = Answer | bytes | Callable[[Asked], Answer]


class Site:
    """``pages`` by path; every request is kept in ``asked``. A page may be a function of the request."""

    def __init__(self, address: str, ends: threading.Event) -> None:
        self.address = address
        self.ends = ends
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked.path == path for asked in self.asked)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        page = self.pages.get(asked.path, Answer(b"gone", 404))
        if isinstance(page, bytes):
            return Answer(page)
        return page if isinstance(page, Answer) else page(asked)


def moved(to: str) -> Answer:
    return Answer(status=302, headers={"Location": to})


def in_turn(*answers: Answer) -> Callable[[Asked], Answer]:
    """One answer after the other, the last again and again."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def serve() -> Iterator[Site]:
    """A site that answers until the end of the block."""
    ends = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = site.answer(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.length != -1:
                self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
            self.end_headers()
            try:
                if not answer.drip:
                    self.wfile.write(answer.body)
                for byte in answer.body if answer.drip else b"":
                    self.wfile.write(bytes([byte]))
                    if ends.wait(answer.drip):
                        return
            except OSError:  # the other side had enough
                return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_port}", ends)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield site
    finally:
        ends.set()
        server.shutdown()
        server.server_close()
