"""Progress and messages on a terminal, or as sparse lines in a log."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from s4_core.errors import Cancelled, S4Error

_SHOWN_AFTER_S = 1.0
_LINE_EVERY_S = 15.0


class Terminal:
    """A reporter for people: a bar on a terminal, a line now and then elsewhere.

    Progress appears once a job has lasted a second, so that short jobs print none.

    Args:
        stream: where progress, warnings and errors go.
        quiet: only warnings.
        clock: seconds; replaced in tests.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        quiet: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._clock = clock
        self._began = clock()
        self._bar: Any = None
        self._line: tuple[float, str] = (self._began, "")
        self._stop = False

    def progress(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        """Move the bar, or print a line when the stage changes and every 15 s."""
        if self._quiet:
            return
        if self._stream.isatty():
            self._draw(fraction, stage, eta_s, metrics)
            return
        now = self._clock()
        last, last_stage = self._line
        if now - self._began < _SHOWN_AFTER_S:
            return
        if stage != last_stage or now - last >= _LINE_EVERY_S:
            self._line = (now, stage)
            note = _note(eta_s, metrics)
            text = f"[{fraction:4.0%}] {stage}" + (f" ({note})" if note else "")
            print(text, file=self._stream, flush=True)

    def log(self, level: str, message: str) -> None:
        """Print a message above the bar; with `quiet` only warnings."""
        if self._quiet and level != "warning":
            return
        text = f"warning: {message}" if level == "warning" else message
        if self._bar is not None:
            self._bar.write(text, file=self._stream)
        else:
            print(text, file=self._stream, flush=True)

    def cancel(self) -> None:
        """Ask the job to stop."""
        self._stop = True

    def cancelled(self) -> bool:
        """True once Ctrl-C was pressed."""
        return self._stop

    def close(self) -> None:
        """Leave the bar's line."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _draw(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        if self._bar is None:
            if self._clock() - self._began < _SHOWN_AFTER_S or fraction >= 1:
                return
            from tqdm import tqdm  # noqa: PLC0415 - only where a bar is drawn

            self._bar = tqdm(
                desc=stage,
                total=100,
                file=self._stream,
                bar_format="{percentage:3.0f}% |{bar:24}| {desc} [{elapsed}]{postfix}",
                dynamic_ncols=True,
            )
        self._bar.set_description_str(stage, refresh=False)
        self._bar.set_postfix_str(_note(eta_s, metrics), refresh=False)
        self._bar.n = round(100 * fraction, 1)
        self._bar.refresh()


def _note(eta_s: float | None, metrics: dict[str, float]) -> str:
    """Metrics and the remaining time, for the end of a line."""
    parts = [f"{name} {value:.3g}" for name, value in metrics.items()]
    if eta_s is not None and eta_s >= 1:
        minutes, seconds = divmod(round(eta_s), 60)
        parts.append(f"{minutes} min {seconds:02d} s left" if minutes else f"{seconds} s left")
    return ", ".join(parts)


def say_error(error: S4Error, stream: TextIO | None = None) -> None:
    """Print what went wrong and what to do about it."""
    stream = stream or sys.stderr
    if isinstance(error, Cancelled):
        print("cancelled", file=stream)
        return
    print(f"error: {error.message}", file=stream)
    if error.remedy:
        print(f"  do: {error.remedy}", file=stream)


@contextmanager
def interruptible(terminal: Terminal) -> Iterator[None]:
    """Ctrl-C and SIGTERM stop the job at its next step; a second Ctrl-C stops it at once."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers; its owner decides there
        return

    def ask(_number: int, _frame: Any) -> None:
        terminal.cancel()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
