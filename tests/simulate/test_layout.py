from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from s4_core.simulate.layout import area_px, clip, cover_of, paint, shrink, split_fields, within

SQUARE = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])


def test_clip_keeps_the_side_of_the_normal():
    half = clip(SQUARE, np.array([4.0, 0.0]), np.array([1.0, 0.0]), 0.5)
    assert area_px(half) == pytest.approx(55.0)
    assert half[:, 0].min() == pytest.approx(4.5)
    assert len(clip(SQUARE, np.array([20.0, 0.0]), np.array([1.0, 0.0]), 0.0)) == 0


@pytest.mark.parametrize("turned", [SQUARE, SQUARE[::-1]])
def test_shrink_moves_every_edge_inward(turned):
    assert area_px(shrink(turned, 1.0)) == pytest.approx(64.0)
    assert len(shrink(turned, 6.0)) == 0


def test_within_cuts_at_the_area():
    assert area_px(within(SQUARE - 5.0, 32)) == pytest.approx(25.0)
    assert len(within(SQUARE + 40.0, 32)) == 0


def test_paint_sets_the_pixels_whose_centres_are_inside():
    labels = np.zeros((12, 12), np.int32)
    paint(labels, SQUARE, 3, 1.0)
    assert (labels == 3).sum() == 100
    assert labels[9, 9] == 3
    assert labels[10, 9] == 0


@examples(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000), hectares=st.floats(0.4, 6.0))
def test_every_pixel_is_covered_once(seed, hectares):
    blocks, fields = split_fields(32, hectares, np.random.default_rng(seed))
    assert sum(area_px(field) for field in fields) <= 32 * 32 + 1e-6
    cover = cover_of(32, blocks, fields)
    np.testing.assert_allclose(np.add.reduceat(cover.share, cover.first), 1.0)
    assert np.all(np.diff(cover.pixel) >= 0)
    assert cover.pixel[cover.first].tolist() == list(range(32 * 32))
    # fields do not overlap: painting them adds up to the sum of their areas
    owned = np.bincount(cover.cover, weights=cover.share, minlength=len(fields) + 2)
    for index, field in enumerate(fields):
        assert owned[index] == pytest.approx(area_px(field), abs=0.02 * area_px(field) + 3)


def test_larger_parcels_are_fewer():
    counts = [
        len(split_fields(64, hectares, np.random.default_rng(5))[1]) for hectares in (0.5, 2.0, 8.0)
    ]
    assert counts[0] > counts[1] > counts[2]
