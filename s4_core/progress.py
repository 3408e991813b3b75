"""How a job tells what it is doing, and how it is told to stop. Standard library only."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from s4_core.errors import Cancelled


class Reporter(Protocol):
    """What a job reports to: a terminal, a worker's stdout, a test's list."""

    def progress(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        """`fraction` (0..1) of the whole job is done; `eta_s` seconds remain, None if unknown."""

    def log(self, level: str, message: str) -> None:
        """`level` is "info" or "warning"."""

    def cancelled(self) -> bool:
        """True once the user asked to stop."""


class Silent:
    """A reporter that says nothing and never stops."""

    def progress(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        """Nothing."""

    def log(self, level: str, message: str) -> None:
        """Nothing."""

    def cancelled(self) -> bool:
        """Never."""
        return False


@dataclass
class Stage:
    """One part of a job, mapped onto a share of the job's progress.

    Args:
        start, end: share of the whole job, 0..1.
        clock: seconds; replaced in tests.
    """

    reporter: Reporter
    name: str
    start: float = 0.0
    end: float = 1.0
    clock: Callable[[], float] = time.monotonic
    _began: float | None = field(default=None, init=False)

    def step(self, done: int, total: int, **metrics: float) -> None:
        """Report `done` of `total` steps of this stage with its ETA, and stop if asked to.

        Raises:
            Cancelled: the user asked to stop.
        """
        self.check()
        now = self.clock()
        if self._began is None:
            self._began = now
        share = min(max(done / total, 0.0), 1.0) if total else 1.0
        eta = (now - self._began) * (1 - share) / share if 0 < share < 1 else None
        fraction = self.start + (self.end - self.start) * share
        self.reporter.progress(fraction, self.name, eta, metrics)

    def check(self) -> None:
        """Raise `Cancelled` if the user asked to stop."""
        if self.reporter.cancelled():
            raise Cancelled()

    def part(self, name: str, start: float, end: float) -> Stage:
        """A named part of this stage, from `start` to `end` (0..1 of this stage)."""
        span = self.end - self.start
        return Stage(
            self.reporter, name, self.start + span * start, self.start + span * end, self.clock
        )
