"""A class map for others: a GeoTIFF with its attribute table, `.qml`, `.sld` and legend.

With a minimum confidence, pixels below it become "uncertain": no engine is needed for that.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from osgeo import gdal
from qgis.analysis import QgsRasterCalculator, QgsRasterCalculatorEntry
from qgis.core import (
    Qgis,
    QgsCoordinateTransformContext,
    QgsFeedback,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QColor

from s4_core.errors import Cancelled, OutputError, RasterError
from s4_core.types import NODATA_VALUE, MapClass
from s4_qgis.export.map_classes import (
    LEGEND_TAG,
    Classes,
    as_json,
    attribute_table,
    open_raster,
)
from s4_qgis.i18n import tr
from s4_qgis.measuring import settle_wkt

UNCERTAIN = MapClass("uncertain", "", (150, 150, 150))
"""As the engine calls the class of pixels below the minimum confidence."""

_FRACTIONS = (Qgis.DataType.Float32, Qgis.DataType.Float64)

Progress = Callable[[float], bool]
"""Told the fraction done (0..1); False stops."""


@dataclass(frozen=True)
class ExportedMap:
    """The files of an exported map; `classes` may have gained "uncertain"."""

    tif: Path
    qml: Path
    sld: Path
    legend: Path
    classes: Classes


def export_map(
    path: str,
    folder: Path,
    name: str,
    classes: Classes,
    *,
    confidence: str = "",
    least: float = 0.0,
    progress: Progress = lambda _: True,
) -> ExportedMap:
    """Copy a class map with its classes as they are named and coloured now.

    Args:
        path: the class map. name: of the files, without ending.
        confidence: its confidence raster, on the same grid; needed where `least` > 0.
        least: confidence 0..1 below which pixels become "uncertain".

    Raises:
        Cancelled: `progress` said so.
        RasterError: map or confidence cannot be read, or they lie on different grids.
        OutputError: the files cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tif = folder / f"{name}.tif"
    with TemporaryDirectory(prefix=".s4-export-", dir=folder) as scratch:
        source = path
        if least > 0:
            classes = with_uncertain(classes)
            source = str(Path(scratch, "least.tif"))
            value = next(v for v, known in classes.items() if known.name == UNCERTAIN.name)
            _rethreshold(path, confidence, least, value, source)
        made = Path(scratch, tif.name)
        _copy(source, path, made, classes, progress)
        styled = _write_styles(made, classes)
        _write_legend(made.with_suffix(".legend.json"), classes)
        for file in (made, Path(f"{made}.aux.xml"), *styled, made.with_suffix(".legend.json")):
            file.replace(folder / file.name)
    return ExportedMap(
        tif,
        tif.with_suffix(".qml"),
        tif.with_suffix(".sld"),
        tif.with_suffix(".legend.json"),
        classes,
    )


def with_uncertain(classes: Classes) -> Classes:
    """The classes with "uncertain" among them, after the others where it is new."""
    if any(known.name == UNCERTAIN.name for known in classes.values()):
        return classes
    return {**classes, max(classes) + 1: UNCERTAIN}


def paletted(layer: QgsRasterLayer, classes: Classes) -> QgsPalettedRasterRenderer:
    """The renderer of a class map."""
    entries = [
        QgsPalettedRasterRenderer.Class(value, QColor(*known.colour), known.name)
        for value, known in classes.items()
    ]
    return QgsPalettedRasterRenderer(layer.dataProvider(), 1, entries)


def _rethreshold(path: str, confidence: str, least: float, value: int, out: str) -> None:
    """The map with `value` where the confidence is below `least`, as numbers only."""
    if not confidence:
        raise RasterError(
            tr("No confidence raster is chosen."), tr("Choose the one that was made with the map.")
        )
    settle_wkt(str(open_raster(path).GetProjection()))
    maps = QgsRasterLayer(path, "map", "gdal")
    doubt = QgsRasterLayer(confidence, "confidence", "gdal")
    if not maps.isValid() or not doubt.isValid():
        raise RasterError(
            tr("{path} cannot be opened.").format(path=confidence if maps.isValid() else path),
            tr("Check the path."),
        )
    if doubt.dataProvider().dataType(1) not in _FRACTIONS:
        raise RasterError(
            tr("{path} is no confidence raster: it holds whole numbers.").format(path=confidence),
            tr("Choose the one that was made with the map."),
        )
    if not _same_grid(maps, doubt):
        raise RasterError(
            tr("Map and confidence lie on different grids."),
            tr("Choose the confidence raster that was made with the map."),
        )
    entries = [_entry("map@1", maps), _entry("confidence@1", doubt)]
    # the engine compares in single precision: so must we, to draw the same line
    single = struct.unpack("f", struct.pack("f", least))[0]
    is_doubtful = f'("confidence@1" < {single!r})'
    formula = f'{is_doubtful} * {value} + (1 - {is_doubtful}) * "map@1"'
    calculator = QgsRasterCalculator(
        formula,
        out,
        "GTiff",
        maps.extent(),
        maps.crs(),
        maps.width(),
        maps.height(),
        entries,
        QgsCoordinateTransformContext(),
    )
    if calculator.processCalculation(QgsFeedback()) != QgsRasterCalculator.Result.Success:
        raise OutputError(
            tr("The map cannot be made: {message}").format(message=calculator.lastError()),
            tr("Choose another folder, with free space."),
        )


def _entry(reference: str, layer: QgsRasterLayer) -> QgsRasterCalculatorEntry:
    entry = QgsRasterCalculatorEntry()
    entry.ref, entry.raster, entry.bandNumber = reference, layer, 1
    return entry


def _same_grid(one: QgsRasterLayer, other: QgsRasterLayer) -> bool:
    half_px = min(one.rasterUnitsPerPixelX(), one.rasterUnitsPerPixelY()) / 2
    a, b = one.extent(), other.extent()
    edges = (
        (a.xMinimum(), b.xMinimum()),
        (a.yMinimum(), b.yMinimum()),
        (a.xMaximum(), b.xMaximum()),
        (a.yMaximum(), b.yMaximum()),
    )
    return (
        one.crs() == other.crs()
        and (one.width(), one.height()) == (other.width(), other.height())
        and all(abs(x - y) < half_px for x, y in edges)
    )


def _copy(source: str, original: str, out: Path, classes: Classes, progress: Progress) -> None:
    """A tiled, compressed GeoTIFF with everything that the original says of itself."""
    stopped: list[bool] = []

    def told(fraction: float, _message: str, _data: Any) -> int:
        if not progress(fraction):
            stopped.append(True)  # nothing may be raised through GDAL
        return 0 if stopped else 1

    kind = gdal.GDT_Byte if max(classes) < 255 else gdal.GDT_UInt16
    options = ["TILED=YES", "COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER"]
    message = ""
    gdal.ErrorReset()
    try:
        dataset = gdal.Translate(
            str(out),
            open_raster(source),
            outputType=kind,
            noData=NODATA_VALUE,
            creationOptions=options,
            callback=told,
        )
        if dataset is not None:
            _dress(dataset, open_raster(original), classes)
        dataset = None  # closes the file; on a full disk, this may be what fails
    except RuntimeError as error:  # where some plugin switched GDAL's exceptions on
        message = str(error)
    if stopped:
        raise Cancelled()
    if message or gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise OutputError(
            tr("{path} cannot be written: {message}").format(
                path=out, message=message or gdal.GetLastErrorMsg()
            ),
            tr("Choose another folder, with free space."),
        )


def _dress(dataset: Any, original: Any, classes: Classes) -> None:
    """Name and colour the classes, keep the provenance, count the pixels."""
    kept = {k: v for k, v in original.GetMetadata().items() if k.startswith("S4_")}
    kept.pop(LEGEND_TAG, None)
    if list(classes) == list(range(1, len(classes) + 1)):
        kept[LEGEND_TAG] = json.dumps(as_json(classes))
    dataset.SetMetadata(kept)
    band = dataset.GetRasterBand(1)
    band.SetDescription("class")
    colours = gdal.ColorTable()
    colours.SetColorEntry(NODATA_VALUE, (0, 0, 0, 0))
    names = ["no data", *("" for _ in range(max(classes)))]
    for value, known in classes.items():
        colours.SetColorEntry(value, (*known.colour, 255))
        names[value] = known.name
    band.SetColorTable(colours)
    band.SetCategoryNames(names)
    size = max(classes) + 1
    counts = band.GetHistogram(
        min=-0.5, max=size - 0.5, buckets=size, include_out_of_range=0, approx_ok=0
    )
    band.SetDefaultRAT(attribute_table(classes, dict(enumerate(counts))))
    dataset.FlushCache()
    levels = [
        2**n for n in range(1, 12) if max(dataset.RasterXSize, dataset.RasterYSize) >> n > 128
    ]
    if levels:
        dataset.BuildOverviews("NEAREST", levels)


def _write_styles(tif: Path, classes: Classes) -> tuple[Path, Path]:
    layer = QgsRasterLayer(str(tif), tif.stem, "gdal")
    layer.setRenderer(paletted(layer, classes))
    qml, sld = tif.with_suffix(".qml"), tif.with_suffix(".sld")
    for path, (message, written) in (
        (qml, layer.saveNamedStyle(str(qml))),
        (sld, layer.saveSldStyle(str(sld))),
    ):
        if not written:
            raise OutputError(
                tr("{path} cannot be written: {message}").format(path=path, message=message),
                tr("Choose another folder, with free space."),
            )
    return qml, sld


def _write_legend(path: Path, classes: Classes) -> None:
    path.write_text(json.dumps(as_json(classes), indent=1), encoding="utf-8")
