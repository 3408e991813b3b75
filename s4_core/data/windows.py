"""Which windows of an area to look at: patches for training, a sample for statistics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from s4_core.types import Grid, Window

LATTICE_PX = 4
"""The network pools twice by 2: windows start on multiples of 4 pixels of the area."""

SAMPLE_PX = 64
MAX_SAMPLED = 64
"""Of larger areas so many windows stand for the whole."""


def random_windows(
    height: int, width: int, patch_px: int, count: int, rng: np.random.Generator
) -> list[Window]:
    """Square patches anywhere on a grid, on its lattice; every pixel can be met.

    Windows at the far edges may reach up to 3 pixels outside, those of a grid smaller than a
    patch more.
    """
    rows = _starts(height, patch_px)
    cols = _starts(width, patch_px)
    return [
        Window(int(rng.choice(rows)), int(rng.choice(cols)), patch_px, patch_px)
        for _ in range(count)
    ]


def labelled_windows(
    parcel_index: npt.NDArray[np.int32],
    parcels: Sequence[int],
    patch_px: int,
    count: int,
    rng: np.random.Generator,
) -> list[Window]:
    """Square patches, on the lattice, that each hold a pixel of some parcels.

    Every parcel is as likely as any other, whatever its size: a patch is laid at random over a
    random pixel of a random parcel.

    Args:
        parcel_index: `(H, W)`, 0 = none, i + 1 = parcel i.
        parcels: indices (from 0) of the parcels that may be chosen.
    """
    rows, cols = np.nonzero(np.isin(parcel_index, np.asarray(parcels) + 1))
    owners = parcel_index[rows, cols] - 1
    present = np.unique(owners)
    if not present.size:
        raise ValueError("None of the parcels has a pixel.")
    windows = []
    for parcel in rng.choice(present, count):
        pixel = int(rng.choice(np.flatnonzero(owners == parcel)))
        row = _start_around(int(rows[pixel]), parcel_index.shape[0], patch_px, rng)
        col = _start_around(int(cols[pixel]), parcel_index.shape[1], patch_px, rng)
        windows.append(Window(row, col, patch_px, patch_px))
    return windows


def covering_windows(wanted: npt.NDArray[np.bool_], patch_px: int) -> list[Window]:
    """Adjacent patches on the lattice that together hold every wanted pixel of `(H, W)`.

    Patches without a wanted pixel are left out; those at the far edges may reach outside.
    """
    windows = []
    for row in range(0, wanted.shape[0], patch_px):
        for col in range(0, wanted.shape[1], patch_px):
            window = Window(row, col, patch_px, patch_px)
            if wanted[window.slices].any():
                windows.append(window)
    return windows


def sample_windows(grid: Grid, limit: int = MAX_SAMPLED) -> list[Window]:
    """Windows inside a grid that stand for it: all of them, or a fixed draw of `limit`."""
    rows, cols = (-(-side // SAMPLE_PX) for side in grid.shape)
    chosen: Sequence[int] = range(rows * cols)
    if rows * cols > limit:
        # a fixed draw, not a regular one, which could follow the pattern of the fields
        drawn = np.random.default_rng(0).choice(rows * cols, limit, replace=False)
        chosen = sorted(int(place) for place in drawn)
    windows = []
    for place in chosen:
        row, col = divmod(place, cols)
        window = Window(row * SAMPLE_PX, col * SAMPLE_PX, SAMPLE_PX, SAMPLE_PX)
        inside = window.clipped(*grid.shape)
        windows += [inside] if inside else []
    return windows


def _starts(side: int, patch_px: int) -> npt.NDArray[np.int64]:
    """Lattice positions at which a patch may start along one side."""
    last = -(-max(side - patch_px, 0) // LATTICE_PX) * LATTICE_PX
    return np.arange(0, last + 1, LATTICE_PX)


def _start_around(place: int, side: int, patch_px: int, rng: np.random.Generator) -> int:
    """A random lattice position from which a patch holds the pixel at `place`."""
    starts = _starts(side, patch_px)
    return int(rng.choice(starts[(starts <= place) & (starts + patch_px > place)]))
