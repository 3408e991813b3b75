from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4_core.data import covering_windows, labelled_windows, random_windows
from s4_core.data.windows import sample_windows
from s4_core.types import Grid

SIDES = st.integers(1, 90)
PATCHES = st.sampled_from([8, 16, 32])


@given(SIDES, SIDES, PATCHES, st.integers(0, 1000))
def test_random_windows_lie_on_the_lattice(height, width, patch, seed):
    rng = np.random.default_rng(seed)
    for window in random_windows(height, width, patch, 5, rng):
        assert (window.height, window.width) == (patch, patch)
        assert window.row % 4 == window.col % 4 == 0
        assert 0 <= window.row < max(height, 1)
        assert window.row + patch <= max(height, patch) + 3
        assert window.col + patch <= max(width, patch) + 3


def test_random_windows_meet_every_pixel():
    met = np.zeros((21, 18), dtype=bool)
    for window in random_windows(21, 18, 8, 400, np.random.default_rng(0)):
        met[window.slices] = True
    assert met.all()


def test_the_seed_decides():
    first = random_windows(90, 90, 8, 5, np.random.default_rng(3))
    assert first == random_windows(90, 90, 8, 5, np.random.default_rng(3))
    assert first != random_windows(90, 90, 8, 5, np.random.default_rng(4))


@given(SIDES, SIDES, PATCHES, st.integers(0, 1000))
def test_labelled_windows_hold_one_of_their_parcels(height, width, patch, seed):
    rng = np.random.default_rng(seed)
    index = rng.integers(0, 4, (height, width)).astype(np.int32)
    if not np.isin(index, [1, 3]).any():
        return
    for window in labelled_windows(index, [0, 2], patch, 4, rng):
        assert window.row % 4 == window.col % 4 == 0
        assert np.isin(index[window.slices], [1, 3]).any()


def test_small_parcels_are_met_as_often_as_large_ones():
    index = np.ones((64, 64), dtype=np.int32)
    index[60, 60] = 2
    windows = labelled_windows(index, [0, 1], 8, 200, np.random.default_rng(0))
    holding = sum((index[w.slices] == 2).any() for w in windows)
    assert 80 <= holding <= 140


def test_parcels_without_a_pixel():
    with pytest.raises(ValueError, match="None of the parcels"):
        labelled_windows(np.zeros((8, 8), np.int32), [0], 8, 1, np.random.default_rng(0))


@given(SIDES, SIDES, PATCHES, st.integers(0, 1000))
def test_covering_windows_hold_every_wanted_pixel_once(height, width, patch, seed):
    wanted = np.random.default_rng(seed).random((height, width)) < 0.05
    held = np.zeros((height + patch, width + patch), dtype=int)
    for window in covering_windows(wanted, patch):
        held[window.slices] += 1
        assert wanted[window.slices].any()
    assert (held[:height, :width][wanted] == 1).all()
    assert held.max(initial=0) <= 1


@given(SIDES, SIDES, st.integers(1, 5))
def test_sample_windows(height, width, limit):
    grid = Grid("", (0, 10, 0, 0, 0, -10), height, width)
    windows = sample_windows(grid, limit)
    assert all(w.clipped(height, width) == w for w in windows)
    assert windows == sample_windows(grid, limit)
    pieces = -(-height // 64) * -(-width // 64)
    assert len(windows) == min(pieces, limit)
    if pieces <= limit:
        assert sum(w.height * w.width for w in windows) == height * width
