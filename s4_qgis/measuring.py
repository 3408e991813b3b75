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

from s4_qgis.main_thread import in_main_thread


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
    """Use a coordinate system in QGIS's main thread, for other threads; see `settle_wkt`."""
    settle_wkt(str(crs.toWkt()))


def settle_wkt(wkt: str) -> None:
    """Make and use a coordinate system in QGIS's main thread, before the calling thread makes it.

    QGIS keeps coordinate systems and transformations for all threads, but those that a thread
    made first break for all when that thread ends: lengths become NaN, maps stay empty (in 3.40
    in every second thread that wrote polygons). Made in the main thread, they live as long as
    QGIS.

    Raises:
        S4Error: QGIS's main thread is blocked.
    """
    if wkt and wkt not in _settled:
        in_main_thread(lambda: _make(wkt))
        _settled.add(wkt)


_settled: set[str] = set()
"""WKT of the coordinate systems that the main thread has used."""


def _make(wkt: str) -> None:
    system = QgsCoordinateReferenceSystem.fromWkt(wkt)
    _use(system)
    _use(QgsCoordinateReferenceSystem(system.authid()))


def _use(crs: QgsCoordinateReferenceSystem) -> None:
    if crs.isValid():
        measure_on(crs).measureLine(QgsPointXY(0, 0), QgsPointXY(1, 1))
