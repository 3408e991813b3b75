"""A plain GeoTIFF from an array: images and references that are no maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import gdal

from s4_core.io.atomic import PathLike, aside
from s4_core.io.crs import parse_crs
from s4_core.io.gdal_failures import write_failures, written
from s4_core.types import Grid

_TYPES = {
    "uint8": gdal.GDT_Byte,
    "uint16": gdal.GDT_UInt16,
    "int32": gdal.GDT_Int32,
    "float32": gdal.GDT_Float32,
}


def write_array(
    path: PathLike,
    array: npt.NDArray[np.generic],
    grid: Grid,
    bands: Sequence[str],
    *,
    nodata: float | None = None,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Write an array as a DEFLATE-compressed GeoTIFF, composed aside and then renamed.

    Args:
        array: (bands, H, W) uint8, uint16, int32 or float32.
        bands: a description per band.

    Raises:
        OutputError: the disk is full or the file cannot be written.
        ValueError: the array's shape or type does not fit.
    """
    if array.shape != (len(bands), grid.height, grid.width) or array.dtype.name not in _TYPES:
        raise ValueError(
            f"Cannot write {array.dtype} {array.shape} as {len(bands)} bands of "
            f"{grid.height} x {grid.width} px ({', '.join(_TYPES)})."
        )
    predictor = 3 if array.dtype.kind == "f" else 2
    options = ["COMPRESS=DEFLATE", "ZLEVEL=9", f"PREDICTOR={predictor}", "INTERLEAVE=BAND"]
    # one strip per band: small images compress better in one piece
    options.append(f"BLOCKYSIZE={min(grid.height, 512)}")
    size = (grid.width, grid.height, len(bands), _TYPES[array.dtype.name])
    with aside(path) as temporary, write_failures(str(path)):
        created = gdal.GetDriverByName("GTiff").Create(str(temporary), *size, options)
        with written(created) as dataset:
            _fill(dataset, array, grid, bands, nodata)
            dataset.SetMetadata(dict(tags or {}))
            dataset.FlushCache()


def _fill(
    dataset: Any,
    array: npt.NDArray[np.generic],
    grid: Grid,
    bands: Sequence[str],
    nodata: float | None,
) -> None:
    dataset.SetGeoTransform(grid.transform)
    if grid.crs_wkt:
        dataset.SetSpatialRef(parse_crs(grid.crs_wkt))
    for number, description in enumerate(bands, start=1):
        band = dataset.GetRasterBand(number)
        band.SetDescription(description)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        band.WriteArray(array[number - 1])
