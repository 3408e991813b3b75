"""Windows are read ahead, each once, and errors come where they belong."""

from __future__ import annotations

import threading

import pytest

from s4_core.data import ReadAhead
from s4_core.errors import RasterError
from s4_core.types import Window

WINDOWS = [Window(0, col, 4, 4) for col in (0, 4, 8)]


class Reads:
    """Remembers what was read by which thread; fails at one window."""

    def __init__(self, fails_at: Window | None = None) -> None:
        self.windows: list[Window] = []
        self.threads: list[str] = []
        self.second = threading.Event()
        self._fails_at = fails_at

    def __call__(self, window: Window) -> int:
        if window == self._fails_at:
            raise RasterError("Broken.", "Get it again.")
        self.windows.append(window)
        self.threads.append(threading.current_thread().name)
        if len(self.windows) == 2:
            self.second.set()
        return window.col


def test_each_window_is_read_once_and_ahead() -> None:
    reads = Reads()
    with ReadAhead(reads, WINDOWS) as read:
        for window in WINDOWS:
            read(window)
    assert reads.windows == WINDOWS
    assert all(name.startswith("s4-read") for name in reads.threads)


def test_the_next_window_is_read_before_it_is_asked_for() -> None:
    reads = Reads()
    with ReadAhead(reads, WINDOWS) as read:
        read(WINDOWS[0])
        assert reads.second.wait(10)
    assert reads.windows == WINDOWS[:2]


def test_an_unforeseen_window_is_read_at_once() -> None:
    reads = Reads()
    with ReadAhead(reads, []) as read:
        read(WINDOWS[2])
        read(WINDOWS[0])
    assert reads.windows == [WINDOWS[2], WINDOWS[0]]


def test_an_error_is_raised_for_its_own_window() -> None:
    with ReadAhead(Reads(fails_at=WINDOWS[1]), WINDOWS) as read:
        read(WINDOWS[0])
        with pytest.raises(RasterError, match="Broken"):
            read(WINDOWS[1])
