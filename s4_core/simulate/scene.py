"""The ground without an atmosphere: reflectance and backscatter of every pixel at every date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core.simulate.backscatter import (
    soil_backscatter,
    speckle,
    to_db,
    water_cloud,
    with_noise_floor,
)
from s4_core.simulate.canopy import canopy_inputs, canopy_reflectance, canopy_table
from s4_core.simulate.covers import BUILT, ROAD, WATER, Covers
from s4_core.simulate.dates import Geometry, Passes
from s4_core.simulate.layout import Cover
from s4_core.simulate.phenology import COLUMN
from s4_core.simulate.random_fields import FloatArray, blur, fractal_noise, frequencies
from s4_core.simulate.settings import SimulationSettings
from s4_core.simulate.weather import DRIEST, WETTEST, Weather

PETALS = np.array([0.06, 0.24, 0.27, 0.34, 0.44, 0.48, 0.50, 0.51, 0.30, 0.17], np.float32)
"""Yellow flowers: dark in the blue, bright in green and red (after Sulik and Long 2016)."""
ROOFS = np.array([0.10, 0.12, 0.14, 0.16, 0.18, 0.19, 0.20, 0.21, 0.22, 0.20], np.float32)
OPEN_WATER = np.array([0.045, 0.05, 0.04, 0.035, 0.03, 0.03, 0.025, 0.025, 0.015, 0.01], np.float32)
COARSE = np.array([0, 0, 0, 1, 1, 1, 0, 1, 1, 1], bool)
"""Bands of 20 m, in the order of `OPTICAL_BANDS`."""
MARGIN_PX = 12
ADJACENCY = 0.04
"""Share of a pixel's light that comes from some 100 m around it."""


@dataclass(frozen=True)
class Ground:
    """What differs from pixel to pixel, on pairs of pixel and cover.

    Args:
        cover: who covers which pixel.
        covers: the covers' daily states.
        shift: (pairs,) days that the pixel runs late.
        patterns: (traits, anchors, pairs) standard normal surfaces times the field's
            patchiness; a day's pattern is blended from the anchors around it.
        slope: (pairs,) towards the sun, radians.
        brightness: (pairs,) factor on the soil's reflectance.
        wetness: (pairs,) m3/m3 added to the soil moisture.
        texture: (pairs,) roofs' brightness and echo, standard normal.
    """

    size_px: int
    cover: Cover
    covers: Covers
    shift: npt.NDArray[np.int64]
    patterns: FloatArray
    slope: FloatArray
    brightness: FloatArray
    wetness: FloatArray
    texture: FloatArray

    def state(self, day: int) -> FloatArray:
        """States of all pairs on a day index, with what varies inside fields: (pairs, variables).

        Real patterns inside fields last for weeks, not for the season: emergence, then nutrients,
        then water decide where a crop is dense.
        """
        which = self.cover.cover
        low, high = self.covers.since[which, day], self.covers.until[which, day]
        state = self.covers.states[which, np.clip(day - self.shift, low, high)]
        vigour, upright, green = self.pattern(day)
        dense = np.exp(np.clip(0.65 * vigour, -1.6, 0.8))
        state[:, COLUMN["lai"]] = np.minimum(state[:, COLUMN["lai"]] * dense, 8.0)
        state[:, COLUMN["volume"]] *= dense**0.8
        state[:, COLUMN["rough"]] += 0.3 * upright
        state[:, COLUMN["ala"]] = np.clip(state[:, COLUMN["ala"]] + 11.0 * upright, 22, 78)
        state[:, COLUMN["cab"]] *= np.exp(0.2 * green)
        return np.asarray(state)

    def pattern(self, day: int) -> FloatArray:
        """The surfaces of a day index: (traits, pairs)."""
        anchors = ANCHOR_DAYS * np.arange(self.patterns.shape[1])
        weight = np.exp(-0.5 * ((day - anchors) / (0.55 * ANCHOR_DAYS)) ** 2)
        weight = (weight / np.sqrt((weight**2).sum())).astype(np.float32)
        return np.asarray(np.tensordot(weight, self.patterns, axes=(0, 1)))

    def per_pixel(self, values: FloatArray) -> FloatArray:
        """Mean over each pixel's covers: (pairs, ...) -> (pixels, ...)."""
        share = self.cover.share.reshape(-1, *[1] * (values.ndim - 1))
        return np.asarray(np.add.reduceat(values * share, self.cover.first, axis=0))


ANCHOR_DAYS = 60
"""How long the patterns inside fields last, days."""


def make_ground(settings: SimulationSettings, ground_cover: Cover, covers: Covers) -> Ground:
    """Draw what varies between and inside fields."""
    rng = settings.generator("fields")
    size, spread = settings.size_px, settings.variation
    count, days = covers.states.shape[:2]
    anchors = days // ANCHOR_DAYS + 2
    pixel, which = ground_cover.pixel, ground_cover.cover
    # some fields are even, others patchy
    patchy = np.exp(rng.normal(-0.1, 0.45, count)).astype(np.float32)[which] * spread
    surfaces = _field_surfaces(rng, ground_cover, 3 * anchors + 3, size)
    slope = fractal_noise(rng, (1, size, size), 1.8, 36.0).reshape(-1)[pixel]
    patterns = (surfaces[3:] * patchy).reshape(3, anchors, -1)
    between = rng.standard_normal((2, count), dtype=np.float32)[:, which] * spread
    texture = rng.standard_normal(size * size, dtype=np.float32)[pixel]
    return Ground(
        size,
        ground_cover,
        covers,
        np.rint(5.0 * surfaces[0] * patchy).astype(np.int64),
        patterns,
        np.asarray(0.04 * slope, np.float32),
        np.exp(0.14 * surfaces[1] * patchy + 0.13 * between[0]).astype(np.float32),
        np.asarray(0.05 * surfaces[2] * patchy + 0.025 * between[1], np.float32),
        texture,
    )


def _field_surfaces(rng: np.random.Generator, cover: Cover, surfaces: int, size: int) -> FloatArray:
    """Surfaces of variance about 1 and mean 0 in each field, unrelated between fields.

    Returns:
        (surfaces, pairs).
    """
    images = fractal_noise(rng, (surfaces, size, size), 1.8, 36.0, wraps=True)
    # each field looks at the surfaces somewhere else
    moves = rng.integers(0, size, (2, int(cover.cover.max()) + 1))[:, cover.cover]
    rows, cols = (cover.pixel // size + moves[0]) % size, (cover.pixel % size + moves[1]) % size
    values = images[:, rows, cols]
    order = np.argsort(cover.cover, kind="stable")
    found, first, counts = np.unique(cover.cover[order], return_index=True, return_counts=True)
    means = np.add.reduceat(values[:, order], first, axis=1) / counts
    return np.asarray(values - means[:, np.searchsorted(found, cover.cover)])


def reflectance(
    ground: Ground, times: Passes, directions: Geometry, weather: Weather, start: int
) -> FloatArray:
    """Surface reflectance on the 10 m grid, as the instrument resolves it: (T, 10, H, W).

    Args:
        start: index in the daily states of the season's first day.
    """
    size = ground.size_px
    images = np.empty((len(times.days), 10, size, size), np.float32)
    for index, day in enumerate(times.days):
        state = ground.state(int(day) + start)
        soil = ground_spectrum(ground, weather.moisture[int(day) + start])
        pairs = _pair_reflectance(ground, state, soil, directions, index)
        # (pixels, 10) -> (10, H, W)
        images[index] = ground.per_pixel(pairs).T.reshape(10, size, size)
    return resolve(images)


def _pair_reflectance(
    ground: Ground, state: FloatArray, soil: FloatArray, directions: Geometry, index: int
) -> FloatArray:
    leaves = {name: state[:, COLUMN[name]] for name in ("cab", "cbrown", "cw", "cm", "n", "ala")}
    # carotenoids outlast chlorophyll in ageing leaves
    leaves["car"] = 1.5 + 0.18 * leaves["cab"]
    leaves["lai"] = state[:, COLUMN["lai"]]
    inputs = canopy_inputs(
        leaves,
        float(np.clip(directions.sun_zenith[index], 20, 78)),
        float(directions.view_zenith[index]),
        float(directions.relative_azimuth[index]),
    )
    image = canopy_reflectance(inputs, soil)
    petals = state[:, COLUMN["flower"]]
    blooming = petals > 0.01
    image[blooming] += petals[blooming, None] * (PETALS - image[blooming])
    # a slope towards the sun gets more of it: cos(z - slope) / cos(z)
    lit = 1.0 + ground.slope * np.tan(np.radians(min(directions.sun_zenith[index], 78.0)))
    return np.asarray(image * lit[:, None])


def ground_spectrum(ground: Ground, moisture: float) -> FloatArray:
    """Soil, roofs and roads, or water below the plants: (pairs, 10)."""
    table = canopy_table()
    wet = np.clip((moisture + ground.wetness - DRIEST) / (WETTEST - DRIEST), 0, 1)[:, None]
    # surfaces dry faster than the top 5 cm: the driest third of the range looks dry
    wet = np.clip(1.25 * wet - 0.35, 0.0, 0.75) + 0.1
    spectra = table.soil_dry + wet * (table.soil_wet - table.soil_dry)
    spectra = spectra * (0.95 * ground.brightness[:, None])
    kind = ground.covers.ground[ground.cover.cover]
    built = kind == BUILT
    spectra[built] = ROOFS * np.exp(0.35 * ground.texture[built, None])
    spectra[kind == ROAD] = ROOFS
    spectra[kind == WATER] = OPEN_WATER
    return np.asarray(spectra, np.float32)


def resolve(images: FloatArray) -> FloatArray:
    """Point spread and light from the neighbourhood, then 20 m bands repeated on the 10 m grid.

    Args:
        images: (T, 10, H, W) ideal pixel means; H and W even.
    """
    size = images.shape[-1]
    radial = frequencies(size + 2 * MARGIN_PX, size + 2 * MARGIN_PX)
    wide = np.exp(-0.5 * (2 * np.pi * 5.0 * radial) ** 2)
    result = np.empty_like(images)
    for coarse, sigma in ((False, 0.45), (True, 0.9)):
        near = np.exp(-0.5 * (2 * np.pi * sigma * radial) ** 2)
        transfer = ((1 - ADJACENCY) * near + ADJACENCY * wide).astype(np.float32)
        chosen = coarse == COARSE
        result[:, chosen] = blur(images[:, chosen], transfer, MARGIN_PX)
    result[:, COARSE] = repeated(halved(result[:, COARSE]))
    return np.maximum(result, 0.0005)


def halved(images: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Means of 2 x 2 pixels: (..., H, W) -> (..., H / 2, W / 2)."""
    height, width = images.shape[-2:]
    # (..., H, W) -> (..., H / 2, 2, W / 2, 2)
    return np.asarray(
        images.reshape(*images.shape[:-2], height // 2, 2, width // 2, 2).mean(axis=(-3, -1))
    )


def repeated(images: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Each pixel as 2 x 2: (..., h, w) -> (..., 2 h, 2 w)."""
    return np.asarray(images.repeat(2, axis=-2).repeat(2, axis=-1))


def backscatter(
    settings: SimulationSettings, ground: Ground, times: Passes, weather: Weather, start: int
) -> FloatArray:
    """Sigma nought in dB on the 20 m grid, with speckle: (T, 2, H / 2, W / 2)."""
    rng = settings.generator("speckle")
    given = settings.incidence_deg
    incidence = rng.uniform(31, 45) if given is None else given
    angles = np.array([incidence, np.clip(incidence + rng.choice([-6, 6]), 29, 46)])
    size = ground.size_px
    # crop rows and farmyards reflect differently on each track
    rows = rng.normal(0, 0.5, (2, len(ground.covers.ground))).astype(np.float32)
    power = np.empty((len(times.days), 2, size, size), np.float32)
    for index, day in enumerate(times.days):
        orbit = int(times.orbits[index])
        aspect = rows[orbit, ground.cover.cover]
        pairs = _pair_power(ground, int(day) + start, float(angles[orbit]), aspect, weather)
        power[index] = ground.per_pixel(pairs).T.reshape(2, size, size)
    power = with_noise_floor(halved(power))
    for band, looks in enumerate(settings.looks):
        power[:, band] *= speckle(rng, power[:, band].shape, looks, SPECKLE_CORRELATION)
    return to_db(power)


SPECKLE_CORRELATION = 0.46
"""Between neighbours on the 20 m grid, as measured on the real areas (docs/simulator.md)."""


def _pair_power(
    ground: Ground, day: int, incidence: float, aspect: FloatArray, weather: Weather
) -> FloatArray:
    """Linear VV and VH of all pairs: (pairs, 2)."""
    state = ground.state(day)
    moisture = np.clip(weather.moisture[day] + ground.wetness, 0.04, 0.45)
    if weather.frozen[day]:
        moisture = 0.35 * moisture  # ice has the permittivity of dry soil
    bare = soil_backscatter(moisture, state[:, COLUMN["rough"]] + 0.5 * aspect, incidence)
    # drops on leaves after rain
    volume = state[:, COLUMN["volume"]] * (1.06 if weather.rain_mm[day] > 3 else 1.0)
    pairs = np.empty((len(aspect), 2), np.float32)
    for column, name in enumerate(("vv", "vh")):
        a, b = state[:, COLUMN[f"a_{name}"]], state[:, COLUMN[f"b_{name}"]]
        pairs[:, column] = water_cloud(a, b, volume, bare[column], incidence)
    kind = ground.covers.ground[ground.cover.cover]
    built, water = kind == BUILT, kind == WATER
    # walls make corner reflectors: a heavy-tailed echo
    echo = np.float32(10.0) ** (0.1 * (-6.5 + 4.0 * ground.texture[built] + aspect[built]))
    pairs[built] = echo[:, None] * np.array([1.0, 0.16], np.float32)
    pairs[kind == ROAD] = np.array([0.03, 0.005], np.float32)
    pairs[water] = np.array([0.012, 0.0022], np.float32)
    return pairs
