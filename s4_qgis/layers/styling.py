"""How the layers of a map look: its classes, its confidence, its parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.core import (
    QgsColorRampShader,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from s4_core.types import MapClass
from s4_qgis.export.map_classes import Classes, classes_of_file, classes_of_layer
from s4_qgis.export.map_export import paletted
from s4_qgis.export.vector import class_renderer
from s4_qgis.i18n import tr

CONFIDENCE_RAMP = (
    (0.0, "#a50026"),
    (0.25, "#f46d43"),
    (0.5, "#fee08b"),
    (0.75, "#66bd63"),
    (1.0, "#006837"),
)
"""From no confidence (red) to full confidence (green), as in the engine's style files."""


@dataclass(frozen=True)
class TableRow:
    """A row of a class map's attribute table."""

    value: int
    count: int
    name: str
    code: str
    colour: str


def style_class_map(layer: QgsRasterLayer) -> Classes:
    """Show a class map by the `.qml` beside it, else by the classes in its file.

    Returns:
        The classes as shown.

    Raises:
        RasterError: neither names classes.
    """
    layer.loadDefaultStyle()
    if not isinstance(layer.renderer(), QgsPalettedRasterRenderer):
        layer.setRenderer(paletted(layer, classes_of_file(layer.source())))
    layer.triggerRepaint()
    return classes_of_layer(layer, layer.source())


def style_confidence(layer: QgsRasterLayer) -> None:
    """Show confidence by the `.qml` beside it, else by a ramp from red (0) to green (1)."""
    layer.loadDefaultStyle()
    if isinstance(layer.renderer(), QgsSingleBandPseudoColorRenderer):
        return
    ramp = QgsColorRampShader(0.0, 1.0)
    ramp.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(value, QColor(colour), f"{value:.0%}")
            for value, colour in CONFIDENCE_RAMP
        ]
    )
    shader = QgsRasterShader(0.0, 1.0)
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader)
    renderer.setClassificationMin(0.0)
    renderer.setClassificationMax(1.0)
    layer.setRenderer(renderer)
    layer.triggerRepaint()


def style_parcels(layer: QgsVectorLayer, column: str, classes: Sequence[MapClass]) -> None:
    """Show parcels in the colours of their classes."""
    layer.setRenderer(class_renderer(column, classes))
    layer.triggerRepaint()


def table_rows(layer: QgsRasterLayer) -> list[TableRow]:
    """The raster attribute table that QGIS reads from a class map; empty where there is none."""
    table = layer.attributeTable(1)
    if table is None:
        return []
    names = [field.name for field in table.fields()]
    rows = [dict(zip(names, row)) for row in table.data()]
    return [
        TableRow(
            int(row["Value"]),
            int(row["Count"]),
            str(row["Class"]),
            str(row.get("Code", "")),
            "#{:02x}{:02x}{:02x}".format(*(int(row[c]) for c in ("Red", "Green", "Blue"))),
        )
        for row in rows
    ]


def simulated_note(simulated: str) -> str:
    """What the names of layers add where a simulated area was mapped; empty elsewhere."""
    return f" ({tr('simulated')})" if simulated == "only" else ""
