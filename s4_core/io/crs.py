"""Coordinate reference systems: parsing, comparing, transforming, and what a unit is on the ground.

Axes are always in GIS order (x = east or longitude first), whatever the authority says.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from osgeo import osr

from s4_core.errors import RasterError
from s4_core.io.gdal_failures import plain, quiet
from s4_core.types import Grid

osr.UseExceptions()

Points = npt.NDArray[np.float64]


def parse_crs(crs_wkt: str) -> Any:
    """An `osr.SpatialReference` from WKT (or "EPSG:n"), axes in GIS order.

    Raises:
        RasterError: empty or not understood.
    """
    if not crs_wkt:
        raise RasterError(
            "There is no coordinate reference system.",
            "Assign one, for example with gdal_edit.py -a_srs EPSG:32631 FILE.",
        )
    reference = osr.SpatialReference()
    try:
        with quiet():
            reference.SetFromUserInput(crs_wkt)
    except RuntimeError as error:
        raise RasterError(
            f"The coordinate reference system '{crs_wkt[:60]}' is not understood: {plain(error)}.",
            "Assign a known one, for example with gdal_edit.py -a_srs EPSG:32631 FILE.",
        ) from error
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


@lru_cache(maxsize=256)
def same_crs(first_wkt: str, second_wkt: str) -> bool:
    """Whether two CRS put the same numbers at the same place."""
    if first_wkt == second_wkt:
        return True
    if not first_wkt or not second_wkt:
        return False
    options = ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"]
    return bool(parse_crs(first_wkt).IsSame(parse_crs(second_wkt), options))


def transformation(from_wkt: str, to_wkt: str) -> Any:
    """An `osr.CoordinateTransformation` between two CRS.

    Raises:
        RasterError: PROJ knows no way.
    """
    try:
        with quiet():
            return osr.CoordinateTransformation(parse_crs(from_wkt), parse_crs(to_wkt))
    except RuntimeError as error:
        raise RasterError(
            f"There is no transformation between the coordinate reference systems: {plain(error)}.",
            "Warp the file to the area's CRS first (gdalwarp -t_srs ...).",
        ) from error


def transform_points(points: Points, from_wkt: str, to_wkt: str) -> Points:
    """Points (N, 2) as x, y in another CRS; NaN where the transformation is not defined."""
    if same_crs(from_wkt, to_wkt):
        return points
    way = transformation(from_wkt, to_wkt)
    with quiet():
        try:
            moved = np.array(way.TransformPoints(points.tolist()), dtype=np.float64)[:, :2]
        except RuntimeError:  # one bad point spoils the lot
            moved = np.array([_transform_point(way, x, y) for x, y in points.tolist()])
    moved[~np.isfinite(moved).all(axis=1)] = np.nan
    return moved


def _transform_point(way: Any, x: float, y: float) -> tuple[float, float]:
    try:
        moved = way.TransformPoint(x, y)
    except RuntimeError:
        return (np.nan, np.nan)
    return (moved[0], moved[1])


def local_metric_crs(crs_wkt: str, x: float, y: float) -> str:
    """WKT of an equal-area CRS in metres, centred at `(x, y)` of another CRS."""
    longitude, latitude = transform_points(np.array([[x, y]]), crs_wkt, "EPSG:4326")[0]
    if not (np.isfinite(longitude) and abs(latitude) <= 90):
        raise RasterError(
            f"({x:g}, {y:g}) is not a place in its coordinate reference system.",
            "Check that the file has the right CRS.",
        )
    reference = osr.SpatialReference()
    reference.SetFromUserInput(
        f"+proj=laea +lat_0={latitude:.9f} +lon_0={longitude:.9f} +datum=WGS84 +units=m"
    )
    return str(reference.ExportToWkt())


def metres_per_unit(crs_wkt: str, x: float, y: float) -> tuple[float, float]:
    """How many metres on the ground one CRS unit is at `(x, y)`, eastwards and northwards.

    Within half a percent of the CRS's own linear unit that unit is taken, so that a UTM metre
    is a metre.
    """
    reference = parse_crs(crs_wkt)
    # a step of about 100 m, whatever the unit
    step = 1e-3 if reference.IsGeographic() else 100.0 / reference.GetLinearUnits()
    corners = np.array([[x - step, y], [x + step, y], [x, y - step], [x, y + step]])
    flat = transform_points(corners, crs_wkt, local_metric_crs(crs_wkt, x, y))
    measured = [float(np.hypot(*(flat[i + 1] - flat[i]))) / (2 * step) for i in (0, 2)]
    if not reference.IsGeographic():
        nominal = float(reference.GetLinearUnits())
        measured = [nominal if abs(m / nominal - 1) < 5e-3 else m for m in measured]
    return (measured[0], measured[1])


def pixel_area_ha(grid: Grid) -> float:
    """Area of one pixel on the ground at the grid's centre, hectares.

    Raises:
        RasterError: the grid has no CRS.
    """
    x, y = grid.corner(grid.height / 2, grid.width / 2)
    east, north = metres_per_unit(grid.crs_wkt, x, y)
    _, dx, rx, _, ry, dy = grid.transform
    return abs(dx * dy - rx * ry) * east * north / 1e4


def crs_name(crs_wkt: str) -> str:
    """A CRS in short: "EPSG:32631" where it has a code, else its name."""
    reference = parse_crs(crs_wkt)
    code = reference.GetAuthorityCode(None)
    if code:
        return f"{reference.GetAuthorityName(None)}:{code}"
    return str(reference.GetName())
