"""What people decide and no document says: the official targets, and the corrections of what was read.

Belongs here: reading these files together, and their version. Does not: the shape of any of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.reference.catalogue import Catalogue
from pipelines.reference.corrections import FILE as CORRECTIONS
from pipelines.reference.corrections import load_corrections
from pipelines.reference.targets import FILE as TARGETS
from pipelines.reference.targets import load_targets


@dataclass(frozen=True)
class Curated:
    """The rows of core.fact_target and the entries of core.correction; ``version`` changes with any byte of the files."""

    targets: pl.DataFrame
    corrections: pl.DataFrame
    version: str


def load_curated(folder: Path, catalogue: Catalogue) -> Curated:
    """Read and validate the curated files of ``folder``. Raises ``TargetError``, ``CorrectionError``."""
    return Curated(load_targets(folder, catalogue), load_corrections(folder, catalogue), curated_version(folder))


def curated_version(folder: Path) -> str:
    """The version of the files as they are now; a file that is missing counts as empty."""
    digest = hashlib.sha256()
    for name in (TARGETS, CORRECTIONS):
        path = folder / name
        digest.update(hashlib.sha256(path.read_bytes() if path.exists() else b"").digest())
    return digest.hexdigest()[:12]
