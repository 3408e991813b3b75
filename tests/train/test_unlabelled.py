import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.train.unlabelled import MOST, drawn_pixels


def test_a_small_area_is_taken_whole():
    pixels = drawn_pixels(20, 30, seed=0)
    assert len(pixels) == 600
    assert {(0, 0), (19, 29)} <= set(zip(pixels.rows.tolist(), pixels.cols.tolist()))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 3))
def test_pixels_lie_inside_once_and_are_not_too_many(height, width, seed):
    pixels = drawn_pixels(height, width, seed)
    places = pixels.rows * width + pixels.cols
    assert len(np.unique(places)) == len(places)
    assert len(places) <= MOST
    assert pixels.rows.max() < height
    assert pixels.cols.max() < width
    assert min(pixels.rows.min(), pixels.cols.min()) >= 0


@pytest.mark.parametrize(("height", "width"), [(1000, 1000), (10980, 40), (3, 5000)])
def test_a_large_area_is_met_in_many_places(height, width):
    pixels = drawn_pixels(height, width, seed=1)
    assert len(pixels) > 500
    long, side = (pixels.rows, height) if height >= width else (pixels.cols, width)
    assert len(np.unique(long * 4 // side)) == 4


def test_the_draw_is_the_seed_s():
    first, again, other = (drawn_pixels(300, 300, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.rows, again.rows)
    assert not np.array_equal(first.rows, other.rows)
