"""A section that draws a probability sample of the map, and judges the map by it."""

from __future__ import annotations

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QPushButton,
    QSpinBox,
    QWidget,
)

from s4_qgis.i18n import tr
from s4_qgis.layers.sampling import SampleFile, read_sample
from s4_qgis.panel.section import Section
from s4_qgis.panel.steps import hint


class SampleBox(Section):
    """Signals `wanted(design, units)` and `judge_wanted()`."""

    wanted = pyqtSignal(str, int)
    judge_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Draw a random sample"), parent)
        self.design = QComboBox()
        self.design.addItem(tr("Stratified by mapped class"), "stratified")
        self.design.addItem(tr("Simple random"), "random")
        self.units = QSpinBox()
        self.units.setRange(10, 100_000)
        self.units.setValue(100)
        self.draw_button = QPushButton(tr("Draw"))
        self.judge_button = QPushButton(tr("Judge the map by the sample"))
        self.about = hint("")
        column = self.column
        column.addWidget(
            hint(
                tr(
                    "Squares of one pixel, drawn at random over the map. Find out what grows in"
                    " each, and fill in the column “crop”. Only such a sample gives areas and"
                    " accuracies with honest intervals."
                )
            )
        )
        form = QFormLayout()
        form.addRow(tr("Design"), self.design)
        form.addRow(tr("Units"), self.units)
        column.addLayout(form)
        for widget in (self.draw_button, self.about, self.judge_button):
            column.addWidget(widget)
        self.draw_button.clicked.connect(
            lambda: self.wanted.emit(str(self.design.currentData()), self.units.value())
        )
        self.judge_button.clicked.connect(self.judge_wanted)
        self.show_sample("")

    def show_sample(self, path: str) -> None:
        """Tell how far the sample is filled in; an empty path: none is drawn."""
        sample = read_sample(path) if path else None
        self.about.setText("" if sample is None else sample_text(sample))
        self.about.setVisible(sample is not None)
        self.judge_button.setVisible(sample is not None)


def sample_text(sample: SampleFile) -> str:
    """How far a sample is."""
    said = tr("{filled} of {units} units have a crop.")
    return said.format(filled=sample.filled, units=sample.units)


def lacking(sample: SampleFile | None) -> str:
    """Why the map cannot be judged by a sample yet; empty where it can."""
    if sample is None:
        return tr("The sample's file is gone, or it is none that was drawn here.")
    if sample.filled < sample.units:
        said = tr(
            "{n} units have no crop yet. Leaving them out would spoil the sample: fill in all."
        )
        return said.format(n=sample.units - sample.filled)
    if _is_being_edited(sample.path):
        return tr("The sample has unsaved edits. Save them first.")
    return ""


def _is_being_edited(path: str) -> bool:
    layers = QgsProject.instance().mapLayers().values()
    return any(
        isinstance(layer, QgsVectorLayer)
        and layer.isModified()
        and layer.source().partition("|")[0] == path
        for layer in layers
    )
