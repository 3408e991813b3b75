"""The next batch is read and prepared in a thread while the network learns from the last one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")

AHEAD = 2
"""Batches that wait: one may take longer to read than a step does, the next is shorter."""


class Loader(Generic[T]):
    """Makes values one after the other, in the order asked for, some ahead of their use.

    What is made is the same as without the thread: one thread makes all of them, in turn. Use it
    in a `with` block: its end waits for the thread.

    Args:
        make: makes the next value; its errors are raised where the value is asked for.
        count: how many there are.

    Attributes:
        waited_s: how long whoever asked had to wait, all in all, without the first value.
    """

    def __init__(self, make: Callable[[], T], count: int) -> None:
        self._make = make
        self._left = count
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="s4-load")
        self._under_way: list[Future[T]] = []
        self.waited_s = 0.0

    def __iter__(self) -> Iterator[T]:
        """The values; once."""
        first = True
        self._begin()
        while self._under_way:
            began = time.perf_counter()
            value = self._under_way.pop(0).result()
            self.waited_s += 0.0 if first else time.perf_counter() - began
            first = False
            self._begin()
            yield value

    def _begin(self) -> None:
        while self._left and len(self._under_way) < AHEAD:
            self._under_way.append(self._thread.submit(self._make))
            self._left -= 1

    def __enter__(self) -> Loader[T]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
