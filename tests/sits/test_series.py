from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from s4_core.sits import Sample, Series, days_of_year

DATES = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31))


def series(present=None):
    values = np.arange(3 * 2 * 1 * 2, dtype=np.float32).reshape(3, 2, 1, 2)
    return Series(values, np.ones((3, 1, 2), dtype=bool), DATES, present)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="3 dates"):
        Series(np.zeros((3, 2, 1, 2), np.float32), np.ones((3, 1, 2), bool), DATES[:2])


def test_all_channels_are_present_unless_said():
    assert series().present_channels == (True, True)
    assert series((True, False)).present_channels == (True, False)


def test_frames_may_repeat():
    chosen = series().frames([2, 0, 0])
    assert chosen.dates == (DATES[2], DATES[0], DATES[0])
    np.testing.assert_array_equal(chosen.values[0], series().values[2])


def test_a_sample_has_channels_first_and_days_of_the_year():
    sample = Sample.of(series((True, False)))
    assert sample.x.shape == (2, 3, 1, 2)
    np.testing.assert_array_equal(sample.x[1, 2], series().values[2, 1])
    np.testing.assert_array_equal(sample.days, [365, 1, 366])
    np.testing.assert_array_equal(sample.present_channels, [True, False])
    assert days_of_year(DATES).dtype == np.float32
