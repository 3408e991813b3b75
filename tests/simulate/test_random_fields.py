from __future__ import annotations

import numpy as np
import pytest

from s4_core.simulate.random_fields import blur, fractal_noise, frequencies, smooth_noise


@pytest.mark.parametrize(("height", "width"), [(8, 8), (7, 10), (64, 32)])
def test_frequencies_are_those_of_the_transform(height, width):
    expected = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    np.testing.assert_allclose(frequencies(height, width), expected, atol=1e-7)


def test_smooth_noise_has_unit_variance_and_its_correlation_length():
    surface = smooth_noise(np.random.default_rng(0), (200, 32, 32), 3.0)
    assert surface.shape == (200, 32, 32)
    assert surface.dtype == np.float32
    assert surface.mean() == pytest.approx(0.0, abs=0.05)
    assert surface.std() == pytest.approx(1.0, abs=0.05)
    # filtering by a Gaussian of 3 px leaves exp(-(d / 6)^2) between pixels d apart
    lag = (surface[..., 6:] * surface[..., :-6]).mean()
    assert lag == pytest.approx(np.exp(-1.0), abs=0.05)


def test_fractal_noise_varies_more_at_long_wavelengths():
    surface = fractal_noise(np.random.default_rng(1), (100, 32, 32), 1.8, 30.0)
    assert surface.std() == pytest.approx(1.0, abs=0.1)
    near = ((surface[..., 1:] - surface[..., :-1]) ** 2).mean()
    far = ((surface[..., 8:] - surface[..., :-8]) ** 2).mean()
    assert near < 0.15 * far


def test_wrapping_noise_continues_over_its_edges():
    surface = fractal_noise(np.random.default_rng(2), (50, 32, 32), 2.0, 30.0, wraps=True)
    over_the_edge = ((surface[..., 0] - surface[..., -1]) ** 2).mean()
    inside = ((surface[..., 1] - surface[..., 0]) ** 2).mean()
    assert over_the_edge == pytest.approx(inside, rel=0.3)


def test_blur_keeps_a_plain_image_and_its_mean():
    transfer = np.exp(-0.5 * (2 * np.pi * 1.0 * frequencies(24, 24)) ** 2)
    np.testing.assert_allclose(blur(np.full((1, 16, 16), 0.3, np.float32), transfer, 4), 0.3)
    point = np.zeros((1, 16, 16), np.float32)
    point[0, 8, 8] = 1.0
    spread = blur(point, transfer, 4)
    assert spread.sum() == pytest.approx(1.0, abs=1e-4)
    assert spread[0, 8, 8] == pytest.approx(1 / (2 * np.pi), rel=0.02)
