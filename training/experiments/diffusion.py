"""Probabilities that diffuse over a map, not across edges (Perona & Malik 1990)."""

from __future__ import annotations

import numpy as np

from training.experiments.scenes import Floats

STRENGTH = 10.0
ROUNDS = 8


def edge_weights(embedding: Floats) -> tuple[Floats, Floats]:
    """How much neighbours have to do with each other, to the right and below.

    Args:
        embedding: `(H, W, E)`.

    Returns:
        `(H, W - 1)` and `(H - 1, W)`: 1 of equal pixels, 1/e of a median difference.
    """
    right = np.square(np.diff(embedding, axis=1)).mean(axis=2)
    below = np.square(np.diff(embedding, axis=0)).mean(axis=2)
    scale = np.median(np.concatenate([right.ravel(), below.ravel()]))
    return np.exp(-right / scale), np.exp(-below / scale)


def diffused(probabilities: Floats, weights: tuple[Floats, Floats]) -> Floats:
    """Jacobi steps towards the solution of (I + strength * Laplacian) found = probabilities.

    Args:
        probabilities: `(H, W, K)`.
    """
    right, below = (part[..., None] for part in weights)
    found = probabilities
    degree = _gathered(np.ones_like(probabilities[..., :1]), right, below)
    for _ in range(ROUNDS):
        flow = STRENGTH * _gathered(found, right, below)
        found = (probabilities + flow) / (1 + STRENGTH * degree)
    return found


def _gathered(values: Floats, right: Floats, below: Floats) -> Floats:
    """Sum of each pixel's weighted neighbours."""
    total = np.zeros_like(values)
    total[:, :-1] += right * values[:, 1:]
    total[:, 1:] += right * values[:, :-1]
    total[:-1] += below * values[1:]
    total[1:] += below * values[:-1]
    return total
