"""Parcels on a grid: burning, shrinking, overlaps, pixels under points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import gdal, ogr

from s4_core.errors import LabelError
from s4_core.io.crs import (
    local_metric_crs,
    metres_per_unit,
    parse_crs,
    same_crs,
    transform_points,
    transformation,
)
from s4_core.io.gdal_failures import vector_failures
from s4_core.io.grids import to_pixels
from s4_core.io.parcels import Parcel, ParcelLayer, geometry_of
from s4_core.types import Grid

_MEMORY = "Memory" if int(gdal.VersionInfo()) < 3110000 else "MEM"
_ROUND_SEGMENTS = 8
_ISOTROPIC = 0.01


@dataclass(frozen=True)
class Overlap:
    """Two parcels, by index, that share ground: how much, in square metres."""

    first: int
    second: int
    area_m2: float


def rasterize(
    layer_or_parcels: ParcelLayer | Sequence[Parcel],
    values: Sequence[int],
    crs_wkt: str,
    grid: Grid,
    *,
    all_touched: bool = False,
    inner_buffer_m: float = 0.0,
) -> npt.NDArray[np.int32]:
    """Burn parcels onto a grid; where two overlap, the later one stays.

    A pixel belongs to a parcel that holds its centre, or with `all_touched` any part of it.

    Args:
        values: per parcel, not 0.
        crs_wkt: of the parcels.
        inner_buffer_m: strip left out along the inside of every boundary, metres on the ground.

    Returns:
        `(H, W)`; 0 where there is no parcel.

    Raises:
        LabelError: a parcel cannot be transformed to the grid's CRS.
        ValueError: not one value per parcel, or a negative buffer.
    """
    parcels = _parcels(layer_or_parcels)
    if len(values) != len(parcels):
        raise ValueError(f"{len(values)} values for {len(parcels)} parcels.")
    if inner_buffer_m < 0:
        raise ValueError(f"The inner buffer is a width, got {inner_buffer_m} m.")
    target = gdal.GetDriverByName("MEM").Create("", grid.width, grid.height, 1, gdal.GDT_Int32)
    target.SetGeoTransform(grid.transform)
    target.SetProjection(grid.crs_wkt)
    with vector_failures("The parcel layer"):
        shapes = _on_grid([geometry_of(p) for p in parcels], crs_wkt, grid, inner_buffer_m)
        touched = "TRUE" if all_touched else "FALSE"
        _burn(target, zip(shapes, values), [f"ALL_TOUCHED={touched}"])
    burnt: npt.NDArray[np.int32] = target.ReadAsArray()
    return burnt


def pixels_of(points: Sequence[Parcel], crs_wkt: str, grid: Grid) -> npt.NDArray[np.int64]:
    """Row and column of the pixel that holds each point, `(P, 2)`; -1, -1 outside of the grid.

    Raises:
        LabelError: the CRS is not understood.
    """
    with vector_failures("The point layer"):
        places = [geometry_of(point).GetPoint_2D() for point in points]
        # (P, 2) as x, y; NaN where the transformation is not defined
        moved = transform_points(np.array(places).reshape(-1, 2), crs_wkt, grid.crs_wkt)
    columns, rows = np.floor(to_pixels(grid, moved)).T
    inside = (rows >= 0) & (rows < grid.height) & (columns >= 0) & (columns < grid.width)
    # (P,) and (P,) -> (P, 2)
    found = np.where(inside[:, None], np.stack([rows, columns], axis=1), -1)
    return found.astype(np.int64)


def _burn(target: Any, valued_shapes: Iterable[tuple[Any, int]], options: list[str]) -> None:
    """Burn shapes in the CRS of the target, in order."""
    source = ogr.GetDriverByName(_MEMORY).CreateDataSource("")
    layer = source.CreateLayer("parcels", parse_crs(target.GetProjection()), ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn("value", ogr.OFTInteger))
    for shape, value in valued_shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(shape)
        feature.SetField("value", int(value))
        layer.CreateFeature(feature)
    gdal.RasterizeLayer(target, [1], layer, options=["ATTRIBUTE=value", *options])


def overlapping(
    layer_or_parcels: ParcelLayer | Sequence[Parcel], crs_wkt: str, tolerance_m2: float = 0.0
) -> tuple[Overlap, ...]:
    """Pairs of parcels that share more ground than a tolerance, for example one pixel.

    Boundaries drawn by hand overlap a little, so a tolerance of 0 finds neighbours too.

    Raises:
        LabelError: the CRS is not understood, or a geometry is broken.
    """
    parcels = _parcels(layer_or_parcels)
    if not parcels:
        return ()
    with vector_failures("The parcel layer"):
        shapes = [geometry_of(parcel) for parcel in parcels]
        boxes = np.array([shape.GetEnvelope() for shape in shapes])  # xmin, xmax, ymin, ymax
        middle = boxes.mean(axis=0)
        east, north = metres_per_unit(crs_wkt, middle[:2].mean(), middle[2:].mean())
        found = []
        for first, second in _touching_boxes(boxes):
            shared = shapes[first].Intersection(shapes[second])
            area_m2 = 0.0 if shared is None else shared.GetArea() * east * north
            if area_m2 > tolerance_m2:
                found.append(Overlap(first, second, area_m2))
    return tuple(sorted(found, key=lambda o: (o.first, o.second)))


def _parcels(layer_or_parcels: ParcelLayer | Sequence[Parcel]) -> Sequence[Parcel]:
    if isinstance(layer_or_parcels, ParcelLayer):
        return layer_or_parcels.parcels
    return layer_or_parcels


def _on_grid(
    shapes: Sequence[Any], crs_wkt: str, grid: Grid, inner_buffer_m: float
) -> Iterator[Any]:
    """Shapes in the grid's CRS, shrunk; a parcel narrower than two buffers is empty."""
    if not inner_buffer_m:
        yield from _moved(shapes, crs_wkt, grid.crs_wkt)
        return
    x, y = grid.corner(grid.height / 2, grid.width / 2)
    east, north = metres_per_unit(grid.crs_wkt, x, y)
    metric = grid.crs_wkt
    if abs(east - north) > _ISOTROPIC * max(east, north):
        # degrees, say: one unit is not one length in all directions, so shrink in metres
        metric, east = local_metric_crs(grid.crs_wkt, x, y), 1.0
    shrunk = [
        shape.Buffer(-inner_buffer_m / east, _ROUND_SEGMENTS)
        for shape in _moved(shapes, crs_wkt, metric)
    ]
    yield from _moved(shrunk, metric, grid.crs_wkt)


def _moved(shapes: Sequence[Any], from_wkt: str, to_wkt: str) -> list[Any]:
    moved = [shape.Clone() for shape in shapes]
    if same_crs(from_wkt, to_wkt):
        return moved
    way = transformation(from_wkt, to_wkt)
    for index, shape in enumerate(moved):
        if shape.Transform(way) != 0:
            raise LabelError(
                f"Parcel {index + 1} cannot be placed on the area's grid.",
                "Check that the layer has the right CRS.",
            )
    return moved


def _touching_boxes(boxes: npt.NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """Pairs of overlapping boxes (N, 4) xmin, xmax, ymin, ymax, by a sweep from west to east."""
    active: list[int] = []
    for index in np.argsort(boxes[:, 0], kind="stable"):
        xmin, _, ymin, ymax = boxes[index]
        active = [i for i in active if boxes[i, 1] > xmin]
        for other in active:
            if boxes[other, 2] < ymax and boxes[other, 3] > ymin:
                yield (min(int(index), other), max(int(index), other))
        active.append(int(index))
