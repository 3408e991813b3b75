"""Counting what a split got right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from s4_core.benchmark.judging import judge, mean_iou, voted
from s4_core.benchmark.splits import draw_splits
from s4_core.benchmark.task import affordable, task_of


@pytest.fixture
def task(ground):
    splits = draw_splits(ground.parcel_classes.tolist(), 1, 1, 0)
    return task_of(ground, 0, splits.draws[0], splits.classes)


def certain(ground, predicted):
    """Probabilities of 1 for predicted classes."""
    return np.eye(ground.class_count, dtype=np.float32)[predicted]


def test_a_perfect_answer(ground, task):
    judged = judge(task, certain(ground, ground.pixels.classes))
    assert judged.counts[task.parcels].sum() == 0
    # six parcels of 60 pixels are left to judge
    assert judged.counts.sum() == 360
    assert mean_iou(ground.parcel_classes, judged.counts, [0, 1]) == 1
    assert judged.ece == 0


def test_an_answer_that_is_wrong_and_sure(ground, task):
    judged = judge(task, certain(ground, 1 - ground.pixels.classes))
    assert mean_iou(ground.parcel_classes, judged.counts, [0, 1]) == 0
    assert judged.ece == pytest.approx(1)


def test_what_the_training_parcels_get_does_not_matter(ground, task):
    taught = np.isin(ground.pixels.parcels, task.parcels)
    predicted = np.where(taught, 1 - ground.pixels.classes, ground.pixels.classes)
    judged = judge(task, certain(ground, predicted))
    assert mean_iou(ground.parcel_classes, judged.counts, [0, 1]) == 1


def test_the_mean_over_classes_by_hand(ground, task):
    """All pixels of one judged wheat parcel called beet."""
    parcel = next(i for i in np.flatnonzero(ground.parcel_classes == 1) if i not in task.parcels)
    predicted = np.where(ground.pixels.parcels == parcel, 0, ground.pixels.classes)
    judged = judge(task, certain(ground, predicted))
    # beet 180 of 240, wheat 120 of 180
    expected = (180 / 240 + 120 / 180) / 2
    assert mean_iou(ground.parcel_classes, judged.counts, [0, 1]) == pytest.approx(expected)


@pytest.mark.parametrize("answer", [np.ones((3, 2)), None])
def test_no_probabilities_are_refused(ground, task, answer):
    given = np.ones((len(ground.pixels), 2)) if answer is None else answer
    with pytest.raises(ValueError, match="probabilities"):
        judge(task, given)


def test_a_vote_moves_all_pixels_of_a_parcel():
    counts = np.array([[[7, 3], [2, 8], [5, 5], [0, 0]]])
    assert voted(counts).tolist() == [[[10, 0], [0, 10], [10, 0], [0, 0]]]


def test_the_pixels_that_teach_are_those_of_the_training_parcels(ground, task):
    assert set(ground.pixels.parcels[task.taught]) == set(task.parcels)
    assert len(task.taught) == 2 * 60


def test_large_parcels_teach_by_a_draw(ground, task):
    settings = replace(
        ground.settings, finetune=replace(ground.settings.finetune, pixels_per_parcel=25)
    )
    few = replace(ground, finetuning=replace(ground.finetuning, settings=settings))
    drawn = task_of(few, 0, task.parcels, task.classes)
    assert (
        np.unique(ground.pixels.parcels[drawn.taught], return_counts=True)[1].tolist() == [25] * 2
    )


@pytest.mark.parametrize(
    ("sizes", "limit", "expected"),
    [([5, 5], 10, None), ([5, 6], 10, 5), ([1, 1, 100], 12, 10), ([9] * 10, 5, 1), ([], 5, None)],
)
def test_pixels_of_a_parcel_that_fit_into_memory(sizes, limit, expected):
    assert affordable(sizes, limit) == expected
