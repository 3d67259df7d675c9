"""Unpacking what was taken in: a container's members into the raw store, each with the container's origin.

Belongs here: the registry of containers, containers in containers, what becomes of the origin.
Does not: any format (archive.py, mail.py), rows and tables (documents.py).

Nothing of a container is forgotten before its members are stored, and storing them again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.ingest.containers import archive, mail
from pipelines.ingest.containers.member import BY_HAND, Budget, ContainerLimits, Member
from pipelines.ingest.landing import Stored, raw_path, store_raw
from pipelines.ingest.rejection import Reason, Rejection
from pipelines.paths import Layout

_HEAD = 65_536
Members = Callable[[Path, Budget], Iterator[Member]]
CONTAINERS: tuple[tuple[Callable[[bytes, Path], bool], Members], ...] = (
    (archive.recognises, archive.members),
    (mail.recognises, mail.members),
)


@dataclass(frozen=True, slots=True)
class Container:
    """A container that was unpacked: how many members it has, those of them that are documents to record, and what of it was
    refused, by full name.
    """

    stored: Stored
    members: int
    documents: tuple[Stored, ...]
    refused: tuple[tuple[str, Rejection], ...]


def members_of(path: Path, budget: Budget) -> Iterator[Member] | None:
    """The members of the container at ``path``, one after the other; None where it is none, or can't be read.

    The iterator raises ``Rejection`` where the container as a whole is refused.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return None
    members = next((members for recognises, members in CONTAINERS if recognises(head, path)), None)
    return _safely(members(path, budget)) if members else None


def unpacked(
    layout: Layout, taken: Iterable[Stored], again: bool = False, limits: ContainerLimits | None = None
) -> Iterator[Stored | Container]:
    """What was taken in: documents as they are, and containers with their members, which are in the raw store then.

    What is said later of a container (an origin with a ``document_id``) is said of its members. ``again``: all that is in
    the raw store is taken in, so a member is a document to record only where it was missing there.
    """
    for stored in taken:
        budget = Budget(limits or ContainerLimits())
        members = members_of(raw_path(layout, stored.sha256), budget) if stored.sha256 else None
        if members is None:
            yield stored
        elif not (again and stored.origin.container):  # else it comes with the one that it is in
            yield from _unpack(layout, stored, members, budget, again, depth=1)


def _unpack(
    layout: Layout, stored: Stored, members: Iterator[Member], budget: Budget, again: bool, depth: int
) -> Iterator[Container]:
    """The containers inside a container, and then itself."""
    count = 0
    documents: list[Stored] = []
    refused: list[tuple[str, Rejection]] = []
    try:
        for name, content in members:
            full_name = f"{stored.origin.name}!{name}"
            if isinstance(content, Rejection):
                refused.append((full_name, content))
                continue
            sha256 = hashlib.sha256(content).hexdigest()
            here = raw_path(layout, sha256).exists()
            inner = _store(layout, stored, full_name, sha256, content) if not (again and here) else None
            inside = members_of(raw_path(layout, sha256), budget)
            if inside is not None and depth == budget.limits.depth:
                refused.append((full_name, Rejection(Reason.TOO_COMPLEX, f"more than {depth} containers deep; {BY_HAND}")))
                continue
            count += 1
            if inside is not None:
                outer = inner or replace(
                    stored, origin=replace(stored.origin, name=full_name), sha256=sha256, size=len(content)
                )
                yield from _unpack(layout, outer, inside, budget, again, depth + 1)
            elif inner:
                documents.append(inner)
    except Rejection as rejection:
        refused.append((stored.origin.name, rejection))
    if not count and not refused:
        refused.append((stored.origin.name, Rejection(Reason.EMPTY, "holds no member; look into it, and send it again")))
    if stored.origin.document_id:
        refused = []  # as was said when it came
    yield Container(stored, count, tuple(documents), tuple(refused))


def _store(layout: Layout, container: Stored, name: str, sha256: str, content: bytes) -> Stored:
    """A member in the raw store; its origin is the container's, but for name and container."""
    correction = container.origin.document_id is not None
    origin = replace(container.origin, name=name, container=container.sha256, document_id=sha256 if correction else None)
    return store_raw(layout, content, origin, container.landed_ns)


def _safely(members: Iterator[Member]) -> Iterator[Member]:
    """The same, whatever a library makes of hostile bytes."""
    try:
        yield from members
    except (Rejection, MemoryError):
        raise
    except Exception as error:
        message = f"can't be unpacked ({type(error).__name__}: {error}); {BY_HAND}"
        raise Rejection(Reason.DAMAGED, message) from error
