"""The table of an area's images, with thumbnails that are drawn in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QSize, QSortFilterProxyModel, Qt
from qgis.PyQt.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from s4_core.errors import Cancelled
from s4_qgis.engine.task import WorkTask, run_in_task_manager
from s4_qgis.i18n import tr
from s4_qgis.layers.thumbnails import thumbnail
from s4_qgis.panel.timeline import percent

THUMBNAIL_PX = 36
MOST_THUMBNAILS = 240
_SORT = Qt.ItemDataRole.UserRole

Key = tuple[str, str, str]
"""Path, modality and date of an image."""


def key_of(image: dict[str, Any]) -> Key:
    """What tells one image from all others."""
    return image["path"], image["modality"], image["date"]


class ThumbnailTask(WorkTask):
    """Draws thumbnails; each arrives as a message {"key", "image"}."""

    def __init__(self, images: Sequence[dict[str, Any]]) -> None:
        super().__init__(tr("Draw thumbnails"), silent=True)
        self._images = [dict(image) for image in images]

    def work(self) -> dict[str, Any]:
        """Draw one after the other."""
        for done, image in enumerate(self._images, start=1):
            if self.isCanceled():
                raise Cancelled()
            picture = thumbnail(image, THUMBNAIL_PX)
            if picture is not None:
                self.message.emit({"key": key_of(image), "image": picture})
            self.setProgress(min(99.0, 100.0 * done / len(self._images)))
        return {}


class ImagesModel(QAbstractTableModel):
    """The images that the info job found, one a row."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.images: list[dict[str, Any]] = []
        self._icons: dict[Key, QIcon] = {}
        self._titles = (tr("Date"), tr("Cloud"), tr("Usable"), tr("Bands"))

    def show_images(self, images: Sequence[dict[str, Any]]) -> None:
        """Replace the rows; thumbnails that are known stay."""
        self.beginResetModel()
        self.images = list(images)
        keys = {key_of(image) for image in images}
        self._icons = {key: icon for key, icon in self._icons.items() if key in keys}
        self.endResetModel()

    def without_thumbnail(self) -> list[dict[str, Any]]:
        """Images whose thumbnail is not drawn yet."""
        return [image for image in self.images if key_of(image) not in self._icons]

    def set_thumbnail(self, key: Key, image: QImage) -> None:
        """Show a thumbnail that has been drawn."""
        self._icons[key] = QIcon(_framed(image))
        for row, known in enumerate(self.images):
            if key_of(known) == key:
                index = self.index(row, 0)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Images."""
        return 0 if parent is not None and parent.isValid() else len(self.images)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Date and modality, cloud, usable, bands."""
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int) -> Any:
        """Titles of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, sorts by and tells."""
        if not index.isValid():
            return None
        image, column = self.images[index.row()], index.column()
        answers: dict[int, Callable[[], Any]] = {
            Qt.ItemDataRole.DisplayRole: lambda: _shown(image)[column],
            _SORT: lambda: _ranked(image)[column],
            Qt.ItemDataRole.ToolTipRole: lambda: f"{image['path']}\n{' '.join(image['bands'])}",
        }
        if column == 0:
            answers[Qt.ItemDataRole.DecorationRole] = lambda: self._icons.get(key_of(image))
        if column in (1, 2):
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            answers[Qt.ItemDataRole.TextAlignmentRole] = lambda: right
        return answers[role]() if role in answers else None


class ImagesTable(QTableView):
    """The images, sortable, with thumbnails."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images = ImagesModel(self)
        sorted_images = QSortFilterProxyModel(self)
        sorted_images.setSortRole(_SORT)
        sorted_images.setSourceModel(self.images)
        self.setModel(sorted_images)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setIconSize(QSize(THUMBNAIL_PX, THUMBNAIL_PX))
        self.setWordWrap(True)  # bands take a second line where they need one
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(THUMBNAIL_PX + 4)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(40)
        self.setMinimumHeight(5 * (THUMBNAIL_PX + 4))
        self._task: ThumbnailTask | None = None

    def show_images(self, images: Sequence[dict[str, Any]]) -> None:
        """Replace the rows and draw the thumbnails that are missing."""
        self.images.show_images(images)
        self.stop()
        missing = self.images.without_thumbnail()[:MOST_THUMBNAILS]
        if missing:
            self._task = ThumbnailTask(missing)
            self._task.message.connect(self._take)
            for ended in (self._task.succeeded, self._task.failed, self._task.stopped):
                ended.connect(self._forget_task)
            run_in_task_manager(self._task)

    def stop(self) -> None:
        """Draw no more thumbnails."""
        if self._task is not None:
            self._task.message.disconnect(self._take)
            self._task.cancel()
            self._task = None

    def _take(self, message: dict[str, Any]) -> None:
        self.images.set_thumbnail(message["key"], message["image"])

    def _forget_task(self, *_: Any) -> None:
        if self.sender() is self._task:
            self._task = None


def _framed(image: QImage) -> QPixmap:
    """A thumbnail with an edge, so that a clouded one differs from none."""
    picture = QPixmap.fromImage(image)
    painter = QPainter(picture)
    painter.setPen(QColor(128, 128, 128, 160))
    painter.drawRect(picture.rect().adjusted(0, 0, -1, -1))
    painter.end()
    return picture


def _shown(image: dict[str, Any]) -> tuple[str, ...]:
    day = image["date"] + (tr(" (composite)") if image.get("composite") else "")
    shares = (percent(image["cloud_share"]), percent(image["valid_share"]))
    # in two lines: a dock is too narrow for a column each
    return (f"{day}\n{tr(str(image['modality']))}", *shares, short_bands(image["bands"]))


def short_bands(bands: Sequence[str]) -> str:
    """Bands with runs of numbers drawn together, for example "B02–B08 B8A B11 B12 SCL"."""
    runs: list[list[str]] = []
    for band in bands:
        before = _number(runs[-1][-1]) if runs else None
        if before is not None and _number(band) == before + 1:
            runs[-1].append(band)
        else:
            runs.append([band])
    return " ".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else " ".join(run)  # two are as short as they are
        for run in runs
    )


def _number(band: str) -> int | None:
    """The number in the name of an optical band such as B04."""
    return int(band[1:]) if band[:1] == "B" and band[1:].isdigit() else None


def _ranked(image: dict[str, Any]) -> tuple[Any, ...]:
    cloud = image["cloud_share"]
    kind = f"{image['modality']} {image['date']}"
    return (image["date"], -1.0 if cloud is None else cloud, image["valid_share"], kind)
