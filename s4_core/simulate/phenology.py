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
WEEDS = {"cab": 30.0, "cbrown": 0.3, "cw": 0.012, "cm": 0.005, "n": 1.6, "ala": 45.0}


@dataclass(frozen=True)
class Year:
    """What this year does to all crops.

    Args:
        late_days: how late spring is, days.
        dry_summer: severity of the summer's drought, 0..1.
    """

    late_days: float
    dry_summer: float


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


def soil_course(days: DayArray, weeds: float) -> FloatArray:
    """Soil with some weeds, rough after autumn's ploughing and finer in spring.

    Args:
        weeds: green area index in early summer.

    Returns:
        (days, variables).
    """
    values = np.zeros((len(days), len(VARIABLES)), np.float32)
    for name, value in WEEDS.items():
        values[:, COLUMN[name]] = value
    values[:, COLUMN["lai"]] = weeds * (0.4 + 0.6 * _warmth(days, 0.0))
    year_day = days % 365
    values[:, COLUMN["rough"]] = np.where((year_day > 70) & (year_day < 230), 0.35, 0.65)
    return values


def arable_course(growths: Sequence[Growth], days: DayArray, year: Year, weeds: float) -> Course:
    """The course of a parcel that carries these growths, one after another, weeds in between."""
    bare = soil_course(days, weeds)
    values = bare.copy()
    events: list[int] = []
    for growth in growths:
        _smooth_seedbed(values, bare, growth, days)
        standing = (days >= growth.crop.emergence) & (days < growth.end)
        crop = standing_crop(growth.crop, days)
        # deep roots suffer less than grass, but leaves roll and yellow
        crop[:, COLUMN["lai"]] *= 1 - 0.3 * drought(days, year)
        crop[:, COLUMN["cab"]] *= 1 - 0.3 * drought(days, year)
        values[standing] = crop[standing]
        _leave_residue(values, bare, growth, days)
        events += [int(np.searchsorted(days, day)) for day in (growth.end, growth.tillage)]
    return Course(values, tuple(sorted(e for e in set(events) if 0 < e < len(days))))


def standing_crop(crop: Crop, days: DayArray) -> FloatArray:
    """States of a crop on every day as if it had no end: (days, variables)."""
    autumn = crop.autumn_lai * logistic(days, crop.emergence + 42, 15)
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
    # old leaves at the bottom and dust keep even a young canopy from being all green
    values[:, COLUMN["cbrown"]] = 0.12 + (BROWN["cbrown"] - 0.12) * ripe
    values[:, COLUMN["flower"]] = flowering(crop, days)
    # rosettes and tillers lie flat: radar meets the plants once their stems rise
    stems = logistic(days, crop.rise + (12 if crop.autumn_lai > 0 else 0), crop.rise_days)
    upright = 0.3 * autumn * (1 - stems) + crop.lai * stems
    values[:, COLUMN["volume"]] = np.maximum.accumulate(upright) * (1 - 0.65 * ripe)
    # ears, pods and cobs show some two weeks before the leaves turn
    ears = logistic(days, crop.ripening - 14, 4)
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
    return 0.05 if crop.emergence > 0 else 0.5


def _smooth_seedbed(values: FloatArray, bare: FloatArray, growth: Growth, days: DayArray) -> None:
    prepared = (days >= growth.crop.emergence - 14) & (days < growth.crop.emergence)
    values[prepared] = bare[prepared]
    values[prepared, COLUMN["rough"]] = seedbed(growth.crop)


def _leave_residue(values: FloatArray, bare: FloatArray, growth: Growth, days: DayArray) -> None:
    after = days >= growth.end
    values[after] = bare[after]
    stubble = after & (days < growth.tillage)
    decay = np.exp(-(days[stubble] - growth.end) / 70.0)
    for name, value in BROWN.items():
        values[stubble, COLUMN[name]] = value
    values[stubble, COLUMN["lai"]] = growth.crop.residue * decay
    values[stubble, COLUMN["rough"]] = 0.45
    tilled = after & (days >= growth.tillage) & (days < growth.tillage + 60)
    values[tilled, COLUMN["rough"]] = 0.8


def grass_course(
    crop: Crop, days: DayArray, rng: np.random.Generator, year: Year, variation: float
) -> Course:
    """Meadow or pasture: logistic regrowth towards a seasonal limit, cut or grazed down."""
    year_days = year.late_days
    cuts = _cut_days(rng, year_days)
    thirst = drought(days, year)
    limit = 1.1 + (crop.lai - 1.1) * _warmth(days, year_days)
    limit *= float(np.exp(variation * rng.normal(0, 0.12))) * (1 - 0.6 * thirst)
    grazing = 0.0 if cuts else rng.uniform(0.3, 0.65)
    area = np.empty(len(days))
    level, rate = 0.7 * limit[0], float(rng.uniform(0.085, 0.13))
    for index, day in enumerate(days):
        if any(day - 1 < cut <= day for cut in cuts):
            level = float(rng.uniform(0.8, 1.2))
        speed = rate * (0.15 + 0.85 * _warmth(np.array([day]), year_days)[0])
        level += speed * level * (1 - level / (limit[index] * (1 - grazing)))
        area[index] = level
    old = 0.1 + 0.12 * (1 - _warmth(days, year_days)) + 0.08 * rng.random() + 0.45 * thirst
    old = np.minimum(old + _young(days, rng), 0.95)
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


def drought(days: DayArray, year: Year) -> DayArray:
    """How much the summer's drought has withered shallow roots, 0..1: worst in late July."""
    since = days % 365 - 203
    width = np.where(since < 0, 34.0, 48.0)  # recovery takes longer
    return np.asarray(year.dry_summer * np.exp(-((since / width) ** 2)))


def _young(days: DayArray, rng: np.random.Generator) -> DayArray:
    """A ley sown this autumn, one in ten: hardly green before winter."""
    if rng.random() > 0.1:
        return np.zeros_like(days)
    return np.asarray(0.8 * (1 - logistic(days, rng.uniform(-60, 60), 18)))


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
    values = soil_course(days, 0.0)
    return Course(values)
