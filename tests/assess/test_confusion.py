from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.assess import confusion, parcel_counts, summed

REFERENCE = np.array([[1, 1, 2], [2, 3, 0]])
PREDICTED = np.array([[1, 2, 2], [2, 0, 1]])


def test_rows_are_the_reference_and_empty_pixels_are_not_counted():
    matrix = confusion(REFERENCE, PREDICTED, 3)
    assert matrix.tolist() == [[1, 1, 0], [0, 2, 0], [0, 0, 0]]


def test_the_ignored_reference_value_is_left_out():
    assert confusion(REFERENCE, PREDICTED, 3, ignore=2).tolist() == [
        [1, 1, 0],
        [0, 0, 0],
        [0, 0, 0],
    ]


def test_values_above_the_classes_are_refused():
    with pytest.raises(ValueError, match=r"1\.\.2"):
        confusion(np.array([3]), np.array([1]), 2)
    with pytest.raises(ValueError, match="Shapes differ"):
        confusion(np.array([1, 2]), np.array([1]), 2)


def test_parcels_sum_to_the_confusion_matrix():
    parcels = np.array([[1, 1, 2], [2, 3, 0]])
    counts = parcel_counts(parcels, PREDICTED, parcels=4, classes=3)
    assert counts.tolist() == [[1, 1, 0], [0, 2, 0], [0, 0, 0], [0, 0, 0]]
    matrix = summed(np.array([0, 1, 2, 0]), counts)
    assert matrix.tolist() == confusion(REFERENCE, PREDICTED, 3).tolist()


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 6), st.integers(0, 200), st.integers(0, 2**31))
def test_every_counted_pixel_is_counted_once(classes: int, pixels: int, seed: int):
    random = np.random.default_rng(seed)
    reference = random.integers(0, classes + 1, pixels).astype(np.uint16)
    predicted = random.integers(0, classes + 1, pixels).astype(np.uint8)
    matrix = confusion(reference, predicted, classes)
    assert matrix.shape == (classes, classes)
    assert matrix.sum() == ((reference > 0) & (predicted > 0)).sum()
    assert np.trace(matrix) == ((reference == predicted) & (reference > 0)).sum()
