"""Addresses are secrets: they come from the environment or a file that only its owner may read, and go nowhere else."""

from __future__ import annotations

import logging
import socket
import threading
from pathlib import Path

import pytest

from pipelines.alerts.channel import ChannelError, address_of, check, send
from pipelines.reference.routes import Route
from tests.alerts.conftest import HOOK
from tests.alerts.receivers import MailServer, Webhook, free_port

ROUTE = Route.model_validate(HOOK)
SECRETS = ("5ecret", "t0ken", "pa55word", "us3r")


def secrets(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "secrets"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_an_address_is_taken_from_the_environment_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = secrets(tmp_path, "OTHER=json://other\nKPI_TEST_HOOK='json://file/a$b'\n")
    assert address_of(ROUTE, file) == "json://file/a$b"
    monkeypatch.setenv("KPI_TEST_HOOK", "json://environment")
    assert address_of(ROUTE, file) == "json://environment"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602], ids=oct)
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = secrets(tmp_path, "KPI_TEST_HOOK=json://us3r:pa55word@host", mode)
    with pytest.raises(ChannelError, match=rf"may be read by others.*chmod 600 {file}") as refused:
        address_of(ROUTE, file)
    assert not any(secret in str(refused.value) for secret in SECRETS)


def test_a_file_without_the_address_may_be_read_by_anyone(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match="KPI_TEST_HOOK is not set"):
        address_of(ROUTE, secrets(tmp_path, "KPI_MEMORY_MB=3000", 0o644))
    with pytest.raises(ChannelError, match="KPI_TEST_HOOK is not set"):
        address_of(ROUTE, tmp_path / "nowhere")


UNUSABLE = {
    "unknown service": "us3r-pa55word://t0ken",
    "no address": "5ecret",
    "several": "json://us3r:pa55word@127.0.0.1/a, json://us3r:pa55word@127.0.0.1/b",
    "incomplete": "tgram://t0ken",
}


@pytest.mark.parametrize("address", UNUSABLE.values(), ids=UNUSABLE)
def test_an_address_that_cannot_be_used_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    monkeypatch.setenv("KPI_TEST_HOOK", address)
    with caplog.at_level(logging.DEBUG), pytest.raises(ChannelError, match="KPI_TEST_HOOK is no address") as wrong:
        check(ROUTE, tmp_path)
    assert not any(secret in caplog.text + str(wrong.value) for secret in SECRETS)


@pytest.mark.parametrize("answer", [404, 500], ids=str)
def test_why_a_service_refused_is_said_and_nothing_of_where_it_is(
    tmp_path: Path,
    hook: Webhook,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    answer: int,
) -> None:
    hook.answer = answer
    monkeypatch.setenv("KPI_TEST_HOOK", f"json://us3r:pa55word@127.0.0.1:{hook.port}/5ecret/t0ken")
    with caplog.at_level(logging.DEBUG), pytest.raises(ChannelError, match=f"answered {answer}") as refused:
        send(ROUTE, tmp_path, "KPI", "Chào", 10)
    said = caplog.text + str(refused.value) + "".join(capfd.readouterr())
    assert not any(secret in said for secret in SECRETS)
    assert refused.value.__cause__ is None


@pytest.mark.usefixtures("mail")
def test_no_connection_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_TEST_HOOK", f"json://us3r:pa55word@127.0.0.1:{free_port()}")
    for route in (ROUTE, Route.model_validate(HOOK | {"to": "${KPI_TEST_MAIL}"})):
        with pytest.raises(ChannelError, match=r"^no connection, or no answer within 10 s; look at KPI_TEST_\w+ and"):
            send(route, tmp_path, "KPI", "Chào", 10)


def test_a_service_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("KPI_TEST_HOOK", f"json://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(ChannelError, match=r"no answer within 0\.2 s"):
            send(ROUTE, tmp_path, "KPI", "Chào", 0.2)


def test_vietnamese_arrives_letter_for_letter(tmp_path: Path, hook: Webhook, mail: MailServer) -> None:
    title, body = (
        "KPI: 1 vấn đề mới (1 nghiêm trọng)",
        "Tỷ lệ hộ có cáp quang ở xã Khánh Hội <huyện U Minh> & Đầm Dơi.\nDòng hai.",
    )
    with mail.up():
        send(ROUTE, tmp_path, title, body, 10)
        send(Route.model_validate(HOOK | {"to": "${KPI_TEST_MAIL}"}), tmp_path, title, body, 10)
    assert hook.got[0]["title"] == title
    assert hook.got[0]["message"] == body
    assert mail.subjects == [title]
    assert mail.recipients == ["steward@example.vn"]
    assert mail.text().split() == body.split()


def test_the_thread_of_a_service_that_was_too_slow_says_nothing_later(
    tmp_path: Path, hook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    goes_on = threading.Event()
    hook.meanwhile, hook.answer = lambda: goes_on.wait(5), 500
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(ChannelError, match="no answer within"):
            send(ROUTE, tmp_path, "KPI", "Chào", 0.2)
        goes_on.set()
        for thread in threading.enumerate():
            if "hook" in thread.name.lower() or "apprise" in thread.name.lower():
                thread.join(timeout=1)
    assert not any(secret in caplog.text for secret in SECRETS)
