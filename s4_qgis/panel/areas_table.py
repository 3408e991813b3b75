"""Hectares per class as a table, with intervals where the reference is a probability sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QIcon, QPixmap
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from s4_qgis.i18n import tr


@dataclass(frozen=True)
class AreaRow:
    """A class of the map.

    Args:
        counted: hectares of its pixels. interval: adjusted hectares with their 95 % interval, or
            empty.
    """

    name: str
    colour: str
    counted: float
    share: float
    interval: str = ""


def area_rows(result: Mapping[str, Any], metrics: Mapping[str, Any]) -> tuple[AreaRow, ...]:
    """The classes of a map, largest first, with intervals where the metrics are of this map."""
    colours = {c["name"]: "#{:02x}{:02x}{:02x}".format(*c["colour"]) for c in result["legend"]}
    fits = bool(metrics) and metrics.get("map") == result.get("map")
    adjusted = {a["name"]: a.get("adjusted") for a in metrics.get("areas", ())} if fits else {}
    rows = [
        AreaRow(
            a["name"],
            colours.get(a["name"], "#888888"),
            float(a["hectares"]),
            float(a["share"]),
            _interval(adjusted.get(a["name"])),
        )
        for a in result.get("areas", ())
    ]
    return tuple(sorted(rows, key=lambda row: -row.counted))


def interval_reason(rows: Sequence[AreaRow], metrics: Mapping[str, Any]) -> str:
    """Why there is no interval, or what the interval means."""
    if any(row.interval for row in rows):
        return tr(
            "Adjusted hectares correct the map's errors by the sample; with 95 % intervals"
            " (Olofsson et al. 2014)."
        )
    reason = metrics.get("areas_reason") or tr("no interval: the reference is not a random sample")
    said = tr("Hectares are counted pixels; {reason}.").format(reason=tr(str(reason)))
    return f"{said} {tr('Draw a random sample below to get intervals.')}"


class AreasTable(QTableWidget):
    """Class, hectares, share, and the adjusted hectares where they are known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self.setHorizontalHeaderLabels([tr("Class"), tr("ha"), tr("Share"), tr("Adjusted ha")])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setAccessibleName(tr("Areas per class"))

    def show_rows(self, rows: Sequence[AreaRow]) -> None:
        """Show these."""
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            name = QTableWidgetItem(swatch(row.colour), row.name)
            name.setToolTip(row.name)
            self.setItem(number, 0, name)
            cells = (f"{row.counted:,.2f}", f"{row.share:.1%}", row.interval)
            for column, text in enumerate(cells, start=1):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(number, column, item)
        self.setColumnHidden(3, not any(row.interval for row in rows))
        self.resizeRowsToContents()
        height = sum(self.rowHeight(i) for i in range(len(rows)))
        self.setFixedHeight(height + self.horizontalHeader().sizeHint().height() + 4)


def swatch(colour: str) -> QIcon:
    """A square in a class's colour."""
    image = QPixmap(14, 14)
    image.fill(QColor(colour))
    return QIcon(image)


def _interval(estimate: Mapping[str, float] | None) -> str:
    if not estimate:
        return ""
    low = max(float(estimate["low"]), 0.0)
    return f"{estimate['value']:,.1f} ({low:,.1f}–{estimate['high']:,.1f})"
