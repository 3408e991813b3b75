"""Pinned to the published examples of Olofsson et al. (2013) and (2014)."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core.assess import NoInterval, area_adjusted

# Table 8 of Olofsson et al. 2014; rows there are the map, here the reference, hence the transpose.
SAMPLE_2014 = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]]).T
MAPPED_2014 = np.array([200_000, 150_000, 3_200_000, 6_450_000])
LANDSAT_HA = 0.09


def test_areas_of_the_2014_example():
    areas = area_adjusted(SAMPLE_2014, MAPPED_2014, LANDSAT_HA).areas_ha
    # page 54: deforestation 21,158 +- 6158 ha, that is 235,086 +- 68,418 pixels of 30 m
    assert areas[0].value == pytest.approx(21_158, abs=0.5)
    assert areas[0].margin == pytest.approx(6_158, abs=1)
    assert [a.value for a in areas] == pytest.approx([21_158, 11_686, 285_770, 581_386], abs=0.5)
    assert [a.margin for a in areas] == pytest.approx([6_158, 3_756, 15_510, 16_282], abs=1)
    assert areas[0].low == pytest.approx(areas[0].value - areas[0].margin)


def test_accuracies_of_the_2014_example():
    result = area_adjusted(SAMPLE_2014, MAPPED_2014, LANDSAT_HA)
    assert result.overall.value == pytest.approx(0.95, abs=0.005)
    assert result.overall.margin == pytest.approx(0.02, abs=0.005)
    assert [u.value for u in result.users] == pytest.approx([0.88, 0.73, 0.93, 0.96], abs=0.005)
    assert [u.margin for u in result.users] == pytest.approx([0.07, 0.10, 0.04, 0.02], abs=0.005)
    assert [p.value for p in result.producers] == pytest.approx([0.75, 0.85, 0.93, 0.96], abs=0.005)
    assert [p.margin for p in result.producers] == pytest.approx(
        [0.21, 0.25, 0.03, 0.02], abs=0.005
    )


def test_the_2013_example():
    sample = np.array([[97, 0, 3], [3, 279, 18], [2, 1, 97]]).T
    mapped = np.array([22_353, 1_122_543, 610_228])
    result = area_adjusted(sample, mapped, LANDSAT_HA)
    shares = [area.value / (mapped.sum() * LANDSAT_HA) for area in result.areas_ha]
    assert shares == pytest.approx([0.026, 0.598, 0.376], abs=0.0006)  # last row of table 4
    assert result.overall.value == pytest.approx(0.94, abs=0.006)
    assert [p.value for p in result.producers] == pytest.approx([0.48, 0.99, 0.89], abs=0.01)


def test_a_simple_random_sample_by_hand():
    # W = (0.75, 0.25), n = (6, 4), share right = (5/6, 3/4); reference 0: shares 5/6 and 1/4
    sample = np.array([[5, 1], [1, 3]])
    result = area_adjusted(sample, np.array([75, 25]), 1.0, design="random")
    s2 = np.array([6 / 5 * (5 / 6) * (1 / 6), 4 / 3 * (1 / 4) * (3 / 4)])
    weights = np.array([0.75, 0.25])
    variance = (weights * s2).sum() / 10 + ((1 - weights) * s2).sum() / 100
    assert result.areas_ha[0].value == pytest.approx(100 * (0.75 * 5 / 6 + 0.25 / 4))
    assert result.areas_ha[0].margin == pytest.approx(1.95996 * 100 * variance**0.5, rel=1e-4)
    assert result.overall.value == pytest.approx(0.75 * 5 / 6 + 0.25 * 3 / 4)


def test_a_random_sample_is_no_narrower_than_the_same_stratified_one_where_it_is_proportional():
    sample = np.array([[50, 6], [10, 34]])
    mapped = np.array([60, 40])
    random = area_adjusted(sample, mapped, 1.0, design="random")
    stratified = area_adjusted(sample, mapped, 1.0, design="stratified")
    assert random.areas_ha[0].value == pytest.approx(stratified.areas_ha[0].value)
    assert random.areas_ha[0].margin > stratified.areas_ha[0].margin


def test_a_mapped_class_without_units_allows_no_interval():
    with pytest.raises(NoInterval) as caught:
        area_adjusted(np.array([[5, 0, 0], [1, 4, 1], [0, 0, 0]]), np.array([9, 9, 9]), 1.0)
    assert caught.value.classes == (2,)


def test_a_class_that_is_not_mapped_needs_no_units_and_an_unmet_one_has_no_producers_accuracy():
    result = area_adjusted(np.array([[5, 1, 0], [0, 4, 0], [0, 0, 0]]), np.array([9, 9, 0]), 1.0)
    assert np.isnan(result.producers[2].value)
    assert result.areas_ha[2].value == 0.0


def test_an_unknown_design_is_refused():
    with pytest.raises(ValueError, match="design"):
        area_adjusted(SAMPLE_2014, MAPPED_2014, 1.0, design="purposive")
