"""Time that a whole comparison still takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from s4_core.progress import Reporter


@dataclass
class WholeRun:
    """A reporter whose remaining time is that of the whole run, not of the method at work.

    Args:
        clock: seconds; replaced in tests.
    """

    reporter: Reporter
    clock: Callable[[], float] = time.monotonic
    _first: tuple[float, float] | None = None

    def progress(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        """Pass on, with the time that the rest takes at the pace since the first report."""
        now = self.clock()
        if self._first is None:
            self._first = (fraction, now)
        began, since = self._first
        eta_s = (now - since) * (1 - fraction) / (fraction - began) if fraction > began else None
        self.reporter.progress(fraction, stage, eta_s, metrics)

    def log(self, level: str, message: str) -> None:
        """Pass on."""
        self.reporter.log(level, message)

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self.reporter.cancelled()
