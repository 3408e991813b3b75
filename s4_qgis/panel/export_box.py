"""The section of what can be taken away: styled map, polygons, map sheet, report page."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import Qgis
from qgis.gui import QgsCollapsibleGroupBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from s4_qgis.export.vector import PolygonOptions
from s4_qgis.i18n import tr


class ExportBox(QWidget):
    """Asks where to write; signals tell the folder or the file."""

    styled_wanted = pyqtSignal(str)
    polygons_wanted = pyqtSignal(str)
    parcels_wanted = pyqtSignal(str)
    sheet_wanted = pyqtSignal(str)
    report_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = ""
        self.title = QLineEdit()
        self.title.setPlaceholderText(tr("Crop map"))
        self.inset = QCheckBox(tr("With confidence as an inset"))
        self.min_area, self.tolerance = _number(tr(" ha")), _number(tr(" m"))
        self.min_area.setToolTip(tr("Smaller patches join their neighbour; 0 keeps all."))
        self.tolerance.setToolTip(tr("Boundaries move by no more than this; 0 keeps pixel steps."))
        self.min_area.setValue(0.1)
        self.styled = QPushButton(tr("Styled map (GeoTIFF, QML, SLD) …"))
        self.polygons = QPushButton(tr("Polygons (GeoPackage) …"))
        self.parcels = QPushButton(tr("Parcels with their crop (GeoPackage) …"))
        self.parcels.setToolTip(
            tr(
                "A copy of the parcel layer: the class of most of a parcel's pixels, and the mean"
                " confidence of all of them."
            )
        )
        self.parcel_layer = QgsMapLayerComboBox()
        self.parcel_layer.setFilters(Qgis.LayerFilter.PolygonLayer)
        self.parcels_chosen = False
        self.parcel_layer.activated.connect(self._choose_parcels)
        self.sheet = QPushButton(tr("Map sheet (PDF or PNG) …"))
        self.report = QPushButton(tr("Report page (HTML)"))
        self._lay_out()
        self.styled.clicked.connect(self._ask_folder)
        self.polygons.clicked.connect(
            lambda: self._ask_file(
                "crops.gpkg", tr("GeoPackage (*.gpkg)"), self.polygons_wanted.emit
            )
        )
        self.parcels.clicked.connect(
            lambda: self._ask_file(
                "parcels.gpkg", tr("GeoPackage (*.gpkg)"), self.parcels_wanted.emit
            )
        )
        self.sheet.clicked.connect(
            lambda: self._ask_file(
                "crop_map.pdf", tr("PDF (*.pdf);;PNG (*.png)"), self.sheet_wanted.emit
            )
        )
        self.report.clicked.connect(self.report_wanted)

    def options(self) -> PolygonOptions:
        """How the map becomes polygons."""
        return PolygonOptions(self.min_area.value(), self.tolerance.value())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for button in (self.styled, self.polygons, self.parcels, self.sheet, self.report):
            column.addWidget(button)
        box = QgsCollapsibleGroupBox(tr("More choices"))
        form = QFormLayout(box)
        form.addRow(tr("Polygons: least area"), self.min_area)
        form.addRow(tr("Polygons: simplify by"), self.tolerance)
        form.addRow(tr("Parcels: layer"), self.parcel_layer)
        form.addRow(tr("Sheet: title"), self.title)
        form.addRow(self.inset)
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        box.setCollapsed(True)
        column.addWidget(box)

    def _choose_parcels(self, _row: int) -> None:
        self.parcels_chosen = True  # by the user: no other layer is offered any more

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, tr("Folder for the styled map"), self.folder
        )
        if folder:
            self.styled_wanted.emit(folder)

    def _ask_file(self, name: str, kinds: str, tell: Callable[[str], None]) -> None:
        path, _kind = QFileDialog.getSaveFileName(
            self, tr("Write to"), f"{self.folder}/{name}", kinds
        )
        if path:
            tell(path)


def _number(unit: str) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setRange(0.0, 10_000.0)
    spin.setDecimals(2)
    spin.setSuffix(unit)
    return spin
