"""A small map and its reference parcels, as values and as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import ogr, osr

from s4_core import io
from s4_core.types import Grid, Legend, MapClass

osr.UseExceptions()
CRS = osr.SpatialReference()
CRS.ImportFromEPSG(32631)
WKT = CRS.ExportToWkt()
GRID = Grid(WKT, (500000.0, 10.0, 0.0, 5650000.0, 0.0, -10.0), 32, 40)
LEGEND = Legend(
    (
        MapClass("wheat", "1110", (200, 120, 50)),
        MapClass("maize", "1200", (240, 200, 50)),
        MapClass("grass", "9120", (150, 200, 110)),
    )
)


def box(row: int, col: int, height: int, width: int) -> bytes:
    """WKB of the polygon that covers these pixels of the grid."""
    (x0, y0), (x1, y1) = GRID.corner(row, col), GRID.corner(row + height, col + width)
    text = f"POLYGON(({x0} {y0},{x1} {y0},{x1} {y1},{x0} {y1},{x0} {y0}))"
    return bytes(ogr.CreateGeometryFromWkt(text).ExportToWkb())


def parcel(number: int, name: str, code: str, place: tuple[int, int, int, int]) -> io.Parcel:
    return io.Parcel(str(number), name, code, None, box(*place), place[2] * place[3] * 0.01)


PARCELS = (
    parcel(1, "wheat", "1110", (0, 0, 8, 10)),
    parcel(2, "wheat", "1110", (0, 12, 8, 10)),
    parcel(3, "Maize ", "", (10, 0, 8, 10)),
    parcel(4, "corn", "1200", (10, 12, 8, 10)),
    parcel(5, "grass", "9120", (20, 0, 8, 10)),
    parcel(6, "hops", "77", (20, 12, 8, 10)),
)
"""Two wheat, two maize (one matched by code), one grass, one class that the map does not know."""


def map_values() -> np.ndarray[Any, Any]:
    """Half of parcel 2 is mapped as maize, a quarter of parcel 4 as grass; else right."""
    values = np.full(GRID.shape, 3, np.uint8)
    values[0:8, 0:22] = 1
    values[4:8, 12:22] = 2
    values[10:18, 0:22] = 2
    values[10:12, 12:22] = 3
    return values


def write_map(path: Path, values: Any, tags: dict[str, str] | None = None) -> Path:
    with io.MapWriter(path, GRID, "classes", LEGEND, tags or {}) as writer:
        writer.write(GRID.whole, values)
    return path


def write_points(path: Path, places: Sequence[tuple[float, float, str]]) -> Path:
    """Points at `(row, col, class)` of the grid, in pixels; a GeoPackage."""
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer("sample", CRS, ogr.wkbPoint)
    layer.CreateField(ogr.FieldDefn("crop", ogr.OFTString))
    for row, col, name in places:
        feature = ogr.Feature(layer.GetLayerDefn())
        x, y = GRID.corner(row, col)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({x} {y})"))
        feature.SetField("crop", name)
        layer.CreateFeature(feature)
    del layer, source
    return path
