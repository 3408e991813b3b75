"""Where new layers go."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsProject


def add_on_top(project: QgsProject, layer: QgsMapLayer) -> None:
    """Add a layer above all others.

    QGIS would put it above the current layer, which may lie below a map: then nobody sees it.
    """
    project.addMapLayer(layer, False)
    project.layerTreeRoot().insertLayer(0, layer)
