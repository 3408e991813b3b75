from __future__ import annotations

import numpy as np
import pytest

from s4_core.simulate.crops import COVER_CROP, CROPS, crop_named
from s4_core.simulate.phenology import (
    COLUMN,
    Year,
    arable_course,
    drought,
    grass_course,
    logistic,
    sealed_course,
    standing_crop,
    wood_course,
)
from s4_core.simulate.rotation import Growth, programme, vary

DAYS = np.arange(-140.0, 320.0)
MILD = Year(0.0, 0.0)


def day(values: np.ndarray, name: str, when: float) -> float:
    return float(values[int(when - DAYS[0]), COLUMN[name]])


def plain(name: str) -> np.ndarray:
    crop = crop_named(name)
    return arable_course([Growth(crop, crop.harvest, crop.harvest + 20)], DAYS, MILD, 0.05).values


def test_logistic_is_half_at_its_middle():
    np.testing.assert_allclose(logistic(np.array([90.0, 100.0, 110.0]), 100, 10)[1], 0.5)


def test_maize_is_bare_in_april_green_in_july_and_cut_in_october():
    maize = plain("maize")
    assert day(maize, "lai", 100) < 0.1
    assert day(maize, "lai", 210) > 3.0
    assert day(maize, "cab", 210) > 50
    assert day(maize, "lai", 276) < 0.5


def test_wheat_is_green_before_maize_and_straw_in_july():
    wheat = plain("winter wheat")
    assert day(wheat, "lai", 0) < 0.8
    assert day(wheat, "lai", 130) > 4.0
    assert day(wheat, "cab", 205) < 5.0
    assert day(wheat, "cbrown", 205) > 0.6
    # the plants' water goes before the straw does
    assert day(wheat, "volume", 205) < 0.5 * day(wheat, "volume", 150)
    assert day(wheat, "lai", 215) == pytest.approx(0.6, abs=0.1)  # stubble
    assert day(wheat, "rough", 240) == pytest.approx(0.8)  # ploughed


def test_rapeseed_flowers_at_the_end_of_april():
    values = standing_crop(crop_named("winter rapeseed"), DAYS)
    assert DAYS[values[:, COLUMN["flower"]].argmax()] == 118
    assert values[:, COLUMN["flower"]].max() == pytest.approx(0.55)


def test_harvest_and_tillage_are_events():
    crop = crop_named("winter wheat")
    course = arable_course([Growth(crop, 210.0, 230.0)], DAYS, MILD, 0.05)
    assert [DAYS[event] for event in course.events] == [210.0, 230.0]


@pytest.mark.parametrize("crop", [*CROPS, COVER_CROP], ids=lambda crop: crop.name)
def test_states_stay_in_prosails_range(crop):
    for seed in range(5):
        varied = vary(crop, np.random.default_rng(seed), 3.0, 1.0)
        values = standing_crop(varied, DAYS)
        for name, (low, high) in {
            "lai": (0, 8),
            "cab": (0, 90),
            "cbrown": (0, 1.6),
            "cw": (0.0005, 0.06),
            "cm": (0.001, 0.02),
            "ala": (20, 80),
        }.items():
            column = values[:, COLUMN[name]]
            assert column.min() >= low
            assert column.max() <= high


def test_without_variation_all_parcels_of_a_crop_are_equal():
    crop = crop_named("potato")
    first, second = (vary(crop, np.random.default_rng(seed), 0.0, 0.0) for seed in (1, 2))
    assert first == second


def test_sowing_dates_differ_by_the_crops_spread():
    crop = crop_named("maize")
    emergence = [vary(crop, np.random.default_rng(s), 0.0, 1.0).emergence for s in range(300)]
    assert np.mean(emergence) == pytest.approx(crop.emergence, abs=2)
    assert np.std(emergence) == pytest.approx(crop.spread_days, rel=0.15)


@pytest.mark.parametrize("crop", CROPS, ids=lambda crop: crop.name)
def test_growths_follow_one_another(crop):
    for seed in range(20):
        growths = programme(crop, np.random.default_rng(seed), 0.0, 1.0)
        assert crop.name in [growth.crop.name for growth in growths]
        for earlier, later in zip(growths, growths[1:]):
            assert earlier.end < later.crop.emergence


def test_grass_drops_where_it_is_cut_and_withers_in_a_drought():
    cut = next(
        course
        for course in (
            grass_course(crop_named("grass"), DAYS, np.random.default_rng(s), MILD, 1.0)
            for s in range(20)
        )
        if len(course.events) > 3
    )
    summer = [event for event in cut.events if 100 < DAYS[event] < 250]
    for event in summer:
        assert cut.values[event, COLUMN["lai"]] < 0.75 * cut.values[event - 1, COLUMN["lai"]]
    dry = grass_course(crop_named("grass"), DAYS, np.random.default_rng(0), Year(0, 0.9), 1.0)
    wet = grass_course(crop_named("grass"), DAYS, np.random.default_rng(0), MILD, 1.0)
    assert day(dry.values, "cab", 203) < 0.7 * day(wet.values, "cab", 203)
    assert drought(np.array([203.0]), Year(0, 0.9))[0] == pytest.approx(0.9)


def test_woods_lose_their_leaves_unless_evergreen():
    broad, needles = wood_course(DAYS, False).values, wood_course(DAYS, True).values
    assert day(broad, "lai", 0) < 0.3 * day(broad, "lai", 200)
    assert day(needles, "lai", 0) > 0.8 * day(needles, "lai", 200)
    assert sealed_course(DAYS).values[:, COLUMN["lai"]].max() == 0
