"""Boxes on the ground: of files, in other coordinate systems, on a raster's lattice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from osgeo import ogr

from s4_core.errors import RasterError
from s4_core.io.catalogue import describe, is_raster
from s4_core.io.crs import parse_crs, same_crs, transform_points
from s4_core.io.gdal_failures import quiet
from s4_core.io.grids import ALIGNED_PX, require_placed, to_pixels
from s4_core.io.parcel_reading import read_parcels
from s4_core.io.parcels import ParcelLayer, geometry_of
from s4_core.types import Grid

Bounds = tuple[float, float, float, float]
"""xmin, ymin, xmax, ymax."""

DEGREES = "EPSG:4326"

_OUTLINE_POINTS = 21


def extent_of(path: str, layer: str | None = None) -> tuple[Bounds, str]:
    """The box around a raster or a vector layer, and its CRS as WKT.

    Raises:
        RasterError, LabelError: it cannot be read, is empty or has no CRS.
    """
    if is_raster(path):
        raster = describe(path)
        require_placed(raster)
        return raster.grid.bounds, raster.grid.crs_wkt
    layer_read = read_parcels(path, layer=layer, points=True)
    boxes = np.array(boxes_of(layer_read))
    xmin, ymin = boxes[:, :2].min(axis=0)
    xmax, ymax = boxes[:, 2:].max(axis=0)
    return (float(xmin), float(ymin), float(xmax), float(ymax)), layer_read.crs_wkt


def boxes_of(layer: ParcelLayer) -> list[Bounds]:
    """The box around each parcel, in the layer's CRS."""
    envelopes = (geometry_of(parcel).GetEnvelope() for parcel in layer.parcels)
    # OGR's envelopes are xmin, xmax, ymin, ymax
    return [(float(e[0]), float(e[2]), float(e[1]), float(e[3])) for e in envelopes]


def box_in(bounds: Bounds, from_crs: str, to_crs: str) -> Bounds:
    """The box around a box in another CRS.

    Raises:
        RasterError: a CRS is not understood, or the box is no place in it.
    """
    xs = np.linspace(bounds[0], bounds[2], _OUTLINE_POINTS)
    ys = np.linspace(bounds[1], bounds[3], _OUTLINE_POINTS)
    points = np.array([(x, y) for x in xs for y in ys])
    moved = transform_points(points, from_crs, to_crs)
    if not np.isfinite(moved).all():
        raise RasterError(
            f"The box {bounds} does not lie where its coordinate reference system is defined.",
            "Check the coordinates and their system.",
        )
    low, high = moved.min(axis=0), moved.max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def crs_of_code(epsg: int) -> str:
    """The WKT of an EPSG code.

    Raises:
        RasterError: there is no such code.
    """
    return str(parse_crs(f"EPSG:{epsg}").ExportToWkt())


def grid_over(lattice: Grid, bounds: Bounds, crs: str, pixel_m: float | None = None) -> Grid:
    """The pixels of a lattice that cover a box, north up.

    Args:
        lattice: gives CRS, pixel size and alignment; its extent does not matter.
        pixel_m: another size of pixels, in CRS units, on whole multiples of it.

    Raises:
        RasterError: the lattice is rotated, or the box is no place in its CRS.
    """
    x0, dx, rx, y0, ry, dy = lattice.transform
    if rx or ry:
        raise RasterError("The images are rotated against their axes.", "Use another source.")
    size_x, size_y = (abs(dx), abs(dy)) if pixel_m is None else (pixel_m, pixel_m)
    if pixel_m is not None:
        x0, y0 = x0 - x0 % pixel_m, y0 - y0 % pixel_m
    aligned = Grid(lattice.crs_wkt, (x0, size_x, 0.0, y0, 0.0, -size_y), 1, 1)
    box = box_in(bounds, crs, lattice.crs_wkt)
    corners = to_pixels(aligned, np.array([(box[0], box[3]), (box[2], box[1])]))
    left, top = np.floor(corners[0] + ALIGNED_PX).astype(int)
    right, bottom = np.ceil(corners[1] - ALIGNED_PX).astype(int)
    x, y = aligned.corner(int(top), int(left))
    return Grid(
        lattice.crs_wkt,
        (x, size_x, 0.0, y, 0.0, -size_y),
        max(1, int(bottom - top)),
        max(1, int(right - left)),
    )


def covered_share(bounds: Bounds, footprints: Sequence[Mapping[str, Any]]) -> float:
    """The share (0..1) of a box in degrees that GeoJSON polygons cover together.

    Footprints that are no valid geometry count as covering everything: better read in vain.
    """
    box = _polygon(bounds)
    covered = None
    for footprint in footprints:
        with quiet():
            try:
                part = ogr.CreateGeometryFromJson(json.dumps(footprint))
                inside = box.Intersection(part if part.IsValid() else part.MakeValid())
            except (RuntimeError, AttributeError):
                return 1.0
        if inside is None:
            return 1.0
        covered = inside if covered is None else covered.Union(inside)
    return 0.0 if covered is None else min(1.0, float(covered.GetArea() / box.GetArea()))


def _polygon(bounds: Bounds) -> Any:
    xmin, ymin, xmax, ymax = bounds
    ring = ogr.Geometry(ogr.wkbLinearRing)
    for x, y in ((xmin, ymin), (xmax, ymin), (xmax, ymax), (xmin, ymax), (xmin, ymin)):
        ring.AddPoint_2D(x, y)
    polygon = ogr.Geometry(ogr.wkbPolygon)
    polygon.AddGeometry(ring)
    return polygon


def is_nested(source: Grid, target: Grid) -> bool:
    """Whether every pixel of `source` is made of whole pixels of `target`."""
    if not same_crs(source.crs_wkt, target.crs_wkt) or source.transform[2] or source.transform[4]:
        return False
    places = to_pixels(target, np.array([source.corner(0, 0), source.corner(1, 1)]))
    return bool(np.abs(places - np.rint(places)).max() <= ALIGNED_PX)
