"""Word documents of old (DOC): LibreOffice makes them DOCX, in a folder and with a profile of their own.

Belongs here: telling the format, running LibreOffice. Does not: reading what it made (docx.py).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from pipelines.ingest import tools
from pipelines.ingest.converted import Converted
from pipelines.ingest.formats import docx, ole
from pipelines.ingest.rejection import Reason, Rejection

SECONDS = 90
_HEAD = 1 << 20
_WORD = b"\xec\xa5"  # the document's stream begins so, in the first sector of nearly every file
_SECTORS = (512, 4096)
_FLAGS = 10  # of the stream: where its flags stand
_ENCRYPTED = 0x0100
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recognises(content: bytes) -> bool:
    """Whether the bytes are an OLE container with a Word document inside."""
    head = content[:_HEAD]
    return head.startswith(ole.BEGIN) and (_word_stream(head) is not None or ole.WORD in head)


def convert(content: bytes) -> Converted:
    """The text as docx.py reads it.

    Raises ``Rejection`` (encrypted, needs_tool, too_slow, damaged, and those of docx.py).
    """
    stream = _word_stream(content)
    if stream is not None and int.from_bytes(content[stream + _FLAGS : stream + _FLAGS + 2], "little") & _ENCRYPTED:
        raise Rejection(Reason.ENCRYPTED, "the document asks for a password; save it without and add it again")
    tools.require(tools.LIBREOFFICE, "a DOC file")
    with tempfile.TemporaryDirectory(prefix="kpi-doc-") as folder:
        converted = docx.convert(_as_docx(content, Path(folder)))
    return replace(converted, media_type="application/msword")


def command(source: Path, folder: Path) -> list[str]:
    """What makes ``source`` a DOCX in ``folder``, with a profile there."""
    return [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        *("--infilter=MS Word 97", "--convert-to", "docx:MS Word 2007 XML"),
        *("--outdir", str(folder), str(source)),
    ]


def _as_docx(content: bytes, folder: Path) -> bytes:
    source, made = folder / "document.doc", folder / "document.docx"
    source.write_bytes(content)
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    said = _run(command(source, folder), folder)
    if not made.exists():
        raise Rejection(Reason.DAMAGED, f"LibreOffice can't open it ({said or 'no word why'}); save it as DOCX")
    return made.read_bytes()


def _run(what: list[str], folder: Path) -> str:
    """Run a command and return the last line of what it says. Raises ``Rejection`` (too_slow)."""
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(
        what,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Rejection(Reason.TOO_SLOW, f"LibreOffice took longer than {SECONDS} s; save it as DOCX") from error
    finally:
        _end(process)
    return said.strip().splitlines()[-1] if said.strip() else ""


def _end(process: subprocess.Popen[str]) -> None:
    """End LibreOffice and the programs it started, which outlive it otherwise."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _word_stream(content: bytes) -> int | None:
    return next((at for at in _SECTORS if content.startswith(_WORD, at)), None)
