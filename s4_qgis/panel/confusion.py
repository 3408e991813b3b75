"""The confusion matrix, drawn: rows are the reference, columns the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qgis.PyQt.QtCore import QEvent, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPalette
from qgis.PyQt.QtWidgets import QSizePolicy, QToolTip, QWidget

from s4_qgis.i18n import tr
from s4_qgis.panel.notice import blended

RIGHT, WRONG = QColor("#3f9b5b"), QColor("#d9534f")
_MOST_LABEL = 0.36
"""Of the width, for the names of the rows."""


@dataclass(frozen=True)
class Matrix:
    """Counts (pixels) of reference classes (rows) by mapped classes (columns)."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def share(self, row: int, column: int) -> float:
        """Share of a row's pixels, 0..1."""
        total = sum(self.counts[row])
        return self.counts[row][column] / total if total else 0.0


def matrix_of(classes: Sequence[str], counts: Sequence[Sequence[int]]) -> Matrix:
    """Without rows that the reference does not have, and columns of which nothing was mapped."""
    rows = [i for i, row in enumerate(counts) if sum(row)]
    columns = [j for j in range(len(classes)) if j in rows or any(row[j] for row in counts)]
    return Matrix(
        tuple(classes[i] for i in rows),
        tuple(classes[j] for j in columns),
        tuple(tuple(int(counts[i][j]) for j in columns) for i in rows),
    )


class ConfusionWidget(QWidget):
    """Draws a matrix: shades and per cent of each reference class; tooltips tell the pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix = Matrix((), (), ())
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Confusion matrix"))

    def show_matrix(self, matrix: Matrix) -> None:
        """Draw this one; hidden where it is empty."""
        self.matrix = matrix
        self.setVisible(bool(matrix.rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A line and a half for each row, and room for the columns' names."""
        line = self.fontMetrics().height()
        return QSize(20 * line, round(len(self.matrix.rows) * self._row() + self._head() + line))

    def minimumSizeHint(self) -> QSize:
        """The same height."""
        return QSize(12 * self.fontMetrics().height(), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        metrics = self.fontMetrics()
        for i, name in enumerate(self.matrix.rows):
            band = QRectF(0, self._head() + i * self._row(), self._side() - 6, self._row())
            painter.setPen(text)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(band.width()))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(band, flags, shown)
            for j in range(len(self.matrix.columns)):
                self._draw_cell(painter, i, j)
        for j, name in enumerate(self.matrix.columns):
            cell = self._cell(0, j)
            painter.save()
            painter.translate(cell.center().x(), self._head() - 4)
            painter.rotate(-90)
            painter.setPen(text)
            band = QRectF(0, -metrics.height() / 2, self._head() - 6, metrics.height())
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(band.width()))
            painter.drawText(
                band, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown
            )
            painter.restore()

    def event(self, event: QEvent) -> bool:
        """Tell the cell under the pointer."""
        if event.type() == QEvent.Type.ToolTip:
            tip = self.tip_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return bool(super().event(event))

    def tip_at(self, x: float, y: float) -> str:
        """What a cell says; empty beside the cells."""
        for i, row in enumerate(self.matrix.rows):
            for j, column in enumerate(self.matrix.columns):
                if self._cell(i, j).contains(x, y):
                    said = tr("{reference} mapped as {mapped}: {pixels} pixels, {share}")
                    return said.format(
                        reference=row,
                        mapped=column,
                        pixels=self.matrix.counts[i][j],
                        share=f"{self.matrix.share(i, j):.1%}",
                    )
        return ""

    def _draw_cell(self, painter: QPainter, row: int, column: int) -> None:
        cell = self._cell(row, column).adjusted(0.5, 0.5, -0.5, -0.5)
        share = self.matrix.share(row, column)
        is_right = self.matrix.rows[row] == self.matrix.columns[column]
        base = self.palette().color(QPalette.ColorRole.Base)
        colour = blended(RIGHT if is_right else WRONG, base, 0.08 + 0.85 * share if share else 0.0)
        painter.fillRect(cell, colour)
        percent = round(100 * share)
        if not percent and not is_right:
            return
        painter.setPen(QColor("white") if colour.lightnessF() < 0.55 else QColor("#222222"))
        font = self.font()
        if self.fontMetrics().horizontalAdvance("100") > cell.width() - 2:
            font.setPointSizeF(font.pointSizeF() * 0.8)
        painter.setFont(font)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(percent))
        painter.setFont(self.font())

    def _cell(self, row: int, column: int) -> QRectF:
        width = min((self.width() - self._side()) / max(len(self.matrix.columns), 1), 60.0)
        return QRectF(
            self._side() + column * width, self._head() + row * self._row(), width, self._row()
        )

    def _row(self) -> float:
        return 1.5 * self.fontMetrics().height()

    def _side(self) -> float:
        widest = self._widest(self.matrix.rows) + 10
        return min(widest, self.width() * _MOST_LABEL)

    def _head(self) -> float:
        return min(self._widest(self.matrix.columns) + 10.0, 7.0 * self.fontMetrics().height())

    def _widest(self, names: Sequence[str]) -> float:
        return max((self.fontMetrics().horizontalAdvance(name) for name in names), default=0)
