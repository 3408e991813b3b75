"""What a cell found: confusion by test patch, chance, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s4_core import assess
from s4_core.data.published import IGNORED, LabelledSet
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.learning import Counts


@dataclass(frozen=True, eq=False)
class Result:
    """One cell's outcome.

    Args:
        identity: what made it. origin: "real" or "simulated", of labels and pretraining.
        counts: (P, K, K) of the test patches, rows reference.
        chance: mIoU of guesses, by kind of guess.
        clouds: share of cloudy pixels of each test patch, None where unknown.
    """

    identity: dict[str, Any]
    origin: Mapping[str, str]
    class_names: tuple[str, ...]
    patches: tuple[str, ...]
    counts: Counts
    chance: Mapping[str, float]
    clouds: tuple[float | None, ...]
    record: Mapping[str, Any]

    @property
    def cell(self) -> Cell:
        """Which cell it is."""
        return Cell(**self.identity["cell"])

    @property
    def miou(self) -> float:
        """Of the confusion summed over the test patches."""
        return miou(self.counts.sum(axis=0))

    @property
    def best_chance(self) -> float:
        """What has to be beaten."""
        return max(self.chance.values())

    def plain(self) -> dict[str, Any]:
        """As JSON has it; counts as [patch, reference, mapped, pixels] where not 0."""
        where = np.argwhere(self.counts)
        sparse = np.column_stack([where, self.counts[tuple(where.T)]]).tolist()
        return {**vars(self), "miou": self.miou, "counts": sparse}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Result:
        """Read it back."""
        values = {k: v for k, v in plain.items() if k != "miou"}
        classes = len(values["class_names"])
        counts = np.zeros((len(values["patches"]), classes, classes), np.int64)
        for patch, row, column, pixels in values["counts"]:
            counts[patch, row, column] = pixels
        for name in ("class_names", "patches", "clouds"):
            values[name] = tuple(values[name])
        return cls(**{**values, "counts": counts})


def miou(matrix: Counts) -> float:
    """Mean IoU (paper Eq. 4) over the classes that the reference holds."""
    return assess.mean_iou(matrix, np.flatnonzero(matrix.sum(axis=1)).tolist())


def chance(patches: LabelledSet, train: Sequence[str], test: Sequence[str]) -> dict[str, float]:
    """Expected mIoU of knowing the training labels alone.

    "majority" gives every pixel the most frequent training class, "prior" a class drawn by the
    training shares.
    """
    learned, asked = _class_counts(patches, train), _class_counts(patches, test)
    prior = learned / max(learned.sum(), 1.0)
    majority = np.zeros_like(prior)
    majority[int(learned.argmax())] = 1.0
    return {
        "majority": miou(np.outer(asked, majority)),
        "prior": miou(np.outer(asked, prior)),
    }


def _class_counts(patches: LabelledSet, ids: Sequence[str]) -> Any:
    counts = np.zeros(len(patches.class_names))
    for patch in ids:
        target = patches.target(patch)
        counts += np.bincount(target[target != IGNORED], minlength=len(counts))
    return counts


def folds(counts: Sequence[Counts]) -> dict[str, float]:
    """The two 5-fold figures in use: mean of the folds' mIoU, and mIoU of their summed confusion.

    Args:
        counts: (P, K, K) of each fold.
    """
    matrices = [fold.sum(axis=0) for fold in counts]
    return {
        "mean of folds": float(np.mean([miou(matrix) for matrix in matrices])),
        "summed confusion": miou(np.sum(matrices, axis=0)),
    }
