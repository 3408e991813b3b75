"""Where more labels would help most: the parcels or areas that a map is least sure of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsFillSymbol,
    QgsGeometry,
    QgsPalLayerSettings,
    QgsProject,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsVectorLayerSimpleLabeling,
)

from s4_core.errors import Cancelled, RasterError
from s4_core.labelling import labelling_order
from s4_qgis.engine.task import WorkTask
from s4_qgis.i18n import tr
from s4_qgis.layers.labels import class_name

STRIP_ROWS = 512
LEAST_PIXELS = 4
"""Parcels and blocks with fewer mapped pixels say nothing."""

CONFIDENCE, MARGIN = 1, 2
"""Bands of the confidence of a map."""


@dataclass(frozen=True)
class Suggestion:
    """A place to label.

    Args:
        wkt: its outline in the map's CRS. confidence: the map's mean confidence in it, 0..1.
        margin: by which its class leads over the second, 0..1, mean over its pixels.
    """

    wkt: str
    confidence: float
    margin: float
    pixels: int


class SuggestTask(WorkTask):
    """Looks for the least certain places; the result is `{"suggestions": [...], "crs": WKT}`.

    Args:
        confidence: raster of the segment job, confidence and margin. A raster of one band gives
            both.
        parcels, field: layer with outlines of which those without a class are ranked; without
            it blocks of `block_px` x `block_px` pixels are.
        most: how many to suggest.
    """

    def __init__(
        self,
        confidence: str,
        parcels: QgsVectorLayer | None = None,
        field: str = "",
        *,
        most: int = 10,
        block_px: int = 10,
    ) -> None:
        super().__init__(tr("Look for places to label"))
        self._path, self._most, self._block = confidence, most, block_px
        self._source: Any = None if parcels is None else QgsVectorLayerFeatureSource(parcels)
        self._index = -1 if parcels is None else parcels.fields().indexOf(field)
        self._crs = None if parcels is None else parcels.crs()
        self._context = QgsProject.instance().transformContext()

    def work(self) -> dict[str, Any]:
        """Rank places by the mean margin inside them.

        Raises:
            RasterError: the map's confidence cannot be read.
        """
        from osgeo import gdal  # noqa: PLC0415 - in the thread that uses it

        try:
            dataset = gdal.OpenEx(self._path, gdal.OF_RASTER | gdal.OF_READONLY)
        except RuntimeError:  # where GDAL's exceptions are on
            dataset = None
        if dataset is None:
            raise RasterError(
                tr("The confidence of the map, {path}, cannot be read.").format(path=self._path),
                tr("Make the map again."),
            )
        found = self._blocks(dataset) if self._source is None else self._parcels(dataset)
        order = labelling_order([place.margin for place in found], self._most)
        return {"suggestions": [found[i] for i in order], "crs": dataset.GetProjection()}

    def _parcels(self, dataset: Any) -> list[Suggestion]:
        import numpy as np  # noqa: PLC0415 - QGIS's own, only when it is needed

        outlines = self._outlines(dataset.GetProjection())
        size = len(outlines) + 1  # number 0 is no outline
        sums, counts = np.zeros((2, size)), np.zeros(size, dtype=np.int64)
        for row, values in self._strips(dataset):
            owners = _burnt(dataset, outlines, row, values.shape[1])
            known = np.isfinite(values).all(axis=0)
            numbers = owners[known]
            for band in range(2):
                sums[band] += np.bincount(numbers, values[band][known], minlength=size)
            counts += np.bincount(numbers, minlength=size)
        means = (sums / np.maximum(counts, 1)).T
        return [
            Suggestion(outline.asWkt(2), float(confidence), float(margin), int(count))
            for outline, (confidence, margin), count in zip(outlines, means[1:], counts[1:])
            if count >= LEAST_PIXELS
        ]

    def _outlines(self, wkt: str) -> list[QgsGeometry]:
        """Outlines of the parcels without a class, in the map's CRS."""
        target = QgsCoordinateReferenceSystem.fromWkt(wkt)
        transform = QgsCoordinateTransform(self._crs, target, self._context)
        found = []
        for feature in self._source.getFeatures(QgsFeatureRequest()):
            if self._index < 0 or not class_name(feature.attribute(self._index)):
                outline = QgsGeometry(feature.geometry())
                if not outline.isEmpty() and not outline.transform(transform):
                    found.append(outline)
        return found

    def _blocks(self, dataset: Any) -> list[Suggestion]:
        import numpy as np  # noqa: PLC0415 - QGIS's own, only when it is needed

        side, found = self._block, []
        for row, values in self._strips(dataset):
            for top in range(0, values.shape[1], side):
                for left in range(0, values.shape[2], side):
                    block = values[:, slice(top, top + side), slice(left, left + side)]
                    known = block[:, np.isfinite(block).all(axis=0)]
                    pixels = known.shape[1]
                    if pixels >= max(LEAST_PIXELS, block[0].size // 2):
                        outline = _rectangle(dataset, row + top, left, *block.shape[1:])
                        confidence, margin = known.mean(axis=1).tolist()
                        found.append(Suggestion(outline, confidence, margin, pixels))
        return found

    def _strips(self, dataset: Any) -> Iterator[tuple[int, Any]]:
        """First row, confidences and margins `(2, h, w)` of strips of a whole number of blocks."""
        import numpy as np  # noqa: PLC0415 - QGIS's own, only when it is needed

        height = max(self._block, STRIP_ROWS // self._block * self._block)
        numbers = (CONFIDENCE, min(MARGIN, dataset.RasterCount))
        bands, rows = [dataset.GetRasterBand(n) for n in numbers], dataset.RasterYSize
        for row in range(0, rows, height):
            if self.isCanceled():
                raise Cancelled()
            self.setProgress(99.0 * row / rows)
            lines = min(height, rows - row)
            width = dataset.RasterXSize
            yield row, np.stack([band.ReadAsArray(0, row, width, lines) for band in bands])


def suggestion_layer(suggestions: Sequence[Suggestion], crs_wkt: str, name: str) -> QgsVectorLayer:
    """The suggestions as a styled memory layer, ranked from 1."""
    uri = "Polygon?field=rank:integer&field=confidence:double&field=margin:double"
    uri += "&field=pixels:integer"
    layer = QgsVectorLayer(uri, name, "memory")
    layer.setCrs(QgsCoordinateReferenceSystem.fromWkt(crs_wkt))
    features = []
    for rank, suggestion in enumerate(suggestions, start=1):
        feature = QgsFeature(layer.fields())
        outline = QgsGeometry.fromWkt(suggestion.wkt)
        outline.convertToSingleType()
        feature.setGeometry(outline)
        confidence, margin = round(suggestion.confidence, 4), round(suggestion.margin, 4)
        feature.setAttributes([rank, confidence, margin, suggestion.pixels])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    outline_only = {"style": "no", "outline_color": "#e6007e", "outline_width": "0.8"}
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(outline_only)))
    labels = QgsPalLayerSettings()
    labels.fieldName = "rank"
    layer.setLabeling(QgsVectorLayerSimpleLabeling(labels))
    layer.setLabelsEnabled(True)
    return layer


def _burnt(dataset: Any, outlines: Sequence[QgsGeometry], row: int, lines: int) -> Any:
    """`(lines, width)`: 0 or the number, from 1, of the outline that holds a pixel's centre."""
    from osgeo import gdal, ogr, osr  # noqa: PLC0415 - in the thread that uses it

    x0, dx, rx, y0, ry, dy = dataset.GetGeoTransform()
    target = gdal.GetDriverByName("MEM").Create("", dataset.RasterXSize, lines, 1, gdal.GDT_Int32)
    target.SetGeoTransform((x0 + row * rx, dx, rx, y0 + row * dy, ry, dy))
    target.SetProjection(dataset.GetProjection())
    reference = osr.SpatialReference(dataset.GetProjection())
    memory = ogr.GetDriverByName("Memory").CreateDataSource("outlines")
    layer = memory.CreateLayer("outlines", reference, ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn("number", ogr.OFTInteger))
    box = _extent(dataset, row, 0, lines, dataset.RasterXSize)
    for number, outline in enumerate(outlines, start=1):
        if not outline.boundingBox().intersects(box):
            continue
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("number", number)
        feature.SetGeometry(ogr.CreateGeometryFromWkb(bytes(outline.asWkb())))
        layer.CreateFeature(feature)
    gdal.RasterizeLayer(target, [1], layer, options=["ATTRIBUTE=number"])
    return target.GetRasterBand(1).ReadAsArray()


def _extent(dataset: Any, row: int, col: int, height: int, width: int) -> QgsRectangle:
    x0, dx, rx, y0, ry, dy = dataset.GetGeoTransform()
    corners = [(r, c) for r in (row, row + height) for c in (col, col + width)]
    xs = [x0 + c * dx + r * rx for r, c in corners]
    ys = [y0 + c * ry + r * dy for r, c in corners]
    return QgsRectangle(min(xs), min(ys), max(xs), max(ys))


def _rectangle(dataset: Any, row: int, col: int, height: int, width: int) -> str:
    outline = QgsGeometry.fromRect(_extent(dataset, row, col, height, width))
    return str(outline.asWkt(2))
