"""Converting risky formats: in a process of their own, within limits of time and memory.

Belongs here: the process, its limits, what becomes of a conversion that breaks them.
Does not: which formats are risky (convert.py), the formats (formats/).
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import TimeoutError as TookTooLong
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from pebble import ProcessExpired, ProcessPool

from pipelines.ingest.convert import convert_file, form_of
from pipelines.ingest.converted import Converted
from pipelines.ingest.rejection import Reason, Rejection
from pipelines.limits import ConversionLimits


class Sandbox:
    """Converts files; risky ones in a process that is started when first needed, and anew after a limit was broken."""

    def __init__(self, limits: ConversionLimits) -> None:
        self.limits = limits
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()

    def convert_file(self, path: Path, today: date) -> Converted:
        """What ``convert.convert_file`` gives. Raises ``Rejection``, too_slow and too_demanding among the reasons."""
        form = form_of(path)
        if form is None or path.stat().st_size <= form.safe_bytes:
            return convert_file(path, self.limits.bytes, today)
        converted: Converted = self.run(form.media_type, convert_file, path, self.limits.bytes, today)
        return converted

    def run(self, what: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a function of a module gives, called in the process. Raises ``Rejection`` of ``what``, or what it raises."""
        future = self._started().schedule(function, args=arguments, timeout=self.limits.seconds)
        try:
            return future.result()
        except TookTooLong as error:
            message = f"{what}: took longer than {self.limits.seconds:g} s; split it, or raise KPI_CONVERT_SECONDS"
            raise Rejection(Reason.TOO_SLOW, message, self.limits.time) from error
        except MemoryError as error:
            message = f"{what}: took more than {self.limits.memory_mb:g} MB; split it, or raise KPI_CONVERT_MEMORY_MB"
            raise Rejection(Reason.TOO_DEMANDING, message, self.limits.memory) from error
        except ProcessExpired as error:
            message = f"{what}: the converter's process died ({error}); please report the file"
            raise Rejection(Reason.CONVERTER_FAILED, message) from error

    def _started(self) -> ProcessPool:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=1,
                initializer=_limit,
                initargs=[self.limits.memory_mb],
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool


def _limit(memory_mb: float) -> None:
    most = int(memory_mb * 1_000_000)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
