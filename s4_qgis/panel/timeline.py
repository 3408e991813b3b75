"""When the images were taken, drawn: a row for optical, one for radar, gaps and the season."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPalette, QPen
from qgis.PyQt.QtWidgets import QSizePolicy, QToolTip, QWidget

from s4_qgis.i18n import tr
from s4_qgis.panel.notice import COLOURS, blended

MODALITIES = ("optical", "radar")
GAP_DAYS = 30
"""Longer times without a usable image are marked."""

CLEAR_SHARE = 0.5
"""An image counts as usable where at least this share of the area is, as in the engine."""

_CLEAR = {"optical": QColor("#2f9e63"), "radar": QColor("#3d8bd4")}
_REACH_PX = 5


@dataclass(frozen=True)
class Mark:
    """One image: its day, and the share of the area that can be used (0..1)."""

    day: date
    usable: float
    tip: str = ""


@dataclass(frozen=True)
class Gap:
    """Days between two usable images, or between one and an end of the season."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Its length."""
        return (self.end - self.start).days


def marks_of(info: Mapping[str, Any], modality: str) -> tuple[Mark, ...]:
    """The images of one modality, by day."""
    images = [i for i in info.get("acquisitions", ()) if i["modality"] == modality]
    marks = [Mark(date.fromisoformat(i["date"]), i["valid_share"], _tip(i)) for i in images]
    return tuple(sorted(marks, key=lambda mark: mark.day))


def season_of(info: Mapping[str, Any]) -> tuple[date, date] | None:
    """First and last day of the season."""
    season = info.get("season")
    return None if not season else (date.fromisoformat(season[0]), date.fromisoformat(season[1]))


def gaps(
    marks: Iterable[Mark], season: tuple[date, date] | None, longer_than: int = GAP_DAYS
) -> tuple[Gap, ...]:
    """Times without a usable image, in the season or between the first and the last."""
    days = sorted({mark.day for mark in marks if mark.usable >= CLEAR_SHARE})
    if season is not None:
        days = [season[0], *(d for d in days if season[0] < d < season[1]), season[1]]
    pairs = (Gap(before, after) for before, after in zip(days, days[1:]))
    return tuple(gap for gap in pairs if gap.days > longer_than)


def months(first: date, last: date) -> list[date]:
    """First days of the months that lie between two days."""
    month = date(first.year, first.month, 1)
    found = []
    while month <= last:
        if month >= first:
            found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found


class Timeline(QWidget):
    """Draws the dates of an area; a tooltip tells the one under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks: dict[str, tuple[Mark, ...]] = {}
        self.season: tuple[date, date] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Timeline of the images"))

    def show_info(self, info: Mapping[str, Any]) -> None:
        """Draw what the info job found."""
        every = {m: marks_of(info, m) for m in MODALITIES}
        self.marks = {modality: marks for modality, marks in every.items() if marks}
        self.season = season_of(info)
        self.setAccessibleDescription(self.summary())
        self.updateGeometry()
        self.update()

    def summary(self) -> str:
        """What the drawing shows, in words."""
        parts = []
        for modality, marks in self.marks.items():
            found = gaps(marks, self.season)
            parts.append(
                tr("{modality}: {n} images, {gaps} gaps longer than {days} days").format(
                    modality=tr(modality), n=len(marks), gaps=len(found), days=GAP_DAYS
                )
            )
        return "; ".join(parts)

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        line = self.fontMetrics().height()
        return QSize(300, round(len(self.marks or "-") * 2.6 * line + 1.9 * line))

    def minimumSizeHint(self) -> QSize:
        """Narrow docks too."""
        return QSize(180, self.sizeHint().height())

    def span(self) -> tuple[date, date] | None:
        """First and last day on the axis."""
        days = [mark.day for marks in self.marks.values() for mark in marks]
        days += list(self.season or ())
        if not days:
            return None
        first, last = min(days), max(days)
        margin = timedelta(days=max(2, (last - first).days // 60))
        return first - margin, last + margin

    def position(self, day: date) -> float:
        """Horizontal pixel of a day."""
        first, last = self.span() or (day, day)
        plot = self._plot()
        share = (day - first).days / max(1, (last - first).days)
        return plot.left() + share * plot.width()

    def mark_at(self, point: QPointF) -> Mark | None:
        """The image under a point."""
        for index, modality in enumerate(self.marks):
            if not self._row(index).contains(point):
                continue
            near = min(self.marks[modality], key=lambda m: abs(self.position(m.day) - point.x()))
            return near if abs(self.position(near.day) - point.x()) <= _REACH_PX else None
        return None

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of the image under the pointer."""
        if event.type() == QEvent.Type.ToolTip:
            mark = self.mark_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), mark.tip if mark else "", self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw."""
        if not self.marks:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_season(painter)
        self._draw_months(painter)
        for index, modality in enumerate(self.marks):
            self._draw_row(painter, self._row(index), modality)
        painter.end()

    def _plot(self) -> QRectF:
        """Rows without their names and without the axis."""
        words = [tr(modality) for modality in MODALITIES]
        left = max(self.fontMetrics().horizontalAdvance(word) for word in words) + 10
        below = 1.4 * self.fontMetrics().height()
        return QRectF(left, 2, max(10, self.width() - left - 6), max(10, self.height() - below - 2))

    def _row(self, index: int) -> QRectF:
        plot = self._plot()
        height = plot.height() / max(1, len(self.marks))
        return QRectF(plot.left(), plot.top() + index * height, plot.width(), height)

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(role)

    def _draw_season(self, painter: QPainter) -> None:
        plot = self._plot()
        painter.fillRect(plot, self._colour(QPalette.ColorRole.Base))
        if self.season is not None:
            left, right = (self.position(day) for day in self.season)
            shade = blended(QColor(COLOURS["info"]), self._colour(QPalette.ColorRole.Base), 0.12)
            painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), shade)

    def _draw_months(self, painter: QPainter) -> None:
        first, last = self.span() or (date.min, date.min)
        plot, metrics = self._plot(), self.fontMetrics()
        text = self._colour(QPalette.ColorRole.WindowText)
        line = blended(text, self._colour(QPalette.ColorRole.Base), 0.16)
        ticks = months(first, last)
        painter.setPen(QPen(line, 1))
        for month in ticks:
            x = self.position(month)
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(text)
        for x, label in self._month_labels(ticks):
            painter.drawText(QPointF(x, plot.bottom() + metrics.ascent() + 2), label)

    def _month_labels(self, ticks: list[date]) -> list[tuple[float, str]]:
        """Names of months that do not overlap; those with a year come before the others."""
        has_january = any(month.month == 1 for month in ticks)
        with_year = [m for m in ticks if m.month == 1] if has_january else ticks[:1]
        taken: list[tuple[float, float]] = []
        labels = []
        for month in [*with_year, *(m for m in ticks if m not in with_year)]:
            label = self._month_label(month, month in with_year)
            left = self.position(month)
            right = left + self.fontMetrics().horizontalAdvance(label)
            if right <= self.width() and all(right + 6 < a or left > b + 6 for a, b in taken):
                taken.append((left, right))
                labels.append((left, label))
        return labels

    def _month_label(self, month: date, with_year: bool) -> str:
        # of the texts beside it, not of the numbers: QGIS lets users choose both
        language = QLocale(QgsApplication.locale())
        name = language.standaloneMonthName(month.month, QLocale.FormatType.ShortFormat)
        return f"{name} {month.year}" if with_year else str(name)

    def _draw_row(self, painter: QPainter, row: QRectF, modality: str) -> None:
        text = self._colour(QPalette.ColorRole.WindowText)
        painter.setPen(text)
        name = QRectF(0, row.top(), row.left() - 6, row.height())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, tr(modality))
        for gap in gaps(self.marks[modality], self.season):
            self._draw_gap(painter, row, gap)
        middle, reach = row.center().y(), row.height() * 0.32
        clear, cloudy = _CLEAR[modality], blended(text, self._colour(QPalette.ColorRole.Base), 0.38)
        for mark in self.marks[modality]:
            # height and colour both tell how much can be used
            colour = blended(clear, cloudy, mark.usable)
            half = reach * (0.45 + 0.55 * mark.usable)
            pen = QPen(colour, 3 if mark.usable >= CLEAR_SHARE else 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            x = self.position(mark.day)
            painter.drawLine(QPointF(x, middle - half), QPointF(x, middle + half))
        painter.setPen(QPen(blended(text, self._colour(QPalette.ColorRole.Base), 0.3), 1))
        painter.drawLine(row.bottomLeft(), row.bottomRight())

    def _draw_gap(self, painter: QPainter, row: QRectF, gap: Gap) -> None:
        left, right = self.position(gap.start), self.position(gap.end)
        bar = QRectF(left, row.top() + 1, right - left, row.height() - 2)
        warning = QColor(COLOURS["warning"])
        base = self._colour(QPalette.ColorRole.Base)
        painter.fillRect(bar, blended(warning, base, 0.22))
        painter.fillRect(bar, QBrush(blended(warning, base, 0.5), Qt.BrushStyle.BDiagPattern))
        label = tr("{n} d").format(n=gap.days)
        metrics = painter.fontMetrics()
        if metrics.horizontalAdvance(label) + 4 > bar.width():
            return
        painter.setPen(self._colour(QPalette.ColorRole.Text))
        top = QRectF(bar.left(), bar.top(), bar.width(), metrics.height())
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, label)


def _tip(image: Mapping[str, Any]) -> str:
    cloud = image.get("cloud_share")
    clouds = "" if cloud is None else tr("{share} cloud, ").format(share=percent(cloud))
    usable = tr("{share} usable").format(share=percent(image["valid_share"]))
    return f"{image['date']} · {tr(str(image['modality']))}\n{clouds}{usable}"


def percent(share: float | None) -> str:
    """A share as people read it; a dash where there is none."""
    return "–" if share is None else f"{100 * share:.0f} %"


def counts_text(images: Sequence[Mapping[str, Any]]) -> str:
    """How many images there are of each modality."""
    texts = {"optical": tr("{n} optical"), "radar": tr("{n} radar")}
    counts = {name: sum(image["modality"] == name for image in images) for name in texts}
    return ", ".join(texts[name].format(n=count) for name, count in counts.items() if count)
