"""What the tests of the line share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.paths import Layout


@pytest.fixture
def layout(layout: Layout, database_without_documents: Path) -> Layout:
    """A warehouse that nothing landed in, at its newest schema: making that anew takes as long as half a run."""
    shutil.copyfile(database_without_documents, layout.database)
    return layout
