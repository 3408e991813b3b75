"""Where the images come from: a folder, or raster layers and groups of the project."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QRadioButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from s4_qgis.i18n import tr
from s4_qgis.layers.sources import SourceNode, source_tree

_PATH = Qt.ItemDataRole.UserRole
_TREE_LINES = 7


class SourceChoice(QWidget):
    """Emits `changed()` when the user chooses something else."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder_radio = QRadioButton(tr("A &folder"))
        self._layers_radio = QRadioButton(tr("&Layers of the project"))
        self._folder = QgsFileWidget()
        self._folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self._folder.setDialogTitle(tr("Folder of the images"))
        self._folder.lineEdit().setPlaceholderText(tr("Folder with the subfolders optical, radar"))
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setFixedHeight(_TREE_LINES * (self.fontMetrics().height() + 4))
        self.tree.setAccessibleName(tr("Raster layers and groups"))
        radios = QHBoxLayout()
        radios.addWidget(self._folder_radio)
        radios.addWidget(self._layers_radio)
        radios.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(radios)
        column.addWidget(self._folder)
        column.addWidget(self.tree)
        self._chosen: set[str] = set()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)  # many layers that come or go at once are one change
        self._later.timeout.connect(self.refresh)
        self._folder_radio.setChecked(True)
        self._show_kind()
        self._folder_radio.toggled.connect(self._kind_changed)
        self._folder.fileChanged.connect(self._tell)
        self.tree.itemChanged.connect(self._ticked)
        self._listen()
        self.refresh()

    def folder(self) -> str:
        """The chosen folder; "" where layers are chosen."""
        return str(self._folder.filePath()).strip() if self._folder_radio.isChecked() else ""

    def rasters(self) -> tuple[str, ...]:
        """Files of the ticked layers; () where a folder is chosen."""
        if self._folder_radio.isChecked():
            return ()
        return tuple(item.data(0, _PATH) for item in self._layer_items() if _is_ticked(item))

    def choose(self, folder: str, rasters: Iterable[str]) -> None:
        """Show a choice without telling it."""
        was_blocked = self.blockSignals(True)
        self._chosen = set(rasters)
        (self._layers_radio if self._chosen else self._folder_radio).setChecked(True)
        self._folder.setFilePath(folder)
        self._show_kind()
        self.refresh()
        self.blockSignals(was_blocked)

    def refresh(self) -> None:
        """Show the project's layers as they are now; ticks stay."""
        self.tree.blockSignals(True)
        self.tree.clear()
        for node in source_tree(QgsProject.instance().layerTreeRoot()):
            self.tree.addTopLevelItem(self._item(node))
        if not self.tree.topLevelItemCount():
            empty = QTreeWidgetItem([tr("The project has no raster files yet.")])
            empty.setFlags(Qt.ItemFlag.NoItemFlags)
            self.tree.addTopLevelItem(empty)
        self.tree.blockSignals(False)

    def _item(self, node: SourceNode) -> QTreeWidgetItem:
        item = QTreeWidgetItem([node.name])
        item.setToolTip(0, node.path)
        item.setData(0, _PATH, node.path)
        if node.path:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = node.path in self._chosen
            item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            return item
        flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate
        item.setFlags(item.flags() | flags)
        for child in node.children:
            item.addChild(self._item(child))
        return item

    def _layer_items(self) -> list[QTreeWidgetItem]:
        found, waiting = [], [self.tree.invisibleRootItem()]
        while waiting:
            item = waiting.pop(0)
            waiting = [item.child(i) for i in range(item.childCount())] + waiting
            if item.data(0, _PATH):
                found.append(item)
        return found

    def _ticked(self, item: QTreeWidgetItem) -> None:
        if item.data(0, _PATH):
            self._chosen = {i.data(0, _PATH) for i in self._layer_items() if _is_ticked(i)}
            self._later_tell()

    def _later_tell(self) -> None:
        """Tell once for a group whose layers all change."""
        if not self.signalsBlocked():
            QTimer.singleShot(0, self._tell)

    def _listen(self) -> None:
        project = QgsProject.instance()
        root = project.layerTreeRoot()
        for signal in (root.addedChildren, root.removedChildren, root.nameChanged):
            signal.connect(self._start_later)
        for signal in (project.layersRemoved, project.readProject, project.cleared):
            signal.connect(self._start_later)

    def _start_later(self, *_: object) -> None:
        self._later.start()

    def _kind_changed(self, *_: object) -> None:
        self._show_kind()
        self._tell()

    def _show_kind(self) -> None:
        is_folder = self._folder_radio.isChecked()
        self._folder.setVisible(is_folder)
        self.tree.setVisible(not is_folder)

    def _tell(self, *_: object) -> None:
        self.changed.emit()


def _is_ticked(item: QTreeWidgetItem) -> bool:
    return item.checkState(0) == Qt.CheckState.Checked
