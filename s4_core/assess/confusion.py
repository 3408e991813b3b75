"""Counting agreement: rows are the reference, columns are the map."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from s4_core.types import NODATA_VALUE

Counts = NDArray[np.int64]


def confusion(
    reference: NDArray[np.integer[Any]],
    predicted: NDArray[np.integer[Any]],
    classes: int,
    ignore: int = NODATA_VALUE,
) -> Counts:
    """Count pixels by reference and mapped class.

    Pixels whose reference is `ignore`, or that the map leaves empty (0), are not counted.

    Args:
        reference, predicted: the same shape, values 1..`classes` (0 = none).
        classes: K.
        ignore: reference value to leave out.

    Returns:
        `(K, K)`, rows reference, columns map; value v stands at index v - 1.

    Raises:
        ValueError: shapes differ, or a counted value is above `classes`.
    """
    if reference.shape != predicted.shape:
        raise ValueError(f"Shapes differ: {reference.shape} and {predicted.shape}.")
    counted = (reference != ignore) & (reference != NODATA_VALUE) & (predicted != NODATA_VALUE)
    rows = reference[counted].astype(np.int64) - 1
    columns = predicted[counted].astype(np.int64) - 1
    if rows.size and (
        min(rows.min(), columns.min()) < 0 or max(rows.max(), columns.max()) >= classes
    ):
        raise ValueError(f"Values must lie in 1..{classes}.")
    flat = np.bincount(rows * classes + columns, minlength=classes * classes)
    return flat.reshape(classes, classes)  # (K * K,) -> (K, K)


def parcel_counts(
    parcel_index: NDArray[np.integer[Any]],
    predicted: NDArray[np.integer[Any]],
    parcels: int,
    classes: int,
) -> Counts:
    """How many pixels of each parcel the map gives to each class.

    Args:
        parcel_index: `(H, W)`, 0 = no parcel, i + 1 = parcel i.
        predicted: `(H, W)`, values 1..`classes`, 0 = not mapped (not counted).

    Returns:
        `(P, K)`.
    """
    counted = (parcel_index > 0) & (predicted > 0)
    rows = parcel_index[counted].astype(np.int64) - 1
    columns = predicted[counted].astype(np.int64) - 1
    flat = np.bincount(rows * classes + columns, minlength=parcels * classes)
    return flat.reshape(parcels, classes)  # (P * K,) -> (P, K)


def summed(parcel_class: NDArray[np.integer[Any]], counts: Counts) -> Counts:
    """The confusion matrix of parcels.

    Args:
        parcel_class: `(P,)` reference class of each parcel, 0-based.
        counts: `(P, K)` from `parcel_counts`.

    Returns:
        `(K, K)`, rows reference.
    """
    classes = counts.shape[1]
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, parcel_class, counts)
    return matrix
