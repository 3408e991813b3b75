"""Files that hold several rasters: netCDF and HDF, with the days of their bands; and archives."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from osgeo import gdal

from s4_core.errors import RasterError
from s4_core.io.catalogue import describe
from s4_core.io.datasets import open_raster
from s4_core.io.gdal_failures import raster_failures
from s4_core.types import RasterFile

_SINCE = re.compile(r"(day|hour|minute|second)s? since (\d{4}-\d{1,2}-\d{1,2})")
_SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


@dataclass(frozen=True)
class Layer:
    """One raster of a container.

    Args:
        variable: its name there, such as "B04".
        days: of each band, None where it has none.
        scale, offset: to physical units, where the file says so.
    """

    raster: RasterFile
    variable: str
    days: tuple[date | None, ...]
    scale: float | None = None
    offset: float | None = None


def layers_in(path: str | Path) -> tuple[Layer, ...]:
    """The rasters of a netCDF or HDF file that lie on the ground; variables of one value do not.

    Raises:
        RasterError: it cannot be read.
    """
    name = str(path)
    with raster_failures(name):
        dataset = gdal.OpenEx(name, gdal.OF_RASTER | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR)
        names = [subdataset for subdataset, _ in dataset.GetSubDatasets()] or [name]
    layers = []
    for subdataset in names:
        try:
            raster = describe(subdataset)
        except RasterError:  # such as the variable that holds the projection
            continue
        if raster.grid.crs_wkt:
            layers.append(_layer(raster))
    return tuple(layers)


def members(archive: str | Path) -> tuple[str, ...]:
    """Names of GDAL for the files in a zip archive.

    Raises:
        RasterError: it is no zip archive, or it is cut off.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            inside = opened.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise RasterError(f"{archive} cannot be opened: {error}.", "Get it again.") from error
    return tuple(f"/vsizip/{archive}/{name}" for name in inside if not name.endswith("/"))


def read_bytes(path: str, most: int = 16 * 2**20) -> bytes:
    """A file, also one inside of an archive.

    Raises:
        RasterError: it cannot be read.
    """
    opened = gdal.VSIFOpenL(path, "rb")
    if opened is None:
        raise RasterError(f"{path} cannot be read.", "Get it again.")
    try:
        return bytes(gdal.VSIFReadL(1, most, opened) or b"")
    finally:
        gdal.VSIFCloseL(opened)


def _layer(raster: RasterFile) -> Layer:
    dataset = open_raster(raster.path)
    bands = [dataset.GetRasterBand(i + 1) for i in range(dataset.RasterCount)]
    units = next((v for k, v in raster.tags.items() if _SINCE.match(v) and k.endswith("units")), "")
    variable = bands[0].GetMetadataItem("NETCDF_VARNAME") or raster.path.rpartition(":")[2]
    return Layer(
        raster,
        str(variable),
        tuple(_day(band.GetMetadata(), units) for band in bands),
        _unless(bands[0].GetScale(), 1.0),
        _unless(bands[0].GetOffset(), 0.0),
    )


def _day(tags: dict[str, str], units: str) -> date | None:
    """The day of a band of a time dimension: "days since 1990-01-01" and a number."""
    since = _SINCE.match(units)
    times = [v for k, v in tags.items() if k.upper() in ("NETCDF_DIM_T", "NETCDF_DIM_TIME")]
    if since is None or not times:
        return None
    try:
        seconds = float(times[0]) * _SECONDS[since[1]]
    except ValueError:
        return None
    start = datetime.strptime(since[2], "%Y-%m-%d")
    return (start + timedelta(seconds=seconds)).date()


def _unless(value: Any, usual: float) -> float | None:
    return None if value is None or value == usual else float(value)
