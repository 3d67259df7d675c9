"""Old Word documents: told from other OLE files, made new by LibreOffice within limits, or waiting for it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.ingest import tools
from pipelines.ingest.convert import convert
from pipelines.ingest.formats import doc
from pipelines.ingest.rejection import Reason, Rejection
from tests.ingest.formats.papers import PLAIN, report_docx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def old_word(flags: int = 0) -> bytes:
    """The beginning of an old Word document: the container's header, then the head of its text stream."""
    stream = b"\xec\xa5\xc1\x00" + bytes(6) + flags.to_bytes(2, "little")
    return OLE + bytes(512 - len(OLE)) + stream + bytes(512) + "WordDocument".encode("utf-16-le") + bytes(500)


def refused(content: bytes) -> Rejection:
    with pytest.raises(Rejection) as rejection:
        convert(content)
    return rejection.value


def test_old_word_is_told_from_other_ole_files() -> None:
    assert doc.recognises(old_word())
    assert not doc.recognises(OLE + bytes(600) + "Workbook".encode("utf-16-le"))
    assert not doc.recognises(b"WordDocument")


def test_a_password_is_told_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "has", lambda _: False)
    assert refused(old_word(flags=0x0100)).reason is Reason.ENCRYPTED


def test_it_waits_for_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "has", lambda _: False)
    rejection = refused(old_word())
    assert (rejection.reason, rejection.lacking) == (Reason.NEEDS_TOOL, "libreoffice")


def test_the_command_keeps_to_its_folder(tmp_path: Path) -> None:
    command = doc.command(tmp_path / "document.doc", tmp_path)
    assert command[0] == "soffice"
    assert "--headless" in command
    assert f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}" in command
    assert command[command.index("--outdir") + 1] == str(tmp_path)
    assert command[-1] == str(tmp_path / "document.doc")


def test_a_program_that_hangs_is_ended_with_those_it_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doc, "SECONDS", 0.5)
    pid = tmp_path / "pid"
    starts = f"import subprocess, time; p = subprocess.Popen(['sleep', '60']); open({str(pid)!r}, 'w').write(str(p.pid)); "
    with pytest.raises(Rejection) as rejection:
        doc._run([sys.executable, "-c", starts + "time.sleep(60)"], tmp_path)
    assert rejection.value.reason is Reason.TOO_SLOW
    for _ in range(50):
        if not _runs(pid.read_text()):
            break
        time.sleep(0.05)
    assert not _runs(pid.read_text())


def test_what_libreoffice_can_not_open_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "has", lambda _: True)
    monkeypatch.setattr(doc, "command", lambda *_: [sys.executable, "-c", "print('source file could not be loaded')"])
    rejection = refused(old_word())
    assert rejection.reason is Reason.DAMAGED
    assert "source file could not be loaded" in rejection.message


@pytest.mark.skipif(not tools.has(tools.LIBREOFFICE), reason=f"needs LibreOffice ({tools.LIBREOFFICE.install})")
def test_a_report_reads_as_its_plain_text_does(tmp_path: Path) -> None:
    source = tmp_path / "report.docx"
    source.write_bytes(report_docx())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc:MS Word 97", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, capture_output=True, timeout=100, check=True)
    paper = convert((tmp_path / "report.doc").read_bytes())
    assert (paper.media_type, paper.text) == ("application/msword", PLAIN)


def _runs(pid: str) -> bool:
    """Whether a process is there and no mere entry of one that has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
