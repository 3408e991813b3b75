"""The extent to map, in the area's own coordinate system."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from osgeo import gdal, osr

from s4_core.errors import AreaError, ConfigurationError
from s4_qgis.forms import AreaForm, Extent
from s4_qgis.i18n import tr
from s4_qgis.layers.sources import folder_rasters
from s4_qgis.processing.given import Given

_BARE = re.compile(r"\s*[-+.\deE]+(\s*,\s*[-+.\deE]+){3}\s*")
"""Four numbers without a coordinate system."""


_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class GivenExtent:
    """An extent as it was given, and its coordinate system; "" stands for the area's own."""

    box: Extent
    wkt: str = ""


def read_extent(given: Given, name: str) -> GivenExtent | None:
    """The extent that was given; it may be a layer's, so in QGIS's main thread."""
    value = given.parameters.get(name)
    if value is None or value == "":
        return None
    rectangle = given.algorithm.parameterAsExtent(given.parameters, name, given.context)
    if rectangle.isNull():
        return None
    if isinstance(value, str) and _BARE.fullmatch(value):
        return given_extent(rectangle, None)
    crs = given.algorithm.parameterAsExtentCrs(given.parameters, name, given.context)
    return given_extent(rectangle, crs)


def given_extent(rectangle: Any, crs: Any) -> GivenExtent:
    """QGIS's rectangle and coordinate system (None: the area's own) as plain values."""
    box = (
        rectangle.xMinimum(),
        rectangle.yMinimum(),
        rectangle.xMaximum(),
        rectangle.yMaximum(),
    )
    return GivenExtent(box, str(crs.toWkt()) if crs is not None and crs.isValid() else "")


def in_area(extent: GivenExtent, area: AreaForm) -> Extent:
    """An extent in the coordinate system that the area is mapped in; usable in any thread.

    Raises:
        AreaError: the images have no coordinate system. ConfigurationError: it is not on them.
    """
    if not extent.wkt:
        return extent.box
    wkt, images = ground_of(area)
    try:
        # coordinates far off the images (the whole world, say) have no good place in their system
        around = _transformed(images, wkt, extent.wkt)
        low = [max(a, b) for a, b in zip(extent.box[:2], around[:2])]
        high = [min(a, b) for a, b in zip(extent.box[2:], around[2:])]
        if not (low[0] < high[0] and low[1] < high[1]):
            raise _elsewhere()
        return _transformed((low[0], low[1], high[0], high[1]), extent.wkt, wkt)
    except RuntimeError as error:  # GDAL's, where its exceptions are on
        raise _elsewhere() from error


def ground_of(area: AreaForm) -> tuple[str, Extent]:
    """The coordinate system (WKT) of most of the images with the finest pixels, and their box.

    It is the one that the engine maps in.

    Raises:
        AreaError: no image has one.
    """
    paths = area.rasters or folder_rasters(area.folder)
    placed = [found for found in map(_placed, paths) if found is not None]
    if not placed:
        raise AreaError(
            tr("None of the images has a coordinate system."), tr("Assign it to the images.")
        )
    finest = min(image.pixel_m for image in placed)
    fine = [image for image in placed if image.pixel_m <= finest * 1.001]
    wkt = Counter(image.wkt for image in fine).most_common(1)[0][0]
    return wkt, _around([image.box for image in fine if image.wkt == wkt])


@dataclass(frozen=True)
class _Placed:
    """Where an image lies; `pixel_m` roughly."""

    wkt: str
    pixel_m: float
    box: Extent


def _placed(path: str) -> _Placed | None:
    try:
        dataset = gdal.Open(path)
    except RuntimeError:  # some plugin switched GDAL's exceptions on
        dataset = None
    wkt = "" if dataset is None else str(dataset.GetProjection())
    if not wkt:
        return None
    x0, dx, rx, y0, ry, dy = dataset.GetGeoTransform()
    corners = [(c, r) for c in (0, dataset.RasterXSize) for r in (0, dataset.RasterYSize)]
    points = [(x0 + c * dx + r * rx, y0 + c * ry + r * dy) for c, r in corners]
    side = (dx * dx + rx * rx) ** 0.5
    return _Placed(wkt, side * _metres_per_unit(wkt), _around([(x, y, x, y) for x, y in points]))


def _metres_per_unit(wkt: str) -> float:
    reference = _reference(wkt)
    if reference.IsGeographic():
        return _METRES_PER_DEGREE
    return float(reference.GetLinearUnits())


def _around(boxes: Sequence[Extent]) -> Extent:
    xmins, ymins, xmaxs, ymaxs = zip(*boxes)
    return (min(xmins), min(ymins), max(xmaxs), max(ymaxs))


def _transformed(box: Extent, source: str, target: str) -> Extent:
    """The box around a box in another coordinate system; not by QGIS's classes (see `settle`)."""
    transform = osr.CoordinateTransformation(_reference(source), _reference(target))
    xmin, ymin, xmax, ymax = transform.TransformBounds(*box, 21)
    if not all(map(math.isfinite, (xmin, ymin, xmax, ymax))):
        raise _elsewhere()
    return (xmin, ymin, xmax, ymax)


def _reference(wkt: str) -> osr.SpatialReference:
    reference = osr.SpatialReference()
    reference.ImportFromWkt(wkt)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def _elsewhere() -> ConfigurationError:
    return ConfigurationError(
        tr("The extent does not touch the images."), tr("Choose an extent that lies on them.")
    )
