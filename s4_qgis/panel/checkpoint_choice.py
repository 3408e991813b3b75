"""Choosing the model to start from: one that comes with the plugin, or one's own file."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QVBoxLayout, QWidget

from s4_core.errors import S4Error
from s4_core.model_card import ModelCard, read_card
from s4_qgis.i18n import tr
from s4_qgis.panel.steps import hint
from s4_qgis.shipped import shipped_checkpoints

OWN = "own"


class CheckpointChoice(QWidget):
    """Emits `chosen(path)` when the user chose; "" stands for the first shipped one."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QComboBox()
        for path in shipped_checkpoints():
            self.list.addItem(tr("Shipped: {name}").format(name=path.stem), str(path))
        self.list.addItem(tr("My own model …"), OWN)
        self.list.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.file = QgsFileWidget()
        self.file.setFilter(tr("Models (*.safetensors)"))
        self.file.setDialogTitle(tr("Model to start from"))
        self.about = hint("")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.list, self.file, self.about):
            column.addWidget(widget)
        self.list.currentIndexChanged.connect(self._choose)
        self.file.fileChanged.connect(self._choose)
        self._refresh()

    def path(self) -> str:
        """The chosen model; "" while an own one is not named yet."""
        data = str(self.list.currentData())
        return self.file.filePath().strip() if data == OWN else data

    def show_path(self, path: str) -> None:
        """Show a model as chosen, without telling it; "" is the first shipped one."""
        for widget in (self.list, self.file):
            widget.blockSignals(True)
        index = 0 if not path else self.list.findData(path)
        self.list.setCurrentIndex(self.list.findData(OWN) if index < 0 else index)
        if index < 0:
            self.file.setFilePath(path)
        for widget in (self.list, self.file):
            widget.blockSignals(False)
        self._refresh()

    def _choose(self, *_: object) -> None:
        self._refresh()
        self.chosen.emit(self.path())

    def _refresh(self) -> None:
        self.file.setVisible(self.list.currentData() == OWN)
        path = self.path()
        if not path:
            self.about.setText(tr("Choose a .safetensors file."))
            return
        try:
            self.about.setText(about(read_card(Path(path))))
        except S4Error as error:
            self.about.setText(f"{error.message} {error.remedy}")


def about(card: ModelCard) -> str:
    """One or two sentences on a model: what it reads, when, and what taught it."""
    names = [tr(modality.value) for modality in card.modalities]
    said = [tr("Reads {modalities}.").format(modalities=tr(" and ").join(names))]
    if card.legend is not None:
        said.append(tr("Already learned: {classes}.").format(classes=", ".join(card.legend.names)))
    if card.simulated != "no":
        word = tr("only") if card.simulated == "only" else tr("partly")
        said.append(tr("Pretrained {how} on simulated images.").format(how=word))
    return " ".join(said)
