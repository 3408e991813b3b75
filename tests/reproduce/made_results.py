from __future__ import annotations

import numpy as np

from s4_core.reproduce.cells import Cell
from s4_core.reproduce.learning import Counts
from s4_core.reproduce.results import Result


def result(counts: Counts, cell: Cell) -> Result:
    """A result of given confusions (P, K, K)."""
    return Result(
        identity={"cell": cell.plain()},
        origin={"labels": "simulated", "pretraining": "none"},
        class_names=tuple(f"class {k}" for k in range(counts.shape[1])),
        patches=tuple(str(p) for p in range(len(counts))),
        counts=counts,
        chance={"majority": 0.2, "prior": 0.1},
        clouds=(None,) * len(counts),
        record={"training patches": 3, "parameters": 5, "best epoch": 1},
    )


def accurate(share: float, patches: int, seed: int, pixels: int = 100) -> Counts:
    """Confusions of two equally frequent classes, `share` of whose pixels are right."""
    right = np.random.default_rng(seed).binomial(pixels, share, (patches, 2))
    counts = np.zeros((patches, 2, 2), np.int64)
    for k in range(2):
        counts[:, k, k], counts[:, k, 1 - k] = right[:, k], pixels - right[:, k]
    return counts
