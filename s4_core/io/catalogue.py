"""Which rasters there are, and what each of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from osgeo import gdal

from s4_core.errors import AreaError, RasterError
from s4_core.io.gdal_failures import GET_IT_AGAIN, raster_failures
from s4_core.types import Grid, RasterFile

PATTERNS = ("*.tif", "*.tiff", "*.vrt", "*.jp2")

_SUFFIXES = (".tif", ".tiff", ".vrt", ".jp2", ".img", ".asc")

_MAX_BLOCKS_CHECKED = 4_000
"""Per band; of larger rasters an even sample of the blocks is checked."""


@dataclass(frozen=True)
class Scan:
    """Rasters found, and those that cannot be used as `(path, reason)`."""

    rasters: tuple[RasterFile, ...]
    skipped: tuple[tuple[str, str], ...]


def is_raster(path: str | Path) -> bool:
    """Whether a file that may be vectors as well is a raster, by its suffix."""
    return Path(path).suffix.lower() in _SUFFIXES


def describe(path: str | Path) -> RasterFile:
    """Open a raster, read what it says of itself and check that its pixels are there.

    Every block's place in a TIFF is compared with the file's size, and the first and the last
    pixel are read: this finds truncated files, missing sources of a VRT and wrong codecs, not
    flipped bits in the middle (reading those raises).

    `crs_wkt` of the grid is empty where the file has no CRS or no geotransform. An address
    "https://..." is read piece by piece ("/vsicurl/https://...").

    Raises:
        RasterError: missing, not a raster, corrupt, truncated, or of complex numbers.
    """
    name = str(path)
    if name.startswith(("http://", "https://")):
        name = f"/vsicurl/{name}"
    if not name.startswith("/vsi") and not name.count(":") and not Path(name).exists():
        raise RasterError(f"{name} does not exist.", "Check the path.")
    with raster_failures(name):
        dataset = gdal.OpenEx(name, gdal.OF_RASTER | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR)
        if dataset.RasterCount == 0:
            raise RasterError(
                f"{name} has no bands of its own{_subdatasets(dataset)}.",
                "Name one of its rasters.",
            )
        refuse_complex(name, dataset)
        check_blocks(name, dataset)
        _probe(name, dataset)
        return described(name, dataset)


def scan(
    folder: str | Path,
    patterns: Sequence[str] = PATTERNS,
    recursive: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Scan:
    """Describe the rasters of a folder, in the order of their names; upper case counts too.

    Hidden files and folders are left out.

    Args:
        progress: called with (done, total) after each file.

    Raises:
        AreaError: there is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise AreaError(f"There is no folder {root}.", "Check the path.")
    found = sorted(
        path
        for path in (root.rglob("*") if recursive else root.iterdir())
        if any(fnmatch(path.name.lower(), pattern.lower()) for pattern in patterns)
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
    )
    return scan_files(found, progress)


def scan_files(
    paths: Iterable[str | Path], progress: Callable[[int, int], None] | None = None
) -> Scan:
    """Describe rasters; what cannot be read is listed with its reason instead of raising."""
    rasters: list[RasterFile] = []
    skipped: list[tuple[str, str]] = []
    listed = list(paths)
    for done, path in enumerate(listed, start=1):
        try:
            rasters.append(describe(path))
        except RasterError as error:
            skipped.append((str(path), error.message))
        if progress is not None:
            progress(done, len(listed))
    return Scan(tuple(rasters), tuple(skipped))


def grid_of(dataset: Any) -> Grid:
    """The grid of an open dataset; no CRS where it is not placed on the ground."""
    transform = dataset.GetGeoTransform(can_return_null=True)
    crs_wkt = "" if transform is None else dataset.GetProjection()
    return Grid(
        crs_wkt,
        tuple(transform or (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)),
        dataset.RasterYSize,
        dataset.RasterXSize,
    )


def described(name: str, dataset: Any) -> RasterFile:
    """What an open dataset says of itself."""
    bands = [dataset.GetRasterBand(i + 1) for i in range(dataset.RasterCount)]
    block_width, block_height = bands[0].GetBlockSize()
    return RasterFile(
        path=name,
        grid=grid_of(dataset),
        bands=tuple(band.GetDescription() or "" for band in bands),
        nodata=tuple(band.GetNoDataValue() for band in bands),
        dtype=gdal.GetDataTypeName(bands[0].DataType),
        tags=dict(dataset.GetMetadata() or {}),
        blocks=(block_height, block_width),
    )


def refuse_complex(name: str, dataset: Any) -> None:
    """Raise a RasterError where a dataset holds complex numbers."""
    if gdal.DataTypeIsComplex(dataset.GetRasterBand(1).DataType):
        raise RasterError(
            f"{name} holds complex numbers (single-look complex radar).",
            "Give calibrated backscatter (GRD, or RTC) instead.",
        )


def check_blocks(name: str, dataset: Any) -> None:
    """A TIFF opens although its end is missing: compare where its blocks should lie."""
    if dataset.GetDriver().ShortName not in ("GTiff", "COG"):
        return
    status = gdal.VSIStatL(dataset.GetDescription())
    if status is None:
        return
    interleaved = dataset.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE") == "PIXEL"
    bands = 1 if interleaved else dataset.RasterCount
    end = max(_blocks_end(dataset.GetRasterBand(i + 1)) for i in range(bands))
    if end > status.size:
        raise RasterError(
            f"{name} is truncated: it has {status.size} bytes, its pixels need {end}.",
            GET_IT_AGAIN,
        )


def _blocks_end(band: Any) -> int:
    """Where the last of a TIFF band's blocks ends in the file, bytes; sparse blocks lie nowhere."""
    width, height = band.GetBlockSize()
    columns, rows = -(-band.XSize // width), -(-band.YSize // height)
    step = -(-columns * rows // _MAX_BLOCKS_CHECKED)
    end = 0
    for block in {*range(0, columns * rows, step), columns * rows - 1}:
        place = f"{block % columns}_{block // columns}"
        offset = band.GetMetadataItem(f"BLOCK_OFFSET_{place}", "TIFF")
        size = band.GetMetadataItem(f"BLOCK_SIZE_{place}", "TIFF")
        if offset is not None and size is not None:
            end = max(end, int(offset) + int(size))
    return end


def _probe(name: str, dataset: Any) -> None:
    first, last = dataset.GetRasterBand(1), dataset.GetRasterBand(dataset.RasterCount)
    corner = first.ReadRaster(0, 0, 1, 1)
    opposite = last.ReadRaster(last.XSize - 1, last.YSize - 1, 1, 1)
    if corner is None or opposite is None:
        raise RasterError(f"{name} cannot be read to its end.", GET_IT_AGAIN)


def _subdatasets(dataset: Any) -> str:
    names = [subdataset for subdataset, _ in dataset.GetSubDatasets()]
    return f", but holds {', '.join(names[:4])}" if names else ""
