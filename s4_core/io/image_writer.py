"""Writing an image window by window: complete under its name, or not there at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import gdal

from s4_core.errors import OutputError, RasterError
from s4_core.io.atomic import PathLike, aside
from s4_core.io.catalogue import describe
from s4_core.io.crs import parse_crs
from s4_core.io.gdal_failures import write_failures, written
from s4_core.types import Grid, Window

_BLOCK_PX = 256
_TYPES = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "float32": gdal.GDT_Float32}


@dataclass(frozen=True)
class ImageForm:
    """How an image is stored.

    Args:
        bands: a description per band. dtype: "uint8", "uint16" or "float32".
        tags: metadata items.
    """

    grid: Grid
    bands: tuple[str, ...]
    dtype: str
    nodata: float
    tags: Mapping[str, str] = field(default_factory=dict)


class ImageWriter:
    """A tiled, DEFLATE-compressed GeoTIFF, composed aside and renamed at the end of the block.

    Raises:
        OutputError: the disk is full, or the file cannot be written.
    """

    def __init__(self, path: PathLike, form: ImageForm) -> None:
        self._path = Path(path)
        self._form = form
        self._stack = ExitStack()
        self._dataset: Any = None
        self._temporary = self._path

    def __enter__(self) -> ImageWriter:
        self._temporary = self._stack.enter_context(aside(self._path))
        try:
            with write_failures(str(self._path)):
                self._dataset = self._stack.enter_context(written(self._create()))
                self._dress()
        except BaseException as error:
            self._stack.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def write(self, window: Window, values: npt.NDArray[np.generic]) -> None:
        """Write bands `(C, h, w)` of one window."""
        with write_failures(str(self._path)):
            for index, band_values in enumerate(values, start=1):
                band = self._dataset.GetRasterBand(index)
                band.WriteArray(band_values, window.col, window.row)

    def tag(self, tags: Mapping[str, str]) -> None:
        """Set further metadata items."""
        with write_failures(str(self._path)):
            self._dataset.SetMetadata({**self._dataset.GetMetadata(), **tags})

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._complete()
        self._dataset = None
        self._stack.__exit__(kind, error, trace)

    def _complete(self) -> None:
        """Everything on the disk and readable, before the file gets its name."""
        with write_failures(str(self._path)):
            self._dataset.FlushCache()
        try:
            describe(self._temporary)
        except RasterError as broken:
            failure = OutputError(
                f"{self._path} was not written completely: {broken.message}",
                "Free disk space or choose another place.",
            )
            self._stack.__exit__(OutputError, failure, None)
            raise failure from broken

    def _create(self) -> Any:
        form = self._form
        predictor = 3 if form.dtype == "float32" else 2
        side = min(_BLOCK_PX, -(-max(form.grid.shape) // 16) * 16)  # TIFF tiles: multiples of 16
        options = [
            "TILED=YES",
            f"BLOCKXSIZE={side}",
            f"BLOCKYSIZE={side}",
            "INTERLEAVE=BAND",
            "COMPRESS=DEFLATE",
            f"PREDICTOR={predictor}",
            "BIGTIFF=IF_SAFER",
        ]
        size = (form.grid.width, form.grid.height, len(form.bands), _TYPES[form.dtype])
        return gdal.GetDriverByName("GTiff").Create(str(self._temporary), *size, options)

    def _dress(self) -> None:
        form = self._form
        self._dataset.SetGeoTransform(form.grid.transform)
        self._dataset.SetSpatialRef(parse_crs(form.grid.crs_wkt))
        self._dataset.SetMetadata(dict(form.tags))
        for index, description in enumerate(form.bands, start=1):
            band = self._dataset.GetRasterBand(index)
            band.SetDescription(description)
            band.SetNoDataValue(form.nodata)


def image_bytes(grid: Grid, bands: Sequence[str], dtype: str) -> int:
    """Size of an image before compression, bytes."""
    return grid.height * grid.width * len(bands) * int(np.dtype(dtype).itemsize)
