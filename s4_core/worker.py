"""The worker: one job from stdin, JSON lines to stdout (DESIGN section 4, worker protocol).

    in   {"job": "segment", ...}            one line
    out  {"type": "hello", ...}             protocol, engine version, device and why
         {"type": "progress" | "log", ...}  any number
         {"type": "result" | "cancelled" | "error", ...}  exactly one
    in   {"cancel": true}                   at any time; the end of stdin means nothing

Only messages reach stdout: everything else that prints, C libraries included, goes to stderr.
SIGTERM and SIGINT cancel, as does a reader of stdout that is gone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from typing import Any, TextIO

from s4_core import __version__, jobs
from s4_core.errors import Cancelled, S4Error
from s4_core.json_values import plain_value
from s4_core.launch import tune_malloc
from s4_core.protocol import (
    Job,
    cancelled_message,
    error_message,
    hello,
    log_message,
    progress_message,
    request_from_json,
    result_message,
)

_PROGRESS_INTERVAL_S = 0.1


class Pipe:
    """A reporter that writes messages to a stream, one JSON object a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._last: tuple[float, str] = (0.0, "")

    def send(self, message: dict[str, Any]) -> None:
        """Write one message; a reader that is gone cancels the job."""
        text = json.dumps(plain_value(message), allow_nan=False)
        try:
            with self._lock:
                self._stream.write(text + "\n")
                self._stream.flush()
        except (BrokenPipeError, ValueError):  # ValueError: closed stream
            self._stop.set()

    def progress(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        """Send progress, at most ten times a second within a stage, and every stage's end."""
        now = time.monotonic()
        sent, last_stage = self._last
        if stage == last_stage and fraction < 1 and now - sent < _PROGRESS_INTERVAL_S:
            return
        self._last = (now, stage)
        self.send(progress_message(fraction, stage, eta_s, metrics))

    def log(self, level: str, message: str) -> None:
        """Send a log line."""
        self.send(log_message(level, message))

    def cancel(self) -> None:
        """Ask the job to stop."""
        self._stop.set()

    def cancelled(self) -> bool:
        """True once anybody asked to stop."""
        return self._stop.is_set()


def serve(requests: TextIO, messages: TextIO) -> int:
    """Do the one job that `requests` names; exit code 0, 1 (failed) or 130 (cancelled)."""
    pipe = Pipe(messages)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: pipe.cancel())
    line = requests.readline()
    threading.Thread(target=_listen, args=(requests, pipe), daemon=True).start()
    try:
        job = request_from_json(line)
    except S4Error as error:
        pipe.send(hello(__version__, "none", "no job was understood"))
        pipe.send(error_message(error.code, error.message, error.remedy))
        return 1
    pipe.send(hello(__version__, *_device(job)))
    return _do(job, pipe)


def _do(job: Job, pipe: Pipe) -> int:
    try:
        result = jobs.run(job, pipe)
    except Cancelled:
        pipe.send(cancelled_message())
        return 130
    except Exception as exception:  # the boundary: whatever went wrong must reach the user
        error = jobs.as_error(exception)
        if error is not exception:
            traceback.print_exc()
        pipe.send(error_message(error.code, error.message, error.remedy))
        return 1
    pipe.send(result_message(result))
    return 0


def _device(job: Job) -> tuple[str, str]:
    """Device and reason for `hello`."""
    if not jobs.uses_torch(job):
        return ("none", f"{jobs.name_of(job)} runs no network")
    try:
        return jobs.device_of(job)
    except Exception as error:  # the job itself fails on it, and tells it with its remedy
        return ("none", str(error))


def _listen(requests: TextIO, pipe: Pipe) -> None:
    for line in requests:
        try:
            asked = json.loads(line)
        except json.JSONDecodeError:
            print(f"not understood on stdin: {line.rstrip()}", file=sys.stderr)
            continue
        if isinstance(asked, dict) and asked.get("cancel") is True:
            pipe.cancel()


def main() -> int:
    """Serve this process's stdin and stdout."""
    tune_malloc()
    # before any library is loaded: file descriptor 1 becomes stderr for everybody but us
    messages = os.fdopen(os.dup(1), "w", encoding="utf-8")
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    code = serve(requests, messages)
    sys.stderr.flush()
    # the listening thread may sit in a read that never ends: leave without waiting for it
    os._exit(code)
