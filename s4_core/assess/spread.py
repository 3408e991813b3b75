"""Spread of a score over parcels: pixels of one parcel are no independent observations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s4_core.assess.confusion import Counts

REPLICATES = 1000


def parcel_bootstrap(
    parcel_class: NDArray[np.integer[Any]],
    counts: Counts,
    statistic: Callable[[Counts], float],
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
    level: float = 0.95,
) -> tuple[float, float]:
    """Percentile interval of a score when the parcels of each class are drawn anew.

    Each replicate draws, within every class, as many parcels as there are, with replacement. A
    class with one parcel is always drawn as it is, so it adds nothing to the spread: leave such
    classes out of `statistic`.

    Args:
        parcel_class: `(P,)` reference class of each parcel, 0-based.
        counts: `(P, K)` pixels of each parcel by mapped class.
        statistic: score of a confusion matrix `(K, K)`, for example `mean_iou`.
        level: share of the replicates inside the interval.

    Returns:
        `(low, high)`; both NaN where no replicate has a finite score.
    """
    random = np.random.default_rng(seed)
    classes = counts.shape[1]
    matrices = np.zeros((replicates, classes, classes), np.int64)
    for value in np.unique(parcel_class):
        own = counts[parcel_class == value]
        times = random.multinomial(len(own), np.full(len(own), 1 / len(own)), size=replicates)
        matrices[:, value] = times @ own
    scores = np.array([statistic(matrix) for matrix in matrices])
    scores = scores[np.isfinite(scores)]
    if not scores.size:
        return (float("nan"), float("nan"))
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return (float(low), float(high))
