"""A part of a page that is folded up at first."""

from __future__ import annotations

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtWidgets import QSizePolicy, QVBoxLayout, QWidget


class Section(QgsCollapsibleGroupBox):
    """Subclasses fill `column` from the top."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setCollapsed(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        # one child: unfolding shows every child, also those that should stay hidden
        inside = QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(inside)
        self.column = QVBoxLayout(inside)
