"""What comes out of a container, and how much may.

Belongs here: a member, the limits, the checks of a name. Does not: any format (archive.py, mail.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.ingest.landing import printable
from pipelines.ingest.rejection import Reason, Rejection

_DRIVE = re.compile(r"[A-Za-z]:")
BY_HAND = "unpack it by hand and add what is needed"


class ContainerLimits(NamedTuple):
    """What one container may hold, with the containers inside it."""

    member_bytes: int = 100_000_000
    total_bytes: int = 1_000_000_000
    members: int = 10_000
    depth: int = 3  # an archive in an archive in a mail
    ratio: int = 200  # of unpacked to packed, of a member beyond ``ratio_from`` bytes
    ratio_from: int = 10_000_000


class Member(NamedTuple):
    """A member by its name in the container: its bytes, or why it is refused."""

    name: str
    content: bytes | Rejection


@dataclass(slots=True)
class Budget:
    """What is left of the limits; one for a container and all inside it."""

    limits: ContainerLimits
    bytes_left: int = field(init=False)
    members_left: int = field(init=False)

    def __post_init__(self) -> None:
        self.bytes_left, self.members_left = self.limits.total_bytes, self.limits.members

    def take(self) -> None:
        """Count one more member. Raises ``Rejection`` (too_complex) where there were enough."""
        if self.members_left == 0:
            raise Rejection(Reason.TOO_COMPLEX, f"more than {self.limits.members:,} members; {BY_HAND}")
        self.members_left -= 1

    def spend(self, size: int) -> None:
        """Count bytes of a member. Raises ``Rejection`` (too_large) where it, or all together, are too many."""
        if size > self.limits.member_bytes:
            most = self.limits.member_bytes / 1e6
            raise Rejection(Reason.TOO_LARGE, f"{size / 1e6:.1f} MB is more than {most:g} MB of one member; {BY_HAND}")
        if size > self.bytes_left:
            most = self.limits.total_bytes / 1e6
            raise Rejection(Reason.TOO_LARGE, f"the container holds more than {most:g} MB; {BY_HAND}")
        self.bytes_left -= size


def members_within(offered: Iterable[tuple[str, Callable[[], bytes]]], budget: Budget, again: str) -> Iterator[Member]:
    """What is offered by its name and how to have its bytes, as members; each refused for a reason of its own where the name,
    the bytes or the budget forbid it. ``again`` says what to do about a name that came before.
    """
    seen: set[str] = set()
    for name, content in offered:
        try:
            budget.take()
        except Rejection as rejection:
            yield Member("…", rejection)
            return
        yield Member(name, _had(name, content, budget, seen, again))


def _had(name: str, content: Callable[[], bytes], budget: Budget, seen: set[str], again: str) -> bytes | Rejection:
    try:
        if name in seen:
            raise Rejection(Reason.DUPLICATE_NAME, again)
        seen.add(name)
        check_name(name)
        had = content()
        budget.spend(len(had))
    except Rejection as rejection:
        return rejection
    return had


def member_name(given: str) -> str:
    """A member's name in NFC, as it can be shown."""
    return printable(unicodedata.normalize("NFC", given))


def check_name(name: str) -> None:
    """Raise ``Rejection`` (unsafe_name) for a name that would lead out of the container, were it unpacked there."""
    path = name.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        raise Rejection(Reason.UNSAFE_NAME, f"its name leads out of the container; look who made it, then {BY_HAND}")
