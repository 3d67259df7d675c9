"""When two documents are prints of one article, and which documents that makes one.

Belongs here: the rule for a pair, the clusters that pairs make.
Does not: signatures (signature.py), finding the pairs worth judging and keeping the clusters (store/clusters.py).

Measured by benchmarks/reprints.py: a reprint keeps every figure of the shorter print and most of the words, while the
next report on the same form keeps the words and loses the figures. So both must agree, and dates need not be asked:
a form whose figures, months and days all stay says the same again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from pipelines.reprints.signature import BANDS, PERMUTATIONS

ALIKE_WORDS = 0.6  # Jaccard similarity of the shingles, as the signatures estimate it (standard error 0.04)
ALIKE_FIGURES = 0.9  # share of the distinct figures of the print that has fewer
_BY_CHANCE = 1 / 256  # two bytes are equal


def alike(pairs: pl.DataFrame) -> pl.Series:
    """Whether each pair is of one article.

    ``pairs`` has ``bands``, ``other_bands``, ``figures`` and ``other_figures``, as in a ``Signature``. Short texts, of
    a single band, are alike where their words are the same.
    """
    lengths = pairs.select(
        shared=pl.col("figures").list.set_intersection("other_figures").list.len(),
        fewer=pl.min_horizontal(pl.col("figures").list.len(), pl.col("other_figures").list.len()),
        both_long=(pl.col("bands").list.len() == BANDS) & (pl.col("other_bands").list.len() == BANDS),
        same=pl.col("bands") == pl.col("other_bands"),
    )
    same_figures = lengths["shared"] >= ALIKE_FIGURES * lengths["fewer"]
    words = lengths["same"].to_numpy().copy()
    both_long = lengths["both_long"].to_numpy()
    words[both_long] = similarity(pairs.filter(lengths["both_long"])) >= ALIKE_WORDS
    return pl.Series(words) & same_figures


def links(frames: Iterable[pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """(``document_id``, ``other_id``) of the pairs that are of one article; ``frames`` as for ``alike``."""
    for pairs in frames:
        found = pairs.filter(alike(pairs)).select("document_id", "other_id").unique()
        yield from found.iter_rows()


def similarity(pairs: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The Jaccard similarity of each pair's words, estimated from its ``bands`` and ``other_bands`` (both long)."""
    equal = (_bytes(pairs["bands"]) == _bytes(pairs["other_bands"])).mean(axis=1)
    return np.asarray((equal - _BY_CHANCE) / (1 - _BY_CHANCE))


def _bytes(bands: pl.Series) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return bands.explode().cast(pl.UInt32).to_numpy().view(np.uint8).reshape(-1, PERMUTATIONS)


def clusters(members: Iterable[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each member and each end of a link, the smallest id it is linked to, directly or through others."""
    above = {member: member for member in members}

    def top(member: str) -> str:
        above.setdefault(member, member)
        while above[member] != member:
            above[member] = above[above[member]]
            member = above[member]
        return member

    for one, other in links:
        low, high = sorted((top(one), top(other)))
        above[high] = low
    return {member: top(member) for member in list(above)}
