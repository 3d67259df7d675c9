"""Ctrl-C during a run: the process ends at once, and says what that means.

Belongs here: why a run does not unwind. A KeyboardInterrupt raised inside an import may leave that module's
lock held, and DuckDB's threads, which import too, then wait for it for ever; Dagster puts the interrupt off
until a step ends. Ending at any moment loses nothing: the next run does what is left, as after a SIGKILL.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

INTERRUPTED = 130  # what a shell reports of a command stopped by Ctrl-C
_SHOW_CURSOR = b"\x1b[?25h"  # the progress bar hides it


def end_at_once(message: str) -> None:
    """From now on Ctrl-C prints ``message`` and ends the process. Call it before any other thread starts."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # in this thread and all that it starts

    def wait() -> None:
        signal.sigwait({signal.SIGINT})
        os.write(2, (_SHOW_CURSOR if sys.stderr.isatty() else b"") + f"\n{message}\n".encode())
        os._exit(INTERRUPTED)

    threading.Thread(target=wait, name="interrupt", daemon=True).start()
