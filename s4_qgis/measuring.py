"""Hectares and metres on the ground, and coordinate systems that outlive a thread."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsPointXY,
    QgsUnitTypes,
)


def measure_on(crs: QgsCoordinateReferenceSystem) -> QgsDistanceArea:
    """Measures geometries in a coordinate system on its ellipsoid: metres and square metres."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, QgsCoordinateTransformContext())
    measure.setEllipsoid(crs.ellipsoidAcronym())
    return measure


def metres_per_unit(crs: QgsCoordinateReferenceSystem) -> float:
    """Metres in one unit of a coordinate system (degrees: at the equator)."""
    return float(QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), Qgis.DistanceUnit.Meters))


def settle(crs: QgsCoordinateReferenceSystem) -> None:
    """Use a coordinate system in QGIS's main thread, before another thread does.

    QGIS keeps coordinate systems and transformations for all threads, but those that a thread
    made first break for all when that thread ends: lengths become NaN, maps stay empty (seen in
    3.40 in one of three runs of a writer in a thread). Made here, they live as long as QGIS.
    """
    if crs.isValid():
        named = QgsCoordinateReferenceSystem(crs.authid())
        for system in (crs, named):
            measure_on(system).measureLine(QgsPointXY(0, 0), QgsPointXY(1, 1))
