"""The part of an area that a user's extent names."""

from __future__ import annotations

import math

import numpy as np

from s4_core import io
from s4_core.errors import ConfigurationError
from s4_core.types import Grid, Window

# a coordinate this close to a pixel edge (in pixels) is on it: users copy rounded numbers
_EDGE_PX = 1e-4


def region_of(grid: Grid, extent: str | None) -> Window:
    """The pixels of `grid` that cover an extent; all of them where there is none.

    Args:
        extent: `xmin,ymin,xmax,ymax` in the grid's CRS.

    Raises:
        ConfigurationError: the text is not four numbers in order, or lies outside the grid.
    """
    if extent is None:
        return grid.whole
    xmin, ymin, xmax, ymax = _parse(extent)
    corners = np.array([(x, y) for x in (xmin, xmax) for y in (ymin, ymax)])
    cols, rows = io.to_pixels(grid, corners).T
    top, left = math.floor(rows.min() + _EDGE_PX), math.floor(cols.min() + _EDGE_PX)
    bottom, right = math.ceil(rows.max() - _EDGE_PX), math.ceil(cols.max() - _EDGE_PX)
    covering = Window(top, left, max(bottom - top, 1), max(right - left, 1))
    region = covering.clipped(*grid.shape)
    if region is None:
        bounds = ",".join(f"{value:.10g}" for value in grid.bounds)
        raise ConfigurationError(
            f"The extent {extent} does not touch the area, which covers {bounds}.",
            "Give an extent in the area's coordinate system.",
        )
    return region


def _parse(extent: str) -> tuple[float, float, float, float]:
    remedy = "Give it as xmin,ymin,xmax,ymax in the area's coordinate system."
    try:
        xmin, ymin, xmax, ymax = (float(part) for part in extent.split(","))
    except ValueError as error:
        raise ConfigurationError(f"'{extent}' is not an extent.", remedy) from error
    if not (xmin < xmax and ymin < ymax) or math.isinf(xmax - xmin) or math.isinf(ymax - ymin):
        raise ConfigurationError(f"The extent {extent} is empty.", remedy)
    return xmin, ymin, xmax, ymax
