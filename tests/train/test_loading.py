from __future__ import annotations

import threading

import pytest

from s4_core.train.loading import AHEAD, Loader


def test_values_come_in_the_order_of_their_making():
    numbers = iter(range(100))
    with Loader(lambda: next(numbers), 7) as loader:
        assert list(loader) == [0, 1, 2, 3, 4, 5, 6]
    # none was made beyond those asked for
    assert next(numbers) == 7


def test_the_next_value_is_made_while_the_last_one_is_used():
    made = threading.Semaphore(0)

    def make():
        made.release()
        return threading.current_thread().name

    with Loader(make, 5) as loader:
        for name in loader:
            assert name.startswith("s4-load")
            # this one, and the one that waits: made without being asked for
            assert made.acquire(timeout=30)
            break
        for _ in range(AHEAD - 1):
            assert made.acquire(timeout=30)


def test_an_error_comes_where_its_value_is_asked_for():
    numbers = iter([1, 2])

    def make():
        value = next(numbers, None)
        if value is None:
            raise OSError("the disk is gone")
        return value

    got = []
    with Loader(make, 9) as loader, pytest.raises(OSError, match="the disk is gone"):
        got.extend(iter(loader))
    with Loader(lambda: 1, 0) as loader:
        assert list(loader) == []


def test_waiting_counts_from_the_second_value_on():
    go = threading.Event()
    numbers = iter(range(3))

    def make():
        value = next(numbers)
        if value == 1:
            go.wait(30)
        return value

    with Loader(make, 3) as loader:
        values = iter(loader)
        assert next(values) == 0
        assert loader.waited_s == 0.0
        threading.Timer(0.2, go.set).start()
        assert next(values) == 1
        assert loader.waited_s > 0.0
