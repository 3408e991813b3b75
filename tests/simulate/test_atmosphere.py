from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from s4_core.simulate import SimulationSettings
from s4_core.simulate.atmosphere import HIDDEN, Sky, classify, observe, simulate_sky
from s4_core.simulate.dates import geometry, optical_passes

SETTINGS = SimulationSettings(size_px=32, optical_count=70)


def flat(settings: SimulationSettings, level: float = 0.05) -> np.ndarray:
    """A green plain: dark in the visible, bright in the near infrared."""
    spectrum = np.array([0.8, 1.4, 0.9, 2.0, 6, 7, 7.2, 7.4, 4, 2], np.float32) * level
    shape = (settings.optical_count, 10, settings.size_px, settings.size_px)
    return np.broadcast_to(spectrum[:, None, None], shape).astype(np.float32)


def look(settings: SimulationSettings) -> tuple[np.ndarray, np.ndarray, Sky]:
    directions = geometry(settings, optical_passes(settings))
    sky = simulate_sky(settings, directions)
    image = observe(settings, flat(settings), sky)
    return image, classify(settings, image, sky, directions.sun_zenith), sky


@pytest.mark.parametrize("cloudiness", [0.0, 0.2, 0.45, 0.7, 0.9])
def test_the_hidden_share_is_what_was_asked_for(cloudiness):
    shares = []
    for seed in range(4):
        codes = look(replace(SETTINGS, seed=seed, cloudiness=cloudiness))[1]
        shares.append(np.isin(codes, HIDDEN).mean())
    assert np.mean(shares) == pytest.approx(cloudiness, abs=0.06)


def test_most_dates_are_clear_or_covered():
    hidden = np.isin(look(SETTINGS)[1], HIDDEN).mean(axis=(1, 2))
    assert (hidden < 0.02).mean() > 0.3
    assert (hidden > 0.98).mean() > 0.2
    assert 0.05 < ((hidden > 0.02) & (hidden < 0.98)).mean() < 0.4


def test_clouds_are_bright_and_shadows_dark():
    image, codes, _ = look(replace(SETTINGS, seed=1))
    nir = image[:, 6]
    blue = image[:, 0]
    assert blue[codes == 9].mean() > 0.35
    assert blue[codes == 4].mean() < 0.1
    assert nir[codes == 3].mean() < 0.5 * nir[codes == 4].mean()
    assert np.all(image > 0)


def test_the_classification_errs_near_edges_only():
    _, codes, sky = look(replace(SETTINGS, seed=2))
    thick, none = sky.opacity > 0.85, sky.opacity < 0.02
    assert np.isin(codes[thick], HIDDEN).mean() > 0.99
    missed = ~np.isin(codes, HIDDEN) & (sky.opacity > 0.1)
    assert 0.001 < missed.mean() < 0.1
    assert np.isin(codes[none & (sky.shadow < 0.05)], HIDDEN).mean() < 0.02


def test_codes_are_of_20_m():
    codes = look(SETTINGS)[1]
    np.testing.assert_array_equal(codes[:, ::2, ::2], codes[:, 1::2, 1::2])
    assert codes.dtype == np.uint8
    assert set(np.unique(codes)) <= set(range(12))
