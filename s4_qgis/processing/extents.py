"""The extent to map, in the area's own coordinate system."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsRectangle,
    QgsUnitTypes,
)

from s4_core.errors import AreaError, ConfigurationError
from s4_qgis.forms import AreaForm, Extent
from s4_qgis.i18n import tr
from s4_qgis.layers.sources import folder_rasters
from s4_qgis.processing.given import Given

_BARE = re.compile(r"\s*[-+.\deE]+(\s*,\s*[-+.\deE]+){3}\s*")
"""Four numbers without a coordinate system."""


@dataclass(frozen=True)
class GivenExtent:
    """An extent as it was given; an invalid `crs` stands for the area's own."""

    rectangle: QgsRectangle
    crs: QgsCoordinateReferenceSystem


def read_extent(given: Given, name: str) -> GivenExtent | None:
    """The extent that was given; it may be a layer's, so in QGIS's main thread."""
    value = given.parameters.get(name)
    if value is None or value == "":
        return None
    rectangle = given.algorithm.parameterAsExtent(given.parameters, name, given.context)
    if rectangle.isNull():
        return None
    crs = given.algorithm.parameterAsExtentCrs(given.parameters, name, given.context)
    if isinstance(value, str) and _BARE.fullmatch(value):
        crs = QgsCoordinateReferenceSystem()
    return GivenExtent(rectangle, crs)


def in_area(
    extent: GivenExtent, area: AreaForm, transforms: QgsCoordinateTransformContext
) -> Extent:
    """An extent in the coordinate system that the area is mapped in.

    Raises:
        AreaError: the images have no coordinate system. ConfigurationError: it is not on them.
    """
    if not extent.crs.isValid():
        return _plain(extent.rectangle)
    crs, images = ground_of(area)
    to_area = QgsCoordinateTransform(extent.crs, crs, transforms)
    try:
        # coordinates far off the images (the whole world, say) have no good place in their system
        around = to_area.transformBoundingBox(images, Qgis.TransformDirection.Reverse)
        shared = extent.rectangle.intersect(around)
        if shared.isEmpty():
            raise _elsewhere()
        return _plain(to_area.transformBoundingBox(shared))
    except QgsCsException as error:
        raise _elsewhere() from error


def ground_of(area: AreaForm) -> tuple[QgsCoordinateReferenceSystem, QgsRectangle]:
    """The coordinate system of most of the images with the finest pixels, and what these cover.

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
    box = QgsRectangle()
    for image in fine:
        if image.wkt == wkt:
            box.combineExtentWith(image.box)
    return QgsCoordinateReferenceSystem.fromWkt(wkt), box


@dataclass(frozen=True)
class _Placed:
    """Where an image lies; `pixel_m` roughly."""

    wkt: str
    pixel_m: float
    box: QgsRectangle


def _placed(path: str) -> _Placed | None:
    try:
        dataset = gdal.Open(path)
    except RuntimeError:  # some plugin switched GDAL's exceptions on
        dataset = None
    wkt = "" if dataset is None else str(dataset.GetProjection())
    if not wkt:
        return None
    x0, dx, rx, y0, ry, dy = dataset.GetGeoTransform()
    units = QgsCoordinateReferenceSystem.fromWkt(wkt).mapUnits()
    metres = QgsUnitTypes.fromUnitToUnitFactor(units, Qgis.DistanceUnit.Meters)
    box = QgsRectangle()
    for col in (0, dataset.RasterXSize):
        for row in (0, dataset.RasterYSize):
            box.combineExtentWith(x0 + col * dx + row * rx, y0 + col * ry + row * dy)
    return _Placed(wkt, (dx * dx + rx * rx) ** 0.5 * metres, box)


def _plain(box: QgsRectangle) -> Extent:
    return (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())


def _elsewhere() -> ConfigurationError:
    return ConfigurationError(
        tr("The extent does not touch the images."), tr("Choose an extent that lies on them.")
    )
