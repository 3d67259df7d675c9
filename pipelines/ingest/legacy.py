"""Vietnamese text in the encodings before Unicode, and text that was decoded as something else (mojibake).

Belongs here: the tables of TCVN3 (ABC) and VNI, telling which encoding bytes are in, and mending what was decoded wrongly.
Does not: UTF-8 and UTF-16, which say what they are (formats/text.py).

Sources: TCVN 5712:1993, as glibc's charmap TCVN5712-1 has it; VNI-Windows as its fonts have it: a letter, then a byte for its
mark. Both leave ASCII as it is. Capitals with tones lie in TCVN3 where fonts of capitals (.VnTimeH) put small letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

# 0xA0 to 0xFF; 0xB0 to 0xB4 are tones of their own.
_TCVN3 = (
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ"
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "ỖủũúụừửữứựỳỷỹýỵỐ"
)
# What a byte adds to the letter before it: tones on a, e, o, u, y, ơ (ô), ư (ö); hats and breves, alone and with tones.
_VNI_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_HATS = dict(zip("âáàåãä", ("\u0302", *("\u0302" + tone for tone in _VNI_TONES.values())), strict=True))
_VNI_BREVES = dict(zip("êéèúüë", ("\u0306", *("\u0306" + tone for tone in _VNI_TONES.values())), strict=True))
_VNI_LETTERS = dict(zip("ñôöæóòî", ("đ", "ơ", "ư", "ỉ", "ĩ", "ị", "ỵ"), strict=True))
_BEARERS = {"tone": "aeouyôö", "hat": "aeo", "breve": "a"}


def _vni_pairs() -> Iterator[tuple[str, str]]:
    for kind, marks in (("tone", _VNI_TONES), ("hat", _VNI_HATS), ("breve", _VNI_BREVES)):
        for bearer in _BEARERS[kind]:
            for mark, added in marks.items():
                yield bearer + mark, unicodedata.normalize("NFC", _VNI_LETTERS.get(bearer, bearer) + added)
    yield from _VNI_LETTERS.items()


VNI = {pair: letter for small, big in _vni_pairs() for pair, letter in ((small, big), (small.upper(), big.upper()))}
_VNI_CODE = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))

_WORD = re.compile(r"[^\W\d_]+")
# A syllable without its tone: at most one consonant group, vowels, one final (Vietnamese orthography).
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    r"(?:iêu|yêu|ươi|ươu|uôi|uây|uyê|uya|oai|oay|oeo|uao|uêu|uyu|[ăâ]|iê|yê|ươ|uô|uơ|uâ|uê|uy|ua|ưa|ưi|ưu|ui|uă"
    r"|oa|oă|oe|oi|oo|ôi|ơi|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|[aeêioôơuưy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SURE = 0.85
_ENOUGH = 8  # different words that say what a text was meant to be; fewer may be chance


def decode_tcvn3(content: bytes) -> str:
    """Text in TCVN3, NFC. Bytes below 0xA0 are ASCII."""
    text = content.decode("latin-1")
    return unicodedata.normalize("NFC", text.translate({0xA0 + index: char for index, char in enumerate(_TCVN3)}))


def decode_vni(content: bytes) -> str:
    """Text in VNI-Windows, NFC."""
    return unicodedata.normalize("NFC", _VNI_CODE.sub(lambda code: VNI[code[0]], content.decode("cp1252", "replace")))


ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "windows-1258": lambda content: unicodedata.normalize("NFC", content.decode("cp1258", "replace")),
    "TCVN3": decode_tcvn3,
    "VNI": decode_vni,
}


def decoded(content: bytes) -> tuple[str, str] | None:
    """Text that is not Unicode, and the encoding in which it is Vietnamese; None where it is in none that is known."""
    found = {name: decode(content) for name, decode in ENCODINGS.items()}
    best = max(found, key=lambda name: well_formed(found[name]))
    return (found[best], best) if well_formed(found[best]) >= _SURE else None


def mended(text: str) -> str | None:
    """Text that was decoded as Windows-1252 though it was UTF-8, TCVN3 or VNI ("®¹t", "ñaït", "Ä‘áº¡t"), as it was meant.

    None where it is Vietnamese as it stands, or can't be mended.
    """
    if text.isascii() or well_formed(text) >= _SURE:
        return None
    content = b"".join(_as_byte(char) for char in text)
    try:
        meant = unicodedata.normalize("NFC", content.decode("utf-8"))
    except UnicodeDecodeError:
        meant, _ = decoded(content) or ("", "")
    evidence = {word for word in _marked_words(meant) if len(word) > 1}
    return meant if well_formed(meant) >= _SURE and len(evidence) >= _ENOUGH else None


def well_formed(text: str) -> float:
    """The share of words with letters beyond ASCII that are Vietnamese syllables; 0 where there are none."""
    words = _marked_words(text)
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


def _marked_words(text: str) -> list[str]:
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    return [word for word in words if not word.isascii()]


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a word in small letters, NFC, is built as a Vietnamese syllable, with one tone at most."""
    plain, tones = _TONES.subn("", unicodedata.normalize("NFD", word))
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)) is not None


def _as_byte(char: str) -> bytes:
    """The byte that Windows-1252, or where it has none Latin-1, shows as ``char``; ? where no byte does."""
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1", "replace")
