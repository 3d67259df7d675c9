"""Signatures: what of a text is kept to find its reprints without opening it again.

Belongs here: the words of a text, its MinHash, its figures. Text in, a few hundred bytes out.
Does not: when two signatures are of one article (alike.py), the search for those worth comparing (sql/line/).

Words are compared without case, punctuation and diacritics: newsrooms write "hoà" and "hòa", "Uỷ ban" and "Ủy ban".
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from typing import NamedTuple

from rensa import RMinHash

PERMUTATIONS = 128
ROWS = 4  # permutations of a band
BANDS = PERMUTATIONS // ROWS
SHINGLE = 3  # words
FEWEST_SHINGLES = 30
_SEED = 20230707

SIGNATURE_VERSION = f"1.{RMinHash.ALGORITHM_VERSION}"
"""Changes with every rule of this module and with the library's hashing; only signatures of one version compare."""

_MARKS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"\w+")
# Beginning with a digit: what is the newspaper's own (a bare date, an hour, a telephone number), or else a figure.
# A date after "ngày" belongs to what is said.
_FIGURE = re.compile(
    r"\d(?:"
    r"(?P<own>(?<!ngay \d)\d?[/.-]\d{1,2}[/.-]\d{4}\b|\d?[:h]\d{2}\b|(?<=0)\d(?:[ .]?\d){7,9}\b)"
    r"|\d*(?:[.,/]\d+)*)"
)


class Signature(NamedTuple):
    """What is kept of a text.

    ``bands`` are ``BANDS`` numbers of 32 bits, the low bytes of ``ROWS`` minhashes each: texts that share a band may be
    alike, and equal bytes estimate how alike. A text of fewer than ``FEWEST_SHINGLES`` shingles has one band, the
    checksum of its words; a text without words none. ``figures`` are the checksums of the distinct numbers written in
    it, sorted.
    """

    bands: list[int]
    figures: list[int]


def sign(text: str) -> Signature:
    """The signature of ``text``: the same on every machine."""
    plain = _plain(text)
    words = _WORD.findall(plain)
    shingles = list(map(" ".join, zip(*(words[i:] for i in range(SHINGLE)), strict=False)))
    bands = _bands(shingles) if len(shingles) >= FEWEST_SHINGLES else _whole(words)
    figures = {match[0] for match in _FIGURE.finditer(plain) if not match["own"]}
    return Signature(bands, sorted({zlib.crc32(figure.encode()) for figure in figures}))


def signature_row(document_id: str, text: str) -> dict[str, object]:
    """A row of ``core.document_signature`` without run and time."""
    return {"document_id": document_id, "signature_version": SIGNATURE_VERSION, **sign(text)._asdict()}


def _plain(text: str) -> str:
    """``text`` in small letters without diacritics."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text.casefold())).replace("đ", "d")


def _bands(shingles: list[str]) -> list[int]:
    minhash = RMinHash(PERMUTATIONS, _SEED)
    minhash.update(shingles)
    low_bytes = bytes(value & 0xFF for value in minhash.digest())
    return list(struct.unpack(f"<{BANDS}I", low_bytes))


def _whole(words: list[str]) -> list[int]:
    """The one band of a text too short for a share: a changed word is a tenth of it, so only the same words will do."""
    return [zlib.crc32(" ".join(words).encode())] if words else []
