"""The plugin's only module that starts processes: the engine's worker, and setting it up.

Each child has a thread for each of its pipes; whoever waits sleeps on a queue and looks a few
times a second whether the user cancelled. No shell; every command is a list of arguments.
"""

from __future__ import annotations

import os
import queue
import subprocess  # nosec B404 - the plugin's one door to other processes
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from s4_core.errors import Cancelled, S4Error
from s4_core.launch import worker_environment
from s4_core.protocol import Job, request_to_json
from s4_qgis.engine.conversation import (
    PATIENCE,
    Conversation,
    Patience,
    Stopping,
    worker_error,
)
from s4_qgis.i18n import tr

PLUGIN_FOLDER = Path(__file__).resolve().parent.parent.parent
"""The folder that holds `s4_core`: the worker runs the engine that came with the plugin."""

_LONGEST_LINE = 64 * 2**20  # bytes; a result with its curves is far below
_TAIL_LINES, _TAIL_LINE_LENGTH = 200, 2000
_SHOWN_LINES = 8  # of the tail, in an error message
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows: no console window flashes up


@dataclass(frozen=True)
class Answer:
    """What a finished command left: exit code, stdout and the end of stderr."""

    code: int
    output: str
    errors: str


def run_job(
    job: Job,
    python: str,
    on_message: Callable[[dict[str, Any]], None],
    is_cancelled: Callable[[], bool],
    *,
    is_urgent: Callable[[], bool] = lambda: False,
    patience: Patience = PATIENCE,
    network: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Do a job in a worker process and return its result; blocks, so call it in a task.

    Args:
        job: its paths are absolute. python: the engine's interpreter.
        on_message: gets every hello, progress and log message, in the calling thread.
        is_cancelled: looked at several times a second. A cancelled worker is asked by a line on
            its stdin, then terminated, then killed; `is_urgent` shortens the wait for the first.
        network: variables of its environment more, see `engine/network.py`.

    Raises:
        Cancelled: it was stopped.
        S4Error: the worker's own error with its code, message and remedy; code "worker" where it
            was killed, fell silent or is of another version.
    """
    command = [python, "-m", "s4_core", "worker"]
    environment = {**child_environment(python), **(network or {})}
    environment["PYTHONPATH"] = str(PLUGIN_FOLDER)
    # python -m puts the working folder first on its path: ours, so that nothing shadows a module
    child = _Child(command, environment, str(PLUGIN_FOLDER))
    try:
        child.tell(request_to_json(job))
        stopping = Stopping(child, is_cancelled, is_urgent, patience)
        return Conversation(child, stopping, on_message, patience).result()
    finally:
        child.close(patience)


def follow(
    command: Sequence[str],
    on_line: Callable[[str], None],
    is_cancelled: Callable[[], bool],
    environment: Mapping[str, str],
    patience: Patience = PATIENCE,
) -> Answer:
    """Run a command and hand on each line that it prints on stdout or stderr, until it ends.

    Raises:
        Cancelled: it was stopped: terminated, then killed.
        S4Error: it cannot be started (code "worker").
    """
    child = _Child(command, environment, None, joined=True)
    tail: deque[str] = deque(maxlen=_TAIL_LINES)
    try:
        while not child.is_over:
            if is_cancelled():
                raise Cancelled()
            line = child.line(patience.look)
            if line is not None:
                tail.append(line[:_TAIL_LINE_LENGTH])
                on_line(line)
        code = child.wait(patience.leave)
        return Answer(-1 if code is None else code, "\n".join(tail), "")
    finally:
        child.close(patience)


def ask(
    command: Sequence[str],
    environment: Mapping[str, str],
    timeout_s: float,
    is_cancelled: Callable[[], bool] = lambda: False,
    patience: Patience = PATIENCE,
) -> Answer:
    """Run a short command to its end; its stdout and the end of its stderr stay apart.

    Raises:
        Cancelled: it was stopped.
        S4Error: it cannot be started or does not end in time (code "worker").
    """
    child = _Child(command, environment, None)
    lines, end = [], time.monotonic() + timeout_s
    try:
        while not child.is_over:
            if is_cancelled():
                raise Cancelled()
            if time.monotonic() > end:
                raise _too_slow(command[0], timeout_s)
            line = child.line(patience.look)
            if line is not None:
                lines.append(line)
        code = child.wait(patience.leave)
        return Answer(-1 if code is None else code, "\n".join(lines), child.tail())
    finally:
        child.close(patience)


def child_environment(python: str) -> dict[str, str]:
    """The environment for a Python interpreter outside of QGIS's process."""
    own_gdal = sys.platform.startswith("linux") or not is_of(python, sys.base_prefix)
    return worker_environment(os.environ, own_gdal=own_gdal)


def is_of(python: str, base_prefix: str) -> bool:
    """Whether an interpreter lies in an installation, or in a virtual environment made from it."""
    base = os.path.normcase(os.path.realpath(base_prefix))
    homes = [os.path.dirname(os.path.abspath(python))]
    settings = Path(homes[0]).parent / "pyvenv.cfg"
    if settings.is_file():
        pairs = (line.partition("=") for line in settings.read_text("utf-8").splitlines())
        homes = [value.strip() for name, _, value in pairs if name.strip() == "home"]
    real = (os.path.normcase(os.path.realpath(home)) for home in homes)
    return any(home == base or home.startswith(base + os.sep) for home in real)


class _Child:
    """A process whose stdout arrives line by line, and the end of whose stderr is kept."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: str | None,
        *,
        joined: bool = False,
    ) -> None:
        try:
            self._process = subprocess.Popen(  # nosec B603 - a list of arguments, no shell
                list(command),
                stdin=subprocess.DEVNULL if joined else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if joined else subprocess.PIPE,
                env=dict(environment),
                cwd=folder,
                creationflags=_NO_WINDOW,
            )
        except OSError as error:
            raise _not_started(command[0], error) from error
        self.is_over = False
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._start(self._read_lines, self._process.stdout)
        if not joined:
            self._start(self._read_tail, self._process.stderr)

    def tell(self, line: str) -> None:
        """Write a line to its stdin, without ever waiting for the child to read it."""
        self._start(self._write, line.encode("utf-8") + b"\n")

    def line(self, timeout_s: float) -> str | None:
        """The next line of its stdout; None where none came in time or none will come."""
        # A grandchild may hold the pipe open: the end of the process itself counts as the end.
        gone = self._process.poll() is not None
        try:
            line = self._lines.get(timeout=max(timeout_s, 1.0) if gone else timeout_s)
        except queue.Empty:
            self.is_over = gone
            return None
        self.is_over = line is None
        return line

    def wait(self, timeout_s: float) -> int | None:
        """Its exit code; None where it still runs after that time."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def tail(self) -> str:
        """The last lines of its stderr that are not empty."""
        lines = [line for line in list(self._tail) if line.strip()]
        return "\n".join(lines[-_SHOWN_LINES:])

    def terminate(self) -> None:
        """Ask the system to end it."""
        self._process.terminate()

    def kill(self) -> None:
        """End it."""
        self._process.kill()

    def close(self, patience: Patience) -> None:
        """See to it that it has ended, and that its pipes are closed."""
        if self.wait(0) is None:
            self.terminate()
            if self.wait(patience.terminate) is None:
                self.kill()
                self.wait(patience.terminate)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            self._start(_close, stream)  # in a thread: a grandchild's grip would block it

    def _start(self, target: Callable[[Any], None], argument: Any) -> None:
        threading.Thread(target=target, args=(argument,), daemon=True).start()

    def _read_lines(self, stream: IO[bytes]) -> None:
        try:
            for line in iter(lambda: stream.readline(_LONGEST_LINE), b""):
                self._lines.put(_text(line).rstrip("\r\n"))
        finally:
            self._lines.put(None)

    def _read_tail(self, stream: IO[bytes]) -> None:
        for line in iter(lambda: stream.readline(_TAIL_LINE_LENGTH), b""):
            self._tail.append(_text(line).rstrip())

    def _write(self, line: bytes) -> None:
        stream = self._process.stdin
        if stream is None:
            return
        try:
            stream.write(line)
            stream.flush()
        except (OSError, ValueError):
            return  # it closed its stdin or is gone; its end says more than this would


def _too_slow(program: str, seconds: float) -> S4Error:
    said = tr("{program} did not answer within {seconds} seconds.")
    return worker_error(
        said.format(program=program, seconds=round(seconds)),
        tr("Try again; a virus scanner may slow down the first start."),
    )


def _not_started(program: str, error: OSError) -> S4Error:
    said = tr("{program} cannot be started: {reason}.")
    return worker_error(
        said.format(program=program, reason=error.strerror or error),
        tr("Check the engine in the plugin's settings."),
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _close(stream: IO[bytes] | None) -> None:
    if stream is None:
        return
    try:
        stream.close()
    except OSError:
        return  # unsent input of a child that is gone
