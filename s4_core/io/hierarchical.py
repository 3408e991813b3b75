"""HDF5 files as groups of named arrays, read and written by GDAL's multidimensional drivers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import gdal

from s4_core.errors import RasterError
from s4_core.io.atomic import PathLike, aside
from s4_core.io.gdal_failures import GET_IT_AGAIN, raster_failures, write_failures, written

Entry = tuple[str, str, npt.NDArray[Any]]
"""Group, name, array."""

_TYPES = {
    "uint8": gdal.GDT_Byte,
    "int16": gdal.GDT_Int16,
    "int32": gdal.GDT_Int32,
    "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64,
}


class Hdf5File:
    """An HDF5 file, open for reading.

    Args:
        path: whatever its ending.

    Raises:
        RasterError: missing, or not HDF5.
    """

    def __init__(self, path: PathLike) -> None:
        self.path = Path(path)
        with raster_failures(str(path)):
            self._dataset = gdal.OpenEx(
                str(path), gdal.OF_MULTIDIM_RASTER, allowed_drivers=["HDF5"]
            )
            self._root = self._dataset.GetRootGroup()

    def names(self, group: str) -> tuple[str, ...]:
        """Arrays of a group in the root, sorted; empty where there is no such group."""
        if group not in (self._root.GetGroupNames() or ()):
            return ()
        return tuple(sorted(self._root.OpenGroup(group).GetMDArrayNames() or ()))

    def shape(self, group: str, name: str) -> tuple[int, ...]:
        """Without reading the values."""
        return tuple(int(d.GetSize()) for d in self._array(group, name).GetDimensions() or ())

    def read(self, group: str, name: str) -> npt.NDArray[Any]:
        """All values of an array.

        Raises:
            RasterError: there is none, or it cannot be read.
        """
        with raster_failures(str(self.path)):
            return np.asarray(self._array(group, name).ReadAsArray())

    def _array(self, group: str, name: str) -> Any:
        if name not in self.names(group):
            raise RasterError(f"{self.path} has no array /{group}/{name}.", GET_IT_AGAIN)
        with raster_failures(str(self.path)):
            return self._root.OpenGroup(group).OpenMDArray(name)


def write_hdf5(path: PathLike, entries: Iterable[Entry]) -> None:
    """Write arrays into groups, one after the other, composed aside and then renamed.

    The file is a netCDF-4 file, and as such an HDF5 file.

    Args:
        entries: arrays of uint8, int16, int32, float32 or float64.

    Raises:
        OutputError: the disk is full or the file cannot be written.
    """
    with aside(path) as temporary, write_failures(str(path)):
        created = gdal.GetDriverByName("netCDF").CreateMultiDimensional(str(temporary))
        with written(created) as dataset:
            _fill(dataset, entries)


def _fill(dataset: Any, entries: Iterable[Entry]) -> None:
    """Groups and arrays go out of scope here: GDAL flushes a file once nothing refers to it."""
    root = dataset.GetRootGroup()
    groups: dict[str, Any] = {}
    axes: dict[tuple[str, int], Any] = {}
    for group, name, array in entries:
        if group not in groups:
            groups[group] = root.CreateGroup(group)
        for size in array.shape:
            # one axis a size: each is a data set of its own, and thousands make a file slow
            if (group, size) not in axes:
                axes[group, size] = groups[group].CreateDimension(f"axis_{size}", "", "", size)
        dimensions = [axes[group, size] for size in array.shape]
        kind = gdal.ExtendedDataType.Create(_TYPES[array.dtype.name])
        created = groups[group].CreateMDArray(name, dimensions, kind)
        created.Write(array.copy(order="C"))
