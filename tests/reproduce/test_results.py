from __future__ import annotations

import json

import numpy as np
import pytest

from s4_core.data.published import IGNORED
from s4_core.json_values import plain_value
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.results import Result, chance, folds, miou
from tests.reproduce.made_results import accurate, result

CELL = Cell("s4", "pastis-r", "optical", 100, 0)


class Three:
    """Targets of three classes: 70 %, 20 %, 10 % and the class of IGNORED."""

    class_names = ("a", "b", "c")

    def target(self, patch: str) -> np.ndarray:
        return np.repeat([0, 1, 2, IGNORED], [70, 20, 10, 50]).reshape(10, 15)


def test_chance_is_that_of_guesses() -> None:
    found = chance(Three(), ["1"], ["2"])  # type: ignore[arg-type]
    assert found["majority"] == pytest.approx(0.7 / 3)
    # a class of share p is met by p * p of p + p - p * p
    expected = np.mean([p / (2 - p) for p in (0.7, 0.2, 0.1)])
    assert found["prior"] == pytest.approx(expected)


def test_guessing_at_random_scores_the_prior_chance() -> None:
    rng = np.random.default_rng(0)
    reference = rng.choice(3, 200_000, p=(0.7, 0.2, 0.1))
    guessed = rng.choice(3, 200_000, p=(0.7, 0.2, 0.1))
    counts = np.zeros((3, 3), np.int64)
    np.add.at(counts, (reference, guessed), 1)
    assert miou(counts) == pytest.approx(chance(Three(), ["1"], ["2"])["prior"], abs=0.005)  # type: ignore[arg-type]


def test_a_result_survives_json() -> None:
    made = result(accurate(0.8, 4, 2), CELL)
    read = Result.from_plain(json.loads(json.dumps(plain_value(made.plain()))))
    assert (read.counts == made.counts).all()
    assert (read.cell, read.miou, read.patches) == (CELL, made.miou, made.patches)


def test_both_five_fold_figures() -> None:
    good, bad = np.array([[[8, 2], [0, 10]]]), np.array([[[1, 1], [1, 1]]])
    found = folds([good, bad])
    assert found["mean of folds"] == pytest.approx((miou(good[0]) + miou(bad[0])) / 2)
    assert found["summed confusion"] == pytest.approx(np.mean([9 / 13, 11 / 15]))


def test_only_classes_of_the_reference_count() -> None:
    matrix = np.array([[5, 0, 5], [0, 10, 0], [0, 0, 0]])
    assert miou(matrix) == pytest.approx((0.5 + 1) / 2)
