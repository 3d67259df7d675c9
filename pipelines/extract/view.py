"""The view: a form of the text that is easy to scan and of exactly the same length.

Belongs here: lower case, one spelling for tone marks ("hoà" = "hòa"), plain spaces, dashes and quotes.
Does not: anything that moves an offset. ``view[i]`` always stands for ``text[i]``, so a span found in
the view is a span of the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property

_PLAIN = {
    **dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t\f\v", " "),
    **dict.fromkeys("\u2028\u2029\u0085\r", "\n"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‘’′", "'"),
    **dict.fromkeys("％", "%"),
    **dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd"),  # half a character, which no scanner takes
}
_NOT_PLAIN = re.compile(f"[{''.join(_PLAIN)}]")

# A character class of capital letters: a range such as À-Ỹ would hold the small ones too.
CAPITAL = "[A-Z" + "".join(char for char in map(chr, range(0xC0, 0x1EFA)) if char.isupper()) + "]"

SMALL = "[a-zđ" + "".join(char for char in map(chr, range(0xE0, 0x1EFA)) if char.islower()) + "]"

# The older spelling puts the tone of oa, oe, uy on the last vowel: hoà, khoẻ, thuỷ.
_OLD_TONE = {
    old[0] + old[1]: new
    for old, new in zip(
        "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ".split(),
        "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy".split(),
        strict=True,
    )
}
# A pattern that begins with a letter is looked for faster than one that begins with a look-behind.
_OLD_TONE_PATTERN = re.compile(r"(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?<!q..)(?!\w)")


class View(str):
    """A text in its scannable form."""

    openings: list[list[int]] | None = None  # where the patterns of cued.py may begin, once they were looked for

    @cached_property
    def matched(self) -> dict[int, tuple[list[int], list[re.Match[str]]]]:
        """The matches of those patterns that were looked for in the whole text, and where they begin."""
        return {}


def nfc(text: str) -> str:
    """``text`` in Unicode NFC, the form in which every offset of the project counts."""
    return unicodedata.normalize("NFC", text)


def view(text: str) -> View:
    """The scannable form of NFC ``text``; same length, position by position."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters outside Vietnamese change length: İ
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    plain = _NOT_PLAIN.sub(lambda match: _PLAIN[match[0]], lowered)
    return View(_OLD_TONE_PATTERN.sub(lambda match: _OLD_TONE[match[0]], plain))
