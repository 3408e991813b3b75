"""Parcels and masks on the area's grid, a strip of rows at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.errors import LabelError
from s4_core.infer.tiling import Tile, TilePlan
from s4_core.types import Grid, Window

Mask = Callable[[Window], npt.NDArray[np.bool_]]
"""Which pixels `(h, w)` of a window of the area's grid may be mapped."""

STRIP_PIXELS = 2**23
"""Burnt at once: 32 MiB of parcel numbers. Burning walks through all parcels each time."""


class BurntParcels:
    """Parcel numbers on a region of a grid: 1..P in the layer's order.

    Where two parcels overlap, the later one counts.

    Args:
        region: pixels of `grid` that windows will be asked from, best downwards.
    """

    def __init__(self, layer: io.ParcelLayer, grid: Grid, region: Window) -> None:
        self._layer = layer
        self._grid = grid
        self._region = region
        self._strip = Window(region.row, region.col, 1, region.width)
        self._numbers: npt.NDArray[np.int32] | None = None

    def at(self, window: Window) -> npt.NDArray[np.int32]:
        """Parcel numbers `(h, w)` of a window inside the region; 0 = none."""
        bottom = self._strip.row + self._strip.height
        inside = self._strip.row <= window.row and window.row + window.height <= bottom
        if self._numbers is None or not inside:
            self._strip = self._strip_from(window)
            self._numbers = io.rasterize(
                self._layer,
                range(1, len(self._layer.parcels) + 1),
                self._layer.crs_wkt,
                self._grid.at(self._strip),
            )
        return self._numbers[window.shifted(-self._strip.row, -self._strip.col).slices]

    def _strip_from(self, window: Window) -> Window:
        """All of the region's columns, as many rows from the window's first as memory allows."""
        region = self._region
        rows = max(window.height, STRIP_PIXELS // region.width)
        rows = min(rows, region.row + region.height - window.row)
        return Window(window.row, region.col, rows, region.width)


def open_mask(path: str, grid: Grid, region: Window) -> Mask:
    """A mask of polygons, or of a raster where it is above 0.

    Raises:
        LabelError: not a polygon layer. RasterError: not a readable raster.
    """
    if io.is_raster(path):
        raster = io.describe(path)
        # NaN (nodata, outside) is not above 0
        return lambda window: io.read(raster, [1], grid, window, "nearest")[0] > 0
    burnt = BurntParcels(io.read_parcels(path), grid, region)
    return lambda window: burnt.at(window) > 0


def tiles_inside(plan: TilePlan, mask: Mask | None, path: str | None) -> tuple[Tile, ...]:
    """The tiles that have a pixel inside the mask; all of them without a mask.

    Raises:
        LabelError: there is none; the message names `path`.
    """
    if mask is None:
        return plan.tiles
    inside = tuple(tile for tile in plan.tiles if mask(tile.core).any())
    if not inside:
        raise LabelError(
            f"{path} covers no pixel of the area or extent to map.",
            "Give a mask that overlaps the area, in any coordinate system that it declares.",
        )
    return inside
