from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from s4_core.sits import Moments, standardise


def test_standardise():
    values = np.array([[[[3.0]], [[10.0]]], [[[np.nan]], [[20.0]]]], dtype=np.float32)
    valid = np.array([[[True]], [[False]]])
    result = standardise(values, valid, mean=(1.0, 20.0), std=(2.0, 5.0))
    np.testing.assert_array_equal(result[:, :, 0, 0], [[1.0, -2.0], [0.0, 0.0]])
    assert result.dtype == np.float32


@given(
    hnp.arrays(np.float64, st.tuples(st.just(3), st.integers(1, 40)), elements=st.floats(-50, 50)),
    st.integers(0, 40),
    st.floats(0, 1e6),
)
def test_moments_of_parts_are_moments_of_the_whole(pixels, cut, shift):
    pixels = pixels + shift
    joined = Moments.of(pixels[:, :cut]).joined(Moments.of(pixels[:, cut:]))
    assert joined.count == pytest.approx(pixels.shape[1])
    np.testing.assert_allclose(joined.mean, pixels.mean(axis=1), rtol=1e-12, atol=1e-9)
    varying = pixels.std(axis=1) > 1e-3
    np.testing.assert_allclose(joined.std[varying], pixels.std(axis=1)[varying], rtol=1e-5)


def test_a_large_mean_does_not_swallow_the_spread():
    pixels = np.array([[1e6 + 1, 1e6 + 2, 1e6 + 3]])
    assert Moments.of(pixels).std == pytest.approx([np.sqrt(2 / 3)])


def test_nothing_yet_and_constant_channels():
    empty = Moments.empty(2).joined(Moments.of(np.zeros((2, 0))))
    np.testing.assert_array_equal(empty.count, [0, 0])
    constant = Moments.of(np.full((2, 5), 0.3))
    np.testing.assert_array_equal(constant.std, [1, 1])


def test_only_some_channels_count():
    moments = Moments.of(np.array([[1.0, 3.0], [0.0, 0.0]])).only([True, False])
    joined = moments.joined(Moments.of(np.array([[2.0], [5.0]])))
    np.testing.assert_array_equal(joined.count, [3, 1])
    np.testing.assert_allclose(joined.mean, [2, 5])
