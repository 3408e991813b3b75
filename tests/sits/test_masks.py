from __future__ import annotations

import numpy as np

from s4_core.sits import finite, observed, unmasked, usable
from s4_core.types import CLOUDY_SCL

SCL = np.array([[np.nan, 0, 1, 2, 3, 4], [5, 6, 7, 8, 9, 10]], dtype=np.float32)


def test_usable_scene_classes():
    expected = [[False, False, False, True, False, True], [True, True, True, False, False, False]]
    np.testing.assert_array_equal(usable(SCL, CLOUDY_SCL), expected)


def test_outside_the_swath_is_never_usable():
    np.testing.assert_array_equal(usable(SCL, ())[0], [False, False, True, True, True, True])
    np.testing.assert_array_equal(observed(SCL)[0], [False, False, True, True, True, True])


def test_mask_raster():
    mask = np.array([[np.nan, 0, 1, 255]], dtype=np.float32)
    np.testing.assert_array_equal(unmasked(mask), [[False, False, True, True]])


def test_a_pixel_needs_every_channel():
    values = np.array([[[1, np.nan, np.inf]], [[1, 1, 1]]], dtype=np.float32)
    np.testing.assert_array_equal(finite(values), [[True, False, False]])
