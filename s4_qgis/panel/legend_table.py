"""The classes of the parcels: colour, name, parcels, hectares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.gui import QgsColorButton
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from s4_qgis.i18n import tr

_NAME = Qt.ItemDataRole.UserRole
_MOST_ROWS = 10


@dataclass(frozen=True)
class ClassRow:
    """One class; `colour` as `#rrggbb`, `doubt` why it may not do, "" where it does."""

    name: str
    colour: str
    parcels: int
    hectares: float
    doubt: str = ""


class LegendTable(QTableWidget):
    """Emits `renamed(old, new)` and `coloured(name, colour)` when the user changed a class."""

    renamed = pyqtSignal(str, str)
    coloured = pyqtSignal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self.setHorizontalHeaderLabels(["", tr("Class"), tr("Parcels"), tr("ha")])
        self.setAccessibleName(tr("Classes"))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(30)
        self.setColumnWidth(0, 52)
        self.itemChanged.connect(self._changed)

    def show_classes(self, rows: Sequence[ClassRow]) -> None:
        """Show these instead of what was shown."""
        self.blockSignals(True)
        self.setRowCount(len(rows))
        for index, row in enumerate(rows):
            self.setCellWidget(index, 0, self._button(row))
            name = QTableWidgetItem(f"{row.name} ⚠" if row.doubt else row.name)
            name.setData(_NAME, row.name)
            name.setToolTip(row.doubt or tr("Double-click to rename"))
            numbers = (QTableWidgetItem(str(row.parcels)), QTableWidgetItem(f"{row.hectares:.2f}"))
            self.setItem(index, 1, name)
            for column, item in enumerate(numbers, start=2):
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(index, column, item)
        self.blockSignals(False)
        line = self.verticalHeader().defaultSectionSize()
        shown = min(max(len(rows), 1), _MOST_ROWS)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + shown * line + 4)

    def names(self) -> list[str]:
        """The classes that are shown."""
        return [self.item(row, 1).data(_NAME) for row in range(self.rowCount())]

    def _button(self, row: ClassRow) -> QgsColorButton:
        button = QgsColorButton()
        button.setColor(QColor(row.colour))
        button.setAllowOpacity(False)
        button.setAccessibleName(tr("Colour of {name}").format(name=row.name))
        button.colorChanged.connect(
            lambda colour, name=row.name: self.coloured.emit(name, colour.name())
        )
        return button

    def _changed(self, item: QTableWidgetItem) -> None:
        if item.column() != 1:
            return
        old, new = item.data(_NAME), item.text().replace("⚠", "").strip()
        self.blockSignals(True)
        item.setText(old)  # until the parcels have the new name
        self.blockSignals(False)
        if new and new != old:
            self.renamed.emit(old, new)
