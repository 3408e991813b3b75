"""One row that runs a task: how far it is, what it does, how long it takes, and Cancel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from s4_qgis.engine.task import WorkTask, run_in_task_manager
from s4_qgis.i18n import tr


class JobRow(QWidget):
    """Runs one task at a time in QGIS's task manager; hidden while none runs.

    Signals, in the main thread: `message(dict)` as in s4_core/protocol.py; at the end exactly one
    of `succeeded(dict)`, `failed(code, message, remedy)`, `stopped()`; `running_changed(bool)`.

    Args:
        words: the engine's name of a stage in the user's language.
    """

    message = pyqtSignal(dict)
    succeeded = pyqtSignal(dict)
    failed = pyqtSignal(str, str, str)
    stopped = pyqtSignal()
    running_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None, words: Callable[[str], str] = tr) -> None:
        super().__init__(parent)
        self._words = words
        self._task: WorkTask | None = None
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stage = QLabel()
        self._stage.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._eta = QLabel()
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.clicked.connect(self.cancel)
        self.setFocusProxy(self._cancel)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.addWidget(self._stage, 0, 0)
        grid.addWidget(self._eta, 0, 1)
        grid.addWidget(self._bar, 1, 0, 1, 2)
        grid.addWidget(self._cancel, 0, 2, 2, 1)
        grid.setColumnStretch(0, 1)
        self.hide()

    @property
    def is_running(self) -> bool:
        """Whether a task has not ended yet."""
        return self._task is not None

    def start(self, task: WorkTask) -> bool:
        """Run a task; False where another one has not ended."""
        if self._task is not None:
            return False
        self._task = task
        self._bar.setRange(0, 0)  # busy, until the first progress says how far it is
        self._stage.setText(tr("Starting …"))
        self._eta.clear()
        self._cancel.setEnabled(True)
        task.message.connect(self._hear)
        task.succeeded.connect(self._succeed)
        task.failed.connect(self._fail)
        task.stopped.connect(self._stop)
        self.show()
        self.running_changed.emit(True)
        run_in_task_manager(task)
        return True

    def cancel(self) -> None:
        """Ask the task to stop."""
        if self._task is not None:
            self._cancel.setEnabled(False)
            self._stage.setText(tr("Stopping …"))
            self._eta.clear()
            self._task.cancel()

    def _hear(self, message: dict[str, Any]) -> None:
        if self._task is None:
            return
        if message.get("type") == "progress" and self._cancel.isEnabled():
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(1000 * float(message["fraction"])))
            stage = self._words(str(message["stage"]))
            self._stage.setText(stage[:1].upper() + stage[1:])
            self._eta.setText(eta_text(message.get("eta_s")))
        self.message.emit(message)

    def _succeed(self, result: dict[str, Any]) -> None:
        self._end()
        self.succeeded.emit(result)

    def _fail(self, code: str, message: str, remedy: str) -> None:
        self._end()
        self.failed.emit(code, message, remedy)

    def _stop(self) -> None:
        self._end()
        self.stopped.emit()

    def _end(self) -> None:
        self._task = None
        self.hide()
        self.running_changed.emit(False)


def eta_text(seconds: float | None) -> str:
    """Time that is left, as people say it; empty where unknown."""
    if seconds is None:
        return ""
    if seconds < 60:
        return tr("{n} s left").format(n=max(1, round(seconds)))
    if seconds < 5400:
        return tr("{n} min left").format(n=round(seconds / 60))
    return tr("{n} h left").format(n=f"{seconds / 3600:.1f}")


def span_text(seconds: float) -> str:
    """How long something takes, roughly."""
    minutes = seconds / 60
    if minutes < 90:
        return tr("{n} min").format(n=max(1, round(minutes)))
    return tr("{n} h").format(n=f"{minutes / 60:.1f}")
