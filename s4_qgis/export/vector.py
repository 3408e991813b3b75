"""Polygons of a class map: sieved, simplified and dissolved on request, styled by its legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from osgeo import gdal, ogr, osr
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsFillSymbol,
    QgsGeometry,
    QgsPointXY,
    QgsRendererCategory,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)

from s4_core.errors import Cancelled, RasterError
from s4_core.types import MapClass
from s4_qgis.columns import columns
from s4_qgis.export.aside import aside, not_written
from s4_qgis.export.coverage import Polygon, simplified
from s4_qgis.export.map_classes import Classes, open_raster
from s4_qgis.i18n import tr
from s4_qgis.measuring import measure_on, metres_per_unit, settle_wkt

CLASS_COLUMN = "class"

Progress = Callable[[float], bool]
"""Told the fraction done (0..1); False stops."""


@dataclass(frozen=True)
class PolygonOptions:
    """How a map becomes polygons.

    Args:
        min_area_ha: smaller patches join their largest neighbour; 0 keeps all.
        tolerance_m: boundaries are simplified, moving by no more metres; 0 keeps pixel steps.
        dissolve: one feature a class instead of one a patch.
    """

    min_area_ha: float = 0.0
    tolerance_m: float = 0.0
    dissolve: bool = False


def vectorize(
    path: str,
    out: str,
    classes: Classes,
    options: PolygonOptions,
    progress: Progress = lambda _: True,
) -> int:
    """Write the polygons of a class map, with value, class, code and hectares; nodata has none.

    A GeoPackage carries its style inside, other formats get a `.qml` beside them. Usable in any
    thread.

    Args:
        path: the class map, any raster that GDAL opens. out: .gpkg, .shp, .geojson, ...

    Returns:
        How many features were written.

    Raises:
        Cancelled: `progress` said so.
        RasterError: the map cannot be read, or holds none of the classes.
        OutputError: the file cannot be written.
    """
    steps = _Steps(progress)
    crs = _crs_of(path)
    with TemporaryDirectory(prefix="s4-polygons-") as folder:
        patches = _patches(path, Path(folder), options.min_area_ha, steps)
    polygons = [patch for patch in patches if patch[0] in classes]
    if not polygons:
        raise RasterError(
            tr("{path} has no pixel of its classes.").format(path=path),
            tr("Choose a class map made by S4."),
        )
    if options.tolerance_m > 0:
        tolerance = options.tolerance_m / metres_per_unit(crs)
        polygons = simplified(polygons, tolerance, steps.part(0.5, 0.8).step)
    if options.dissolve:
        polygons = _dissolved(polygons)
    with aside(Path(out)) as temporary:
        _write(str(temporary), Path(out).stem, polygons, classes, crs, steps=steps.part(0.8, 1.0))
        store_style(str(temporary), classes)
    return len(polygons)


def class_renderer(column: str, classes: Sequence[MapClass]) -> QgsCategorizedSymbolRenderer:
    """A category for each class, in its colour."""
    categories = []
    for known in classes:
        fill = {
            "color": ",".join(map(str, known.colour)),
            "outline_color": "60,60,60,120",
            "outline_width": "0.1",
        }
        symbol = QgsFillSymbol.createSimple(fill)
        categories.append(QgsRendererCategory(known.name, symbol, known.name))
    return QgsCategorizedSymbolRenderer(column, categories)


def store_style(out: str, classes: Classes) -> None:
    """Store the style with the polygons: in a GeoPackage, else as a `.qml` beside them.

    Raises:
        OutputError: it cannot be written.
    """
    layer = QgsVectorLayer(out, "polygons", "ogr")
    layer.setRenderer(class_renderer(CLASS_COLUMN, list(classes.values())))
    if Path(out).suffix.lower() == ".gpkg":
        message = layer.saveStyleToDatabase("classes", "", True, "")
        stored = not message
    else:
        message, stored = layer.saveNamedStyle(str(Path(out).with_suffix(".qml")))
    if not stored:
        raise not_written(out, message)


class _Steps:
    """Progress in parts; raises `Cancelled` where the user asked to stop."""

    def __init__(self, progress: Progress, start: float = 0.0, end: float = 1.0) -> None:
        self._progress, self._start, self._span = progress, start, end - start
        self.stopped = False

    def part(self, start: float, end: float) -> _Steps:
        return _Steps(self._progress, start, end)

    def step(self, fraction: float) -> None:
        if not self._progress(self._start + self._span * fraction):
            raise Cancelled()

    def gdal(self, fraction: float, _message: str, _data: Any) -> int:
        """As GDAL calls it: nothing may be raised through GDAL."""
        self.stopped = not self._progress(self._start + self._span * fraction)
        return 0 if self.stopped else 1


def _crs_of(path: str) -> QgsCoordinateReferenceSystem:
    wkt = str(open_raster(path).GetProjection())
    settle_wkt(wkt)
    crs = QgsCoordinateReferenceSystem.fromWkt(wkt)
    if not crs.isValid():
        raise RasterError(
            tr("{path} has no coordinate system.").format(path=path),
            tr("Assign one: layer menu, Set CRS, then export the layer."),
        )
    return crs


def _patches(path: str, folder: Path, min_area_ha: float, steps: _Steps) -> list[Polygon]:
    """Value and polygon of each patch that is large enough."""
    sieved = _sieve(path, folder, min_area_ha, steps.part(0.0, 0.2))
    return _polygonize(sieved, steps.part(0.2, 0.5))


def _sieve(path: str, folder: Path, min_area_ha: float, steps: _Steps) -> Any:
    """The map without patches below the least area: a temporary copy, or the map itself."""
    source = open_raster(path)
    pixels = _pixels_below(source, min_area_ha)
    if pixels < 2:
        return source
    copy = gdal.GetDriverByName("GTiff").CreateCopy(
        str(folder / "sieved.tif"), source, options=["COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER"]
    )
    band = copy.GetRasterBand(1)
    _run(gdal.SieveFilter, steps, band, band.GetMaskBand(), band, pixels, 4, [], steps.gdal)
    copy.FlushCache()
    return copy


def _pixels_below(dataset: Any, min_area_ha: float) -> int:
    """How many pixels a patch needs at least; measured in the middle of the map."""
    x0, dx, rx, y0, ry, dy = dataset.GetGeoTransform()
    col, row = dataset.RasterXSize // 2, dataset.RasterYSize // 2
    corners = [(col, row), (col + 1, row), (col + 1, row + 1), (col, row + 1)]
    pixel = [QgsPointXY(x0 + c * dx + r * rx, y0 + c * ry + r * dy) for c, r in corners]
    crs = QgsCoordinateReferenceSystem.fromWkt(dataset.GetProjection())
    pixel_ha = measure_on(crs).measurePolygon(pixel) / 1e4
    if not pixel_ha > 0:
        raise RasterError(
            tr("QGIS cannot measure areas in the coordinate system of the map."),
            tr("Restart QGIS; if that does not help, set the map's coordinate system anew."),
        )
    # a patch cannot be larger than the map, and GDAL counts no further than 2**31
    largest = min(dataset.RasterXSize * dataset.RasterYSize, 2**31 - 1)
    return min(math.ceil(min_area_ha / pixel_ha - 1e-6), largest)


def _polygonize(dataset: Any, steps: _Steps) -> list[Polygon]:
    """Value and polygon of each patch of equal pixels (neighbours by their sides)."""
    reference = osr.SpatialReference(dataset.GetProjection())
    # GDAL 3.11 made the drivers for rasters and for vectors in memory one
    driver = ogr.GetDriverByName("Memory") or ogr.GetDriverByName("MEM")
    memory = driver.CreateDataSource("")
    layer = memory.CreateLayer("patches", reference, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("value", ogr.OFTInteger))
    band = dataset.GetRasterBand(1)
    _run(gdal.Polygonize, steps, band, band.GetMaskBand(), layer, 0, [], steps.gdal)
    found = []
    for feature in layer:
        geometry = QgsGeometry()
        geometry.fromWkb(bytes(feature.GetGeometryRef().ExportToWkb()))
        found.append((int(feature.GetField(0)), geometry))
    return found


def _run(function: Callable[..., int], steps: _Steps, *arguments: Any) -> None:
    """Call a function of GDAL, whether its exceptions are switched on or off.

    Raises:
        Cancelled: the user asked to stop. RasterError: it failed.
    """
    message = ""
    try:
        failed = function(*arguments) != 0
        message = gdal.GetLastErrorMsg() if failed else ""
    except RuntimeError as error:
        failed, message = True, str(error)
    if steps.stopped:
        raise Cancelled()
    if failed:
        raise RasterError(
            tr("The map cannot be made polygons: {message}").format(message=message),
            tr("Check that the file is complete."),
        )


def _dissolved(polygons: Sequence[Polygon]) -> list[Polygon]:
    by_value: dict[int, list[QgsGeometry]] = {}
    for value, geometry in polygons:
        by_value.setdefault(value, []).append(geometry)
    return [(value, QgsGeometry.unaryUnion(parts)) for value, parts in sorted(by_value.items())]


def _write(
    out: str,
    name: str,
    polygons: Sequence[Polygon],
    classes: Classes,
    crs: QgsCoordinateReferenceSystem,
    *,
    steps: _Steps,
) -> None:
    fields = columns(value="whole", **{CLASS_COLUMN: "text"}, code="text", area_ha="real")
    writer = _writer(out, name, fields, crs)
    measure = measure_on(crs)
    for done, (value, geometry) in enumerate(polygons):
        geometry.convertToMultiType()
        feature = QgsFeature(fields)
        known = classes[value]
        hectares = measure.measureArea(geometry) / 1e4
        feature.setAttributes([value, known.name, known.code, round(hectares, 4)])
        feature.setGeometry(geometry)
        writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        if done % 1000 == 0:
            steps.step(done / len(polygons))
    message = writer.errorMessage()
    del writer  # closes the file
    if message:
        raise not_written(out, message)


def _writer(
    out: str, name: str, fields: QgsFields, crs: QgsCoordinateReferenceSystem
) -> QgsVectorFileWriter:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = QgsVectorFileWriter.driverForExtension(Path(out).suffix)
    options.layerName = name
    writer = QgsVectorFileWriter.create(
        out,
        fields,
        QgsWkbTypes.Type.MultiPolygon,
        crs,
        QgsCoordinateTransformContext(),
        options,
    )
    if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
        raise not_written(out, writer.errorMessage())
    return writer
