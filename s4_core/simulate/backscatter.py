"""Radar: soil seen through a cloud of water drops, then speckle.

Water cloud model (Attema and Ulaby 1978), with V the plants' water and theta the incidence:

    sigma0 = A V cos(theta) (1 - T2) + T2 sigma_soil,    T2 = exp(-2 B V / cos(theta))
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
FLOOR_DB = -27.0
"""What thermal noise removal leaves of Sentinel-1's noise, dB."""


def water_cloud(
    a: FloatArray, b: FloatArray, volume: FloatArray, soil: FloatArray, incidence_deg: float
) -> FloatArray:
    """Sigma nought of plants over soil, linear power; the arrays broadcast."""
    cosine = np.cos(np.radians(incidence_deg))
    passed = np.exp(-2.0 * b * volume / cosine)
    return np.asarray(a * volume * cosine * (1.0 - passed) + passed * soil, np.float32)


def soil_backscatter(
    moisture: FloatArray, rough: FloatArray, incidence_deg: float
) -> tuple[FloatArray, FloatArray]:
    """VV and VH of bare soil, linear power: dB linear in moisture (Ulaby et al. 1978), then in
    roughness and incidence.

    Args:
        moisture: m3/m3. rough: 0 (seedbed) to 1 (ploughed).
    """
    vv = -15.4 + 20.0 * moisture + 2.6 * rough - 0.13 * (incidence_deg - 38.0)
    vh = vv - 9.8 + 2.6 * rough
    return np.float32(10.0) ** (0.1 * vv), np.float32(10.0) ** (0.1 * vh)


def speckle_kernel(correlation: float) -> FloatArray:
    """(1, 3) weights whose output has this correlation between neighbours along one axis."""
    # weights (w, 1, w): lag-1 correlation 2 w / (1 + 2 w^2)
    weight = (1.0 - np.sqrt(1.0 - 2.0 * correlation**2)) / (2.0 * correlation)
    return np.asarray(np.array([weight, 1.0, weight]) / (1 + 2 * weight), np.float32)


def speckle(
    rng: np.random.Generator, shape: tuple[int, ...], looks: float, correlation: float
) -> FloatArray:
    """Multiplicative speckle of mean 1 with `looks` equivalent looks: (T, h, w).

    Independent gamma draws are smoothed, as resampling does; their own looks are lowered so that
    the smoothed field has the looks asked for.
    """
    kernel = speckle_kernel(correlation)
    kept = float(np.sum(kernel**2)) ** 2
    own = looks * kept
    frames, height, width = shape
    draws = rng.standard_gamma(own, (frames, height + 2, width + 2)).astype(np.float32) / own
    rows = sum(k * draws[:, i : i + height] for i, k in enumerate(kernel))
    return np.asarray(sum(k * rows[:, :, i : i + width] for i, k in enumerate(kernel)), np.float32)


def with_noise_floor(power: FloatArray) -> FloatArray:
    """Add what the noise removal leaves; it is speckled like the signal."""
    return np.asarray(power + 10.0 ** (0.1 * FLOOR_DB), np.float32)


def to_db(power: FloatArray) -> FloatArray:
    """Linear power to dB."""
    return np.asarray(10.0 * np.log10(power), np.float32)
