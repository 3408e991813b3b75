"""The plugin's page in QGIS's options: device, folders, defaults and the engine."""

from __future__ import annotations

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QGroupBox,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from s4_qgis.engine.page import EnginePage
from s4_qgis.i18n import tr
from s4_qgis.settings import PluginSettings, cache_folder, output_folder

_MOST_THREADS = 256


class S4OptionsPage(QgsOptionsPageWidget):
    """Shows the settings and writes them when the dialog is accepted.

    The engine's part acts at once: it asks, shows progress and can be cancelled.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("s4_crop_mapper")
        self._settings = PluginSettings()
        content = QWidget()
        column = QVBoxLayout(content)
        column.addWidget(self._make_engine())
        column.addWidget(self._make_computing())
        column.addWidget(self._make_defaults())
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def apply(self) -> None:
        """Write every setting; QGIS calls it when the dialog is accepted."""
        settings = self._settings
        settings.device = self._device.currentText().strip() or "auto"
        settings.threads = self._threads.value()
        settings.cache_folder = self._cache.filePath()
        settings.output_folder = self._output.filePath()
        settings.modality = self._modality.currentData()
        settings.mode = self._mode.currentData()
        settings.min_confidence = self._confidence.value() / 100

    def _make_engine(self) -> QGroupBox:
        group = QGroupBox(tr("Engine"))
        QVBoxLayout(group).addWidget(EnginePage())
        return group

    def _make_computing(self) -> QGroupBox:
        group = QGroupBox(tr("Computing and folders"))
        form = QFormLayout(group)
        self._device = QComboBox()
        self._device.setEditable(True)  # "cuda:1" and the like
        self._device.addItems(["auto", "cpu", "cuda", "mps"])
        self._device.setCurrentText(self._settings.device)
        self._device.setToolTip(
            tr("What the engine computes on. auto takes a GPU where PyTorch can use one.")
        )
        self._threads = QSpinBox()
        self._threads.setRange(0, _MOST_THREADS)
        self._threads.setSpecialValueText(tr("automatic"))
        self._threads.setValue(self._settings.threads)
        self._cache = _folder(self._settings.cache_folder, str(cache_folder()))
        self._output = _folder(self._settings.output_folder, str(output_folder()))
        form.addRow(tr("Device"), self._device)
        form.addRow(tr("Threads"), self._threads)
        form.addRow(tr("Cache folder"), self._cache)
        form.addRow(tr("Output folder"), self._output)
        return group

    def _make_defaults(self) -> QGroupBox:
        group = QGroupBox(tr("Defaults"))
        form = QFormLayout(group)
        self._modality = _choice(
            self._settings.modality,
            (tr("Optical"), "optical"),
            (tr("Radar"), "radar"),
            (tr("Both"), "both"),
        )
        self._mode = _choice(
            self._settings.mode,
            (tr("Quick (head)"), "head"),
            (tr("Decoder"), "decoder"),
            (tr("Full"), "full"),
        )
        self._confidence = QDoubleSpinBox()
        self._confidence.setRange(0, 100)
        self._confidence.setDecimals(0)
        self._confidence.setSuffix(" %")
        self._confidence.setSpecialValueText(tr("none"))
        self._confidence.setValue(100 * self._settings.min_confidence)
        self._confidence.setToolTip(tr("Pixels below it become the class uncertain."))
        form.addRow(tr("Modality"), self._modality)
        form.addRow(tr("Training"), self._mode)
        form.addRow(tr("Minimum confidence"), self._confidence)
        return group


def _folder(chosen: str, default: str) -> QgsFileWidget:
    widget = QgsFileWidget()
    widget.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
    widget.lineEdit().setPlaceholderText(default)
    widget.setFilePath(chosen)
    return widget


def _choice(chosen: str, *items: tuple[str, str]) -> QComboBox:
    box = QComboBox()
    for text, value in items:
        box.addItem(text, value)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    return box
