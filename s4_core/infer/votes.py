"""One class a parcel: the class with the largest sum of probabilities over its pixels.

Sums are gathered tile by tile (`K` numbers a parcel), so the vote is exact whatever the tiling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.infer.classes import ClassPixels

NO_PARCEL = 0


@dataclass(frozen=True)
class Ballots:
    """What one tile knows of the parcels in it.

    Args:
        parcels: `(n,)` parcel numbers, from 1, ascending.
        sums: `(n, K)` float64, probabilities summed over the parcel's mapped pixels.
        pixels: `(n,)` int64, mapped pixels.
    """

    parcels: npt.NDArray[np.int64]
    sums: npt.NDArray[np.float64]
    pixels: npt.NDArray[np.int64]


def count_ballots(
    probabilities: npt.NDArray[np.float32],
    mapped: npt.NDArray[np.bool_],
    parcels: npt.NDArray[np.int32],
) -> Ballots:
    """Sum probabilities `(K, h, w)` over the mapped pixels of each parcel.

    Args:
        mapped: `(h, w)`, False = nodata.
        parcels: `(h, w)` parcel number, 0 = none.
    """
    inside = mapped & (parcels != NO_PARCEL)
    numbers, places, pixels = np.unique(parcels[inside], return_inverse=True, return_counts=True)
    # (K, h, w)[:, inside] -> (K, pixels inside)
    sums = [
        np.bincount(places, weights=layer, minlength=len(numbers))
        for layer in probabilities[:, inside]
    ]
    return Ballots(
        numbers.astype(np.int64), np.stack(sums, axis=1).astype(np.float64), pixels.astype(np.int64)
    )


@dataclass(frozen=True)
class Verdicts:
    """The outcome per parcel number 1..P; entry 0 stands for "no parcel".

    Args:
        values: `(P + 1,)` uint16 class 1..K, 0 where a parcel has no mapped pixel.
        confidence: `(P + 1,)` float32 mean probability of that class, NaN without pixels.
        margin: `(P + 1,)` float32 mean probability minus that of the runner-up.
        pixels: `(P + 1,)` int64 mapped pixels.
    """

    values: npt.NDArray[np.uint16]
    confidence: npt.NDArray[np.float32]
    margin: npt.NDArray[np.float32]
    pixels: npt.NDArray[np.int64]


class Tally:
    """Sums of all tiles, `(P + 1, K)` numbers in memory."""

    def __init__(self, parcels: int, classes: int) -> None:
        self._sums = np.zeros((parcels + 1, classes), dtype=np.float64)
        self._pixels = np.zeros(parcels + 1, dtype=np.int64)

    def add(self, ballots: Ballots) -> None:
        """Count one tile's ballots."""
        self._sums[ballots.parcels] += ballots.sums
        self._pixels[ballots.parcels] += ballots.pixels

    def verdicts(self) -> Verdicts:
        """The majority class of each parcel; the first one on a tie."""
        voted = self._pixels > 0
        means = self._sums / np.maximum(self._pixels, 1)[:, None]
        second, first = np.partition(means, -2, axis=1)[:, -2:].T
        return Verdicts(
            values=np.where(voted, means.argmax(axis=1) + 1, 0).astype(np.uint16),
            confidence=np.where(voted, first, np.nan).astype(np.float32),
            margin=np.where(voted, first - second, np.nan).astype(np.float32),
            pixels=self._pixels.copy(),
        )


def apply_verdicts(
    pixels: ClassPixels, parcels: npt.NDArray[np.int32], verdicts: Verdicts
) -> ClassPixels:
    """Give the mapped pixels of each parcel its class, mean confidence and mean margin."""
    inside = (pixels.values != 0) & (parcels != NO_PARCEL)
    return ClassPixels(
        values=np.where(inside, verdicts.values[parcels], pixels.values),
        confidence=np.where(inside, verdicts.confidence[parcels], pixels.confidence),
        margin=np.where(inside, verdicts.margin[parcels], pixels.margin),
    )
