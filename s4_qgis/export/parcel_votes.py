"""The crop of each parcel: as the segment job voted, or as a finished map says."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import NamedTuple

from osgeo import ogr, osr
from qgis.analysis import QgsZonalStatistics
from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsRasterLayer

from s4_core.errors import RasterError
from s4_qgis.export.map_classes import Classes, open_raster
from s4_qgis.i18n import tr
from s4_qgis.measuring import settle_wkt
from s4_qgis.processing.vectors import VectorInput, id_column

COLUMNS = {"s4_class": "text", "s4_code": "text", "s4_confidence": "real", "s4_pixels": "whole"}
"""What a copy of a parcel layer gains, in the order of a vote."""


class Vote(NamedTuple):
    """What a parcel is; no class where the map has no pixel in it.

    Args:
        name, code: of its class. confidence: 0..1. pixels: how many of the map's lie in it.
    """

    name: str | None = None
    code: str | None = None
    confidence: float | None = None
    pixels: int = 0


Voting = Callable[[QgsFeature], Vote]


def job_votes(path: str, parcels: VectorInput) -> Voting:
    """The votes in the segment job's table: the largest sum of probabilities in each parcel."""
    with open(path, encoding="utf-8", newline="") as stream:
        votes = {
            row["parcel_id"]: Vote(
                row["class"] or None,
                row["code"] or None,
                float(row["confidence"]) if row["confidence"] else None,
                int(row["pixels"]),
            )
            for row in csv.DictReader(stream)
        }
    index = id_column(parcels.fields)
    return lambda feature: votes.get(parcel_id(feature, index), Vote())


class MapVotes:
    """The votes of a finished map: the class of most of a parcel's pixels, and the mean confidence
    of all its pixels. Used in the thread that made it.

    Args:
        path: the class map. confidence: its confidence raster; "" leaves the confidence out.
        crs: of the parcels.

    Raises:
        RasterError: map or confidence cannot be opened.
    """

    def __init__(
        self, path: str, confidence: str, classes: Classes, crs: QgsCoordinateReferenceSystem
    ) -> None:
        wkt = str(open_raster(path).GetProjection())
        settle_wkt(wkt)
        self._classes = classes
        self._map = _opened(path)
        self._doubt = _opened(confidence) if confidence else None
        self._onto_map = _transformation(str(crs.toWkt()), wkt)

    def __call__(self, feature: QgsFeature) -> Vote:
        """The vote in one parcel."""
        shape = self._on_map(feature.geometry())
        if shape is None:
            return Vote()
        found = _statistics(self._map, shape, Qgis.ZonalStatistic.Majority)
        known = self._classes.get(int(found[1])) if found[1] is not None else None
        if known is None:
            return Vote()
        sure = None
        if self._doubt is not None:
            sure = _statistics(self._doubt, shape, Qgis.ZonalStatistic.Mean)[1]
        return Vote(
            known.name, known.code or None, None if sure is None else round(sure, 4), found[0]
        )

    def _on_map(self, geometry: QgsGeometry) -> QgsGeometry | None:
        """In the map's coordinate system, None where it has no place there.

        Not by QGIS's own transformations, which do not outlive the threads that made them.
        """
        if geometry.isEmpty():
            return None
        shape = ogr.CreateGeometryFromWkb(bytes(geometry.asWkb()))
        try:
            failed = shape.Transform(self._onto_map) != 0
        except RuntimeError:  # where some plugin switched GDAL's exceptions on
            failed = True
        moved = QgsGeometry()
        if not failed:
            moved.fromWkb(bytes(shape.ExportToWkb()))
        return None if moved.isEmpty() else moved


def parcel_id(feature: QgsFeature, index: int | None) -> str:
    """A parcel's id as the engine writes it: column `parcel_id`, else the feature's number."""
    value = None if index is None else feature.attributes()[index]
    if value is None or str(value) in ("", "NULL"):
        return str(feature.id())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _opened(path: str) -> QgsRasterLayer:
    layer = QgsRasterLayer(path, "map", "gdal")
    if not layer.isValid():
        raise RasterError(tr("{path} cannot be opened.").format(path=path), tr("Check the path."))
    return layer


def _transformation(source: str, target: str) -> osr.CoordinateTransformation:
    systems = []
    for wkt in (source, target):
        system = osr.SpatialReference(wkt)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        systems.append(system)
    return osr.CoordinateTransformation(*systems)


def _statistics(
    layer: QgsRasterLayer, shape: QgsGeometry, wanted: Qgis.ZonalStatistic
) -> tuple[int, float | None]:
    """Pixels of the first band whose centres lie in a shape, and a statistic of their values."""
    found = QgsZonalStatistics.calculateStatistics(
        layer.dataProvider(),
        shape,
        layer.rasterUnitsPerPixelX(),
        layer.rasterUnitsPerPixelY(),
        1,
        Qgis.ZonalStatistic.Count | wanted,
    )
    pixels = found.get(Qgis.ZonalStatistic.Count, 0)
    return (round(pixels), found.get(wanted) if pixels else None)
