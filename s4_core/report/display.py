"""Rasters as pictures: a display grid of moderate size, read strip by strip, as RGB arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from s4_core import io
from s4_core.types import NODATA_VALUE, Grid, Legend, RasterFile, Window

SIDE_PX = 768
"""Longest side of a picture, about; small maps are enlarged by a whole factor."""

_STRIP_ROWS = 64
_PAPER = (255, 255, 255)
_OUTLINE = (40, 40, 40)

Picture = NDArray[np.uint8]


def display_grid(grid: Grid) -> Grid:
    """The grid of pictures: the map's own, enlarged or thinned by a whole factor."""
    longest = max(grid.shape)
    if longest <= SIDE_PX:
        factor = float(max(1, SIDE_PX // longest))
    else:
        factor = 1.0 / -(-longest // SIDE_PX)
    height, width = (max(1, int(side * factor)) for side in grid.shape)
    x0, dx, rx, y0, ry, dy = grid.transform
    steps = (x0, dx / factor, rx / factor, y0, ry / factor, dy / factor)
    return Grid(grid.crs_wkt, steps, height, width)


def read_picture(raster: RasterFile, bands: list[int], grid: Grid) -> NDArray[np.float32]:
    """Bands on a display grid, nearest pixel, `(C, H, W)`, NaN where there is nothing."""
    strips = [
        io.read(
            raster,
            bands,
            grid,
            Window(row, 0, min(_STRIP_ROWS, grid.height - row), grid.width),
            "nearest",
        )
        for row in range(0, grid.height, _STRIP_ROWS)
    ]
    return np.concatenate(strips, axis=1)


def class_picture(values: NDArray[Any], legend: Legend) -> Picture:
    """Class values `(H, W)` (NaN or 0 = none) in the legend's colours, `(H, W, 3)`."""
    colours = np.array([_PAPER, *(known.colour for known in legend.classes)], np.uint8)
    index = np.nan_to_num(values, nan=NODATA_VALUE).astype(np.int64)
    picture: Picture = colours[np.where(index < len(colours), index, NODATA_VALUE)]
    return picture


def stretched(bands: NDArray[np.float32]) -> Picture:
    """Three bands `(3, H, W)` between their 2nd and 98th percentiles, `(H, W, 3)`."""
    picture = np.full((*bands.shape[1:], 3), 255, np.uint8)
    usable = np.isfinite(bands).all(0)
    if not usable.any():
        return picture
    for index, band in enumerate(bands):
        low, high = np.percentile(band[usable], [2, 98])
        scaled = np.clip((band[usable] - low) / max(high - low, 1e-9), 0, 1)
        picture[usable, index] = (255 * scaled).astype(np.uint8)
    return picture


def outlined(picture: Picture, index: NDArray[np.integer[Any]], strength: float) -> Picture:
    """The picture with a line along every boundary of `index` `(H, W)`.

    Args:
        strength: 0 leaves the picture, 1 draws opaque lines.
    """
    border = np.zeros(index.shape, np.bool_)
    border[1:] |= index[1:] != index[:-1]
    border[:, 1:] |= index[:, 1:] != index[:, :-1]
    return _blended(picture, border, _OUTLINE, strength)


def striped(picture: Picture, where: NDArray[np.bool_], period_px: int = 14) -> Picture:
    """The picture with dark diagonal stripes `where` it is True, `(H, W)`."""
    rows, columns = np.indices(where.shape)
    stripes = (rows + columns) % period_px < max(2, period_px // 4)
    return _blended(picture, where & stripes, _OUTLINE, 0.6)


def _blended(
    picture: Picture, where: NDArray[np.bool_], colour: tuple[int, int, int], strength: float
) -> Picture:
    result = picture.astype(np.float32)
    result[where] = (1 - strength) * result[where] + strength * np.array(colour, np.float32)
    return result.round().astype(np.uint8)
