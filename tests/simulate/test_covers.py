from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from s4_core.simulate import SimulationSettings
from s4_core.simulate.covers import BUILT, ROAD, SOIL, WATER, choose_crops, make_covers
from s4_core.simulate.crops import Crop, crop_named
from s4_core.simulate.phenology import Year

DAYS = np.arange(-138.0, 305.0)


def names(uses: list[Crop | str]) -> Counter[str]:
    return Counter(use.name if isinstance(use, Crop) else "other" for use in uses)


def test_crops_get_their_shares_of_the_parcels():
    settings = SimulationSettings(crops=(("maize", 3.0), ("grass", 1.0)), other_share=0.2)
    found = names(choose_crops(settings, 50, np.random.default_rng(0)))
    assert found == {"maize": 30, "grass": 10, "other": 10}


def test_a_drawn_mixture_differs_from_area_to_area():
    mixtures = [
        set(names(choose_crops(SimulationSettings(seed=s), 40, np.random.default_rng(s))))
        for s in range(6)
    ]
    assert all(len(mixture) >= 3 for mixture in mixtures)
    assert len({frozenset(mixture) for mixture in mixtures}) > 1


def test_covers_hold_fields_then_verge_then_road():
    uses = [crop_named("maize"), "wood", "buildings", "water"]
    covers = make_covers(SimulationSettings(), uses, DAYS, Year(0, 0), np.random.default_rng(0))
    assert covers.ground.tolist() == [SOIL, SOIL, BUILT, WATER, SOIL, ROAD]
    assert [crop.name if crop else None for crop in covers.crops] == ["maize", None, None, None]
    assert covers.states.shape[:2] == (6, len(DAYS))


def test_pixels_are_harvested_together():
    uses = [crop_named("winter wheat")]
    covers = make_covers(SimulationSettings(), uses, DAYS, Year(0, 0), np.random.default_rng(1))
    since, until = covers.since[0], covers.until[0]
    assert np.all(since <= np.arange(len(DAYS)))
    assert np.all(until >= np.arange(len(DAYS)))
    starts = np.unique(since)
    assert len(starts) >= 3  # start, harvest, tillage
    for start in starts[1:]:
        assert until[start - 1] == start - 1


def test_unknown_crops_are_a_key_error():
    with pytest.raises(KeyError):
        crop_named("winter weat")
