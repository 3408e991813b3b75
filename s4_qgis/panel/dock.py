"""The dock: six steps with their states, and the page of the one that is open."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QEvent, QSize, Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from s4_qgis.engine.environment import engine_state
from s4_qgis.i18n import tr
from s4_qgis.icons import icon
from s4_qgis.panel.notice import let_wrap
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.step_list import StepList
from s4_qgis.panel.steps import StepPage

WIDTH_PX = 380
ENGINE = "engine"


PAGES = {
    "images": ("s4_qgis.panel.images", "ImagesPage"),
    "modality": ("s4_qgis.panel.modality", "ModalityPage"),
    "labels": ("s4_qgis.panel.labels", "LabelsPage"),
    "train": ("s4_qgis.panel.train", "TrainPage"),
    "map": ("s4_qgis.panel.map", "MapPage"),
    "report": ("s4_qgis.panel.report", "ReportPage"),
}
"""Module and class of each step's page, in order; imported when the dock is first opened."""


def page_makers() -> dict[str, Callable[..., StepPage]]:
    """The pages' classes."""
    return {key: getattr(import_module(module), name) for key, (module, name) in PAGES.items()}


class S4Dock(QgsDockWidget):
    """The panel "S4 Crop Mapper".

    Args:
        iface: QgisInterface.
    """

    def __init__(self, iface: Any, parent: QWidget | None = None) -> None:
        super().__init__(tr("S4 Crop Mapper"), parent)
        self.setObjectName("s4_crop_mapper_dock")
        self.session = SessionState(self)
        self.pages: dict[str, StepPage] = {}
        self._scrolls: dict[str, PageScroll] = {}
        self.steps = StepList()
        self._stack = QStackedWidget()
        self._engine_page: Any = None
        self.banner = self._make_banner()
        self._lay_out()
        for key, make in page_makers().items():
            self._add_page(key, make(self.session, iface))
        self.steps.opened.connect(self.open_step)
        self.open_step("images")
        self.refresh_engine()

    def open_step(self, key: str) -> None:
        """Show a step's page."""
        if key not in self.pages:
            return
        had_focus = self._stack.isAncestorOf(self.focusWidget() or self)
        self._stack.setCurrentWidget(self._scrolls[key])
        self.steps.mark_open(key)
        if had_focus:  # else Qt would put the caret into the page's first field
            self.steps.setFocus()

    def open_engine(self) -> None:
        """Show the page on which the engine is installed."""
        if self._engine_page is None:
            from s4_qgis.engine.page import EnginePage  # noqa: PLC0415 - when it is needed

            self._engine_page = EnginePage()
            self._engine_page.layout().setContentsMargins(8, 8, 8, 8)
            self._engine_page.state_changed.connect(self.refresh_engine)
            self._add_scroll(ENGINE, self._engine_page)
        self._stack.setCurrentWidget(self._scrolls[ENGINE])
        self.steps.mark_open("")

    def refresh_engine(self, *_: Any) -> None:
        """Invite to install the engine where there is none."""
        state = engine_state()
        self.banner.setVisible(state.kind != "ready")
        self._banner_text.setText(_invitation(state.kind, state.reason))
        if state.kind == "ready":
            for page in self.pages.values():
                page.forget_failure(ENGINE)

    def showEvent(self, event: Any) -> None:
        """The engine may have been installed or taken away meanwhile."""
        super().showEvent(event)
        self.refresh_engine()

    def _lay_out(self) -> None:
        inside = _Inside()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.steps)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        column.addWidget(line)
        column.addWidget(self._stack, 1)
        self.setWidget(inside)

    def _make_banner(self) -> QFrame:
        banner = QFrame()
        banner.setFrameShape(QFrame.Shape.StyledPanel)
        self._banner_text = QLabel()
        let_wrap(self._banner_text)
        picture = QLabel()
        size = self.fontMetrics().height() * 2
        picture.setPixmap(icon("engine").pixmap(size, size))
        button = QPushButton(tr("Set up …"))
        button.clicked.connect(self.open_engine)
        row = QHBoxLayout(banner)
        row.addWidget(picture)
        row.addWidget(self._banner_text, 1)
        row.addWidget(button)
        return banner

    def _add_page(self, key: str, page: StepPage) -> None:
        self.pages[key] = page
        self._add_scroll(key, page)
        self.steps.add_step(key, page.title)
        page.summary_changed.connect(lambda: self._refresh(key))
        page.step_wanted.connect(self.open_step)
        page.part_wanted.connect(self._scrolls[key].bring_up)
        page.job_row.failed.connect(self._failed)
        self._refresh(key)

    def _refresh(self, key: str) -> None:
        page = self.pages[key]
        self.steps.show_state(key, page.running_state() or page.state_of(self.session))

    def _failed(self, code: str, _message: str, _remedy: str) -> None:
        if code == ENGINE:
            self.refresh_engine()

    def _add_scroll(self, key: str, page: QWidget) -> None:
        self._scrolls[key] = PageScroll(page)
        self._stack.addWidget(self._scrolls[key])


class PageScroll(QScrollArea):
    """Scrolls one page up and down; never narrower than the page can be."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)
        page.installEventFilter(self)

    def eventFilter(self, page: Any, event: QEvent) -> bool:
        """The page's parts changed, and with them the least width."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.setMinimumWidth(self.minimumSizeHint().width())
        return bool(super().eventFilter(page, event))

    def bring_up(self, part: QWidget) -> None:
        """Scroll to a part of the page, once it has got its place."""
        QTimer.singleShot(0, lambda: self._scroll_to(part))

    def _scroll_to(self, part: QWidget) -> None:
        page = self.widget()
        if page is None or not page.isAncestorOf(part) or part.isHidden():
            return
        page.layout().activate()
        self.ensureWidgetVisible(part, 0, page.layout().spacing())

    def minimumSizeHint(self) -> QSize:
        """As wide as the page and a scroll bar."""
        page = self.widget()
        if page is None:
            return super().minimumSizeHint()
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(page.minimumSizeHint().width() + bar, 120)


class _Inside(QWidget):
    """What the dock holds; QMainWindow asks it how wide the dock wants to be."""

    def sizeHint(self) -> QSize:
        """Narrow enough for a small screen."""
        return QSize(WIDTH_PX, 640)


def _invitation(kind: str, reason: str) -> str:
    if kind == "absent":
        return tr("One step before the first map: set up the engine that reads the images.")
    return reason
