"""A mail server and a webhook on loopback, real ones, that keep what they are sent and can be down."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MailServer:
    """Keeps the mails that it was sent; nothing listens at its port until it is up."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=kpi@example.vn&to=steward@example.vn&mode=insecure"

    @property
    def subjects(self) -> list[str]:
        return [str(mail["subject"]) for mail in self.mails]

    def text(self, number: int = -1) -> str:
        """What a person reads in a mail."""
        body = self.mails[number].get_body(("plain", "html"))
        assert body is not None
        return cast(str, body.get_content())

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    @contextmanager
    def up(self) -> Iterator[MailServer]:
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


class Webhook:
    """Keeps the JSON that it was sent; ``answer`` is its status, ``meanwhile`` is called before it answers."""

    def __init__(self) -> None:
        self.port = free_port()
        self.got: list[dict[str, Any]] = []
        self.answer = 200
        self.meanwhile: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook-5ecret/t0ken"

    @property
    def titles(self) -> list[str]:
        return [got["title"] for got in self.got]

    @contextmanager
    def up(self) -> Iterator[Webhook]:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                got = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.meanwhile()
                if hook.answer == 200:
                    hook.got.append(got)
                self.send_response(hook.answer)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
