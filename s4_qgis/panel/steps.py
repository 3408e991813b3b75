"""What the pages of the panel's six steps have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from s4_core.errors import S4Error
from s4_qgis.engine.task import WorkTask
from s4_qgis.failures import told
from s4_qgis.i18n import tr
from s4_qgis.panel.job_row import JobRow
from s4_qgis.panel.notice import Notice, let_wrap, muted
from s4_qgis.panel.state import SessionState

__all__ = ["KINDS", "JobRow", "Notice", "StepPage", "StepState"]

KINDS = ("todo", "ready", "running", "done", "failed")


@dataclass(frozen=True)
class StepState:
    """Where a step stands.

    Args:
        kind: one of KINDS. summary: one short line, for example "40 optical, 46 radar".
    """

    kind: str
    summary: str = ""


class StepPage(QWidget):
    """A page: subclasses set `key` and `title`, and fill `body` from the top.

    Above `body` there is a place for messages, below it the row of the running job and the
    button to the next step. `iface` may be None in tests.

    Signals: `summary_changed()` when `state_of` may answer something else; `step_wanted(key)` to
    open another step; `part_wanted(widget)` to scroll to a part of the page.
    """

    key = ""
    """"images", "modality", "labels", "train", "map" or "report"; also its icon's name."""

    title = ""
    """Translated in the subclass's __init__, before super().__init__."""

    summary_changed = pyqtSignal()
    step_wanted = pyqtSignal(str)
    part_wanted = pyqtSignal(QWidget)

    def __init__(self, session: SessionState, iface: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.iface = iface
        self.notice = Notice()
        self.job_row = JobRow()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self._next = QPushButton()
        self._next.hide()
        self._failure = ""
        self._failure_code = ""
        self._is_ordered = False
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.notice)
        column.addLayout(self.body)
        column.addWidget(self.job_row)
        column.addWidget(self._next)
        column.addStretch(1)
        self.job_row.running_changed.connect(self._tell)
        self.job_row.failed.connect(self._job_failed)
        session.changed.connect(self._tell)

    def showEvent(self, event: Any) -> None:
        """The page is complete now: Tab can go down it."""
        super().showEvent(event)
        if not self._is_ordered:
            self._is_ordered = True
            put_last(self, (self.job_row.focusProxy(), self._next))

    def state_of(self, session: SessionState) -> StepState:
        """Where the step stands; `running_state` answers while a job runs or after it failed."""
        raise NotImplementedError

    def running_state(self) -> StepState | None:
        """`running` or `failed` from the page's own job, None where neither is the case."""
        if self.job_row.is_running:
            return StepState("running", tr("Running …"))
        if self._failure:
            return StepState("failed", self._failure)
        return None

    def start_job(self, task: WorkTask) -> bool:
        """Run a task in the page's row; False where one is running already."""
        if self.job_row.is_running:
            return False
        self._failure = ""
        self.notice.clear()
        has_started = self.job_row.start(task)
        self.bring_up(self.job_row)
        return has_started

    def show_error(self, error: S4Error) -> None:
        """Say an error and its remedy."""
        self.notice.say("problem", error.message, error.remedy)
        self.bring_up(self.notice)

    def clear_failure(self) -> None:
        """What failed before does not matter any more."""
        self._failure = ""
        self.notice.clear()
        self.summary_changed.emit()

    def forget_failure(self, code: str) -> None:
        """What a job failed of is mended, where it was this."""
        if self._failure and self._failure_code == code:
            self.clear_failure()

    def offer_next(self, key: str, text: str) -> None:
        """A button below the page that opens another step; an empty text takes it away."""
        self._next.setText(text)
        self._next.setVisible(bool(text))
        if self._next.receivers(self._next.clicked):
            self._next.clicked.disconnect()
        self._next.clicked.connect(lambda: self.step_wanted.emit(key))

    def bring_up(self, *parts: QWidget) -> None:
        """Scroll to what has just appeared; the last part matters most."""
        for part in parts:
            self.part_wanted.emit(part)

    def _job_failed(self, code: str, message: str, remedy: str) -> None:
        self._failure, self._failure_code = tr("Failed"), code
        self.notice.say("problem", told(code, message), remedy)
        self.bring_up(self.notice)
        self.summary_changed.emit()

    def _tell(self, *_: Any) -> None:
        self.summary_changed.emit()


def put_last(page: QWidget, parts: Sequence[QWidget]) -> None:
    """Let Tab reach these parts of a page after all others, whenever they were made."""
    last, widget = None, page.nextInFocusChain()
    while widget is not page:
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if takes_focus and page.isAncestorOf(widget) and widget not in parts:
            last = widget
        widget = widget.nextInFocusChain()
    for part in parts if last is not None else ():
        QWidget.setTabOrder(last, part)
        last = part


def hint(text: str) -> QLabel:
    """Secondary text that wraps."""
    label = QLabel(text)
    let_wrap(label)
    label.setStyleSheet(f"color: {muted(label).name()}")
    return label


def heading(text: str) -> QLabel:
    """The name of a part of a page."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
