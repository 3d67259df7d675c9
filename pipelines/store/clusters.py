"""The clusters of reprints in the pipeline's database: which documents to compare, with which, and what came of it.

Belongs here: one function a step of the station `document_cluster`, one statement each.
Does not: the statements (sql/line/), when two documents are alike (reprints/).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from pipelines.store.database import Database

_PAIRS = 100_000  # judged at once, about half a kilobyte each


def documents_to_compare(database: Database, signed: Iterable[str]) -> list[str]:
    """The documents just signed and those that stood in a cluster with one of them."""
    with database.batch(pl.DataFrame({"document_id": list(signed)}, schema={"document_id": pl.String})):
        return [row["document_id"] for row in database.rows("line/documents_to_compare")]


def pairs_to_judge(database: Database, compared: Iterable[str], signature_version: str) -> Iterator[pl.DataFrame]:
    """Frames of pairs that share a band: ``document_id``, ``other_id`` (a document of ``compared``, or the cluster of
    one that is not), and both signatures as ``bands``, ``figures``, ``other_bands``, ``other_figures``.
    """
    with database.batch(pl.DataFrame({"document_id": list(compared)}, schema={"document_id": pl.String})):
        reader = database.run("line/pairs_to_judge", signature_version=signature_version).to_arrow_reader(_PAIRS)
        for batch in reader:
            yield pl.DataFrame(pl.from_arrow(batch))


def move_to_clusters(database: Database, cluster_of: dict[str, str], run_id: str) -> int:
    """Keep the clusters that changed; ``cluster_of`` has each document compared and each cluster linked to one.

    Returns how many documents came to another cluster.
    """
    frame = pl.DataFrame(list(cluster_of.items()), schema={"member": pl.String, "cluster_id": pl.String}, orient="row")
    with database.batch(frame):
        moved = database.run("line/move_to_clusters", now=database.moment(), run_id=run_id).fetchone()
    return int(moved[0]) if moved else 0
