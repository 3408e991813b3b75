"""How long a map will take, from a piece of it that is tried."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

import torch

from s4_core.infer.prediction import Predictor, Samples
from s4_core.infer.storage import Reading
from s4_core.infer.tiling import Tile, on_lattice
from s4_core.types import Window

FEWEST_TILES = 12
"""Of fewer tiles the first one tells the time soon enough."""

_PLACES = (0.5, 0.25, 0.75)
"""In the list of tiles; where one shows nothing, the next is tried."""


def tried_seconds(
    tiles: Sequence[Tile],
    reading: Reading,
    read: Callable[[Window], Samples],
    predict: Predictor,
    *,
    fewest: int = FEWEST_TILES,
    processes: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> float | None:
    """Seconds for all tiles, from a quarter of one; None where that is not worth it or shows none.

    It is read twice, so that what decoding takes is told from what each window takes; blocks are
    then decoded as often as the tiles' order has it. It is computed twice, as the first time is
    spent on preparing.

    Args:
        read: what `predict` reads by. fewest: tiles for which it is worth it.
        processes: as busy as this one that will run on this machine.
    """
    if len(tiles) < fewest:
        return None
    for place in _PLACES:
        tile = tiles[int(place * len(tiles))]
        window = _quarter(tile.window)
        began = clock()
        read(window)
        decoded = clock()
        read(window)
        known = clock()
        shown = predict(window).mapped.any()
        prepared = clock()
        predict(window)
        warm = known - decoded
        compute = clock() - prepared - warm
        if shown:
            decode = max(decoded - began - warm, 0.0) / reading.window_bytes(window)
            share = window.height * window.width / (tile.window.height * tile.window.width)
            each = warm / share + decode * reading.tile_bytes
            return len(tiles) * _together(each, max(compute, 0.0) / share, processes)
    return None


def _together(reading_s: float, computing_s: float, processes: int) -> float:
    """Of a tile: both at once where a core is free for the reading, else in turn."""
    busy = processes * torch.get_num_threads()
    free = torch.cuda.is_available() or busy < (os.cpu_count() or 1)
    return max(reading_s, computing_s) if free else reading_s + computing_s


def _quarter(window: Window) -> Window:
    """The middle of a window, half as high and wide, on the lattice."""
    height, width = window.height // 2, window.width // 2
    middle = Window(window.row + window.height // 4, window.col + window.width // 4, height, width)
    return on_lattice(middle)
