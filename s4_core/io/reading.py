"""Reading rasters window by window onto a grid."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import gdal

from s4_core.errors import RasterError
from s4_core.io.catalogue import grid_of
from s4_core.io.datasets import open_raster
from s4_core.io.gdal_failures import GET_IT_AGAIN, raster_failures
from s4_core.io.grids import (
    pixels_per_pixel,
    require_placed,
    source_window,
    whole_pixel_shift,
)
from s4_core.types import Grid, RasterFile, Window

Floats = npt.NDArray[np.float32]

_METHODS = {
    "nearest": gdal.GRA_NearestNeighbour,
    "bilinear": gdal.GRA_Bilinear,
    "average": gdal.GRA_Average,
}


def read(
    raster: RasterFile,
    indices: Sequence[int],
    grid: Grid,
    window: Window,
    resampling: str = "bilinear",
) -> Floats:
    """Bands of a raster on one window of a grid.

    Read as they are where the raster's pixels are the grid's; else warped by GDAL. NaN stands
    where the raster has nodata (`raster.nodata`, not finite, a mask or alpha band) and outside.
    A bilinear value is the weighted mean of the valid ones among its neighbours.

    Args:
        indices: 1-based band numbers.
        window: on `grid`; may reach outside of it.
        resampling: "nearest", "bilinear" or "average".

    Returns:
        `(C, h, w)` as stored (no scale applied), C in the order of `indices`.

    Raises:
        RasterError: truncated, corrupt, without CRS, or no such band.
    """
    require_placed(raster)
    if resampling not in _METHODS:
        raise ValueError(f"'{resampling}' is none of {', '.join(_METHODS)}.")
    wrong = [i for i in indices if not 1 <= i <= len(raster.bands)]
    if wrong:
        raise RasterError(
            f"{raster.path} has {len(raster.bands)} bands, asked for {wrong}.",
            "Describe the file again: it may have changed.",
        )
    shift = whole_pixel_shift(raster.grid, grid)
    if shift is not None:
        return _read_padded(raster, indices, window.shifted(*shift))
    return _read_warped(raster, indices, grid, window, resampling)


def read_array(path: str | Path, window: Window | None = None) -> tuple[npt.NDArray[Any], Grid]:
    """All bands of a raster as stored: `(bands, h, w)` in the file's type, and their grid.

    Args:
        window: a part inside the raster; None for the whole.

    Raises:
        RasterError: missing, corrupt, or the window reaches outside.
    """
    name = str(path)
    dataset = open_raster(name)
    grid = grid_of(dataset)
    part = window or grid.whole
    if part.clipped(*grid.shape) != part:
        raise RasterError(
            f"{name} has {grid.height} x {grid.width} pixels; {part} reaches outside.",
            "Ask for a part of it.",
        )
    with raster_failures(name):
        values = dataset.ReadAsArray(part.col, part.row, part.width, part.height)
    if values is None:
        raise RasterError(f"{name} cannot be read.", GET_IT_AGAIN)
    # (h, w) of a single band -> (1, h, w)
    values = values.reshape(dataset.RasterCount, part.height, part.width)
    return values, grid.at(part)


def to_grid(
    values: npt.NDArray[Any], grid: Grid, target: Grid, resampling: str = "nearest"
) -> Floats:
    """Bands in memory `(C, h, w)` on `grid` -> `(C, H, W)` on another grid, NaN outside."""
    floats = np.asarray(values, dtype=np.float32)
    with raster_failures("The raster in memory"):
        return _warp(floats, grid, target, resampling, pixels_per_pixel(grid, target))


def _read_padded(raster: RasterFile, indices: Sequence[int], window: Window) -> Floats:
    """A window of the raster's own pixels, NaN where it reaches outside."""
    values = np.full((len(indices), window.height, window.width), np.nan, dtype=np.float32)
    inside = window.clipped(*raster.grid.shape)
    if inside is not None:
        rows, cols = inside.shifted(-window.row, -window.col).slices
        values[:, rows, cols] = _read_own(raster, indices, inside)
    return values


def _read_own(raster: RasterFile, indices: Sequence[int], window: Window) -> Floats:
    """A window inside the raster, NaN where it has nodata."""
    dataset = open_raster(raster.path)
    place = (window.col, window.row, window.width, window.height)
    bands = []
    with raster_failures(raster.path):
        if (dataset.RasterYSize, dataset.RasterXSize) != raster.grid.shape:
            raise RasterError(f"{raster.path} changed since it was described.", "Start again.")
        for index in indices:
            band = dataset.GetRasterBand(index)
            stored = band.ReadAsArray(*place)
            if stored is None:
                raise RasterError(f"{raster.path} cannot be read.", GET_IT_AGAIN)
            values = stored.astype(np.float32)
            values[~np.isfinite(values)] = np.nan  # dB of no power is minus infinity
            nodata = raster.nodata[index - 1]
            if nodata is not None:
                # compared in the file's type: float32 would merge large integers
                values[stored == nodata] = np.nan
            if band.GetMaskFlags() & (gdal.GMF_PER_DATASET | gdal.GMF_ALPHA):
                values[band.GetMaskBand().ReadAsArray(*place) == 0] = np.nan
            bands.append(values)
    return np.stack(bands)


def _read_warped(
    raster: RasterFile, indices: Sequence[int], grid: Grid, window: Window, resampling: str
) -> Floats:
    # one scale for every window: GDAL would estimate it anew, and neighbours would differ
    scale = pixels_per_pixel(raster.grid, grid)
    margin_px = int(np.ceil(2 * max(1.0, *scale))) + 2 if np.isfinite(scale).all() else 4
    target = grid.at(window)
    needed = source_window(raster.grid, target, margin_px)
    if needed is None:
        return np.full((len(indices), *target.shape), np.nan, dtype=np.float32)
    own = _read_own(raster, indices, needed)
    with raster_failures(raster.path):
        return _warp(own, raster.grid.at(needed), target, resampling, scale)


def _warp(
    values: Floats, grid: Grid, target: Grid, resampling: str, scale: tuple[float, float]
) -> Floats:
    """Warp `(C, h, w)` from one grid to another; `scale` is source pixels per target pixel."""
    options = ["UNIFIED_SRC_NODATA=NO", "INIT_DEST=NO_DATA"]
    if np.isfinite(scale).all():
        # about equal sizes count as equal, as in GDAL: no smoothing for a turn of the axes
        factors = [1.0 if 0.9 < s < 1.1 else 1.0 / s for s in scale]
        options += [f"XSCALE={factors[0]!r}", f"YSCALE={factors[1]!r}"]
    if resampling == "average":
        # GDAL averages the outermost pixels into target pixels beside them: give it a rim of none
        values = np.pad(values, ((0, 0), (1, 1), (1, 1)), constant_values=np.nan)
        grid = grid.at(grid.whole.grown(1))
    warped = _memory(target, np.full((len(values), *target.shape), np.nan))
    gdal.Warp(
        warped,
        _memory(grid, values),
        resampleAlg=_METHODS[resampling],
        srcNodata="nan",
        dstNodata="nan",
        errorThreshold=0,  # exact coordinates: interpolated ones depend on the window
        warpOptions=options,
    )
    result: Floats = warped.ReadAsArray()
    return result.reshape(-1, *target.shape)  # (h, w) of a single band -> (1, h, w)


def _memory(grid: Grid, values: npt.NDArray[Any]) -> Any:
    """A float32 dataset in memory of `(C, h, w)` values, NaN = nodata."""
    driver = gdal.GetDriverByName("MEM")
    dataset = driver.Create("", grid.width, grid.height, len(values), gdal.GDT_Float32)
    dataset.SetProjection(grid.crs_wkt)
    dataset.SetGeoTransform(grid.transform)
    for index, band_values in enumerate(values, start=1):
        band = dataset.GetRasterBand(index)
        band.SetNoDataValue(float("nan"))
        band.WriteArray(band_values)
    return dataset
