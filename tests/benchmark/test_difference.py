"""The paired difference and its interval."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core.benchmark.cells import Cell
from s4_core.benchmark.difference import paired_difference, redrawn, redrawn_scores

CLASSES = np.array([0, 0, 0, 0, 1, 1, 1, 1])


def cell(counts, area="a", k=1, method="s4"):
    counts = np.asarray(counts)
    return Cell(area, "optical", k, method, (0, 1), CLASSES, counts, (0.0,), 0.0, 0.0)


def counts_of(right, splits=1):
    """Each parcel has 10 pixels, `right` of them in its class: `(S, P, 2)`."""
    rows = [(r, 10 - r) if c == 0 else (10 - r, r) for r, c in zip(right, CLASSES)]
    return np.array([rows] * splits)


def test_the_mean_is_that_of_the_cells():
    good, bad = cell(counts_of([10] * 8)), cell(counts_of([5] * 8), method="rf")
    found = paired_difference([good], [bad], vote=False, seed=0)
    # IoU of either class: 20 / (40 + 20)
    assert found.mean == pytest.approx(1 - 1 / 3)
    # all parcels are alike: whichever are drawn, the difference is the same
    assert found.low == pytest.approx(found.mean)
    assert found.high == pytest.approx(found.mean)


def test_equal_methods_do_not_differ():
    rng = np.random.default_rng(0)
    one = cell(counts_of(rng.integers(0, 11, 8), splits=3))
    found = paired_difference([one], [one], vote=False, seed=0)
    assert (found.mean, found.low, found.high) == (0.0, 0.0, 0.0)


def test_repeating_splits_makes_nothing_surer():
    rng = np.random.default_rng(1)
    first, second = rng.integers(4, 11, 8), rng.integers(0, 11, 8)
    once = paired_difference(
        [cell(counts_of(first))], [cell(counts_of(second))], vote=False, seed=3
    )
    often = paired_difference(
        [cell(counts_of(first, 20))], [cell(counts_of(second, 20))], vote=False, seed=3
    )
    assert once.high - once.low > 0.05
    assert (often.low, often.high) == pytest.approx((once.low, once.high))


def test_areas_are_drawn_anew():
    good, bad = counts_of([10] * 8), counts_of([5] * 8)
    pairs = [(cell(good, "a"), cell(bad, "a")), (cell(bad, "b"), cell(good, "b"))]
    found = paired_difference(*zip(*pairs), vote=False, seed=0)
    # in each area all parcels are alike, so that only the draw of areas is left
    assert found.mean == pytest.approx(0)
    assert (found.low, found.high) == pytest.approx((-2 / 3, 2 / 3))


def test_an_area_with_more_cells_weighs_more():
    good, bad = counts_of([10] * 8), counts_of([5] * 8)
    first = [cell(good, "a", 1), cell(good, "a", 2), cell(bad, "b", 1)]
    second = [cell(bad, "a", 1), cell(bad, "a", 2), cell(good, "b", 1)]
    assert paired_difference(first, second, vote=False, seed=0).mean == pytest.approx(2 / 9)


def test_a_vote_gives_a_parcel_its_majority_class():
    first, second = cell(counts_of([6] * 8)), cell(counts_of([4] * 8))
    assert paired_difference([first], [second], vote=True, seed=0).mean == pytest.approx(1)


def test_a_redraw_keeps_the_number_of_parcels_of_each_class():
    classes = np.array([0, 1, 1, -1, 1])
    times = redrawn(classes, 50, np.random.default_rng(0))
    assert (times[:, 0] == 1).all()
    assert (times[:, [1, 2, 4]].sum(axis=1) == 3).all()
    assert (times[:, 3] == 0).all()


def test_scores_of_the_parcels_as_they_are_equal_those_of_the_cell():
    rng = np.random.default_rng(2)
    one = cell(np.stack([counts_of(rng.integers(0, 11, 8))[0] for _ in range(3)]))
    once = np.ones((1, 8), np.int64)
    assert redrawn_scores(one, once, vote=False)[0] == pytest.approx(one.miou)
    assert redrawn_scores(one, once, vote=True)[0] == pytest.approx(one.miou_vote)


def test_a_class_without_a_drawn_parcel_is_left_out():
    one = cell(counts_of([10, 10, 10, 10, 5, 5, 5, 5]))
    times = np.array([[1, 1, 1, 1, 0, 0, 0, 0], [0] * 8])
    scores = redrawn_scores(one, times, vote=False)
    assert scores[0] == pytest.approx([1.0])
    assert np.isnan(scores[1]).all()
