"""Jobs of the engine as tasks of QGIS's own task manager."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from s4_core.errors import Cancelled, S4Error
from s4_core.protocol import Job
from s4_qgis.engine.environment import engine_python
from s4_qgis.engine.process import run_job
from s4_qgis.export.aside import unwritable
from s4_qgis.i18n import tr

_kept: set[QgsTask] = set()
"""References to running tasks: QGIS does not keep the Python half of a task alive."""


class WorkTask(QgsTask):
    """Work outside QGIS's main thread that succeeds, fails with a remedy, or is stopped.

    Signals arrive in the main thread. Exactly one of the last three is emitted, at the end.

        message(dict): progress and log messages as in s4_core/protocol.py.
        succeeded(dict), failed(code, message, remedy), stopped()

    Args:
        title: what the task manager shows. silent: short work of ours that nobody
            asked for: QGIS neither lists it nor tells when it has ended.
    """

    message = pyqtSignal(dict)
    succeeded = pyqtSignal(dict)
    failed = pyqtSignal(str, str, str)
    stopped = pyqtSignal()

    def __init__(self, title: str, *, silent: bool = False) -> None:
        flags = QgsTask.Flag.CanCancel
        if silent:
            flags = flags | QgsTask.Flag.Silent | QgsTask.Flag.Hidden
        super().__init__(title, flags)
        self._result: dict[str, Any] = {}
        self._error: S4Error | None = None
        self._began = threading.Event()
        self._ended = threading.Event()
        self._urgent = threading.Event()

    def work(self) -> dict[str, Any]:
        """What the task does, in another thread, with plain values only.

        Raises:
            Cancelled: it was stopped. S4Error: it failed.
        """
        raise NotImplementedError

    def run(self) -> bool:
        """Do the work; QGIS calls it in another thread."""
        self._began.set()
        try:
            self._result = self.work()
        except S4Error as error:
            self._error = error
        except OSError as error:
            self._error = unwritable(error)
        except Exception as error:  # the boundary: an exception must not get lost in the thread
            self._error = unexpected(error)
        finally:
            self._ended.set()
        return self._error is None

    def finished(self, result: bool) -> None:
        """Tell the outcome; QGIS calls it in the main thread, also for a task that never ran."""
        if result:
            self.succeeded.emit(self._result)
        elif self._error is None or isinstance(self._error, Cancelled):
            self.stopped.emit()
        else:
            self.failed.emit(self._error.code, self._error.message, self._error.remedy)
        _kept.discard(self)

    def run_serial(self) -> bool:
        """Do it here and now, without the task manager."""
        done = self.run()
        self.finished(done)
        return done

    def abandon(self) -> None:
        """Stop it without the usual patience: QGIS or the plugin is leaving."""
        self._urgent.set()
        self.cancel()

    def wait_for_end(self, timeout_s: float) -> bool:
        """Wait until the work is over; True where it is, or never began."""
        return not self._began.is_set() or self._ended.wait(timeout_s)

    def is_urgent(self) -> bool:
        """Whether it was abandoned."""
        return self._urgent.is_set()

    def report(self, message: dict[str, Any]) -> None:
        """Pass on a message, and its progress to the task manager."""
        if message.get("type") == "progress":
            # 100 would say that it has finished: files are closed and layers loaded after it
            self.setProgress(min(100.0 * float(message["fraction"]), 99.0))
        self.message.emit(message)


class JobTask(WorkTask):
    """A job of the engine.

    Args:
        title: what the task manager shows. job: its paths are absolute.
        python: the engine's interpreter; empty takes the one in use.
        network: variables of the worker's environment, see `engine/network.py`.
    """

    def __init__(
        self, title: str, job: Job, python: str = "", network: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(title)
        self._job = job
        self._python = python
        self._network = dict(network or {})

    def work(self) -> dict[str, Any]:
        """Run the job in a worker process."""
        python = self._python or engine_python()
        return run_job(
            self._job,
            python,
            self.report,
            self.isCanceled,
            is_urgent=self.is_urgent,
            network=self._network,
        )


def run_in_task_manager(task: WorkTask) -> None:
    """Hand a task to QGIS's task manager and keep it alive until it has finished."""
    _kept.add(task)
    QgsApplication.taskManager().addTask(task)


def running_tasks() -> list[WorkTask]:
    """The plugin's tasks that have not finished."""
    return list(_kept)


def stop_all(timeout_s: float = 10.0) -> None:
    """Abandon every task and wait until their processes have ended."""
    tasks = running_tasks()
    for task in tasks:
        task.abandon()
    for task in tasks:
        task.wait_for_end(timeout_s)


def unexpected(error: Exception) -> S4Error:
    """A mistake of ours as an error with a remedy."""
    wrapped = S4Error(
        f"{type(error).__name__}: {error}",
        tr("This is a fault of the plugin: copy the diagnostics and report it."),
    )
    wrapped.code = "internal"
    return wrapped
