import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.sits import Sample
from s4_core.train import area_samples
from s4_core.train.area_samples import AreaSamples, any_shared
from s4_core.types import Grid, Modality, Window


def read(window):
    """A sample whose values are the pixels' own places on the grid."""
    rows = np.arange(window.row, window.row + window.height)
    cols = np.arange(window.col, window.col + window.width)
    x = np.broadcast_to(rows[:, None] * 1000.0 + cols, (1, 2, window.height, window.width))
    valid = np.ones((2, window.height, window.width), bool)
    days = np.array([1, 2], np.float32)
    sample = Sample(x.astype(np.float32), valid, days, (None, None), np.ones(1, bool))
    return {Modality.OPTICAL: sample}


def grid(height, width):
    return Grid("", (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), height, width)


windows = st.builds(
    Window, st.integers(-8, 40), st.integers(-8, 40), st.integers(1, 16), st.integers(1, 16)
)


@settings(deadline=None, max_examples=50)
@given(windows, st.integers(0, 8))
def test_a_cut_of_the_whole_is_what_reading_the_window_gives(window, rim):
    samples = AreaSamples(grid(33, 34), read, rim_px=rim)
    given_ = samples.at(window)[Modality.OPTICAL]
    np.testing.assert_array_equal(given_.x, read(window)[Modality.OPTICAL].x)
    assert given_.valid.shape == (2, window.height, window.width)


def test_a_small_area_is_read_once():
    calls = []
    samples = AreaSamples(grid(32, 32), lambda window: calls.append(window) or read(window))
    for col in (0, 4, 8):
        samples.at(Window(0, col, 16, 16))
    assert calls == [Window(0, 0, 32, 32)]


def test_a_large_area_is_read_window_by_window_and_remembered(monkeypatch):
    monkeypatch.setattr(area_samples, "WHOLE_PX", 10)
    calls = []
    one = sum(s.x.nbytes + s.valid.nbytes for s in read(Window(0, 0, 8, 8)).values())
    samples = AreaSamples(
        grid(32, 32), lambda window: calls.append(window) or read(window), kept_bytes=2 * one
    )
    first, second, third = (Window(0, col, 8, 8) for col in (0, 8, 16))
    for window in (first, second, first, third, first, second):
        samples.at(window)
    # the least recently used of two goes: `second` is read again
    assert calls == [first, second, third, second]


@pytest.mark.parametrize(("radar_frame", "expected"), [(0, True), (1, False)])
def test_shared_pixels_are_valid_at_the_same_date(radar_frame, expected):
    both = {}
    for modality, frame in ((Modality.OPTICAL, 0), (Modality.RADAR, radar_frame)):
        sample = read(Window(0, 0, 2, 2))[Modality.OPTICAL]
        valid = np.zeros((2, 2, 2), bool)
        valid[frame, 0, 0] = True
        both[modality] = Sample(sample.x, valid, sample.days, sample.dates, np.ones(1, bool))
    assert any_shared(both) is expected
