"""Which parcels are held out together: every class keeps a parcel to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from s4_core import data

MOST_FOLDS = 20
"""Up to so many parcels each is held out alone; more would add minutes, not insight."""


@dataclass(frozen=True)
class Folds:
    """A plan of held-out parcels.

    Args:
        held_out: indices of the parcels of each fold; a class with one parcel is in none.
        scheme: "leave-one-parcel-out", "parcel folds" or "none".
    """

    held_out: tuple[tuple[int, ...], ...]
    scheme: str


def plan_folds(values: Sequence[int], seed: int, most: int = MOST_FOLDS) -> Folds:
    """Folds of parcels with class values `values`.

    Each parcel whose class has another one is held out exactly once: alone where there are at
    most `most` of them, else in `most` folds that spread each class evenly.
    """
    singles = [int(held_out[0]) for _, held_out in data.leave_one_out(values)]
    if not singles:
        return Folds((), "none")
    if len(singles) <= most:
        return Folds(tuple((index,) for index in singles), "leave-one-parcel-out")
    rng = np.random.default_rng(seed)
    order = rng.permutation(np.asarray(singles, np.int64))
    # sorted by class, dealt round: two parcels of a class are never all in one fold
    order = order[np.argsort(np.asarray(values)[order], kind="stable")]
    return Folds(tuple(tuple(order[i::most].tolist()) for i in range(most)), "parcel folds")
