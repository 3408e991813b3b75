"""What a map is compared with: reference parcels or a reference raster, matched to its legend.

Classes are matched by name, else by code, never by position; what has no match is listed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s4_core import io
from s4_core.errors import LabelError
from s4_core.types import NODATA_VALUE, Grid, Legend, RasterFile, Window

OVERLAP_SHARE = 0.1
"""A reference parcel with this share of its pixels inside an excluded parcel is excluded too."""


@dataclass(frozen=True)
class ReferenceParcels:
    """Reference parcels, or points, whose class the map knows.

    Args:
        parcels: as read, in file order.
        values: map value of each, 1..K.
        crs_wkt: their CRS.
        has_ids: they carry ids of their own (a column `parcel_id`), not row numbers.
        unmatched: number of parcels by class that the map does not know.
        are_points: each stands for the one pixel that holds it.
    """

    parcels: tuple[Any, ...]
    values: NDArray[np.int64]
    crs_wkt: str
    has_ids: bool
    unmatched: dict[str, int]
    are_points: bool = False

    def index(self, grid: Grid) -> NDArray[np.int32]:
        """`(H, W)`: 0 = no parcel, i + 1 = parcel i. Not for points, which may share a pixel."""
        return _index(self.parcels, self.crs_wkt, grid)

    def pixels(self, grid: Grid) -> NDArray[np.int64]:
        """Row and column of each point's pixel, `(P, 2)`; -1, -1 outside of the grid."""
        places: NDArray[np.int64] = io.pixels_of(self.parcels, self.crs_wkt, grid)
        return places


@dataclass(frozen=True)
class ReferenceRaster:
    """A raster of class codes.

    Args:
        value_of: map value by stored code; codes that the map does not know are missing.
        codes: every code that occurs, with its pixels. unmatched: pixels of unknown ones.
    """

    raster: RasterFile
    value_of: dict[int, int]
    unmatched: dict[str, int]

    def values(self, grid: Grid, window: Window) -> NDArray[np.int64]:
        """Map values of the reference on a window of the map's grid, 0 = none: `(h, w)`."""
        codes = _codes(self.raster, grid, window)
        values = np.full(codes.shape, NODATA_VALUE, np.int64)
        for code, value in self.value_of.items():
            values[codes == code] = value
        return values


@dataclass(frozen=True)
class Excluded:
    """Parcels that must not judge a map, because they trained its model."""

    parcels: tuple[Any, ...]
    crs_wkt: str
    ids: frozenset[str]

    def index(self, grid: Grid) -> NDArray[np.int32]:
        """`(H, W)`: 0 where nothing is excluded."""
        return _index(self.parcels, self.crs_wkt, grid)


def open_parcels(
    path: str, field: str | None, layer: str | None, legend: Legend
) -> ReferenceParcels:
    """Reference parcels, or points where there are no polygons, and their map values.

    Raises:
        LabelError: no field, no such field, or no parcel has a class of the map.
    """
    if field is None:
        raise LabelError(
            f"No class field is given for {path}.", "Name it, for example with --field crop."
        )
    read = io.read_parcels(path, field, layer, points=True)
    values = [legend.match(parcel.name, parcel.code) for parcel in read.parcels]
    unknown = Counter(
        parcel.name or parcel.code or "(empty)"
        for parcel, value in zip(read.parcels, values)
        if value is None
    )
    known = [(parcel, value) for parcel, value in zip(read.parcels, values) if value is not None]
    if not known:
        raise _nothing_matches(path, list(unknown), legend)
    return ReferenceParcels(
        parcels=tuple(parcel for parcel, _ in known),
        values=np.array([value for _, value in known], np.int64),
        crs_wkt=read.crs_wkt,
        has_ids="parcel_id" in read.fields,
        unmatched=dict(unknown),
        are_points=read.are_points,
    )


def open_raster(path: str, legend: Legend, grid: Grid, windows: list[Window]) -> ReferenceRaster:
    """A reference raster and the map value of each of its codes.

    Raises:
        LabelError: it has no codes on the map, or none of them is a class of it.
    """
    raster = io.describe(path)
    counts: Counter[int] = Counter()
    for window in windows:
        found, times = np.unique(_codes(raster, grid, window), return_counts=True)
        counts.update(dict(zip(found.tolist(), times.tolist())))
    del counts[NODATA_VALUE]
    if not counts:
        raise LabelError(
            f"{path} has no code on the ground of the map.",
            "Give a reference of the same place, with a right CRS.",
        )
    names = io.stored_classes(path)
    value_of: dict[int, int] = {}
    unmatched: dict[str, int] = {}
    for code, pixels in sorted(counts.items()):
        name, own_code = names.get(code, ("", str(code)))
        value = legend.match(name, own_code)
        if value is None:
            unmatched[name or str(code)] = pixels
        else:
            value_of[code] = value
    if not value_of:
        raise _nothing_matches(path, list(unmatched), legend)
    return ReferenceRaster(raster, value_of, unmatched)


def open_excluded(path: str) -> Excluded:
    """The parcels that trained a model."""
    read = io.read_parcels(path)
    own_ids = "parcel_id" in read.fields
    return Excluded(
        read.parcels,
        read.crs_wkt,
        frozenset(parcel.id for parcel in read.parcels) if own_ids else frozenset(),
    )


def _index(parcels: tuple[Any, ...], crs_wkt: str, grid: Grid) -> NDArray[np.int32]:
    index: NDArray[np.int32] = io.rasterize(parcels, range(1, len(parcels) + 1), crs_wkt, grid)
    return index


def _codes(raster: RasterFile, grid: Grid, window: Window) -> NDArray[np.int64]:
    values = io.read(raster, [1], grid, window, "nearest")[0]
    codes: NDArray[np.int64] = np.nan_to_num(values, nan=NODATA_VALUE).astype(np.int64)
    return codes


def _nothing_matches(path: str, found: list[str], legend: Legend) -> LabelError:
    classes = ", ".join(f"{c.name} ({c.code})" if c.code else c.name for c in legend.classes)
    given = ", ".join(found[:8]) or "no class at all"
    return LabelError(
        f"No class of {path} is a class of the map: found {given}; the map has {classes}.",
        "Choose the field whose names or codes are those of the map, or the right layer.",
    )
