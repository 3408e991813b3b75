from __future__ import annotations

import numpy as np
import pytest

from s4_core.assess import mean_iou, overall_accuracy, parcel_bootstrap

CLASS = np.array([0, 0, 1, 1])


def test_perfect_parcels_have_no_spread():
    counts = np.array([[10, 0], [20, 0], [0, 5], [0, 8]])
    assert parcel_bootstrap(CLASS, counts, mean_iou) == (1.0, 1.0)


def test_two_parcels_a_class_give_the_whole_range():
    # class 0 draws its right parcel 0, 1 or 2 times: 10, 20 or 30 of 30 pixels are right
    counts = np.array([[10, 0], [0, 10], [0, 5], [0, 5]])
    assert parcel_bootstrap(CLASS, counts, overall_accuracy) == (pytest.approx(1 / 3), 1.0)


def test_the_interval_holds_the_score_and_shrinks_with_more_parcels():
    random = np.random.default_rng(0)

    def width(parcels: int) -> float:
        right = random.integers(5, 20, parcels)
        counts = np.stack([right, 20 - right], 1)
        half = parcels // 2
        counts[half:] = counts[half:, ::-1]
        classes = np.repeat([0, 1], half)
        low, high = parcel_bootstrap(classes, counts, overall_accuracy)
        assert low < right.sum() / (20 * parcels) < high
        return high - low

    assert width(200) < 0.5 * width(10)


def test_a_seed_gives_the_same_interval_and_lone_parcels_stay():
    counts = np.array([[9, 1], [4, 6], [3, 7]])
    lone = np.array([0, 0, 1])
    first = parcel_bootstrap(lone, counts, mean_iou, seed=5)
    assert first == parcel_bootstrap(lone, counts, mean_iou, seed=5)
    alone = parcel_bootstrap(np.array([0, 1]), counts[:2], mean_iou)
    assert alone[0] == alone[1] == pytest.approx(mean_iou(np.array([[9, 1], [4, 6]])))


def test_no_finite_score_is_no_interval():
    low, high = parcel_bootstrap(np.array([0, 1]), np.zeros((2, 2), int), mean_iou)
    assert np.isnan(low)
    assert np.isnan(high)
