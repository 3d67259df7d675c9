"""Reading many documents on all cores, in order, without holding them all.

Belongs here: processes and their work. Does not: what is read (extract/), what is printed (extract.py).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from pipelines.extract.reader import Reader
from pipelines.model import Document
from pipelines.reference.catalogue import load_catalogue

T = TypeVar("T")
Work = Callable[[Reader, Document], T]

_CHUNK = 64
_AHEAD = 4  # chunks a worker may be ahead of the output
_reader: Reader | None = None


def read_in_order(reference: Path, documents: Iterable[Document], work: Work[T]) -> Iterator[T]:
    """What ``work`` makes of each document, in their order; ``reference`` is the catalogue's folder.

    A few documents are read in this process; more of them on all cores. ``work`` and what it returns must pickle.
    """
    chunks = _chunks(documents)
    first, second = next(chunks, []), next(chunks, [])
    if not second or (cores := os.cpu_count() or 1) == 1:
        reader = Reader(load_catalogue(reference))
        yield from (work(reader, document) for document in chain(first, second, *chunks))
        return
    with ProcessPoolExecutor(cores, initializer=_start, initargs=(reference,)) as pool:
        waiting: deque[Future[list[T]]] = deque()
        for chunk in chain((first, second), chunks):
            waiting.append(pool.submit(_read, chunk, work))
            if len(waiting) > cores * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    iterator = iter(documents)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _start(reference: Path) -> None:
    global _reader
    _reader = Reader(load_catalogue(reference))


def _read(chunk: list[Document], work: Work[T]) -> list[T]:
    assert _reader is not None
    return [work(_reader, document) for document in chunk]
