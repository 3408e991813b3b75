"""What stands on a parcel on each day: canopy states from growths, cuts and seasons.

A growth rises along one logistic and ripens along another (double logistic, Beck et al. 2006);
after it come stubble and tilled soil. Grass is cut or grazed and grows again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.simulate.crops import Crop, Scattering
from s4_core.simulate.rotation import Growth

VARIABLES = (
    "lai", "cab", "cbrown", "cw", "cm", "n", "ala", "flower",
    "volume", "a_vv", "b_vv", "a_vh", "b_vh", "rough",
)  # fmt: skip
"""Columns of a daily state: PROSAIL's canopy, then what the water cloud model needs.

`volume` is the plant water that radar meets, in units of green area; `rough` is the soil's
roughness, 0 (seedbed) to 1 (ploughed)."""

COLUMN = {name: index for index, name in enumerate(VARIABLES)}
FloatArray = npt.NDArray[np.float32]
DayArray = npt.NDArray[np.float64]
BROWN = {"cab": 2.0, "cbrown": 0.75, "cw": 0.002, "cm": 0.006, "n": 1.9, "ala": 57.0}
"""Straw and dead leaves."""


@dataclass(frozen=True)
class Course:
    """The daily states of one cover.

    Args:
        values: (days, variables).
        events: day indices of harvest, cut and tillage: a whole parcel at once, whereas between
            them its pixels run early or late.
    """

    values: FloatArray
    events: tuple[int, ...] = ()


def logistic(days: DayArray, middle: float, width: float) -> DayArray:
    """Rise from 0 to 1 around `middle` with time constant `width`, days."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip((days - middle) / width, -30, 30))))


def soil_course(days: DayArray) -> FloatArray:
    """Bare soil, rough after autumn's ploughing and finer in spring: (days, variables)."""
    values = np.zeros((len(days), len(VARIABLES)), np.float32)
    for name, value in BROWN.items():
        values[:, COLUMN[name]] = value
    values[:, COLUMN["lai"]] = 0.03
    year_day = days % 365
    values[:, COLUMN["rough"]] = np.where((year_day > 70) & (year_day < 230), 0.35, 0.65)
    return values


def arable_course(growths: Sequence[Growth], days: DayArray) -> Course:
    """The course of a parcel that carries these growths, one after another."""
    values = soil_course(days)
    events: list[int] = []
    for growth in growths:
        _smooth_seedbed(values, growth, days)
        standing = (days >= growth.crop.emergence) & (days < growth.end)
        values[standing] = standing_crop(growth.crop, days)[standing]
        after = days >= growth.end
        _leave_residue(values, growth, days, after)
        events += [int(np.searchsorted(days, day)) for day in (growth.end, growth.tillage)]
    return Course(values, tuple(sorted(e for e in set(events) if 0 < e < len(days))))


def standing_crop(crop: Crop, days: DayArray) -> FloatArray:
    """States of a crop on every day as if it had no end: (days, variables)."""
    autumn = crop.autumn_lai * logistic(days, crop.emergence + 32, 10)
    autumn = autumn * (1 - 0.3 * logistic(days, 15, 12))  # frost takes leaves
    spring = logistic(days, crop.rise, crop.rise_days)
    ripe = logistic(days, crop.ripening, crop.ripening_days)
    green = autumn * (1 - spring) + crop.lai * spring
    leaves, plants = crop.leaves, crop.scattering
    values = np.zeros((len(days), len(VARIABLES)), np.float32)
    # more than half of the area stays as brown leaves, ears and stems
    values[:, COLUMN["lai"]] = 0.03 + green * (1 - 0.45 * ripe)
    for name in ("cab", "cw", "cm", "n", "ala"):
        alive = getattr(leaves, name)
        values[:, COLUMN[name]] = alive + (BROWN[name] - alive) * ripe
    values[:, COLUMN["cbrown"]] = BROWN["cbrown"] * ripe
    values[:, COLUMN["flower"]] = flowering(crop, days)
    values[:, COLUMN["volume"]] = np.maximum.accumulate(green) * (1 - 0.65 * ripe)
    # ears, pods and cobs appear some three weeks before the leaves turn
    ears = logistic(days, crop.ripening - 22, 5)
    values[:, COLUMN["a_vv"]] = plants.a_vv * (1 + (plants.ripe_vv - 1) * ears)
    values[:, COLUMN["a_vh"]] = plants.a_vh * (1 + (plants.ripe_vh - 1) * ears)
    values[:, COLUMN["b_vv"]] = plants.b_vv
    values[:, COLUMN["b_vh"]] = plants.b_vh
    values[:, COLUMN["rough"]] = seedbed(crop)
    return values


def flowering(crop: Crop, days: DayArray) -> DayArray:
    """Share of the canopy's top that is covered by yellow petals."""
    if crop.flower is None:
        return np.zeros_like(days)
    middle, half, cover = crop.flower
    return np.asarray(cover * np.exp(-(((days - middle) / half) ** 2)))


def seedbed(crop: Crop) -> float:
    """Roughness under a crop: fine in spring, coarser in autumn, ridged under potato."""
    if crop.name == "potato":
        return 0.8
    return 0.15 if crop.emergence > 0 else 0.5


def _smooth_seedbed(values: FloatArray, growth: Growth, days: DayArray) -> None:
    prepared = (days >= growth.crop.emergence - 14) & (days < growth.crop.emergence)
    values[prepared] = soil_course(days)[prepared]
    values[prepared, COLUMN["rough"]] = seedbed(growth.crop)


def _leave_residue(
    values: FloatArray, growth: Growth, days: DayArray, after: npt.NDArray[np.bool_]
) -> None:
    values[after] = soil_course(days)[after]
    stubble = after & (days < growth.tillage)
    decay = np.exp(-(days[stubble] - growth.end) / 70.0)
    values[stubble, COLUMN["lai"]] = growth.crop.residue * decay
    values[stubble, COLUMN["rough"]] = 0.3
    tilled = after & (days >= growth.tillage) & (days < growth.tillage + 60)
    values[tilled, COLUMN["rough"]] = 0.8


def grass_course(
    crop: Crop, days: DayArray, rng: np.random.Generator, year_days: float, variation: float
) -> Course:
    """Meadow or pasture: logistic regrowth towards a seasonal limit, cut or grazed down."""
    cuts = _cut_days(rng, year_days)
    limit = 1.1 + (crop.lai - 1.1) * _warmth(days, year_days)
    limit *= float(np.exp(variation * rng.normal(0, 0.18)))
    grazing = 0.0 if cuts else rng.uniform(0.3, 0.65)
    area = np.empty(len(days))
    level, rate = 0.7 * limit[0], float(rng.uniform(0.085, 0.13))
    for index, day in enumerate(days):
        if any(day - 1 < cut <= day for cut in cuts):
            level = float(rng.uniform(0.5, 0.9))
        speed = rate * (0.15 + 0.85 * _warmth(np.array([day]), year_days)[0])
        level += speed * level * (1 - level / (limit[index] * (1 - grazing)))
        area[index] = level
    old = 0.12 + 0.18 * (1 - _warmth(days, year_days)) + 0.12 * rng.random()
    values = standing_crop(crop, days)
    values[:, COLUMN["lai"]] = area
    for name in ("cab", "cw"):
        alive = getattr(crop.leaves, name) * float(np.exp(variation * rng.normal(0, 0.15)))
        values[:, COLUMN[name]] = alive * (1 - old)
    values[:, COLUMN["cbrown"]] = 0.45 * old
    values[:, COLUMN["volume"]] = 0.45 + 0.55 * area
    values[:, COLUMN["rough"]] = rng.uniform(0.0, 0.25)
    events = (int(np.searchsorted(days, cut)) for cut in cuts)
    return Course(values, tuple(e for e in events if 0 < e < len(days)))


def _warmth(days: DayArray, year_days: float) -> DayArray:
    """0 in winter, 1 in May and June."""
    season = 0.5 - 0.5 * np.cos(2 * np.pi * (days - 5 - year_days) / 365)
    return np.asarray(season**0.8)


def _cut_days(rng: np.random.Generator, year_days: float) -> list[float]:
    """Cutting days of this year and the autumn before; empty for a pasture."""
    kind = rng.random()
    if kind < 0.4:  # silage
        first = 125 + year_days + rng.normal(0, 7)
        steps = np.cumsum(np.r_[0.0, rng.normal(38, 6, int(rng.integers(3, 5)))])
        cuts = [float(first + step) for step in steps]
        return [cuts[-1] - 365, *cuts]
    if kind < 0.65:  # hay
        return [float(170 + rng.normal(0, 9)), float(235 + rng.normal(0, 12))]
    return []


def wood_course(days: DayArray, evergreen: bool) -> Course:
    """Trees, with leaves from May to October or all year."""
    plants = Scattering(0.045, 0.12, 0.0165, 0.10)
    leaf_on = logistic(days % 365, 118, 6) * (1 - logistic(days % 365, 303, 8))
    area = 4.0 + 0.6 * leaf_on if evergreen else 1.0 + 4.0 * leaf_on
    share = np.ones_like(days) if evergreen else 0.15 + 0.85 * leaf_on
    values = np.zeros((len(days), len(VARIABLES)), np.float32)
    values[:, COLUMN["lai"]] = area
    for name, alive in {"cab": 48, "cw": 0.016, "cm": 0.008, "n": 1.6, "ala": 50}.items():
        values[:, COLUMN[name]] = BROWN[name] + (alive - BROWN[name]) * share
    values[:, COLUMN["cbrown"]] = 0.6 * (1 - share) + 0.08
    values[:, COLUMN["volume"]] = 3.2 + 0.8 * leaf_on
    for name in ("a_vv", "b_vv", "a_vh", "b_vh"):
        values[:, COLUMN[name]] = getattr(plants, name)
    values[:, COLUMN["rough"]] = 0.5
    return Course(values)


def sealed_course(days: DayArray) -> Course:
    """Water and buildings: nothing grows."""
    values = soil_course(days)
    values[:, COLUMN["lai"]] = 0.0
    return Course(values)
