"""How good the probabilities of one split are, on the parcels that did not teach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core import assess
from s4_core.benchmark.task import Floats, Task

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Judged:
    """One split, judged.

    Args:
        counts: pixels of each parcel by predicted class, `(P, K)`; 0 for parcels that teach or
            whose class does not take part.
        ece: expected calibration error over the judged pixels.
    """

    counts: Counts
    ece: float


def judge(task: Task, probabilities: Floats) -> Judged:
    """Compare probabilities `(N, K)` of all labelled pixels with the parcels to be judged.

    Raises:
        ValueError: another shape, or probabilities of a judged pixel that do not sum to 1.
    """
    pixels, parcels = task.ground.pixels, len(task.ground.labels.parcels)
    if probabilities.shape != (len(pixels), task.ground.class_count):
        raise ValueError(f"probabilities are {probabilities.shape}")
    judged = np.isin(pixels.classes, task.classes) & ~np.isin(pixels.parcels, task.parcels)
    classes = np.asarray(task.classes)
    among = probabilities[judged][:, classes]
    if not np.allclose(among.sum(axis=1), 1, atol=1e-3):
        raise ValueError("probabilities of the classes that take part do not sum to 1")
    predicted = classes[among.argmax(axis=1)]
    # both count from 1 in assess: 0 stands for none
    counts = assess.parcel_counts(
        pixels.parcels[judged] + 1, predicted + 1, parcels, task.ground.class_count
    )
    correct = predicted == pixels.classes[judged]
    return Judged(counts, assess.expected_calibration_error(among.max(axis=1), correct))


def voted(counts: Counts) -> Counts:
    """Counts `(..., P, K)` with all pixels of a parcel in its majority class.

    Of equally frequent classes the first one counts.
    """
    winner = counts.argmax(axis=-1)[..., None] == np.arange(counts.shape[-1])
    votes: Counts = winner * counts.sum(axis=-1, keepdims=True)
    return votes


def mean_iou(parcel_classes: npt.NDArray[np.int64], counts: Counts, classes: list[int]) -> float:
    """Mean IoU of one split over the classes that take part.

    Args:
        parcel_classes: `(P,)` 0-based, -1 for parcels without a visible pixel.
        counts: `(P, K)`.
    """
    known = parcel_classes >= 0
    return assess.mean_iou(assess.summed(parcel_classes[known], counts[known]), classes)
