"""Platforms: the named digital systems that a text speaks of, with a figure or without one.

Belongs here: finding them. Does not: the platform of a figure (reader.py).
"""

from __future__ import annotations

from pipelines.extract.lexicon import Hit, Lexicon
from pipelines.extract.ordered import Ordered
from pipelines.extract.segment import lines, sentences, unwrapped
from pipelines.extract.view import view
from pipelines.model import Document, PlatformMention, Span


def platform_mentions(lexicon: Lexicon, document: Document) -> list[PlatformMention]:
    """The first mention of each platform in each sentence, in reading order."""
    flowing = unwrapped(document.text)
    seen = view(flowing)
    named = (hit for hit in lexicon.scan(seen, Span(0, len(seen))) if hit.term in lexicon.platform_of)
    hits = Ordered(named, lambda hit: hit.start)
    if not hits.items:
        return []
    found = []
    for line in lines(flowing):
        for sentence in sentences(document.text, line):
            said: dict[str, Hit] = {}
            for hit in hits.between(*sentence):
                said.setdefault(lexicon.platform_of[hit.term], hit)
            quote = document.text[sentence.start : sentence.end]
            found += [PlatformMention(document.doc_id, id, quote, Span(hit.start, hit.end)) for id, hit in said.items()]
    return found
