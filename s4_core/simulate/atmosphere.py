"""Clouds, cirrus, shadows and haze, and the scene classification that half recognises them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.simulate.dates import Geometry
from s4_core.simulate.random_fields import FloatArray, fractal_noise, smooth_noise
from s4_core.simulate.scene import COARSE, halved, repeated
from s4_core.simulate.settings import SimulationSettings

CLOUD = np.array([1.0, 0.95, 0.93, 0.97, 1.0, 1.0, 1.02, 0.99, 0.66, 0.55], np.float32)
"""A thick cloud's reflectance relative to its brightness; the mean of the real areas' clouds."""
ICE = np.array([1.0, 0.97, 0.95, 0.96, 0.95, 0.95, 0.97, 0.93, 0.30, 0.22], np.float32)
"""High ice clouds: dark in the short-wave infrared, which the classification takes for snow."""
WAVELENGTH_NM = np.array([492, 560, 665, 704, 740, 783, 833, 865, 1614, 2202], np.float32)
HIDDEN = (0, 1, 3, 8, 9, 10, 11)
_CLEAR, _COVERED, _BROKEN, _CIRRUS = range(4)


@dataclass(frozen=True)
class Sky:
    """What stands between the ground and the instrument.

    Args:
        opacity: (T, H, W) share of the light that clouds replace, 0..1.
        shadow: (T, H, W) share of the sunlight that clouds keep from the ground, 0..1.
        cirrus: (T,) the veil is cirrus.
        brightness: (T,) of the clouds, reflectance.
        ice: (T,) the clouds are ice.
    """

    opacity: FloatArray
    shadow: FloatArray
    cirrus: npt.NDArray[np.bool_]
    brightness: FloatArray
    ice: npt.NDArray[np.bool_]


def simulate_sky(settings: SimulationSettings, directions: Geometry) -> Sky:
    """Draw each date's sky: clear, overcast, broken or a veil of cirrus.

    At 640 m nearly every image is either clear or covered; the shares are those of the real
    areas, moved so that the expected hidden share is `settings.cloudiness`.
    """
    rng = settings.generator("sky")
    count, size = len(directions.sun_zenith), settings.size_px
    kinds = _kinds(settings.cloudiness, count, rng)
    opacity = np.empty((count, size, size), np.float32)
    shadow = np.zeros_like(opacity)
    broken = kinds == _BROKEN
    even = fractal_noise(rng, (int((~broken).sum()), size, size), 2.0, 90.0, wraps=True)
    for index, shape in zip(np.flatnonzero(~broken), even):
        opacity[index] = 1.0 - np.exp(-_optical_depth(kinds[index], shape, rng))
    # the shadows of clouds outside the area fall into it
    wide = fractal_noise(rng, (int(broken.sum()), 2 * size, 2 * size), 2.0, 90.0, wraps=True)
    for index, shape in zip(np.flatnonzero(broken), wide):
        clouds = 1.0 - np.exp(-_optical_depth(_BROKEN, shape, rng))
        opacity[index] = clouds[:size, :size]
        moved = np.roll(clouds, _shadow_offset(directions, int(index), rng), axis=(0, 1))
        shadow[index] = moved[:size, :size]
    brightness = np.exp(rng.normal(np.log(0.62), 0.42, count)).astype(np.float32)
    ice = (kinds == _COVERED) & (rng.random(count) < 0.09)
    return Sky(opacity, shadow, kinds == _CIRRUS, np.clip(brightness, 0.28, 1.3), ice)


def _kinds(cloudiness: float, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Kinds of sky in the wanted proportion, in random order.

    A broken sky hides half of the pixels on average; the numbers of each kind are rounded, not
    drawn, so that one area's hidden share is near what was asked for.
    """
    broken = min(0.22, 1.6 * cloudiness, 1.6 * (1 - cloudiness))
    covered = max(cloudiness - 0.5 * broken, 0.0)
    shares = np.array([1 - broken - covered, 0.86 * covered, broken, 0.14 * covered])
    edges = np.r_[0.0, np.cumsum(shares)]
    # one systematic sample: its rounding errors cancel instead of adding up
    points = (np.arange(count) + rng.random()) / count
    return rng.permutation(np.minimum(np.searchsorted(edges, points, side="right") - 1, 3))


def _optical_depth(kind: int, shape: FloatArray, rng: np.random.Generator) -> FloatArray:
    if kind == _CLEAR:  # a thin veil that nobody sees
        return np.asarray(rng.exponential(0.008) * np.exp(0.6 * shape), np.float32)
    if kind == _COVERED:
        return np.asarray(np.exp(rng.normal(0.75, 0.8) + 0.25 * shape), np.float32)
    if kind == _CIRRUS:
        return np.asarray(np.exp(rng.normal(-2.2, 0.5) + 0.35 * shape), np.float32)
    level = np.quantile(shape, rng.uniform(0.05, 0.95))
    veil = np.maximum(shape - level, 0.0)
    return np.asarray(rng.uniform(1.0, 4.0) * veil, np.float32)


def _shadow_offset(directions: Geometry, index: int, rng: np.random.Generator) -> tuple[int, int]:
    """Rows and columns from a cloud to its shadow: height times tan(zenith), away from the sun."""
    reach_px = rng.uniform(60, 250) * np.tan(np.radians(directions.sun_zenith[index]))
    azimuth = np.radians(directions.sun_azimuth[index])
    # rows count southward
    return round(reach_px * np.cos(azimuth)), round(-reach_px * np.sin(azimuth))


def observe(settings: SimulationSettings, surface: FloatArray, sky: Sky) -> FloatArray:
    """What the atmospherically corrected product shows of the ground: (T, 10, H, W).

    Clouds veil, shadows darken, haze is left over, and the instrument adds noise.
    """
    rng = settings.generator("noise")
    count, bands, height, width = surface.shape
    haze = rng.normal(0.007, 0.007, (count, 1)) * (WAVELENGTH_NM / 492.0) ** -1.3
    gain = np.exp(rng.normal(0, 0.11, (count, 1)) + rng.normal(0, 0.03, (count, bands)))
    bumps = 1.0 + 0.15 * fractal_noise(rng, (count, height, width), 2.0, 40.0)[:, None]
    noise = rng.standard_normal(surface.shape, dtype=np.float32)
    # 20 m bands carry the noise of their own pixels
    noise[:, COARSE] = repeated(noise[:, COARSE, ::2, ::2])
    lit = 1.0 - 0.72 * sky.shadow[:, None]
    # the short-wave infrared of a shadow is darker: no blue sky light in it
    lit = lit - 0.1 * sky.shadow[:, None] * (WAVELENGTH_NM > 1000)[:, None, None]
    image = surface * gain[:, :, None, None].astype(np.float32) * lit
    image += haze[:, :, None, None].astype(np.float32)
    colour = np.where(sky.ice[:, None], ICE, CLOUD) * sky.brightness[:, None]
    veil = sky.opacity[:, None]
    image = image * (1 - veil) + veil * bumps * colour[:, :, None, None].astype(np.float32)
    # 20 m bands see clouds at 20 m too
    image[:, COARSE] = repeated(halved(image[:, COARSE]))
    image += noise * (0.0025 + 0.012 * image)
    return np.asarray(np.clip(image, 0.0005, 1.6), np.float32)


def classify(
    settings: SimulationSettings, image: FloatArray, sky: Sky, sun_zenith: FloatArray
) -> npt.NDArray[np.uint8]:
    """The scene classification (SCL) that comes with the product, on 20 m: (T, H, W).

    It is wrong where the real one is: thin edges of clouds pass as clear or unclassified, bright
    ground is taken for cloud now and then, half-shadows and dark winter fields are mixed up.
    """
    rng = settings.generator("classification")
    count, _, height, width = image.shape
    opacity, shadow = halved(sky.opacity), halved(sky.shadow)
    rough = smooth_noise(rng, (count, height // 2, width // 2), 1.0)
    coarse = halved(image[:, [0, 2, 6, 8]])
    blue, red, nir, swir = (coarse[:, band] for band in range(4))
    ndvi = (nir - red) / (nir + red)
    codes = np.full(opacity.shape, 7, np.uint8)
    codes[(ndvi < 0.32) & (blue < 0.17) & (red > 0.085)] = 5
    # under a low sun less is recognised as green
    low_sun = np.clip((sun_zenith - 58.0) / 100.0, 0.0, 0.15)[:, None, None]
    codes[ndvi > 0.41 + low_sun + 0.03 * rough] = 4
    dark = (nir < 0.16 + 0.02 * rough) & (swir < 0.14)
    codes[dark] = 2
    codes[dark & (ndvi < 0.0)] = 6
    # commission: bright ground looks like cloud
    codes[(blue > 0.2 + 0.02 * rough) & (opacity < 0.05)] = 8
    codes[(shadow > 0.6 + 0.12 * rough) & (nir < 0.17)] = 3
    # omission: the threshold wanders, thin edges stay clear or unclassified
    seen = opacity + 0.05 * rough
    veil = sky.cirrus[:, None, None]
    codes[(seen > 0.12) & ~veil] = 7
    codes[(seen > 0.26) & ~veil] = 8
    codes[(seen > 0.62) & ~veil] = 9
    codes[veil & (opacity + 0.01 * rough > 0.02)] = 10
    codes[(sky.ice[:, None, None]) & (seen > 0.5) & (swir < 0.35)] = 11
    return np.asarray(repeated(codes), np.uint8)
