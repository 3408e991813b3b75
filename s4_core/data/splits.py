"""Dividing parcels: never two pixels of one parcel on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from s4_core.sits import Whole


def split_parcels(values: Sequence[int], validation_share: float, seed: int) -> tuple[Whole, Whole]:
    """Hold out parcels of each class for validation.

    A class with one parcel keeps it for training; of a class with more, at least one and never
    all are held out, unless the share is 0.

    Args:
        values: class of each parcel.
        validation_share: 0..1, of each class's parcels.

    Returns:
        Indices of the training and of the validation parcels, ascending.
    """
    held: list[int] = []
    for members in _by_class(values, seed):
        count = len(members)
        if count > 1 and validation_share > 0:
            held.extend(members[: min(max(1, round(count * validation_share)), count - 1)])
    return _others(values, held), _indices(held)


def draw_parcels(values: Sequence[int], per_class: int, seed: int) -> Whole:
    """Up to `per_class` parcels of each class; a larger draw of the same seed holds the smaller.

    Returns:
        Indices of the drawn parcels, ascending.
    """
    return _indices([i for members in _by_class(values, seed) for i in members[:per_class]])


def leave_one_out(values: Sequence[int]) -> list[tuple[Whole, Whole]]:
    """One fold per parcel whose class has another one: train on all others, test on it.

    Returns:
        `(training indices, the held-out index as an array of one)` per fold.
    """
    classes = np.asarray(values)
    return [
        (_others(values, [index]), _indices([index]))
        for index in range(len(classes))
        if np.count_nonzero(classes == classes[index]) > 1
    ]


def _by_class(values: Sequence[int], seed: int) -> Iterator[list[int]]:
    """Each class's parcels in random order; a class's order does not depend on the others."""
    classes = np.asarray(values)
    for value in np.unique(classes):
        members = np.flatnonzero(classes == value)
        rng = np.random.default_rng([seed, int(value)])
        yield [int(index) for index in rng.permutation(members)]


def _indices(chosen: Sequence[int]) -> Whole:
    return np.sort(np.asarray(chosen, dtype=np.intp))


def _others(values: Sequence[int], held: Sequence[int]) -> Whole:
    return np.setdiff1d(np.arange(len(values), dtype=np.intp), _indices(held))
