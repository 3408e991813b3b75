"""Few-parcel tasks drawn from areas whose crops are known: what a parcel metric learns from.

An episode is what a user will face: some classes of an area, one to three parcels of each to learn
from, all other parcels of these classes to be told apart (Vinyals et al. 2016; Snell et al. 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LabelledPixels:
    """Pixels of one area with what a network says of them.

    Args:
        vectors: `(N, D)`, what the metric reads, in the order of `flatten_dates`.
        classes, parcels: of each pixel, `(N,)`.
    """

    vectors: npt.NDArray[np.floating[Any]]
    classes: Whole
    parcels: Whole


@dataclass(frozen=True)
class Episode:
    """One few-parcel task.

    Args:
        support, query: indices of pixels to learn from and to tell apart.
        support_classes, query_classes: their classes, counted from 0 within the episode.
        class_count: K.
    """

    support: Whole
    query: Whole
    support_classes: Whole
    query_classes: Whole
    class_count: int


def draw_episode(
    pixels: LabelledPixels, most_parcels: int, rng: np.random.Generator
) -> Episode | None:
    """A random number of parcels, up to `most_parcels`, of every class that has parcels to spare.

    Returns:
        None of an area where fewer than two classes have two parcels.
    """
    parcels, first = np.unique(pixels.parcels, return_index=True)
    classes = pixels.classes[first]
    count = int(rng.integers(1, most_parcels + 1))
    known = _with_more_than(count, classes)
    if len(known) < 2:
        count, known = 1, _with_more_than(1, classes)
    if len(known) < 2:
        return None
    drawn = [rng.choice(parcels[classes == k], count, replace=False) for k in known]
    taking_part = np.isin(pixels.classes, known)
    taught = np.isin(pixels.parcels, np.concatenate(drawn))
    support, query = (np.flatnonzero(taking_part & part) for part in (taught, ~taught))
    return Episode(
        support,
        query,
        np.searchsorted(known, pixels.classes[support]),
        np.searchsorted(known, pixels.classes[query]),
        len(known),
    )


def _with_more_than(count: int, classes: Whole) -> Whole:
    found, parcels = np.unique(classes, return_counts=True)
    return found[parcels > count]


def share_columns(class_of: Whole, class_count: int) -> npt.NDArray[np.float32]:
    """Weights `(K, N)` whose product with `(N, E)` gives the mean of each class."""
    members = class_of == np.arange(class_count)[:, None]
    shares: npt.NDArray[np.float32] = (members / members.sum(1, keepdims=True)).astype(np.float32)
    return shares


def spread_of(
    areas: Sequence[LabelledPixels],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Mean and standard deviation of the vectors of all areas, each `(D,)`."""
    count = sum(len(area.vectors) for area in areas)
    sums = [np.sum(area.vectors, axis=0, dtype=np.float64) for area in areas]
    mean = np.sum(sums, axis=0) / count
    squares = [np.square(area.vectors - mean.astype(np.float32)).sum(axis=0) for area in areas]
    variance = np.sum(squares, axis=0, dtype=np.float64) / count
    return mean.astype(np.float32), np.sqrt(variance + 1e-6).astype(np.float32)
