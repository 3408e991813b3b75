from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from s4_core.reproduce.cells import Cell
from s4_core.reproduce.comparing import _scores, compare, compare_groups
from s4_core.reproduce.results import miou
from tests.reproduce.made_results import accurate, result

CELL = Cell("s4", "pastis-r", "optical", 100, 0)


def test_a_clear_difference_is_held_and_has_its_sign() -> None:
    better = [result(accurate(0.9, 20, s), replace(CELL, seed=s)) for s in range(3)]
    worse = [result(accurate(0.7, 20, s + 9), replace(CELL, seed=s)) for s in range(3)]
    found = compare(better, worse)
    assert found.verdict == "held"
    assert len(found.by_seed) == 3
    assert found.low < found.mean < found.high
    assert found.mean == pytest.approx(better[0].miou - worse[0].miou, abs=0.05)
    assert compare(worse, better).verdict == "not held"
    assert compare(worse[:1], better[:1]).verdict == "not held by one seed"
    assert compare(better[:1], worse[:1]).verdict == "held by one seed"


def test_no_difference_is_undecided() -> None:
    same = result(accurate(0.8, 10, 1), CELL)
    found = compare([same], [same])
    assert (found.mean, found.low, found.high) == (0, 0, 0)
    assert found.verdict.startswith("undecided")


def test_what_has_learned_nothing_is_not_judged() -> None:
    # chance of these results is 0.2
    better, worse = result(accurate(0.3, 20, 1), CELL), result(accurate(0.1, 20, 2), CELL)
    assert better.miou < 0.2
    found = compare([better], [worse])
    assert found.low > 0
    assert found.verdict == "not judged: neither is above chance"


def test_pairs_need_the_same_test_patches() -> None:
    one, other = result(accurate(0.8, 10, 1), CELL), result(accurate(0.8, 9, 1), CELL)
    with pytest.raises(ValueError, match="same seed and test patches"):
        compare([one], [other])


def test_a_lead_in_one_group_only_is_found() -> None:
    cloudy = np.arange(20) < 10
    better, worse = [], []
    for seed in range(2):
        clear = accurate(0.7, 20, seed)
        clear[cloudy] = accurate(0.95, 10, seed + 5)
        better.append(result(clear, replace(CELL, seed=seed)))
        worse.append(result(accurate(0.7, 20, seed + 9), replace(CELL, seed=seed)))
    found = compare_groups(better, worse, cloudy)
    assert found.verdict == "held"
    inside = miou(better[0].counts[cloudy].sum(0)) - miou(worse[0].counts[cloudy].sum(0))
    outside = miou(better[0].counts[~cloudy].sum(0)) - miou(worse[0].counts[~cloudy].sum(0))
    assert found.by_seed[0] == pytest.approx(inside - outside)
    assert compare_groups(better, worse, ~cloudy).mean == pytest.approx(-found.mean)


def test_the_drawn_scores_are_those_of_the_drawn_confusion() -> None:
    rng = np.random.default_rng(3)
    counts = rng.integers(0, 9, (5, 4, 4))
    counts[:, 2] = 0  # a class that no reference holds
    times = rng.multinomial(5, np.full(5, 0.2), size=6)
    expected = [miou(np.tensordot(draw, counts, axes=1)) for draw in times]
    np.testing.assert_allclose(_scores(counts, times), expected)
