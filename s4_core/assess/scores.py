"""Scores of a confusion matrix `(K, K)` with rows reference, columns map.

A ratio whose denominator is zero is NaN: there was nothing to measure it on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.int64]
Scores = NDArray[np.float64]


def _ratio(numerator: Matrix, denominator: Matrix) -> Scores:
    out = np.full(numerator.shape, np.nan)
    return np.divide(numerator, denominator, out=out, where=denominator > 0)


def iou(matrix: Matrix) -> Scores:
    """Intersection over union TP / (TP + FP + FN) of each class, `(K,)` (terms of paper Eq. 4)."""
    hits = np.diag(matrix)
    return _ratio(hits, matrix.sum(0) + matrix.sum(1) - hits)


def f1(matrix: Matrix) -> Scores:
    """2 TP / (2 TP + FP + FN) of each class, `(K,)`."""
    return _ratio(2 * np.diag(matrix), matrix.sum(0) + matrix.sum(1))


def precision(matrix: Matrix) -> Scores:
    """User's accuracy TP / (TP + FP) of each class, `(K,)`."""
    return _ratio(np.diag(matrix), matrix.sum(0))


def recall(matrix: Matrix) -> Scores:
    """Producer's accuracy TP / (TP + FN) of each class, `(K,)`."""
    return _ratio(np.diag(matrix), matrix.sum(1))


def present(matrix: Matrix) -> NDArray[np.bool_]:
    """Classes that occur in the reference or in the map, `(K,)`."""
    found: NDArray[np.bool_] = (matrix.sum(0) + matrix.sum(1)) > 0
    return found


def mean_iou(matrix: Matrix, classes: Sequence[int] | None = None) -> float:
    """Mean IoU, paper Eq. 4: the unweighted mean of TP / (TP + FP + FN) over N classes.

    Args:
        matrix: `(K, K)`.
        classes: 0-based classes to average over; None takes every class that occurs in the
            reference or in the map. One that only the map has counts as 0; one that neither has
            is left out, for its ratio is 0 / 0 (`present` tells which).

    Returns:
        The mean, NaN where nothing can be averaged.
    """
    scores = iou(matrix) if classes is None else iou(matrix)[list(classes)]
    known = scores[~np.isnan(scores)]
    return float(known.mean()) if known.size else float("nan")


def overall_accuracy(matrix: Matrix, classes: Sequence[int] | None = None) -> float:
    """Share of the reference pixels that the map has right; NaN without any.

    Args:
        matrix: `(K, K)`.
        classes: 0-based reference classes whose pixels count; None counts all.
    """
    rows = list(range(len(matrix))) if classes is None else list(classes)
    total = int(matrix[rows].sum())
    return float(np.diag(matrix)[rows].sum() / total) if total else float("nan")
