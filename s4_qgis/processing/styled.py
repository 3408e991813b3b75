"""Layers that a run adds to the project arrive styled, in a group of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
)

from s4_core.types import MapClass
from s4_qgis.export.vector import class_renderer
from s4_qgis.layers.runs import RUN_PROPERTY


class StoredStyle(QgsProcessingLayerPostProcessorInterface):
    """Gives a loaded layer the style of its file: a `.qml` beside it, or one in its GeoPackage.

    Args:
        run: folder of the run that made a class map; the panel finds the run's files by it.
    """

    def __init__(self, run: str = "") -> None:
        super().__init__()
        self._run = run

    def postProcessLayer(
        self, layer: QgsMapLayer, _context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> None:
        """QGIS calls it in its main thread when the layer has been loaded."""
        layer.loadDefaultStyle()
        if self._run:
            layer.setCustomProperty(RUN_PROPERTY, self._run)
        layer.triggerRepaint()


class ClassStyle(QgsProcessingLayerPostProcessorInterface):
    """Gives a loaded vector layer a category for each class.

    Args:
        column: that holds the class names.
    """

    def __init__(self, column: str, classes: Sequence[MapClass]) -> None:
        super().__init__()
        self._column, self._classes = column, classes

    def postProcessLayer(
        self, layer: QgsMapLayer, _context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> None:
        """QGIS calls it in its main thread when the layer has been loaded."""
        layer.setRenderer(class_renderer(self._column, self._classes))
        layer.triggerRepaint()


_kept: deque[QgsProcessingLayerPostProcessorInterface] = deque(maxlen=256)
"""References: QGIS does not keep the Python half alive until it calls it."""


def load_styled(
    context: QgsProcessingContext,
    path: str,
    name: str,
    group: str = "",
    style: QgsProcessingLayerPostProcessorInterface | None = None,
) -> None:
    """Where an output will be loaded, load it styled, under this name, in a group of the run.

    Args:
        path: the output as QGIS named it when it gave it out.
        style: None takes the one that is stored with the file.
    """
    if not context.willLoadLayerOnCompletion(path):
        return
    style = style or StoredStyle()
    _kept.append(style)
    details = context.layerToLoadOnCompletionDetails(path)
    details.setPostProcessor(style)
    details.name = name
    details.groupName = group
