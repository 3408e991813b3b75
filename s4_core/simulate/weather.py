"""Rain, soil moisture and frost of one area, day by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.simulate.phenology import Year, drought

FloatArray = npt.NDArray[np.float64]
DRIEST, WETTEST = 0.08, 0.40
"""Volumetric water content of the top 5 cm, m3/m3."""


@dataclass(frozen=True)
class Weather:
    """Daily weather, (days,) each.

    Args:
        moisture: of the top soil, m3/m3.
        rain_mm: of the day.
        frozen: top soil is frozen.
        year: what it does to all crops.
    """

    moisture: FloatArray
    rain_mm: FloatArray
    frozen: npt.NDArray[np.bool_]
    year: Year


def simulate_weather(days: FloatArray, rng: np.random.Generator) -> Weather:
    """A rainy-day Markov chain, a bucket that drains and dries, and cold spells.

    Args:
        days: consecutive days counted from 1 January of the harvest year.
    """
    year = Year(float(rng.normal(0, 5)), float(rng.beta(1.6, 1.3)))
    rain = _rain(len(days), rng) * (1 - 0.7 * drought(days + 10, year))
    # potential evaporation of the top layer: 0.4 mm in January, about 3 mm in July
    evaporation = 1.7 - 1.3 * np.cos(2 * np.pi * (days - 10) / 365)
    moisture = np.empty(len(days))
    level = 0.7 * WETTEST
    depth_mm = 50.0
    for index in range(len(days)):
        level += 0.75 * rain[index] / depth_mm
        relative = (level - DRIEST) / (WETTEST - DRIEST)
        level -= evaporation[index] * np.clip(relative, 0, 1) / depth_mm
        level -= 0.05 * max(level - 0.33, 0.0)  # drainage above field capacity
        level = float(np.clip(level, DRIEST, WETTEST))
        moisture[index] = level
    return Weather(moisture, rain, _frost(days, rng), year)


def _rain(count: int, rng: np.random.Generator) -> FloatArray:
    """Daily rain, mm: wet days follow wet days (Richardson 1981)."""
    wetness = rng.uniform(0.85, 1.15)
    draws, amounts = rng.random(count), rng.gamma(0.75, 5.5, count)
    rain = np.zeros(count)
    wet = False
    for index in range(count):
        wet = bool(draws[index] < wetness * (0.66 if wet else 0.3))
        rain[index] = amounts[index] if wet else 0.0
    return rain


def _frost(days: FloatArray, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """A few cold spells from December to February."""
    frozen = np.zeros(len(days), bool)
    for winter in (-365.0, 0.0, 365.0):
        for _ in range(int(rng.poisson(1.6))):
            start = winter + rng.uniform(-30, 60)
            frozen |= (days >= start) & (days < start + rng.uniform(2, 8))
    return frozen
