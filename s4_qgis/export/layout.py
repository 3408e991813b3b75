"""A map sheet for print: title, map, legend, scale bar, north arrow, credits; to PDF and PNG.

QGIS's main thread only: it draws layers of the project.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsLayerTreeLayer,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutItemShape,
    QgsLayoutMeasurement,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsPalettedRasterRenderer,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsTextFormat,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QRectF, QSizeF, Qt
from qgis.PyQt.QtGui import QColor, QFont

from s4_core.errors import OutputError
from s4_qgis.export.aside import aside
from s4_qgis.i18n import tr
from s4_qgis.icons import FOLDER

DPI = 200
_MM = QgsUnitTypes.LayoutUnit.LayoutMillimeters
_PAGE = QSizeF(297, 210)
_MARGIN, _SIDE, _TOP, _FOOT = 10.0, 66.0, 24.0, 14.0
_MANY_CLASSES = 14
_BANNER = QColor("#b3261e")


@dataclass(frozen=True)
class Sheet:
    """The words on a map sheet.

    Args:
        simulated: "no", "in part" or "only": how much of the map rests on simulated data.
        note: the sentence that says what is simulated; empty where nothing is.
    """

    title: str
    subtitle: str = ""
    credits: str = ""
    simulated: str = "no"
    note: str = ""


def map_title(area: str) -> str:
    """A title for the map of an area whose name may be that of a folder: "brabant_2019"."""
    words = re.sub(r"[_\s]+", " ", area).strip()
    if not words:
        return tr("Crop map")
    return tr("Crop map of {area}").format(area=words[:1].upper() + words[1:])


def credits_text(years: str, simulated: str = "no") -> str:
    """Who must be named; of images that were simulated, not Copernicus.

    Args:
        years: of the images, for example "2019" or "2018-2019"; "" where unknown.
    """
    made = tr("Map: S4 Crop Mapper, QGIS.")
    if simulated == "only":
        return made
    said = tr("Contains modified Copernicus Sentinel data {years}.").format(years=years)
    return f"{said.replace(' .', '.')} {made}"


def banner_text(simulated: str) -> str:
    """What the sheet of a simulated area says across its top; empty for real images."""
    if simulated != "only":
        return ""
    return tr("SIMULATED DATA: nothing on this map was observed")


def build_layout(
    project: QgsProject,
    layer: QgsRasterLayer,
    sheet: Sheet,
    confidence: QgsRasterLayer | None = None,
) -> QgsPrintLayout:
    """A sheet (A4, landscape) of a class map, with its confidence as an inset if given."""
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName(sheet.title)
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(_PAGE.width(), _PAGE.height(), _MM))
    banner = banner_text(sheet.simulated)
    top = _TOP + (8.0 if banner else 0.0)
    if banner:
        _add_banner(layout, banner)
    _add_label(layout, sheet.title, QRectF(_MARGIN, top - 16, 200, 9), 18, bold=True)
    _add_label(layout, sheet.subtitle, QRectF(_MARGIN, top - 7, 200, 6), 10)
    frame = QRectF(
        _MARGIN,
        top,
        _PAGE.width() - 2 * _MARGIN - _SIDE,
        _PAGE.height() - top - _FOOT,
    )
    main = _add_map(layout, layer, frame, [layer])
    left, width = frame.right() + 6, _SIDE - 6
    _add_north(layout, QRectF(left, top, 12, 18))
    _add_scale_bar(layout, main, left + 16, top + 4)
    legend_bottom = frame.bottom()
    if confidence is not None:
        inset = QRectF(left, frame.bottom() - 45, width, 45)
        _add_label(layout, tr("Confidence (red 0, green 1)"), inset.translated(0, -6), 9, bold=True)
        _add_map(layout, confidence, inset, [confidence])
        legend_bottom = inset.top() - 8
    _add_legend(layout, layer, QRectF(left, top + 22, width, legend_bottom - top - 22))
    foot = QRectF(_MARGIN, frame.bottom() + 3, _PAGE.width() - 2 * _MARGIN, 8)
    crs = tr("Coordinate system: {crs}.").format(crs=layer.crs().userFriendlyIdentifier())
    words = " ".join(filter(None, (sheet.note, sheet.credits, crs)))
    _add_label(layout, words, foot, 7, colour=QColor("#555555"))
    return layout


def write_pdf(layout: QgsPrintLayout, path: Path, dpi: int = DPI) -> None:
    """Write a sheet as PDF.

    Raises:
        OutputError: it cannot be written.
    """
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = dpi
    settings.rasterizeWholeImage = False
    with aside(path) as temporary:
        outcome = QgsLayoutExporter(layout).exportToPdf(str(temporary), settings)
        _check(outcome, temporary, path, b"%%EOF")


def write_png(layout: QgsPrintLayout, path: Path, dpi: int = DPI) -> None:
    """Write a sheet as PNG.

    Raises:
        OutputError: it cannot be written.
    """
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = dpi
    settings.generateWorldFile = False
    with aside(path) as temporary:
        outcome = QgsLayoutExporter(layout).exportToImage(str(temporary), settings)
        _check(outcome, temporary, path, b"IEND")


def _check(outcome: Any, written: Path, path: Path, end: bytes) -> None:
    """Refuse what is not whole: on a full disk, Qt writes half a PDF and reports success."""
    if outcome == QgsLayoutExporter.ExportResult.Success and end in _tail(written):
        return
    raise OutputError(
        tr("{path} cannot be written.").format(path=path),
        tr("Choose another folder, with free space, and close the file elsewhere."),
    )


def _tail(path: Path) -> bytes:
    return path.read_bytes()[-64:] if path.is_file() else b""


def _add_banner(layout: QgsPrintLayout, text: str) -> None:
    band = QRectF(0, 0, _PAGE.width(), 8)
    shape = QgsLayoutItemShape(layout)
    shape.setShapeType(QgsLayoutItemShape.Shape.Rectangle)
    symbol = shape.symbol()
    symbol.setColor(_BANNER)
    symbol.symbolLayer(0).setStrokeStyle(Qt.PenStyle.NoPen)
    shape.setSymbol(symbol)
    _place(layout, shape, band)
    label = _add_label(layout, text, band, 11, bold=True, colour=QColor("white"))
    label.setHAlign(Qt.AlignmentFlag.AlignHCenter)
    label.setVAlign(Qt.AlignmentFlag.AlignVCenter)


def _add_label(
    layout: QgsPrintLayout,
    text: str,
    frame: QRectF,
    points: float,
    *,
    bold: bool = False,
    colour: QColor | None = None,
) -> QgsLayoutItemLabel:
    label = QgsLayoutItemLabel(layout)
    label.setText(text)
    label.setTextFormat(_format(points, bold, colour))
    label.setMarginX(0)
    label.setMarginY(0)
    _place(layout, label, frame)
    return label


def _add_map(
    layout: QgsPrintLayout, layer: QgsMapLayer, frame: QRectF, layers: list[QgsMapLayer]
) -> QgsLayoutItemMap:
    item = QgsLayoutItemMap(layout)
    _place(layout, item, frame)
    item.setCrs(layer.crs())
    item.setLayers(layers)
    item.setKeepLayerSet(True)
    item.zoomToExtent(_with_rim(layer.extent()))
    item.setFrameEnabled(True)
    item.setFrameStrokeColor(QColor("#888888"))
    item.setFrameStrokeWidth(QgsLayoutMeasurement(0.2, _MM))
    item.setBackgroundColor(QColor("#f4f4f1"))
    return item


def _with_rim(extent: QgsRectangle) -> QgsRectangle:
    rim = QgsRectangle(extent)
    rim.scale(1.04)
    return rim


def _add_legend(layout: QgsPrintLayout, layer: QgsRasterLayer, frame: QRectF) -> None:
    legend = QgsLayoutItemLegend(layout)
    legend.setTitle(tr("Legend"))
    legend.setAutoUpdateModel(False)
    tree = legend.model().rootGroup()  # by now a copy of the project's
    tree.removeAllChildren()
    node = tree.addLayer(layer)
    # the layer's name is the sheet's title already
    node.setCustomProperty("legend/title-style", "hidden")
    _show_classes_only(legend, node, layer)
    small = len(legend.model().layerLegendNodes(node)) > _MANY_CLASSES
    for part, points, bold in (
        (QgsLegendStyle.Style.Title, 11, True),
        (QgsLegendStyle.Style.SymbolLabel, 7 if small else 9, False),
    ):
        style = legend.style(part)
        style.setTextFormat(_format(points, bold))
        legend.setStyle(part, style)
    legend.setBoxSpace(0)
    legend.setResizeToContents(True)
    legend.setBackgroundEnabled(False)
    _place(layout, legend, frame)
    legend.adjustBoxSize()


def _show_classes_only(
    legend: QgsLayoutItemLegend, node: QgsLayerTreeLayer, layer: QgsRasterLayer
) -> None:
    """Leave out the line that names the band: it comes before the classes."""
    renderer = layer.renderer()
    if isinstance(renderer, QgsPalettedRasterRenderer):
        shown = len(legend.model().layerLegendNodes(node))
        first = shown - len(renderer.classes())
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, list(range(first, shown)))
        legend.model().refreshLayerLegend(node)


def _add_scale_bar(layout: QgsPrintLayout, item: QgsLayoutItemMap, left: float, top: float) -> None:
    bar = QgsLayoutItemScaleBar(layout)
    bar.setStyle("Single Box")
    bar.setLinkedMap(item)
    layout.addLayoutItem(bar)
    bar.applyDefaultSize(bar.guessUnits())
    bar.setNumberOfSegments(2)
    bar.setNumberOfSegmentsLeft(0)
    bar.setHeight(1.8)
    bar.setTextFormat(_format(8))
    # no wider than the column beside the map
    bar.setUnitsPerSegment(round_below(bar.unitsPerSegment() * 1.001))
    bar.update()
    while bar.sizeWithUnits().width() > _SIDE - 18 and bar.unitsPerSegment() > 1e-6:
        bar.setUnitsPerSegment(round_below(bar.unitsPerSegment()))
        bar.update()
    bar.attemptMove(QgsLayoutPoint(left, top, _MM))


def round_below(value: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is smaller than a value."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step for step in (0.5 * power, power, 2 * power, 5 * power) if step < value)


def _add_north(layout: QgsPrintLayout, frame: QRectF) -> None:
    picture = QgsLayoutItemPicture(layout)
    picture.setPicturePath(str(FOLDER / "north.svg"))
    _place(layout, picture, frame)


def _place(layout: QgsPrintLayout, item: QgsLayoutItem, frame: QRectF) -> None:
    layout.addLayoutItem(item)
    item.attemptMove(QgsLayoutPoint(frame.left(), frame.top(), _MM))
    item.attemptResize(QgsLayoutSize(frame.width(), frame.height(), _MM))


def _format(points: float, bold: bool = False, colour: QColor | None = None) -> QgsTextFormat:
    text = QgsTextFormat()
    font = QFont()
    font.setBold(bold)
    text.setFont(font)
    text.setSize(points)
    text.setSizeUnit(QgsUnitTypes.RenderUnit.RenderPoints)
    text.setColor(colour or QColor("#222222"))
    return text
