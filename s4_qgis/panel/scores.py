"""The score of a training, beside that of the method that a user would otherwise use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from qgis.PyQt.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from s4_qgis.i18n import tr
from s4_qgis.panel.curves import SCORE
from s4_qgis.panel.notice import blended
from s4_qgis.panel.steps import hint

RIVAL = QColor("#8a8f98")


@dataclass(frozen=True)
class Score:
    """A mean IoU (0..1) with its spread over parcels; None where unknown."""

    name: str
    value: float | None
    low: float | None
    high: float | None

    @property
    def text(self) -> str:
        """For example "0.62 (0.51 to 0.70)"."""
        if self.value is None:
            return "–"
        if self.low is None or self.high is None:
            return f"{self.value:.2f}"
        return tr("{value} ({low} to {high})").format(
            value=f"{self.value:.2f}", low=f"{self.low:.2f}", high=f"{self.high:.2f}"
        )


@dataclass(frozen=True)
class Verdict:
    """What a training may say of itself.

    Args:
        scores: S4's, then its rival's if there is one. sentences: how they came about.
    """

    scores: tuple[Score, ...]
    sentences: tuple[str, ...]


def verdict(record: Mapping[str, Any]) -> Verdict:
    """The verdict in a training's record."""
    own = record.get("validation") or {}
    scheme = str(own.get("scheme", "none"))
    if scheme == "none":
        text = tr("No class has a second parcel, so the accuracy cannot be assessed.")
        return Verdict((), (text, tr("Label at least two parcels of each class.")))
    rival = record.get("rival")
    scores = [_score("S4", own["miou"])]
    if rival:
        scores.append(_score(tr("Random forest"), rival["miou"]))
    sentences = [_scheme_sentence(scheme)]
    if len(scores) == 2:
        sentences.append(_comparison(*scores))
    expected = own.get("expected")
    if expected:
        sentences.append(
            tr(
                "Expect {low} to {high} on other parcels, judging by how far off such scores "
                "were on simulated areas."
            ).format(low=f"{expected['low']:.2f}", high=f"{expected['high']:.2f}")
        )
    missing = own.get("not_assessable") or []
    if missing:
        sentences.append(
            tr("Not assessable (a single parcel): {names}.").format(names=", ".join(missing))
        )
    return Verdict(tuple(scores), tuple(sentences))


def short_score(record: Mapping[str, Any]) -> str:
    """One short line for the step list."""
    scores = verdict(record).scores
    if not scores or scores[0].value is None:
        return tr("trained, not assessable")
    return tr("mean IoU {score}").format(score=scores[0].text)


def _score(name: str, miou: Mapping[str, Any]) -> Score:
    return Score(name, miou.get("value"), miou.get("low"), miou.get("high"))


def _scheme_sentence(scheme: str) -> str:
    texts = {
        "leave-one-parcel-out": tr(
            "Mean IoU: each parcel was judged by a model that had not seen it."
        ),
        "parcel folds": tr(
            "Mean IoU: the parcels were judged in groups, each by a model that had not seen it."
        ),
        "hold-out": tr("Mean IoU on parcels that were kept back from the training."),
    }
    spread = tr("The spread is over parcels (95 %).")
    return f"{texts.get(scheme, scheme)} {spread}"


def _comparison(own: Score, rival: Score) -> str:
    """Who is ahead, as carefully as the spreads allow."""
    numbers = (own.value, own.low, own.high, rival.value, rival.low, rival.high)
    if any(number is None for number in numbers):
        return tr("The random forest saw the same pixels and was judged by the same parcels.")
    value, low, high, other, other_low, other_high = (float(n or 0.0) for n in numbers)
    if low > other_high:
        return tr("S4 is clearly ahead of a random forest on the same parcels.")
    if other_low > high:
        return tr("A random forest is clearly ahead on the same parcels.")
    ahead = tr("S4") if value >= other else tr("The random forest")
    return tr("{name} is ahead on the same parcels, but the spreads overlap.").format(name=ahead)


class ScoreBars(QWidget):
    """Bars of scores from 0 to 1, each with its spread and its numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: Sequence[Score] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_scores(self, scores: Sequence[Score]) -> None:
        """Draw these."""
        self._scores = scores
        self.setAccessibleName("; ".join(f"{s.name} {s.text}" for s in scores))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A line and a bar each."""
        line = self.fontMetrics().height()
        return QSize(20 * line, round(2.3 * line * max(len(self._scores), 1)))

    def minimumSizeHint(self) -> QSize:
        """The same height."""
        return QSize(10 * self.fontMetrics().height(), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        for index, score in enumerate(self._scores):
            top = index * 2.3 * line
            self._draw(
                painter, score, QRectF(0, top, self.width(), line), SCORE if not index else RIVAL
            )

    def _draw(self, painter: QPainter, score: Score, head: QRectF, colour: QColor) -> None:
        text = self.palette().color(QPalette.ColorRole.WindowText)
        window = self.palette().color(QPalette.ColorRole.Window)
        painter.setPen(text)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, score.name)
        painter.drawText(head, Qt.AlignmentFlag.AlignRight, score.text)
        bar = QRectF(1, head.bottom() + 2, self.width() - 2, head.height() * 0.7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blended(text, window, 0.1))
        painter.drawRoundedRect(bar, 2, 2)
        if score.value is None:
            return
        painter.setBrush(colour)
        painter.drawRoundedRect(
            QRectF(bar.topLeft(), bar.size()).adjusted(0, 0, -bar.width() * (1 - score.value), 0),
            2,
            2,
        )
        if score.low is None or score.high is None:
            return
        painter.setPen(QPen(text, 1.4))
        middle = bar.center().y()
        low, high = (bar.left() + bar.width() * edge for edge in (score.low, score.high))
        painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        for edge in (low, high):
            painter.drawLine(QPointF(edge, middle - 3), QPointF(edge, middle + 3))


class ScoreBox(QWidget):
    """The verdict of a training: bars, and the sentences that explain them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars = ScoreBars()
        self.words = hint("")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bars)
        column.addWidget(self.words)
        self.hide()

    def show_record(self, record: Mapping[str, Any]) -> None:
        """Show what a training's record says; hidden where it says nothing."""
        found = verdict(record) if record else Verdict((), ())
        self.bars.show_scores(found.scores)
        self.bars.setVisible(bool(found.scores))
        self.words.setText("\n".join(found.sentences))
        self.setVisible(bool(found.sentences))
