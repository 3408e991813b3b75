"""Pixels of an area that nobody has labelled: what else the area says of itself."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from s4_core import data
from s4_core.train.pixels import Pixels

MOST = 4096
"""Pixels in all: so many is an area of 41 ha at 10 m as a whole, or a sample of a larger one."""

_WINDOWS = 16
_WINDOW_PX = 32
"""Of a large area: places all over it, since neighbouring pixels say nearly the same."""

_STREAM = 6
"""Of random numbers, beside the seed."""


def drawn_pixels(height: int, width: int, seed: int) -> Pixels:
    """All pixels of a small area, of a large one a seeded draw in windows all over it.

    Args:
        height, width: of the area, pixels.

    Returns:
        At most MOST pixels; class and parcel are 0 and mean nothing.
    """
    rng = np.random.default_rng([seed, _STREAM])
    inside = np.ones((height, width), bool)
    if height * width > MOST:
        inside[:] = False
        for window in data.random_windows(height, width, _WINDOW_PX, _WINDOWS, rng):
            # windows may reach outside
            seen = window.clipped(height, width)
            if seen:
                inside[seen.slices] = True
    places = np.flatnonzero(inside)
    if len(places) > MOST:
        places = np.sort(rng.choice(places, MOST, replace=False))
    rows, cols = np.divmod(places, width)
    nothing: npt.NDArray[np.int64] = np.zeros(len(places), np.int64)
    return Pixels(rows.astype(np.int64), cols.astype(np.int64), nothing, nothing)
