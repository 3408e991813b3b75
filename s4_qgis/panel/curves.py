"""Curves of a training while it runs: the numbers without widgets, and their drawing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from s4_qgis.i18n import tr
from s4_qgis.panel.notice import blended

LOSS, SCORE = QColor("#d9732b"), QColor("#3d8bd4")
_TICKS = 3

Points = tuple[tuple[int, float], ...]
"""Epoch (from 1) and value."""


@dataclass
class Curves:
    """Loss and score by epoch.

    The curve file that the engine writes counts; until an epoch is in it, the mean of the losses
    that the progress messages told stands for it.

    Args:
        score: key of the second curve in the file, for example "validation_miou".
    """

    score: str = "validation_miou"
    _entries: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    _running: dict[int, tuple[float, int]] = field(default_factory=dict)

    def hear(self, metrics: Mapping[str, float]) -> bool:
        """Take in the metrics of a progress message; True where a new epoch has begun."""
        if "epoch" not in metrics or "loss" not in metrics:
            return False
        epoch, loss = int(metrics["epoch"]), float(metrics["loss"])
        if not math.isfinite(loss):
            return False
        is_new = epoch not in self._running
        total, count = self._running.get(epoch, (0.0, 0))
        self._running[epoch] = (total + loss, count + 1)
        return is_new

    def read(self, lines: Iterable[str]) -> None:
        """Take in a curve file; a broken last line (a kill while writing) is left out."""
        entries = {}
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                break
            entries[int(entry["epoch"])] = entry
        self._entries = entries

    @property
    def losses(self) -> Points:
        """The loss of each epoch so far."""
        told = {epoch: total / count for epoch, (total, count) in self._running.items()}
        return _points({**told, **self._values("loss")})

    @property
    def scores(self) -> Points:
        """The second curve, where it is known."""
        return _points(self._values(self.score))

    @property
    def seconds_per_step(self) -> float | None:
        """Of this training so far; None before its first epoch."""
        if not self._entries:
            return None
        last = self._entries[max(self._entries)]
        step, seconds = last.get("step"), last.get("seconds")
        return float(seconds) / float(step) if step and seconds else None

    def _values(self, key: str) -> dict[int, float]:
        return {
            epoch: float(entry[key])
            for epoch, entry in self._entries.items()
            if entry.get(key) is not None
        }


def history_file(model: str) -> Path:
    """Where the engine writes the curve of a model."""
    path = Path(model)
    return path.with_name(f"{path.stem}.history.jsonl")


def read_history(curves: Curves, model: str) -> None:
    """Take in the curve file of a model as far as it is written."""
    try:
        lines = history_file(model).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # no epoch has ended yet
        return
    curves.read(lines)


def begun(curves: Curves, model: str, resumed: bool) -> Curves:
    """The curves of a training that begins; one that goes on shows its finished epochs at once."""
    if resumed:
        read_history(curves, model)
    return curves


def nice_range(values: Iterable[float]) -> tuple[float, float]:
    """A range of round numbers around values; 0..1 without any."""
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    if high - low < 1e-9:
        low, high = low - abs(low) * 0.1 - 1e-3, high + abs(high) * 0.1 + 1e-3
    step = 10 ** math.floor(math.log10(high - low))
    if (high - low) / step < 2.5:
        step /= 4
    return math.floor(low / step) * step, math.ceil(high / step) * step


def _points(values: Mapping[int, float]) -> Points:
    return tuple(sorted((epoch, v) for epoch, v in values.items() if math.isfinite(v)))


class CurveWidget(QWidget):
    """Draws the loss (left axis) and a second curve (right axis) over the epochs.

    Args:
        score_name: of the second curve, as the user reads it.
        unit_range: the second axis is 0..1; else it follows the values.
    """

    def __init__(
        self, score_name: str, unit_range: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.curves = Curves()
        self._score_name = score_name
        self._unit_range = unit_range
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Curve of the training"))

    def show_curves(self, curves: Curves) -> None:
        """Draw these; again whenever they have changed."""
        self.curves = curves
        self.update()

    def sizeHint(self) -> QSize:
        """Wide and low."""
        line = self.fontMetrics().height()
        return QSize(24 * line, 9 * line)

    def minimumSizeHint(self) -> QSize:
        """What still can be read."""
        line = self.fontMetrics().height()
        return QSize(12 * line, 8 * line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        losses, scores = self.curves.losses, self.curves.scores
        metrics = self.fontMetrics()
        line = metrics.height()
        side = metrics.horizontalAdvance("0.000") + 6
        frame = QRectF(side, line * 1.5, self.width() - 2 * side, self.height() - 2.9 * line)
        self._draw_frame(painter, frame, losses, scores)
        if not losses and not scores:
            painter.setPen(self._muted())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame, int(flags), tr("The curve begins with the first epoch."))
            return
        last = max(epoch for epoch, _ in (*losses, *scores))
        _draw_line(painter, frame, losses, self._loss_range(losses), last, colour=LOSS)
        _draw_line(painter, frame, scores, self._score_range(scores), last, colour=SCORE)

    def _loss_range(self, losses: Points) -> tuple[float, float]:
        return nice_range(value for _, value in losses)

    def _score_range(self, scores: Points) -> tuple[float, float]:
        return (0.0, 1.0) if self._unit_range else nice_range(value for _, value in scores)

    def _draw_frame(self, painter: QPainter, frame: QRectF, losses: Points, scores: Points) -> None:
        line = self.fontMetrics().height()
        rule = blended(self._muted(), self.palette().color(QPalette.ColorRole.Window), 0.35)
        for tick in range(_TICKS):
            share = tick / (_TICKS - 1)
            y = frame.bottom() - share * frame.height()
            painter.setPen(QPen(rule, 1))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
            band = QRectF(0, y - line / 2, frame.left() - 4, line)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            if losses:
                painter.setPen(LOSS)
                painter.drawText(band, right, _tick(self._loss_range(losses), share))
            if scores:
                painter.setPen(SCORE)
                band.moveLeft(frame.right() + 4)
                painter.drawText(band, left, _tick(self._score_range(scores), share))
        head = QRectF(0, 0, self.width(), line)
        painter.setPen(LOSS)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, "● " + tr("loss"))
        painter.setPen(SCORE)
        painter.drawText(head, Qt.AlignmentFlag.AlignRight, self._score_name + " ●")
        points = [*losses, *scores]
        if points:
            painter.setPen(self._muted())
            foot = QRectF(frame.left(), frame.bottom() + line * 0.3, frame.width(), line)
            last = max(epoch for epoch, _ in points)
            painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, tr("epoch {n}").format(n=1))
            if last > 1:
                painter.drawText(foot, Qt.AlignmentFlag.AlignRight, str(last))

    def _muted(self) -> QColor:
        palette = self.palette()
        text = palette.color(QPalette.ColorRole.WindowText)
        return blended(text, palette.color(QPalette.ColorRole.Window), 0.6)


def _draw_line(
    painter: QPainter,
    frame: QRectF,
    points: Points,
    limits: tuple[float, float],
    last: int,
    *,
    colour: QColor,
) -> None:
    low, high = limits
    places = [
        QPointF(
            frame.left() + frame.width() * (epoch - 1) / max(last - 1, 1),
            frame.bottom() - frame.height() * (value - low) / (high - low),
        )
        for epoch, value in points
    ]
    painter.setPen(QPen(colour, 1.8))
    painter.drawPolyline(QPolygonF(places))
    painter.setBrush(colour)
    for place in places if len(places) <= 30 else places[-1:]:
        painter.drawEllipse(place, 2.2, 2.2)


def _tick(limits: tuple[float, float], share: float) -> str:
    return f"{limits[0] + share * (limits[1] - limits[0]):.3g}"
