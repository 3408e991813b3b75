"""The result of a comparison of methods: verdict, table, plot, and a copy to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPixmap, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from s4_core.errors import InputError, S4Error
from s4_qgis.comparing import OURS, MethodRow, about, left_out, method_rows, verdict
from s4_qgis.export.aside import aside
from s4_qgis.i18n import tr
from s4_qgis.panel.notice import Notice, let_wrap
from s4_qgis.panel.steps import hint
from s4_qgis.words import simulated_text


class ComparisonView(QWidget):
    """Shows a result as `comparing.kept` keeps it; hidden while there is none.

    Signal `said(kind, message, remedy)`: what came of the buttons.
    """

    said = pyqtSignal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: Mapping[str, Any] = {}
        self._window: PlotWindow | None = None
        self.simulated = Notice()
        self.verdict = QLabel()
        let_wrap(self.verdict)
        self.table = MethodsTable()
        self.notes = hint("")
        self.plot_button = QPushButton(tr("Show the plot"))
        self.copy_button = QPushButton(tr("Save a copy …"))
        self.copy_button.setToolTip(tr("Every draw with its scores (JSON), and the plot (PNG)."))
        buttons = QHBoxLayout()
        for button in (self.plot_button, self.copy_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.simulated, self.verdict, self.table, self.notes):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.plot_button.clicked.connect(self.show_plot)
        self.copy_button.clicked.connect(self._ask_file)
        self.hide()

    def show_result(self, result: Mapping[str, Any]) -> None:
        """Show this one; {} hides the view."""
        self._result = result
        self.setVisible(bool(result))
        if not result:
            return
        note = simulated_text(result)
        self.simulated.clear()
        if note:
            self.simulated.say("warning" if result["simulated"] else "info", note)
        self.verdict.setText(verdict(result))
        self.table.show_rows(method_rows(result))
        self.notes.setText("\n".join((about(result), *left_out(result), str(result["out"]))))

    def show_plot(self) -> None:
        """Open the plot in a window of its own."""
        path = str(self._result["plot"])
        picture = QPixmap(path)
        if picture.isNull():
            self._tell(_gone(path))
            return
        self._window = PlotWindow(picture, self)
        self._window.show()

    def save_copy(self, out: str) -> None:
        """Copy the result, and the plot beside it."""
        target = Path(out)
        try:
            _copy(Path(str(self._result["out"])), target)
            _copy(Path(str(self._result["plot"])), target.with_suffix(".png"))
        except S4Error as error:
            self._tell(error)
            return
        self.said.emit("good", tr("Written: {path}").format(path=target), "")

    def _ask_file(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(
            self, tr("Write to"), Path(str(self._result["out"])).name, tr("JSON files (*.json)")
        )
        if path:
            self.save_copy(path if path.lower().endswith(".json") else f"{path}.json")

    def _tell(self, error: S4Error) -> None:
        self.said.emit("problem", error.message, error.remedy)


class MethodsTable(QTableWidget):
    """Method, mean IoU, the same by parcels, difference from the best without S4, ECE."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 5, parent)
        heads = {
            tr("Method"): "",
            tr("mIoU"): tr("Mean IoU by pixels: the mean over draws."),
            tr("by parcel"): tr("Mean IoU with every parcel in its majority class."),
            tr("Difference"): tr("mIoU minus that of the best without S4, with its 95 % interval."),
            tr("ECE"): tr("Calibration error of the confidence: 0 is honest."),
        }
        self.setHorizontalHeaderLabels(list(heads))
        for column, tip in enumerate(heads.values()):
            self.horizontalHeaderItem(column).setToolTip(tip)
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
        self.setAccessibleName(tr("Methods that were compared"))

    def show_rows(self, rows: Sequence[MethodRow]) -> None:
        """Show these; S4 in bold."""
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            cells = (row.text, f"{row.miou:.2f}", f"{row.vote:.2f}", row.difference or "–",
                     f"{row.ece:.2f}")  # fmt: skip
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if column:
                    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    item.setTextAlignment(right)
                else:
                    item.setToolTip(text)
                font = item.font()
                font.setBold(row.name == OURS)
                item.setFont(font)
                self.setItem(number, column, item)
        self.resizeRowsToContents()
        height = sum(self.rowHeight(number) for number in range(len(rows)))
        self.setFixedHeight(height + self.horizontalHeader().sizeHint().height() + 4)


class PlotWindow(QDialog):
    """A picture as large as its window allows."""

    def __init__(self, picture: QPixmap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Methods that were compared"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._picture = picture
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setMinimumSize(QSize(320, 160))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._label)
        self.resize(picture.size().scaled(1100, 700, Qt.AspectRatioMode.KeepAspectRatio))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture."""
        super().resizeEvent(event)
        fitted = self._picture.scaled(
            self._label.size(),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        self._label.setPixmap(fitted)


def _copy(source: Path, target: Path) -> None:
    """Copy a file of the result.

    Raises:
        InputError: it is gone. OutputError: the copy cannot be written.
    """
    try:
        content = source.read_bytes()
    except OSError as error:
        raise _gone(str(source)) from error
    with aside(target) as part:
        part.write_bytes(content)


def _gone(path: str) -> InputError:
    return InputError(
        tr("{path} cannot be opened.").format(path=path),
        tr("It may have been moved; compare again."),
    )
