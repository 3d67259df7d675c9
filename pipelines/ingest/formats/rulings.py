"""The ruled tables of a scanned page: lines found among its pixels, and the cells between them.

Belongs here: finding the lines, and taking them out so that they are not read as letters.
Does not: ruled tables of a PDF, whose lines are drawn (pdf.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines.ingest.formats.layout import Box, Grid

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as Picture

_DARK = 180  # of 255
_SHORTEST = 1 / 40  # of the page's width: longer than any stroke of a letter
_THICKEST = 1 / 200  # of the page's width: thicker is a bar or a picture
_NEAR = 1 / 250  # of the page's width: a line of a skewed scan drifts
_RIM = 2  # grey pixels beside a line
_MOST_EDGES = 20_000


def without_rulings(image: Picture) -> tuple[Picture, list[Grid]]:
    """A grey page without its ruling lines, and its ruled tables."""
    import numpy as np
    from PIL import Image

    pixels = np.array(image)
    dark = pixels < _DARK
    length, thick = int(image.width * _SHORTEST) or 1, int(image.width * _THICKEST) or 1
    across = _lines(dark, length, thick, axis=1)
    down = _lines(dark, length, thick, axis=0)
    edges = [*_edges(across, "h"), *_edges(down.T, "v")]
    if not edges or len(edges) > _MOST_EDGES:
        return image, []
    pixels[_grown(across, 0, _RIM) | _grown(down, 1, _RIM)] = 255
    return Image.fromarray(pixels), list(_grids(edges, image.width * _NEAR))


def _lines(dark: np.ndarray[Any, Any], length: int, thick: int, axis: int) -> np.ndarray[Any, Any]:
    """The dark pixels that belong to a straight run of ``length`` along ``axis``, and to nothing thick across it."""
    found = _runs(_grown(dark, 1 - axis, 1), length, axis)  # a thin line of a skewed scan steps from row to row
    lines: np.ndarray[Any, Any] = found & ~_runs(found, thick, 1 - axis)
    return lines


def _runs(dark: np.ndarray[Any, Any], length: int, axis: int) -> np.ndarray[Any, Any]:
    """The pixels within runs of at least ``length`` dark ones along ``axis``."""
    import numpy as np

    turned = dark if axis == 1 else dark.T
    sums = np.cumsum(np.pad(turned, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    starts = sums[:, length:] - sums[:, :-length] == length
    begun = np.cumsum(np.pad(starts, ((0, 0), (length, length - 1))), axis=1, dtype=np.int32)
    inside = begun[:, length:] - begun[:, :-length] > 0
    return inside[:, : turned.shape[1]] if axis == 1 else inside[:, : turned.shape[1]].T


def _grown(mask: np.ndarray[Any, Any], axis: int, by: int) -> np.ndarray[Any, Any]:
    """A mask with its neighbours along ``axis``."""
    import numpy as np

    grown = mask.copy()
    for step in range(1, by + 1):
        grown |= np.roll(mask, step, axis) | np.roll(mask, -step, axis)
    return grown


def _edges(mask: np.ndarray[Any, Any], orientation: str) -> Iterator[dict[str, Any]]:
    """The runs of a mask row by row, as pdfplumber has its edges; the rows of a transposed one are columns."""
    import numpy as np

    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    at, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    for level, start, end in zip(at.tolist(), starts.tolist(), ends.tolist(), strict=True):
        along = (start, level, end, level) if orientation == "h" else (level, start, level, end)
        x0, top, x1, bottom = along
        yield {
            "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top,
            "orientation": orientation, "object_type": "line",
        }  # fmt: skip


def _grids(edges: list[dict[str, Any]], near: float) -> Iterator[Grid]:
    """The tables that edges make: at least two columns."""
    from pdfplumber.table import Table, cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    joined = merge_edges(edges, near, near, 2 * near, 2 * near)
    crossings = edges_to_intersections(joined, 2 * near, 2 * near)
    for cells in cells_to_tables(intersections_to_cells(crossings)):
        grid = [[cell and Box(*cell) for cell in row.cells] for row in Table(None, cells).rows]  # type: ignore[arg-type]
        if len(grid[0]) > 1:
            yield grid
