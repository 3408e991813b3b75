"""What covers the ground: every field with its crop or use, and the verges and roads between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.simulate.crops import CROPS, Crop, crop_named
from s4_core.simulate.phenology import (
    Course,
    Year,
    arable_course,
    grass_course,
    sealed_course,
    wood_course,
)
from s4_core.simulate.rotation import programme
from s4_core.simulate.settings import SimulationSettings

SOIL, BUILT, ROAD, WATER = 0, 1, 2, 3
"""Kinds of ground below the plants."""

OTHERS = (("wood", 0.55), ("buildings", 0.37), ("water", 0.08))


@dataclass(frozen=True)
class Covers:
    """All covers of an area; fields first, then the verge, then the road.

    Args:
        crops: the labelled crop of each field; None for wood, buildings and water.
        ground: (covers,) one of SOIL, BUILT, ROAD, WATER.
        states: (covers, days, variables) of `phenology.VARIABLES`.
        since, until: (covers, days) day indices between which a day's pixels may run early or
            late: from the last harvest, cut or tillage to the next.
    """

    crops: tuple[Crop | None, ...]
    ground: npt.NDArray[np.int64]
    states: npt.NDArray[np.float32]
    since: npt.NDArray[np.int64]
    until: npt.NDArray[np.int64]


def choose_crops(
    settings: SimulationSettings, count: int, rng: np.random.Generator
) -> list[Crop | str]:
    """A crop, or one of `OTHERS` by name, for each of `count` fields.

    Every crop that is asked for gets fields in proportion to its share (largest remainders).
    """
    others = rng.choice(
        [n for n, _ in OTHERS], round(settings.other_share * count), p=[p for _, p in OTHERS]
    )
    mixture = settings.crops or _random_mixture(rng)
    shares = np.array([share for _, share in mixture], float)
    ideal = shares / shares.sum() * (count - len(others))
    counts = np.floor(ideal).astype(int)
    for index in np.argsort(counts - ideal)[: count - len(others) - counts.sum()]:
        counts[index] += 1
    chosen: list[Crop | str] = [str(o) for o in others]
    for (name, _), number in zip(mixture, counts):
        chosen += [crop_named(name)] * int(number)
    order = rng.permutation(count)
    return [chosen[i] for i in order]


def rotated(uses: Sequence[Crop | str], rng: np.random.Generator) -> list[Crop | str]:
    """The same uses with arable crops exchanged among their fields; grassland stays."""
    found = list(uses)
    arable = [i for i, use in enumerate(uses) if isinstance(use, Crop) and use.name != "grass"]
    for place, other in zip(arable, rng.permutation(arable)):
        found[place] = uses[other]
    return found


def _random_mixture(rng: np.random.Generator) -> tuple[tuple[str, float], ...]:
    """Flanders' crops with shares that differ from area to area; some are absent."""
    kept = [crop for crop in CROPS if rng.random() < 0.35 + 2.0 * crop.share] or list(CROPS)
    return tuple((crop.name, float(crop.share * rng.gamma(2.0))) for crop in kept)


def make_covers(
    settings: SimulationSettings,
    uses: Sequence[Crop | str],
    days: npt.NDArray[np.float64],
    year: Year,
    rng: np.random.Generator,
) -> Covers:
    """Let everything grow.

    Args:
        days: consecutive days counted from 1 January of the harvest year.
        year: with the latitude's part of the delay.
    """
    courses = [_course(settings, use, days, year, rng) for use in uses]
    courses += [_course(settings, use, days, year, rng) for use in ("verge", "road")]
    kinds = {"buildings": BUILT, "road": ROAD, "water": WATER}
    ground = [kinds.get(str(use), SOIL) for use in (*uses, "verge", "road")]
    bounds = [_bounds(course, len(days)) for course in courses]
    return Covers(
        tuple(use if isinstance(use, Crop) else None for use in uses),
        np.array(ground),
        np.stack([course.values for course in courses]),
        np.stack([since for since, _ in bounds]),
        np.stack([until for _, until in bounds]),
    )


def _course(
    settings: SimulationSettings,
    use: Crop | str,
    days: npt.NDArray[np.float64],
    year: Year,
    rng: np.random.Generator,
) -> Course:
    if isinstance(use, Crop):
        if use.name == "grass":
            return grass_course(use, days, rng, year, settings.variation)
        growths = programme(use, rng, year.late_days, settings.variation)
        return arable_course(growths, days, year, weeds=0.12 * float(np.exp(rng.normal(0, 0.7))))
    if use == "wood":
        return wood_course(days, evergreen=bool(rng.random() < 0.25))
    if use == "verge":
        return grass_course(crop_named("grass"), days, rng, year, 0.5)
    return sealed_course(days)


def _bounds(course: Course, count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    edges = np.array([0, *course.events, count])
    position = np.searchsorted(edges, np.arange(count), side="right") - 1
    return edges[position], edges[position + 1] - 1
