"""Composing the GeoTIFF of a map from its finished values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal

from s4_core.errors import OutputError, RasterError, S4Error
from s4_core.io.catalogue import describe
from s4_core.io.gdal_failures import write_failures, written
from s4_core.io.legends import LEGEND_TAG, attribute_table, colour_table, legend_to_json
from s4_core.io.partial import PartialValues
from s4_core.types import NODATA_VALUE, Grid, Legend, Window

CONFIDENCE_BANDS = ("confidence", "margin")
CLASS_BAND = "class"

_BLOCK_PX = 256
_SMALLEST_OVERVIEW_PX = 256
_BLOCKS_SHARE = 0.6
"""Of the time for blocks and overviews, what the blocks take."""

_TYPES = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "float32": gdal.GDT_Float32}


@dataclass(frozen=True)
class Dress:
    """What a map says of itself besides its numbers.

    Args:
        name: final path, for messages.
        legend: of a class map; None for confidence.
        tags: metadata items.
    """

    name: str
    grid: Grid
    legend: Legend | None
    tags: Mapping[str, str]


def write_geotiff(
    path: Path, dress: Dress, values: PartialValues, progress: Callable[[float], None]
) -> tuple[int, ...] | None:
    """Write a whole map: tiled, compressed, with overviews and all that GDAL and QGIS show.

    The attribute table and the category names go to `PATH.aux.xml`, where GDAL keeps them; the
    legend also stands in the TIFF itself (tag S4_LEGEND and colour table).

    Args:
        progress: called with the fraction done; what it raises stops the writing.

    Returns:
        Pixels of each class, in the legend's order; None for confidence.

    Raises:
        OutputError: the disk is full or the file cannot be written.
    """
    with write_failures(dress.name), written(_create(path, dress, values)) as dataset:
        counts = _fill(dataset, dress, values, progress)
    try:
        describe(path)
    except RasterError as error:
        raise OutputError(
            f"{dress.name} was not written completely: {error.message}",
            "Free disk space or choose another place.",
        ) from error
    return counts


def _create(path: Path, dress: Dress, values: PartialValues) -> Any:
    return gdal.GetDriverByName("GTiff").Create(
        str(path),
        dress.grid.width,
        dress.grid.height,
        values.shape[0],
        _TYPES[values.dtype.name],
        options=_creation_options(dress.grid, dress.legend),
    )


def _fill(
    dataset: Any, dress: Dress, values: PartialValues, progress: Callable[[float], None]
) -> tuple[int, ...] | None:
    grid, legend = dress.grid, dress.legend
    dataset.SetProjection(grid.crs_wkt)
    dataset.SetGeoTransform(grid.transform)
    dataset.SetMetadata(dict(dress.tags))
    if legend is None:
        _dress_confidence(dataset)
    else:
        _dress_classes(dataset, legend)
    counts = _write_blocks(dataset, legend, values, progress)
    if legend is not None:
        dataset.GetRasterBand(1).SetDefaultRAT(attribute_table(legend, counts))
    dataset.FlushCache()
    levels = _overview_levels(grid)
    if levels:
        _build_overviews(dataset, "AVERAGE" if legend is None else "NEAREST", levels, progress)
    progress(1.0)
    return None if legend is None else counts


def _creation_options(grid: Grid, legend: Legend | None) -> list[str]:
    side = min(_BLOCK_PX, -(-max(grid.shape) // 16) * 16)  # TIFF tiles are multiples of 16
    options = [
        "TILED=YES",
        f"BLOCKXSIZE={side}",
        f"BLOCKYSIZE={side}",
        "INTERLEAVE=BAND",
        "COMPRESS=DEFLATE",
        "BIGTIFF=IF_SAFER",
    ]
    # differences between class numbers mean nothing; floats compress better by their bytes
    return [*options, "PREDICTOR=3"] if legend is None else options


def _dress_confidence(dataset: Any) -> None:
    for index, name in enumerate(CONFIDENCE_BANDS, start=1):
        band = dataset.GetRasterBand(index)
        band.SetDescription(name)
        band.SetNoDataValue(float("nan"))


def _dress_classes(dataset: Any, legend: Legend) -> None:
    dataset.SetMetadataItem(LEGEND_TAG, legend_to_json(legend))
    band = dataset.GetRasterBand(1)
    band.SetDescription(CLASS_BAND)
    band.SetNoDataValue(NODATA_VALUE)
    band.SetColorTable(colour_table(legend))
    band.SetCategoryNames(["no data", *legend.names])


def _write_blocks(
    dataset: Any, legend: Legend | None, values: PartialValues, progress: Callable[[float], None]
) -> tuple[int, ...]:
    """Copy the values, one row of blocks at a time; count the pixels of each class."""
    _, height, width = values.shape
    counts = np.zeros(0 if legend is None else len(legend) + 1, dtype=np.int64)
    for row in range(0, height, _BLOCK_PX):
        window = Window(row, 0, min(_BLOCK_PX, height - row), width)
        part = values.read(window)
        for index, band_values in enumerate(part, start=1):
            dataset.GetRasterBand(index).WriteArray(band_values, 0, row)
        if legend is not None:
            # (1, h, w) -> (h * w,)
            counts += np.bincount(part.ravel(), minlength=len(counts))
        progress(_BLOCKS_SHARE * (row + window.height) / height)
    return tuple(int(count) for count in counts[1:])


def _build_overviews(
    dataset: Any, method: str, levels: list[int], progress: Callable[[float], None]
) -> None:
    stopped: list[S4Error] = []

    def told(fraction: float, _message: str, _data: Any) -> int:
        try:
            progress(_BLOCKS_SHARE + (1 - _BLOCKS_SHARE) * fraction)
        except S4Error as error:  # must not travel through GDAL
            stopped.append(error)
            return 0
        return 1

    try:
        dataset.BuildOverviews(method, levels, callback=told)
    except RuntimeError:
        if stopped:
            raise stopped[0] from None
        raise


def _overview_levels(grid: Grid) -> list[int]:
    levels = []
    level = 2
    while max(grid.shape) * 2 // level > _SMALLEST_OVERVIEW_PX:
        levels.append(level)
        level *= 2
    return levels
