from __future__ import annotations

import numpy as np
import pytest

from s4_core.assess import (
    confusion,
    f1,
    iou,
    mean_iou,
    overall_accuracy,
    precision,
    present,
    recall,
)

# By hand: class 0 has TP 4, FN 1, FP 2; class 1 TP 3, FN 3, FP 1; class 2 TP 2, FN 0, FP 1.
MATRIX = np.array([[4, 1, 0], [2, 3, 1], [0, 0, 2]])


def test_scores_by_hand():
    assert iou(MATRIX).tolist() == pytest.approx([4 / 7, 3 / 7, 2 / 3])
    assert f1(MATRIX).tolist() == pytest.approx([8 / 11, 6 / 10, 4 / 5])
    assert precision(MATRIX).tolist() == pytest.approx([4 / 6, 3 / 4, 2 / 3])
    assert recall(MATRIX).tolist() == pytest.approx([4 / 5, 3 / 6, 1.0])
    assert mean_iou(MATRIX) == pytest.approx((4 / 7 + 3 / 7 + 2 / 3) / 3)
    assert overall_accuracy(MATRIX) == pytest.approx(9 / 13)


def test_chosen_classes_keep_the_errors_of_the_others():
    assert mean_iou(MATRIX, [0, 2]) == pytest.approx((4 / 7 + 2 / 3) / 2)
    assert overall_accuracy(MATRIX, [0, 2]) == pytest.approx(6 / 7)


def test_a_class_in_neither_is_left_out_and_one_only_mapped_counts_as_zero():
    matrix = np.array([[3, 1, 0, 0], [0, 0, 0, 0], [0, 0, 5, 0], [0, 0, 0, 0]])
    assert present(matrix).tolist() == [True, True, True, False]
    assert np.isnan(iou(matrix)[3])
    assert mean_iou(matrix) == pytest.approx((0.75 + 0.0 + 1.0) / 3)


def test_nothing_counted_is_not_a_score():
    empty = np.zeros((2, 2), int)
    assert np.isnan(mean_iou(empty))
    assert np.isnan(overall_accuracy(empty))


def test_scores_are_those_of_torchmetrics():
    torch = pytest.importorskip("torch")
    from torchmetrics.functional.classification import (
        multiclass_accuracy,
        multiclass_f1_score,
        multiclass_jaccard_index,
    )

    random = np.random.default_rng(3)
    reference = random.integers(1, 6, 500)  # class 7 occurs in neither, 6 only in the map
    predicted = np.where(random.random(500) < 0.6, reference, random.integers(1, 7, 500))
    matrix = confusion(reference, predicted, 7)
    pair = (torch.tensor(predicted - 1), torch.tensor(reference - 1))
    theirs = multiclass_jaccard_index(*pair, num_classes=7, average="macro").item()
    each = multiclass_jaccard_index(*pair, num_classes=7, average="none")
    assert mean_iou(matrix) == pytest.approx(theirs, abs=1e-6)
    assert np.nan_to_num(iou(matrix)).tolist() == pytest.approx(each.tolist(), abs=1e-6)
    assert np.nan_to_num(f1(matrix)).tolist() == pytest.approx(
        multiclass_f1_score(*pair, num_classes=7, average="none").tolist(), abs=1e-6
    )
    assert overall_accuracy(matrix) == pytest.approx(
        multiclass_accuracy(*pair, num_classes=7, average="micro").item(), abs=1e-6
    )
