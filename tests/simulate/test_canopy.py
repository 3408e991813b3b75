from __future__ import annotations

import numpy as np
import pytest

from s4_core.errors import InputError
from s4_core.simulate import canopy
from s4_core.simulate.canopy import canopy_inputs, canopy_reflectance, canopy_table

# prosail 2.0.5 (PROSPECT-D), N 1.5, Cab 50, Car 10, Cw 0.015, Cm 0.006, LAI as given, ALA 57,
# hot spot 0.1, sun 40, view 5, azimuth 90 degrees, soil 0.8 * (0.4 dry + 0.6 wet)
PROSAIL = {
    1.0: [0.043, 0.063, 0.048, 0.087, 0.208, 0.246, 0.251, 0.257, 0.202, 0.117],
    4.0: [0.023, 0.047, 0.015, 0.069, 0.322, 0.444, 0.439, 0.448, 0.182, 0.063],
    6.0: [0.023, 0.048, 0.015, 0.070, 0.347, 0.503, 0.495, 0.505, 0.186, 0.063],
}


def leaves(lai: float, **changed: float) -> dict[str, np.ndarray]:
    values = {"lai": lai, "cab": 50, "car": 10, "cbrown": 0, "cw": 0.015, "cm": 0.006, "n": 1.5}
    values.update(ala=57, **changed)
    return {name: np.array([value], np.float32) for name, value in values.items()}


def soil() -> np.ndarray:
    table = canopy_table()
    return (0.8 * (0.4 * table.soil_dry + 0.6 * table.soil_wet))[None]


@pytest.mark.parametrize("lai", sorted(PROSAIL))
def test_the_table_gives_what_prosail_gives(lai):
    found = canopy_reflectance(canopy_inputs(leaves(lai), 40, 5, 90), soil())[0]
    np.testing.assert_allclose(found, PROSAIL[lai], atol=0.015)


def test_no_leaves_leave_exactly_the_soil():
    found = canopy_reflectance(canopy_inputs(leaves(0.0), 40, 5, 90), soil())
    np.testing.assert_allclose(found, soil(), rtol=1e-5)


def test_the_red_edge_rises_and_moves_with_chlorophyll():
    green = canopy_reflectance(canopy_inputs(leaves(4.0), 40, 5, 90), soil())[0]
    assert green[2] < green[3] < green[4] < green[5]  # B04 < B05 < B06 < B07
    pale = leaves(4.0)
    pale["cab"] = np.array([20.0], np.float32)
    paler = canopy_reflectance(canopy_inputs(pale, 40, 5, 90), soil())[0]
    assert paler[3] > green[3] + 0.03


def test_water_darkens_the_short_wave_infrared():
    dry, wet = leaves(3.0), leaves(3.0)
    dry["cw"], wet["cw"] = np.array([0.005], np.float32), np.array([0.03], np.float32)
    first = canopy_reflectance(canopy_inputs(dry, 40, 5, 90), soil())[0]
    second = canopy_reflectance(canopy_inputs(wet, 40, 5, 90), soil())[0]
    assert second[8] < first[8] - 0.05
    assert second[2] == pytest.approx(first[2], abs=0.01)


def test_a_missing_table_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(canopy, "TABLE", tmp_path / "none.npz")
    with pytest.raises(InputError, match="make_canopy_table"):
        canopy_table.__wrapped__()


def test_the_table_is_small():
    assert canopy.TABLE.stat().st_size < 500_000
