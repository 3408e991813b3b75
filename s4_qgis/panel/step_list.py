"""The steps as a list: number, name, state and a one-line summary; arrow keys move, Enter opens."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFontMetrics, QIcon, QPalette
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from s4_qgis.i18n import tr
from s4_qgis.icons import icon
from s4_qgis.panel.notice import blended
from s4_qgis.panel.steps import StepState

_KEY = Qt.ItemDataRole.UserRole


class StepList(QTreeWidget):
    """Emits `opened(key)` when the user goes to a step."""

    opened = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._items: dict[str, QTreeWidgetItem] = {}  # Qt may tell of changes at once
        super().__init__(parent)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Steps"))
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        side = round(1.25 * self.fontMetrics().height())
        self.setIconSize(QSize(side, side))
        self.currentItemChanged.connect(self._open)

    def add_step(self, key: str, title: str) -> None:
        """A step below the others."""
        number = len(self._items) + 1
        item = QTreeWidgetItem([f"{number}  {title}", ""])
        item.setIcon(0, self._steady(f"step_{key}"))
        item.setData(0, _KEY, key)
        item.setSizeHint(0, self._size_of(item.text(0)))
        self._items[key] = item
        self.blockSignals(True)
        self.addTopLevelItem(item)
        self.blockSignals(False)
        self.updateGeometry()

    def show_state(self, key: str, state: StepState) -> None:
        """Show where a step stands."""
        item = self._items[key]
        name = state_name(state.kind)
        item.setIcon(1, self._steady(f"state_{state.kind}"))
        item.setText(1, state.summary or name)
        item.setToolTip(1, f"{name}: {state.summary}" if state.summary else name)
        said = f"{item.text(0)}, {name}, {state.summary}"
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, said)

    def mark_open(self, key: str) -> None:
        """Mark the step whose page is shown, without telling it; "" marks none."""
        self.blockSignals(True)
        self.setCurrentItem(self._items.get(key))
        if key not in self._items:
            self.clearSelection()
        for known, item in self._items.items():
            font = item.font(0)
            font.setBold(known == key)
            item.setFont(0, font)
        self._mute()
        self.blockSignals(False)

    def sizeHint(self) -> QSize:
        """All steps, and no more."""
        rows = sum(self.sizeHintForRow(i) for i in range(self.topLevelItemCount()))
        return QSize(300, max(rows, 20) + 4)

    def minimumSizeHint(self) -> QSize:
        """Never fewer than all steps."""
        return QSize(180, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow a theme that changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._mute()

    def _mute(self) -> None:
        """Summaries stand back, but stay readable."""
        palette = self.palette()
        text, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
        self._soften()
        for item in self._items.values():
            is_open = item.font(0).bold()
            item.setForeground(1, blended(text, base, 1.0 if is_open else 0.66))

    def _soften(self) -> None:
        """The open step's row is tinted only: icons and states keep their colours in it."""
        palette, usual = self.palette(), QApplication.palette(self)
        text, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
        tint = blended(usual.color(QPalette.ColorRole.Highlight), base, 0.24)
        if palette.color(QPalette.ColorRole.Highlight) != tint:
            palette.setColor(QPalette.ColorRole.Highlight, tint)
            palette.setColor(QPalette.ColorRole.HighlightedText, text)
            self.setPalette(palette)

    def _steady(self, name: str) -> QIcon:
        """An icon that stays as it is in the selected row, where Qt would tint it."""
        drawn = icon(name).pixmap(self.iconSize())
        steady = QIcon(drawn)
        steady.addPixmap(drawn, QIcon.Mode.Selected)
        return steady

    def _size_of(self, text: str) -> QSize:
        """Wide enough for the name in bold, so that opening a step moves nothing."""
        font = self.font()
        font.setBold(True)
        width = QFontMetrics(font).horizontalAdvance(text) + self.iconSize().width() + 22
        return QSize(width, round(1.75 * self.fontMetrics().height()))

    def _open(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None = None) -> None:
        if item is not None:
            self.opened.emit(item.data(0, _KEY))


def state_name(kind: str) -> str:
    """A state in words."""
    return {
        "todo": tr("To do"),
        "ready": tr("Ready"),
        "running": tr("Running"),
        "done": tr("Done"),
        "failed": tr("Failed"),
    }[kind]
