"""Linear discriminants over many areas: a good start for a parcel metric.

Within an area, pixels of a class spread for reasons that will be there in other areas too (sowing
dates, soils, edges, speckle), while class means differ. Fisher's discriminants are the directions
in which means differ most for the spread there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core.train.episodes import LabelledPixels

Floats = npt.NDArray[np.floating[Any]]


def scatter(areas: Sequence[LabelledPixels], mean: Floats, std: Floats) -> tuple[Floats, Floats]:
    """Mean scatter of the vectors around class means, and of the class means within areas.

    A parcel counts as one, whatever its pixels; classes of one parcel tell of the second only.

    Args:
        mean, std: standardise the vectors, `(D,)`.

    Returns:
        Within and between, `(D, D)` each.
    """
    size = len(mean)
    within, between = np.zeros((size, size)), np.zeros((size, size))
    parcel_count = 0
    for area in areas:
        vectors = (area.vectors - mean) / std
        centres = []
        for k in np.unique(area.classes):
            own = [vectors[area.parcels == p] for p in np.unique(area.parcels[area.classes == k])]
            centre = np.mean([parcel.mean(axis=0) for parcel in own], axis=0)
            centres.append(centre)
            for parcel in own if len(own) > 1 else []:
                away = parcel - centre
                # the centre has learned from the parcel: Bessel's correction
                within += away.T @ away / len(away) * len(own) / (len(own) - 1)
                parcel_count += 1
        away = np.asarray(centres) - np.mean(centres, axis=0)
        between += away.T @ away / max(len(centres) - 1, 1)
    return within / max(parcel_count, 1), between / len(areas)


def discriminants(within: Floats, between: Floats, shrinkage: float, count: int) -> Floats:
    """The `count` best directions, scaled to unit spread within classes: `(count, D)`.

    Args:
        shrinkage: share of an equal spread in all directions that is mixed into `within`.
    """
    size = len(within)
    even = np.eye(size) * np.trace(within) / size
    values, vectors = np.linalg.eigh((1 - shrinkage) * within + shrinkage * even)
    whitening = vectors / np.sqrt(values)
    _, best = np.linalg.eigh(whitening.T @ between @ whitening)
    found: Floats = (whitening @ best[:, ::-1][:, :count]).T
    return found
