"""Reading the next window's images while those of the last one are computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

from s4_core.types import Window

T = TypeVar("T")


class ReadAhead(Generic[T]):
    """Reads windows; of those that are known to follow, one is always under way in a thread.

    What is read is the same in every order; a window that was not foreseen is read at once. All
    reading happens in the one thread, so that every file is opened once. Use it in a `with`
    block: its end waits for the thread.

    Args:
        read: what is wanted of a window.
        following: the windows that will be asked for, in this order.
    """

    def __init__(self, read: Callable[[Window], T], following: Sequence[Window]) -> None:
        self._read = read
        self._next = dict(zip(following, following[1:]))
        self._under_way: tuple[Window, Future[T]] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="s4-read")

    def __call__(self, window: Window) -> T:
        """What is wanted of a window.

        Raises:
            S4Error: what `read` raises, when its window is asked for.
        """
        under_way, self._under_way = self._under_way, None
        if under_way is None or under_way[0] != window:
            under_way = self._begin(window)
        samples = under_way[1].result()
        following = self._next.get(window)
        if following is not None:
            self._under_way = self._begin(following)
        return samples

    def _begin(self, window: Window) -> tuple[Window, Future[T]]:
        return window, self._thread.submit(self._read, window)

    def __enter__(self) -> ReadAhead[T]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
