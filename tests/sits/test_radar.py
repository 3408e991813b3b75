from __future__ import annotations

import numpy as np
import pytest

from s4_core.errors import AreaError
from s4_core.sits import check_unit, ratio_db, to_decibel


def test_linear_power_to_decibel():
    power = np.array([1.0, 0.1, 0.01, 0.0, -1.0, np.nan], dtype=np.float32)
    expected = [0, -10, -20, np.nan, np.nan, np.nan]
    np.testing.assert_allclose(to_decibel(power), expected, atol=1e-5)
    assert to_decibel(power).dtype == np.float32


def test_the_ratio_is_that_of_the_powers():
    vv, vh = np.array([0.1], dtype=np.float32), np.array([0.02], dtype=np.float32)
    np.testing.assert_allclose(ratio_db(to_decibel(vv), to_decibel(vh)), to_decibel(vv / vh), 1e-5)


def test_plausible_units_pass():
    check_unit(np.array([-25.0, -3.0, 2.0, np.nan]), "dB", "x.tif")
    check_unit(np.array([0.0, 0.01, 1.7, np.nan]), "linear", "x.tif")
    check_unit(np.array([np.nan]), "dB", "x.tif")


@pytest.mark.parametrize(
    ("values", "unit", "remedy"),
    [([0.01, 0.3], "dB", "--radar-unit linear"), ([-12.0, 0.3], "linear", "--radar-unit dB")],
)
def test_implausible_units_are_refused_by_name(values, unit, remedy):
    with pytest.raises(AreaError, match=r"x\.tif") as raised:
        check_unit(np.array(values), unit, "x.tif")
    assert remedy in raised.value.remedy
