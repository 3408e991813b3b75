"""What the plugin and a worker say to each other, from the request to the last message."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from s4_core.errors import Cancelled, S4Error
from s4_core.protocol import PROTOCOL, log_message
from s4_qgis.i18n import tr

_MOST_NOISE = 100  # lines that are no messages and still reach the log
_LONGEST_NOISE = 2000
_CANCEL = '{"cancel": true}'

last_hello: dict[str, Any] = {}
"""What the last worker said of itself: its device and why; for the diagnostics."""


class Child(Protocol):
    """The process at the other end; see `process.py`."""

    is_over: bool

    def tell(self, line: str) -> None:
        """Write a line to its stdin."""

    def line(self, timeout_s: float) -> str | None:
        """The next line of its stdout."""

    def wait(self, timeout_s: float) -> int | None:
        """Its exit code."""

    def tail(self) -> str:
        """The end of its stderr."""

    def terminate(self) -> None:
        """Ask the system to end it."""

    def kill(self) -> None:
        """End it."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for a child, in seconds.

    Args:
        hello: from the start to the first message. cancel: from the cancel line to `terminate`.
        urgent: instead of `cancel` when QGIS or the plugin is leaving. terminate: from there to
            `kill`. leave: from the last message to the end of the process. look: between two
            looks at whether the user cancelled.
    """

    hello: float = 180.0
    cancel: float = 10.0
    urgent: float = 1.0
    terminate: float = 5.0
    leave: float = 5.0
    look: float = 0.2


PATIENCE = Patience()


def worker_error(message: str, remedy: str, code: str = "worker") -> S4Error:
    """An error with a code of its own."""
    error = S4Error(message, remedy)
    error.code = code
    return error


class Stopping:
    """Stops a child that the user cancelled: by a line, then `terminate`, then `kill`."""

    def __init__(
        self,
        child: Child,
        is_cancelled: Callable[[], bool],
        is_urgent: Callable[[], bool],
        patience: Patience,
    ) -> None:
        self._child = child
        self._is_cancelled, self._is_urgent = is_cancelled, is_urgent
        self._patience = patience
        self._asked_at: float | None = None
        self._terminated_at: float | None = None

    @property
    def asked(self) -> bool:
        """Whether the child was asked to stop."""
        return self._asked_at is not None

    def look(self) -> None:
        """Do what is due now."""
        now = time.monotonic()
        if self._terminated_at is not None:
            if now > self._terminated_at + self._patience.terminate:
                self._child.kill()
        elif self._asked_at is not None:
            wait = self._patience.urgent if self._is_urgent() else self._patience.cancel
            if now > self._asked_at + wait:
                self._child.terminate()
                self._terminated_at = now
        elif self._is_cancelled():
            self._child.tell(_CANCEL)
            self._asked_at = now


class Conversation:
    """Listens to a worker until its last message."""

    def __init__(
        self,
        child: Child,
        stopping: Stopping,
        on_message: Callable[[dict[str, Any]], None],
        patience: Patience,
    ) -> None:
        self._child, self._stopping = child, stopping
        self._on_message = on_message
        self._patience = patience
        self._greeted = False
        self._noise = 0

    def result(self) -> dict[str, Any]:
        """The worker's result.

        Raises:
            Cancelled, S4Error: as in `run_job`.
        """
        hello_by = time.monotonic() + self._patience.hello
        while not self._child.is_over:
            self._stopping.look()
            line = self._child.line(self._patience.look)
            if line is not None:
                result = self._hear(line)
                if result is not None:
                    self._child.wait(self._patience.leave)
                    return result
            elif not self._greeted and time.monotonic() > hello_by:
                self._refuse(tr("The engine did not start in time."), self._child.tail())
        if self._stopping.asked:
            raise Cancelled()
        raise _ended_early(self._child.wait(self._patience.leave), self._child.tail())

    def _hear(self, line: str) -> dict[str, Any] | None:
        message = _message(line)
        kind = message.get("type")
        if not self._greeted:
            if kind != "hello":
                self._log(line)
                return None
            self._check(message)
            self._greeted = True
        if kind == "result":
            return dict(message.get("result") or {})
        if kind == "cancelled":
            raise Cancelled()
        if kind == "error":
            said, remedy = str(message.get("message", "")), str(message.get("remedy", ""))
            raise worker_error(said, remedy, str(message.get("code", "failed")))
        if kind in ("hello", "progress", "log"):
            self._on_message(message)
        else:
            self._log(line)
        return None

    def _check(self, hello: dict[str, Any]) -> None:
        spoken = hello.get("protocol")
        if spoken != PROTOCOL:
            said = tr("The engine speaks protocol {engine}, the plugin {plugin}.")
            self._refuse(said.format(engine=spoken, plugin=PROTOCOL), "")
        last_hello.clear()
        last_hello.update(hello)

    def _log(self, line: str) -> None:
        """Pass on a line that is no message, unless there were very many."""
        self._noise += 1
        if line.strip() and self._noise <= _MOST_NOISE:
            self._on_message(log_message("info", line[:_LONGEST_NOISE]))

    def _refuse(self, message: str, tail: str) -> NoReturn:
        raise worker_error(
            _with_tail(message, tail),
            tr("Restart QGIS; if that does not help, check the engine in the plugin's settings."),
        )


def _message(line: str) -> dict[str, Any]:
    """The message in a line; empty where it holds none."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _ended_early(code: int | None, tail: str) -> S4Error:
    """Why a worker that gave no answer may have ended, and what to do."""
    killed = code is not None and code < 0 and -code == getattr(signal, "SIGKILL", 9)
    if killed:
        said = tr("The engine was killed while it worked.")
        remedy = tr(
            "The memory probably ran out: close other programs or take a smaller extent, then "
            "run it again; finished tiles and epochs are kept."
        )
    else:
        said = tr("The engine ended before it answered ({how}).").format(how=_how(code))
        remedy = tr(
            "Run it again; if it ends again, check the engine in the plugin's settings, try the "
            "device cpu, and copy the diagnostics for a report."
        )
    return worker_error(_with_tail(said, tail), remedy)


def _how(code: int | None) -> str:
    if code is None:
        return tr("its output was closed")
    if code < 0:
        names = {int(number): number.name for number in signal.Signals}
        return names.get(-code, str(code))
    # Windows reports a crash as a large number that is known in hexadecimal
    return tr("exit code {code}").format(code=code if code < 2**16 else hex(code))


def _with_tail(message: str, tail: str) -> str:
    return f"{message}\n{tail}" if tail else message
