"""A probability sample of a map: squares of one pixel each, whose crop the user fills in.

Each square is one pixel of the map, so that the engine counts it as one sample unit. The mapped
class is not written beside it: whoever labels should not see the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsEditorWidgetSetup,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsSingleSymbolRenderer,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)

from s4_core.errors import LabelError
from s4_core.types import NODATA_VALUE
from s4_qgis.columns import columns
from s4_qgis.export.aside import aside, not_written
from s4_qgis.export.map_classes import open_raster
from s4_qgis.i18n import tr
from s4_qgis.layers.placing import add_on_top
from s4_qgis.measuring import settle_wkt

DESIGNS = ("stratified", "random")
CROP, DESIGN, MAP = "crop", "design", "map"
LEAST = 2
"""Units of each stratum: with fewer there is no spread."""

_STRIP_PX = 4_000_000

Place = tuple[int, int]
"""Row and column of a pixel."""


@dataclass(frozen=True)
class SampleFile:
    """A drawn sample.

    Args:
        design: "stratified" or "random". filled: units that have a crop.
    """

    path: str
    design: str
    units: int
    filled: int


def allocate(pixels: Mapping[int, int], units: int) -> dict[int, int]:
    """Units of each class: half of them equal, half by area, never more than its pixels.

    Raises:
        LabelError: fewer than two for each class.
    """
    present = {value: count for value, count in sorted(pixels.items()) if count}
    if units < LEAST * len(present):
        raise LabelError(
            tr("{units} units are too few for {classes} classes.").format(
                units=units, classes=len(present)
            ),
            tr("Draw at least {least}.").format(least=LEAST * len(present)),
        )
    equal = max(LEAST, units // 2 // len(present))
    found = {value: min(equal, count) for value, count in present.items()}
    rest = units - sum(found.values())
    total = sum(present.values())
    for value in sorted(present, key=lambda v: -present[v]):
        share = round((units - equal * len(present)) * present[value] / total)
        more = min(share, rest, present[value] - found[value])
        found[value] += max(more, 0)
        rest -= max(more, 0)
    largest = max(present, key=lambda v: present[v] - found[v])
    found[largest] += max(min(rest, present[largest] - found[largest]), 0)
    return found


def draw_places(path: str, units: int, design: str, seed: int) -> list[Place]:
    """Pixels of a class map, drawn without replacement.

    Args:
        design: "random" (every mapped pixel alike) or "stratified" (by mapped class).

    Raises:
        LabelError: too few units. RasterError: the map cannot be read.
    """
    dataset = open_raster(path)
    pixels = _count(dataset)
    if not pixels:
        raise LabelError(tr("The map is empty."), tr("Choose a map with classes."))
    # the draw must not be guessed by anybody, only repeated: no cryptography is needed
    draw = Random(seed)  # nosec B311 - a seeded statistical sample
    if design == "random":
        total = sum(pixels.values())
        ranks = {None: sorted(draw.sample(range(total), min(units, total)))}
        places = _at_ranks(dataset, ranks)
    else:
        wanted = allocate(pixels, units)
        places = _at_ranks(
            dataset, {v: sorted(draw.sample(range(pixels[v]), n)) for v, n in wanted.items()}
        )
    draw.shuffle(places)  # an order that tells nothing of the class
    return places


def write_sample(path: str, out: str, places: Sequence[Place], design: str) -> None:
    """Write the drawn pixels as squares with an empty crop, and the design in every row.

    Raises:
        OutputError: the file cannot be written.
    """
    with aside(Path(out)) as temporary:
        _write(path, str(temporary), places, design)


def _write(path: str, out: str, places: Sequence[Place], design: str) -> None:
    dataset = open_raster(path)
    settle_wkt(str(dataset.GetProjection()))
    transform = dataset.GetGeoTransform()
    fields = columns(unit="whole", **{CROP: "text", DESIGN: "text", MAP: "text"})
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", "sample"
    writer = QgsVectorFileWriter.create(
        out,
        fields,
        QgsWkbTypes.Type.Polygon,
        QgsCoordinateReferenceSystem.fromWkt(dataset.GetProjection()),
        QgsCoordinateTransformContext(),
        options,
    )
    for number, place in enumerate(places, start=1):
        feature = QgsFeature(fields)
        feature.setAttributes([number, None, design, Path(path).name])
        feature.setGeometry(_square(place, transform))
        writer.addFeature(feature)
    message = writer.errorMessage()
    del writer  # closes the file
    if message:
        raise not_written(out, message)


def add_sample(path: str, classes: Sequence[str]) -> QgsVectorLayer:
    """Add a sample to the project, ready to be filled in: crops to choose from, easily seen."""
    layer = QgsVectorLayer(path, tr("Sample: fill in the crop"), "ogr")
    fill = {"style": "no", "outline_color": "255,0,120", "outline_width": "0.7"}
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(fill)))
    choices = {"map": [{name: name} for name in classes]}
    index = layer.fields().lookupField(CROP)
    layer.setEditorWidgetSetup(index, QgsEditorWidgetSetup("ValueMap", choices))
    add_on_top(QgsProject.instance(), layer)
    return layer


def read_sample(path: str) -> SampleFile | None:
    """What a sample's file tells of its design; None where it is no sample of ours."""
    layer = QgsVectorLayer(path, "sample", "ogr")
    if not layer.isValid() or layer.fields().lookupField(DESIGN) < 0:
        return None
    rows = [(str(f[DESIGN]), f[CROP]) for f in layer.getFeatures()]
    designs = {design for design, _ in rows}
    if len(designs) != 1 or not designs <= set(DESIGNS):
        return None
    filled = sum(bool(crop) and str(crop).strip() not in ("", "NULL") for _, crop in rows)
    return SampleFile(path, designs.pop(), len(rows), filled)


def _count(dataset: Any) -> dict[int, int]:
    pixels: dict[int, int] = {}
    for _, values in _strips(dataset):
        found, counts = np.unique(values, return_counts=True)
        for value, count in zip(found.tolist(), counts.tolist()):
            pixels[value] = pixels.get(value, 0) + count
    pixels.pop(NODATA_VALUE, None)
    return pixels


def _at_ranks(dataset: Any, ranks: Mapping[Any, Sequence[int]]) -> list[Place]:
    """The pixels of these ranks, counted in reading order: of a value, or of all (key None)."""
    places: list[Place] = []
    before = {value: 0 for value in ranks}
    for row, values in _strips(dataset):
        for value, wanted in ranks.items():
            inside = values != NODATA_VALUE if value is None else values == value
            rows, cols = np.nonzero(inside)
            here = [r - before[value] for r in wanted if 0 <= r - before[value] < len(rows)]
            places += [(row + int(rows[i]), int(cols[i])) for i in here]
            before[value] += len(rows)
    return places


def _strips(dataset: Any) -> Iterator[tuple[int, Any]]:
    """First row and values `(h, W)` of strips of whole rows."""
    height = max(1, _STRIP_PX // dataset.RasterXSize)
    band = dataset.GetRasterBand(1)
    for row in range(0, dataset.RasterYSize, height):
        size = min(height, dataset.RasterYSize - row)
        yield row, band.ReadAsArray(0, row, dataset.RasterXSize, size, buf_type=gdal.GDT_Int32)


def _square(place: Place, transform: Sequence[float]) -> QgsGeometry:
    row, col = place
    x0, dx, rx, y0, ry, dy = transform
    corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    ring = [
        QgsPointXY(
            x0 + (col + c) * dx + (row + r) * rx,
            y0 + (col + c) * ry + (row + r) * dy,
        )
        for c, r in corners
    ]
    return QgsGeometry.fromPolygonXY([ring])
