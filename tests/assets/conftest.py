"""What the tests of the line share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.paths import Layout
from pipelines.reference.catalogue import Catalogue
from pipelines.store.database import Database
from pipelines.store.dimensions import dimension_frames


@pytest.fixture(scope="session")
def database_without_documents(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """The database of a warehouse that nothing landed in: its tables, and what the catalogue says."""
    layout = Layout(tmp_path_factory.mktemp("empty"))
    with Database(layout) as database:
        database.load_dimensions(dimension_frames(catalogue), "the tests'")
        database.settle()
    return layout.database


@pytest.fixture
def layout(layout: Layout, database_without_documents: Path) -> Layout:
    """A warehouse that nothing landed in, at its newest schema: making that anew takes as long as a sixth of a run."""
    shutil.copyfile(database_without_documents, layout.database)
    return layout
