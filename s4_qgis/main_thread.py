"""What belongs to QGIS's main thread, asked for from any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar

from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt, QThread, pyqtSignal

from s4_core.errors import S4Error
from s4_qgis.i18n import tr

T = TypeVar("T")

_PATIENCE_S, _LOOK_S = 10.0, 0.1


def in_main_thread(function: Callable[[], T]) -> T:
    """Call a function in QGIS's main thread, and return what it returns or raise what it raises.

    Raises:
        S4Error: QGIS's main thread was blocked for so long that the function has not begun.
    """
    if is_main_thread():
        return function()
    errand = _Errand(function)
    _messenger().wanted.emit(errand)
    return errand.outcome()


def is_main_thread() -> bool:
    """Whether this is QGIS's main thread."""
    application = QCoreApplication.instance()
    return application is None or bool(QThread.currentThread() == application.thread())


class _Errand(Generic[T]):
    """A function to be called elsewhere; it is called once, or refused once."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._taken = threading.Lock()
        self._over = threading.Event()
        self._results: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Call the function, unless whoever asked has gone away."""
        if not self._taken.acquire(blocking=False):
            return
        try:
            self._results.append(self._function())
        except BaseException as error:  # it is raised again where the function was asked for
            self._error = error
        finally:
            self._over.set()

    def outcome(self) -> T:
        """What came of it; waits for its end once it has begun."""
        end = time.monotonic() + _PATIENCE_S
        while not self._over.wait(_LOOK_S):
            if time.monotonic() > end and self._taken.acquire(blocking=False):
                raise S4Error(
                    tr("QGIS is busy with something else."), tr("Run it again in a moment.")
                )
        if self._error is not None:
            raise self._error
        return self._results[0]


class _Messenger(QObject):
    """Lives in the main thread: what is emitted elsewhere arrives there."""

    wanted = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.moveToThread(QCoreApplication.instance().thread())
        self.wanted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def _run(self, errand: _Errand[Any]) -> None:
        errand.run()


@lru_cache(maxsize=1)
def _messenger() -> _Messenger:
    return _Messenger()
