from __future__ import annotations

import numpy as np
import pytest

from s4_core.simulate.backscatter import (
    FLOOR_DB,
    soil_backscatter,
    speckle,
    to_db,
    water_cloud,
    with_noise_floor,
)
from s4_core.simulate.crops import crop_named


def one(value: float) -> np.ndarray:
    return np.array([value], np.float32)


def test_the_water_cloud_model_by_hand():
    # theta 60: cos 0.5; T2 = exp(-2 * 0.1 * 2 / 0.5) = exp(-0.8)
    found = water_cloud(one(0.05), one(0.1), one(2.0), one(0.2), 60.0)
    expected = 0.05 * 2.0 * 0.5 * (1 - np.exp(-0.8)) + np.exp(-0.8) * 0.2
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_without_plants_the_soil_is_seen():
    np.testing.assert_allclose(water_cloud(one(0.05), one(0.2), one(0.0), one(0.1), 38.0), 0.1)


def test_vh_rises_with_the_plants_and_vv_of_wheat_falls():
    plants, volume = crop_named("maize").scattering, np.linspace(0.3, 4.0, 8, dtype=np.float32)
    vv, vh = soil_backscatter(one(0.15), one(0.05), 38.0)
    assert np.all(np.diff(water_cloud(plants.a_vh, plants.b_vh, volume, vh, 38.0)) > 0)
    wheat = crop_named("winter wheat").scattering
    stems = to_db(water_cloud(wheat.a_vv, wheat.b_vv, volume, vv, 38.0))
    assert stems[-1] < stems[0] - 3


def test_soil_is_brighter_when_wet_rough_or_seen_steeply():
    base = soil_backscatter(one(0.2), one(0.2), 38.0)
    for brighter in (
        soil_backscatter(one(0.35), one(0.2), 38.0),
        soil_backscatter(one(0.2), one(0.8), 38.0),
        soil_backscatter(one(0.2), one(0.2), 32.0),
    ):
        assert brighter[0] > base[0]
        assert brighter[1] > base[1]
    assert -14 < to_db(base[0]) < -8
    assert -25 < to_db(base[1]) < -17


@pytest.mark.parametrize("looks", [5.0, 10.0])
@pytest.mark.parametrize("correlation", [0.3, 0.46])
def test_speckle_has_its_looks_and_correlation(looks, correlation):
    field = speckle(np.random.default_rng(0), (40, 64, 64), looks, correlation)
    assert field.min() > 0
    assert field.mean() == pytest.approx(1.0, abs=0.01)
    assert 1 / field.var() == pytest.approx(looks, rel=0.03)
    centred = field - 1
    for found in ((centred[..., 1:] * centred[..., :-1]), (centred[:, 1:] * centred[:, :-1])):
        assert found.mean() / field.var() == pytest.approx(correlation, abs=0.03)
    assert abs(np.mean(centred[1:] * centred[:-1])) / field.var() < 0.02


def test_the_noise_floor_is_the_least():
    assert to_db(with_noise_floor(one(0.0)))[0] == pytest.approx(FLOOR_DB, abs=1e-4)
    assert to_db(with_noise_floor(one(0.1)))[0] == pytest.approx(-9.91, abs=0.02)
