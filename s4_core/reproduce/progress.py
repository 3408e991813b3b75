"""One progress bar for a whole table: cells are its steps, and the time left is of all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from s4_core.progress import Reporter, Stage


@dataclass
class CellProgress:
    """A reporter that hears of one cell and tells of the table.

    Args:
        outer: whom to tell.
        work: what the data and then each cell will cost, in any unit.
        clock: seconds; replaced in tests.
    """

    outer: Reporter
    work: Sequence[float]
    clock: Callable[[], float] = time.monotonic
    done: int = field(default=0, init=False)
    title: str = field(default="", init=False)
    _began: float | None = field(default=None, init=False)

    def begin(self, title: str) -> Stage:
        """The stage of the next cell."""
        self.title = title
        if self._began is None:
            self._began = self.clock()
        return Stage(self, "", clock=self.clock)

    def finish(self) -> None:
        """A cell is complete."""
        self.progress(1.0, "", None, {})
        self.done += 1

    def progress(
        self,
        fraction: float,
        stage: str,
        eta_s: float | None,  # noqa: ARG002 - of the cell
        metrics: dict[str, float],
    ) -> None:
        """Tell the share of all cells that is done, and the time that the rest will take."""
        spent_work = sum(self.work[: self.done]) + fraction * sum(self.work[self.done :][:1])
        share = spent_work / max(sum(self.work), 1e-9)
        now = self.clock()
        spent = now - (now if self._began is None else self._began)
        eta = spent * (1 - share) / share if 0 < share < 1 else None
        name = f"{self.done} of {len(self.work) - 1}: {self.title}" if self.done else self.title
        self.outer.progress(share, f"{name}, {stage}" if stage else name, eta, metrics)

    def log(self, level: str, message: str) -> None:
        """Passed on."""
        self.outer.log(level, message)

    def cancelled(self) -> bool:
        """Passed on."""
        return self.outer.cancelled()
