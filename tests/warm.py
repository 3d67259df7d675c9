"""What a process that runs are forked from has ready: the slow imports, and the reader compiled."""

import great_expectations  # noqa: F401
import polars  # noqa: F401
import trafilatura  # noqa: F401

import tests.line  # noqa: F401
from pipelines.assets.resources import compiled
from pipelines.paths import ROOT
from pipelines.reference.catalogue import load_catalogue

compiled(load_catalogue(ROOT / "warehouse" / "reference"))
