"""The service: Dagster's code server, webserver and daemon, started together and stopped together.

Belongs here: the three processes and their ends. Does not: the instance they work on (instance.py), what they run (assets/).

The code server starts a process for each run. Told to stop, it takes no new run and ends once those that are going have: so
the others are stopped first, and it is given time. A run that is killed after that loses nothing: the next does what is left.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.errors import UserError
from pipelines.paths import ROOT

LOCATION = "pipelines.definitions"
_STARTS = 180.0  # seconds within which the code server has read the assets
_ENDS = 30.0  # seconds within which webserver and daemon have ended
_PDEATHSIG = 1  # PR_SET_PDEATHSIG
_WORKSPACE = "load_from:\n  - grpc_server: {{socket: {socket}, location_name: {location}}}\n"


class ServiceFailed(UserError):
    """One of the processes could not start, or ended by itself."""


@dataclass(slots=True)
class Service:
    """The three processes. ``say`` is told what happens; ``tick`` is called every second while all is well."""

    host: str
    port: int
    stop_seconds: float
    say: Callable[[str], None]
    tick: Callable[[], None]
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _told: threading.Event = field(default_factory=threading.Event)
    _at_once: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start all three and stay until told to stop (SIGTERM, SIGINT; a second one kills what still runs).

        Raises ``ServiceFailed`` where the port is taken or one of them ends by itself; the others are then stopped too.
        """
        _check_free(self.host, self.port)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._tell)
        with tempfile.TemporaryDirectory(prefix="kpi-") as folder:
            workspace, code = Path(folder, "workspace.yaml"), Path(folder, "code.sock")
            workspace.write_text(_WORKSPACE.format(socket=code, location=LOCATION), encoding="utf-8")
            try:
                self._start("code server", "-m", "dagster", "api", "grpc", "-m", LOCATION, "--socket", str(code))
                self._wait_for(code)
                if not self._told.is_set():
                    where = ("--host", self.host, "--port", str(self.port))
                    self._start("webserver", "-m", "dagster_webserver", "-w", str(workspace), *where)
                    self._start("daemon", "-m", "dagster._daemon", "run", "-w", str(workspace))
                    self.say(f"Dagster is at http://{self.host}:{self.port}")
                while not self._told.wait(1):
                    self._check()
                    self.tick()
            finally:
                self._stop()

    def _start(self, name: str, *arguments: str) -> None:
        """Start a process in a group of its own: Ctrl-C reaches this process only, and a kill all of that one's runs."""
        command = [sys.executable, *arguments]
        self._children[name] = subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=_end_with_parent)

    def _wait_for(self, code: Path) -> None:
        began = time.monotonic()
        while not self._told.wait(0.1):
            self._check()
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(str(code)) == 0:
                    return
            if time.monotonic() - began > _STARTS:
                raise ServiceFailed(f"the code server did not start within {_STARTS:g} s; look at what it said above")

    def _check(self) -> None:
        for name, process in self._children.items():
            if process.poll() is not None:
                raise ServiceFailed(
                    f"the {name} ended by itself ({_how(process)}); look at what it said above. The rest is stopped"
                )

    def _stop(self) -> None:
        """Stop webserver and daemon, then the code server once its runs have ended, or their time is over."""
        self.say("Stopping; a run that is going may end.")
        others = [process for name, process in self._children.items() if name != "code server"]
        for process in others:
            process.terminate()
        for process in others:
            self._end(process, _ENDS)
        if code := self._children.get("code server"):
            code.terminate()
            if not self._end(code, self.stop_seconds):
                self.say("A run was killed; the next one does what it left undone.")

    def _end(self, process: subprocess.Popen[bytes], seconds: float) -> bool:
        """Whether a process ends within a time; if not, or if told again, it is killed with all that it started."""
        ends = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < ends and not self._at_once.wait(0.1):
            pass
        ended = process.poll() is not None
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it started may outlive it
        process.wait()
        return ended

    def _tell(self, *_: object) -> None:
        (self._at_once if self._told.is_set() else self._told).set()


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServiceFailed(
                f"{host}:{port} can't be listened on ({error.strerror}); set KPI_PORT (or --port), or KPI_HOST, to another"
            ) from error


def _how(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


def _end_with_parent() -> None:
    """Have Linux tell this process to end when its parent is killed, so that none goes on alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGTERM)
