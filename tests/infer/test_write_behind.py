"""Writing happens behind, in order, and its errors are not lost; trials tell seconds."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

from s4_core.errors import OutputError
from s4_core.infer.memory import resident_bytes
from s4_core.infer.prediction import Prediction
from s4_core.infer.storage import Layers, Reading
from s4_core.infer.tiling import plan_tiles
from s4_core.infer.trial import tried_seconds
from s4_core.infer.write_behind import WriteBehind
from s4_core.types import Window


def test_all_is_done_in_order_in_another_thread() -> None:
    done: list[tuple[int, str]] = []
    with WriteBehind() as write:
        for number in range(5):
            write(lambda n=number: done.append((n, threading.current_thread().name)))
    assert [number for number, _ in done] == [0, 1, 2, 3, 4]
    assert all(name.startswith("s4-write") for _, name in done)


def test_what_was_begun_is_finished_after_an_error_too() -> None:
    done: list[int] = []

    def stopped() -> None:
        with WriteBehind() as write:
            write(lambda: done.append(1))
            raise KeyError

    with pytest.raises(KeyError):
        stopped()
    assert done == [1]


def test_an_error_of_the_last_piece_is_raised() -> None:
    def fail() -> None:
        raise OutputError("The disk is full.")

    with pytest.raises(OutputError, match="full"), WriteBehind() as write:
        write(fail)


def test_a_trial_tells_reading_from_computing(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    known: set[Window] = set()
    plan = plan_tiles(512, 512, 64, 0)
    per_byte, warm_s, compute_s = 1e-7, 0.5, 2.0
    layers = Layers(10, (64, 64), (512, 512), 2, (1.0, 1.0), False)
    reading = Reading(1, tile_bytes=1e6, keeps=True, layers=(layers,))

    def read(window: Window) -> dict[object, object]:
        nonlocal now
        now += warm_s + (0 if window in known else per_byte * reading.window_bytes(window))
        known.add(window)
        return {}

    def predict(window: Window) -> Prediction:
        nonlocal now
        read(window)
        now += compute_s
        shape = (window.height, window.width)
        return Prediction(np.zeros((2, *shape), np.float32), np.ones(shape, bool))

    def clock() -> float:
        return now

    monkeypatch.setattr(torch, "get_num_threads", lambda: 10_000)  # no core is left for reading
    seconds = tried_seconds(plan.tiles, reading, read, predict, clock=clock)  # type: ignore[arg-type]
    # a quarter of a tile was tried: 4 times as long for a whole one
    each = 4 * warm_s + per_byte * reading.tile_bytes + 4 * compute_s
    assert seconds == pytest.approx(len(plan.tiles) * each)
    assert tried_seconds(plan.tiles[:3], reading, read, predict) is None  # type: ignore[arg-type]


def test_this_process_takes_memory() -> None:
    before = resident_bytes()
    block = np.ones(2**26, np.uint8)
    assert resident_bytes() - before > 2**25
    assert block[0] == 1
