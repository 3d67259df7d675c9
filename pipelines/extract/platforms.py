"""Platforms: the named digital systems that a text speaks of, with a figure or without one.

Belongs here: finding them. Does not: the platform of a figure (reader.py).
"""

from __future__ import annotations

from pipelines.extract.flow import flow
from pipelines.extract.lexicon import Hit, Lexicon
from pipelines.extract.ordered import START, Ordered
from pipelines.extract.segment import lines, sentences
from pipelines.extract.view import view
from pipelines.model import Document, PlatformMention, Span


def platform_mentions(lexicon: Lexicon, document: Document) -> list[PlatformMention]:
    """The first mention of each platform in each sentence, in reading order."""
    flowing = flow(document.text)
    seen = view(flowing.text)
    named = (hit for hit in lexicon.scan(seen, Span(0, len(seen))) if hit.term in lexicon.platform_of)
    hits = Ordered(named, START)
    if not hits.items:
        return []
    found = []
    for line in lines(flowing.text):
        for sentence in sentences(flowing.text, line):
            said: dict[str, Hit] = {}
            for hit in hits.between(*sentence):
                said.setdefault(lexicon.platform_of[hit.term], hit)
            quoted = flowing.back(sentence)
            quote = document.text[quoted.start : quoted.end]
            found += [
                PlatformMention(document.doc_id, id, quote, flowing.back(Span(hit.start, hit.end))) for id, hit in said.items()
            ]
    return found
