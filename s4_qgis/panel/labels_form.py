"""The widgets of the labels page."""

from __future__ import annotations

import os
from collections.abc import Sequence

from qgis.core import Qgis, QgsFieldProxyModel, QgsMapLayerProxyModel, QgsVectorLayer
from qgis.gui import QgsFieldComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from s4_qgis.i18n import tr
from s4_qgis.panel.legend_table import ClassRow, LegendTable
from s4_qgis.panel.steps import hint
from s4_qgis.panel.warnings_list import WarningsList


class LabelsForm(QWidget):
    """Choice of layer and field, the classes, and suggestions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layers = QgsMapLayerComboBox()
        polygons = getattr(Qgis, "LayerFilter", QgsMapLayerProxyModel.Filter).PolygonLayer
        self.layers.setFilters(polygons)
        self.layers.setAllowEmptyLayer(True, tr("Choose a polygon layer"))
        self.fields = QgsFieldComboBox()
        self.fields.setFilters(QgsFieldProxyModel.Filter.String | QgsFieldProxyModel.Filter.Int)
        self.new = QPushButton(tr("New parcel layer …"))
        self.offer = QPushButton()
        self.table = LegendTable()
        self.warnings = WarningsList()
        self.add_class = QPushButton(tr("Add class …"))
        self.style = QPushButton(tr("Colour the layer by class"))
        self.classes = QWidget()
        self.more = QWidget()
        self.most = QSpinBox()
        self.suggest = QPushButton(tr("Suggest"))
        self._start = hint(
            tr("A few parcels of each crop suffice. Draw them inside the fields' edges.")
        )
        self._lay_out()
        self.choose(None, "")

    def choose(self, layer: QgsVectorLayer | None, field: str) -> None:
        """Show a choice without telling it."""
        self.layers.blockSignals(True)
        self.layers.setLayer(layer)
        self.layers.blockSignals(False)
        self.choose_fields_of(self.layers.currentLayer(), field)

    def choose_fields_of(self, layer: QgsVectorLayer | None, field: str) -> None:
        """Offer the fields of a layer without telling it."""
        self.fields.blockSignals(True)
        self.fields.setLayer(layer)
        self.fields.setField(field)
        self.fields.blockSignals(False)
        self.fields.setEnabled(layer is not None)

    def show_classes(
        self, rows: Sequence[ClassRow], said: Sequence[str], *, has_layer: bool
    ) -> None:
        """Show the classes and what is the matter with them."""
        self.classes.setVisible(has_layer)
        self._start.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self.table.show_classes(rows)
        self.warnings.say(said)

    def show_offers(self, path: str, has_map: bool) -> None:
        """Offer the parcels of the images' folder, and suggestions once there is a map."""
        self.offer.setVisible(bool(path))
        name = os.path.basename(path)
        self.offer.setText(tr("Use {file} of the images' folder").format(file=name))
        self.more.setVisible(has_map)

    def _lay_out(self) -> None:
        choice = QFormLayout()
        choice.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        choice.addRow(tr("&Parcels"), self.layers)
        choice.addRow(tr("&Crop"), self.fields)
        below = QHBoxLayout()
        below.addWidget(self.add_class)
        below.addWidget(self.style)
        inside = QVBoxLayout(self.classes)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.table)
        inside.addLayout(below)
        self.most.setRange(1, 200)
        # few at a time: with a new map after them the next ones are better (docs/labelling.md)
        self.most.setValue(5)
        self.most.setSuffix(tr(" places"))
        row = QHBoxLayout()
        row.addWidget(self.most)
        row.addWidget(self.suggest, 1)
        more = QVBoxLayout(self.more)
        more.setContentsMargins(0, 6, 0, 0)
        more.addWidget(QLabel(f"<b>{tr('Label more here')}</b>"))
        more.addWidget(
            hint(
                tr(
                    "Parcels without a class, or else areas, that the last map is least sure of: "
                    "labels help most there."
                )
            )
        )
        more.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._start)
        column.addLayout(choice)
        for part in (self.offer, self.new, self.classes, self.warnings, self.more):
            column.addWidget(part)
