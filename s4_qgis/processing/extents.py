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
        AreaError: the images have no coordinate system. ConfigurationError: it lies where the
            area's coordinate system ends.
    """
    rectangle = extent.rectangle
    if extent.crs.isValid():
        to_area = QgsCoordinateTransform(extent.crs, crs_of_area(area), transforms)
        try:
            rectangle = to_area.transformBoundingBox(rectangle)
        except QgsCsException as error:
            raise ConfigurationError(
                tr("The extent cannot be brought into the area's coordinate system."),
                tr("Choose an extent that lies on the images."),
            ) from error
    return (rectangle.xMinimum(), rectangle.yMinimum(), rectangle.xMaximum(), rectangle.yMaximum())


def crs_of_area(area: AreaForm) -> QgsCoordinateReferenceSystem:
    """The coordinate system of most of the images with the finest pixels: the engine's choice.

    Raises:
        AreaError: no image has one.
    """
    sizes: dict[str, list[float]] = {}
    for path in area.rasters or folder_rasters(area.folder):
        crs, size = _placed(path)
        if crs:
            sizes.setdefault(crs, []).append(size)
    if not sizes:
        raise AreaError(
            tr("None of the images has a coordinate system."), tr("Assign it to the images.")
        )
    finest = min(min(found) for found in sizes.values())
    counts = Counter(
        {crs: sum(size <= finest * 1.001 for size in found) for crs, found in sizes.items()}
    )
    return QgsCoordinateReferenceSystem.fromWkt(counts.most_common(1)[0][0])


def _placed(path: str) -> tuple[str, float]:
    """Coordinate system ("" where there is none) and pixel size in metres, roughly."""
    try:
        dataset = gdal.Open(path)
    except RuntimeError:  # some plugin switched GDAL's exceptions on
        dataset = None
    if dataset is None:
        return "", 0.0
    wkt = str(dataset.GetProjection())
    _, dx, rx, *_ = dataset.GetGeoTransform()
    units = QgsCoordinateReferenceSystem.fromWkt(wkt).mapUnits()
    metres = QgsUnitTypes.fromUnitToUnitFactor(units, Qgis.DistanceUnit.Meters)
    return wkt, (dx * dx + rx * rx) ** 0.5 * metres
