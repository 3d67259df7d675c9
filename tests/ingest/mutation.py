"""Files gone wrong: cut, flipped, doubled, spliced, and archives whose members went wrong inside."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, bytes], bytes]


def mutated(chance: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """``content`` after one to three accidents; ``others`` are files that it may be spliced with."""
    for _ in range(chance.randint(1, 3)):
        if content.startswith(b"PK") and chance.random() < 0.5:
            content = _member_mutated(chance, content)
        elif chance.random() < 0.1:
            content = _cut(chance, content) + _cut(chance, chance.choice(others))
        else:
            content = chance.choice(ACCIDENTS)(chance, content)
    return content


def _cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randint(0, len(content))]


def _flipped(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(min(len(changed), 1 << chance.randint(0, 8))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _slice(chance: random.Random, content: bytes) -> tuple[int, int]:
    start = chance.randint(0, len(content))
    return start, min(len(content), start + (1 << chance.randint(0, 14)))


def _without_slice(chance: random.Random, content: bytes) -> bytes:
    start, end = _slice(chance, content)
    return content[:start] + content[end:]


def _doubled_slice(chance: random.Random, content: bytes) -> bytes:
    start, end = _slice(chance, content)
    return content[:end] + content[start:end] * chance.randint(1, 8) + content[end:]


def _zeroed_slice(chance: random.Random, content: bytes) -> bytes:
    start, end = _slice(chance, content)
    return content[:start] + bytes(end - start) + content[end:]


def _inserted(chance: random.Random, content: bytes) -> bytes:
    at = chance.randint(0, len(content))
    return content[:at] + chance.randbytes(1 << chance.randint(0, 10)) + content[at:]


def _number_changed(chance: random.Random, content: bytes) -> bytes:
    """A length or an offset in digits made huge, negative or none."""
    digits = [at for at in range(len(content)) if content[at : at + 1].isdigit()]
    if not digits:
        return content
    at = chance.choice(digits)
    return content[:at] + chance.choice([b"99999999999", b"-1", b"0", b""]) + content[at + 1 :]


ACCIDENTS: tuple[Mutation, ...] = (
    _cut,
    _flipped,
    _without_slice,
    _doubled_slice,
    _zeroed_slice,
    _inserted,
    _number_changed,
)


def _member_mutated(chance: random.Random, content: bytes) -> bytes:
    """The same archive with an accident inside a member, so that what is packed is reached."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # it went wrong before
        return _flipped(chance, content)
    if not members:
        return content
    at = chance.randrange(len(members))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, held) in enumerate(members):
            archive.writestr(name or "x", chance.choice(ACCIDENTS)(chance, held) if number == at else held)
    return packed.getvalue()
