"""Where and within what to map: two questions, the second of which has no silent answer."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis, QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsExtentWidget, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from s4_qgis.i18n import tr
from s4_qgis.panel.state import SCOPE
from s4_qgis.panel.steps import hint
from s4_qgis.processing.extents import GivenExtent, given_extent

_KEY = "within"
EVERYTHING = "everything"


class ExtentChoice(QgsExtentWidget):
    """An extent, none unless the user names one.

    Args:
        none_text, name: what none means, and what the extent is for; "": the whole area, to map.
    """

    def __init__(
        self, iface: Any, parent: QWidget | None = None, *, none_text: str = "", name: str = ""
    ) -> None:
        super().__init__(parent, QgsExtentWidget.WidgetStyle.CondensedStyle)
        self.setNullValueAllowed(True, none_text or tr("Whole area"))
        self.setAccessibleName(name or tr("Extent to map"))
        if iface is not None:
            canvas = iface.mapCanvas()
            self.setMapCanvas(canvas)
            self.setCurrentExtent(canvas.extent(), canvas.mapSettings().destinationCrs())
        QgsProject.instance().crsChanged.connect(self._follow)
        self._follow()
        self.clear()

    def chosen(self) -> GivenExtent | None:
        """The extent and its coordinate system; None where none is named."""
        rectangle = self.outputExtent()
        if not self.isValid() or rectangle.isNull() or rectangle.isEmpty():
            return None
        return given_extent(rectangle, self.outputCrs())

    def _follow(self) -> None:
        """Speak the project's coordinate system: an empty project gets one with its first layer."""
        is_whole = self.chosen() is None
        self.setOutputCrs(QgsProject.instance().crs())
        if is_whole:  # QGIS transforms even an empty extent, into numbers that mean nothing
            self.clear()


class WithinChoice(QWidget):
    """Only fields, or everything? Nothing is chosen until the user did; kept with the project."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.only = QRadioButton(tr("Only within fields or cropland"))
        self.everything = QRadioButton(tr("Everything"))
        self._group = QButtonGroup(self)
        self.layers = QgsMapLayerComboBox()
        kinds = Qgis.LayerFilter.PolygonLayer | Qgis.LayerFilter.RasterLayer
        self.layers.setFilters(Qgis.LayerFilters(kinds))  # in Qt 5 `|` makes an int of them
        self.layers.setAccessibleName(tr("Polygons or a mask raster to map within"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.only, self.layers, self.everything):
            column.addWidget(widget)
        column.addWidget(
            hint(tr("Everything: roads and woods become crops, as the model knows nothing else."))
        )
        for button in (self.only, self.everything):
            self._group.addButton(button)
            button.toggled.connect(self._tell)
        self.layers.layerChanged.connect(self._tell)
        project = QgsProject.instance()
        project.aboutToBeCleared.connect(self._forget)
        project.readProject.connect(self._restore)
        self._restore()

    @property
    def is_answered(self) -> bool:
        """Whether the user has chosen."""
        return self.everything.isChecked() or (self.only.isChecked() and self.layer() is not None)

    def layer(self) -> QgsMapLayer | None:
        """The layer to map within; None for everything."""
        return self.layers.currentLayer() if self.only.isChecked() else None

    def vector(self) -> QgsVectorLayer | None:
        """That layer, where it holds polygons."""
        layer = self.layer()
        return layer if isinstance(layer, QgsVectorLayer) else None

    def raster_path(self) -> str:
        """The path of that layer, where it is a mask raster; else empty."""
        layer = self.layer()
        return str(layer.source()) if isinstance(layer, QgsRasterLayer) else ""

    def leave_out(self, layers: list[QgsMapLayer]) -> None:
        """Do not offer these: images and maps are no masks."""
        self.layers.setExceptedLayerList(layers)

    def _tell(self, *_: Any) -> None:
        self.layers.setEnabled(self.only.isChecked())
        layer = self.layer()
        answer = EVERYTHING if self.everything.isChecked() else layer.id() if layer else ""
        if answer:
            QgsProject.instance().writeEntry(SCOPE, _KEY, answer)
        self.changed.emit()

    def _forget(self) -> None:
        """The next project has not been asked; before its layers go, which would tell this one's
        answer to it."""
        self._group.setExclusive(False)  # else a tick cannot be taken away
        for button in (self.only, self.everything):
            button.blockSignals(True)
            button.setChecked(False)
            button.blockSignals(False)
        self._group.setExclusive(True)
        self.layers.setEnabled(False)

    def _restore(self, *_: Any) -> None:
        self.layers.setEnabled(False)
        answer, _found = QgsProject.instance().readEntry(SCOPE, _KEY, "")
        layer = QgsProject.instance().mapLayer(answer)
        if answer == EVERYTHING:
            self.everything.setChecked(True)
        elif layer is not None:
            self.layers.setLayer(layer)
            self.only.setChecked(True)
