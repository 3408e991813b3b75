"""Writing the last tile while the next one is computed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

_MOST_WAITING = 2
"""Tiles that wait to be written: a slow disk must not fill the memory."""


class WriteBehind:
    """Does pieces of work in one thread, in the order in which they come.

    Use it in a `with` block: its end waits for all of them, also after an error.
    """

    def __init__(self) -> None:
        self._waiting: deque[Future[None]] = deque()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="s4-write")

    def __call__(self, work: Callable[[], None]) -> None:
        """Do a piece of work soon.

        Raises:
            S4Error: what an earlier piece raised; nothing is done after it.
        """
        while len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(work))

    def finish(self) -> None:
        """Wait for all that was begun.

        Raises:
            S4Error: as above.
        """
        while self._waiting:
            self._waiting.popleft().result()

    def __enter__(self) -> WriteBehind:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.finish()
        finally:
            self._thread.shutdown(wait=True)
