"""Features whose spread within classes, learned on many simulated areas, is equal in all ways."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from s4_core.train.discriminants import scatter
from s4_core.train.episodes import LabelledPixels, spread_of
from training.experiments.scenes import Floats


def whitening(areas: Sequence[LabelledPixels], shrinkage: float) -> tuple[Floats, Floats]:
    """Centre `(D,)` and matrix `(D, D)` by which `(vectors - centre) @ matrix` is white.

    Args:
        shrinkage: share of an equal spread that is mixed into the one found.
    """
    mean, std = spread_of(areas)
    within, _ = scatter(areas, mean, std)
    size = len(mean)
    even = np.eye(size) * np.trace(within) / size
    values, directions = np.linalg.eigh((1 - shrinkage) * within + shrinkage * even)
    return mean, (directions / np.sqrt(values) / std[:, None]).astype(np.float32)
