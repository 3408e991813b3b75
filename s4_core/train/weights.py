"""How much a pixel, a parcel and a class count in training: pure functions.

Parcels, not pixels, are the unit: a field of 10 ha tells one thing about its crop, not a
thousand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.integer[Any]]
FloatArray = npt.NDArray[np.float64]


def parcel_balanced(classes: IntArray, parcels: IntArray) -> FloatArray:
    """Weights of pixels by which classes, and the parcels within a class, count equally.

    Args:
        classes: class of each pixel, any integers, `(N,)`.
        parcels: parcel of each pixel, `(N,)`.

    Returns:
        `(N,)` float64 with mean 1, so that a regularisation means the same whatever N.
    """
    _, class_of = np.unique(classes, return_inverse=True)
    _, first, parcel_of, pixels = np.unique(
        parcels, return_index=True, return_inverse=True, return_counts=True
    )
    class_count = int(class_of.max()) + 1
    # parcels of each class, looked up through each parcel's first pixel
    parcels_of_class = np.bincount(class_of[first], minlength=class_count)
    share = 1.0 / (class_count * parcels_of_class[class_of] * pixels[parcel_of])
    weights: FloatArray = share * classes.size
    return weights


def class_balance(pixels: IntArray) -> FloatArray:
    """Cross-entropy weights by which classes count equally.

    Args:
        pixels: training pixels of each class, `(K,)`.

    Returns:
        `(K,)` float64, mean 1 over the pixels; 0 for classes without pixels.
    """
    present = pixels > 0
    weights = np.zeros(pixels.shape, np.float64)
    weights[present] = pixels.sum() / (present.sum() * pixels[present])
    return weights


def thin_parcels(parcels: IntArray, most: int, seed: int) -> IntArray:
    """Indices of the pixels that stay when a parcel may keep at most `most`: a seeded draw.

    A parcel's draw depends on the seed and the parcel alone, so that leaving another parcel out
    changes nothing.

    Args:
        parcels: parcel number of each pixel, `(N,)`, not negative.

    Returns:
        Sorted indices, `(M,)`.
    """
    kept = []
    for parcel in np.unique(parcels):
        indices = np.flatnonzero(parcels == parcel)
        if indices.size > most:
            rng = np.random.default_rng([seed, int(parcel)])
            indices = rng.choice(indices, most, replace=False)
        kept.append(indices)
    return np.sort(np.concatenate(kept)) if kept else np.zeros(0, np.int64)
