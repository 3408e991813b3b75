"""Dates and bands that cannot be guessed: asked for, once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QDate, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from s4_qgis.i18n import tr
from s4_qgis.layers.sources import Stated
from s4_qgis.panel.steps import hint

MOST = 500
_PATH = Qt.ItemDataRole.UserRole


class UnknownRasters(QWidget):
    """A table of rasters that are not used; `stated(dict)` brings what the user said, by path."""

    stated = pyqtSignal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels([tr("File"), tr("Date"), tr("Bands")])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._say = hint("")
        self._button = QPushButton(tr("Remember and read again"))
        self._button.clicked.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._say, self.table, self._button):
            column.addWidget(widget)
        self.hide()

    def ask(self, paths: Sequence[str], known: Mapping[str, Stated]) -> None:
        """Ask for these rasters; hidden where there are none."""
        self.setVisible(bool(paths))
        self._say.setText(
            tr(
                "{n} raster(s) are not used. If they are images, give their dates (YYYY-MM-DD) "
                "and bands in the order of the file (B02 B03 … or VV VH)."
            ).format(n=len(paths))
        )
        shown = list(paths)[:MOST]
        self.table.setRowCount(len(shown))
        for row, path in enumerate(shown):
            said = known.get(path, Stated())
            name = QTableWidgetItem(os.path.basename(path))
            name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            name.setToolTip(path)
            name.setData(_PATH, path)
            own = " ".join(band_names(path))
            bands = " ".join(said.bands) or own
            for column, item in enumerate(
                (name, QTableWidgetItem(said.date), QTableWidgetItem(bands))
            ):
                self.table.setItem(row, column, item)
            self.table.item(row, 2).setData(_PATH, own)
        line = self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight((min(len(shown), 5) + 1) * line + 8)

    def answers(self) -> dict[str, Stated]:
        """What the user said, by path; rasters of which nothing was said are left out."""
        found = {}
        for row in range(self.table.rowCount()):
            name, day, bands = (self.table.item(row, column) for column in range(3))
            changed = bands.text().strip() != str(bands.data(_PATH))
            said = Stated(day.text().strip(), names_in(bands.text()) if changed else ())
            if said != Stated():
                found[name.data(_PATH)] = said
        return found

    def problem(self) -> str:
        """Why the answers cannot be right; empty where they can."""
        for path, said in self.answers().items():
            if said.date and not QDate.fromString(said.date, Qt.DateFormat.ISODate).isValid():
                return tr("'{text}' is not the date of {file}.").format(
                    text=said.date, file=os.path.basename(path)
                )
        return ""

    def _tell(self) -> None:
        self.stated.emit(self.answers())


def band_names(path: str) -> tuple[str, ...]:
    """The names that a raster's bands have, where all have one."""
    options = QgsRasterLayer.LayerOptions()
    options.loadDefaultStyle = False
    layer = QgsRasterLayer(path, "", "gdal", options)
    if not layer.isValid():
        return ()
    names = [layer.bandName(i).partition(":")[2].strip() for i in range(1, layer.bandCount() + 1)]
    return tuple(names) if all(names) else ()


def names_in(text: str) -> tuple[str, ...]:
    """Band names out of a text, with blanks or commas between them."""
    return tuple(text.replace(",", " ").split())
