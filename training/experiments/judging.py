"""Few-parcel maps of a simulated area, judged as the benchmark judges those of real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core import assess
from s4_core.benchmark.judging import mean_iou, voted
from s4_core.benchmark.splits import draw_splits
from s4_core.train.pixels import Pixels
from s4_core.train.weights import thin_parcels
from s4_core.types import FinetuneSettings
from training.experiments.scenes import Scene

PARCELS = (1, 2)
"""That teach, of each class."""

DRAWS = 3
SEED = 0

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Taught:
    """What the training parcels of one draw say.

    Args:
        places: indices of their pixels in the scene, `(n,)`, a seeded draw of each parcel.
        pixels: the same pixels with class and parcel.
        class_count: of the scene, K.
        seed: of whatever a classifier draws.
    """

    places: Whole
    pixels: Pixels
    class_count: int
    seed: int


Predict = Callable[[Taught], Whole]
"""0-based class of every pixel of a scene, `(N,)`, by what is taught."""

Method = Callable[[Scene], Predict]
"""What all draws of a scene share is computed before the first."""


@dataclass(frozen=True)
class Score:
    """Mean IoU of one draw, and of the same map with every parcel in its majority class."""

    miou: float
    vote: float


def judged(scene: Scene, method: Method) -> list[Score]:
    """All draws of a scene, one and two training parcels a class."""
    predict = method(scene)
    parcel_classes = classes_of_parcels(scene)
    scores = []
    for k in PARCELS:
        splits = draw_splits(parcel_classes.tolist(), k, DRAWS, SEED)
        for draw in splits.draws:
            predicted = predict(taught(scene, draw))
            known = np.isin(scene.classes, splits.classes)
            judges = known & ~np.isin(scene.parcels, draw)
            counts = assess.parcel_counts(
                scene.parcels[judges] + 1,
                predicted[judges] + 1,
                len(parcel_classes),
                int(scene.classes.max()) + 1,
            )
            pair = (mean_iou(parcel_classes, c, list(splits.classes)) for c in _both(counts))
            scores.append(Score(*pair))
    return scores


def _both(counts: Whole) -> tuple[Whole, Whole]:
    return counts, voted(counts)


def classes_of_parcels(scene: Scene) -> Whole:
    """0-based class of each parcel, `(P,)`; -1 of numbers that no pixel has."""
    inside = scene.parcels >= 0
    found = np.full(int(scene.parcels.max()) + 1, -1, np.int64)
    found[scene.parcels[inside]] = scene.classes[inside]
    return found


def taught(scene: Scene, parcels: npt.NDArray[np.intp]) -> Taught:
    """The pixels of some parcels, as many of each as the product learns from."""
    inside = np.flatnonzero(np.isin(scene.parcels, parcels))
    most = FinetuneSettings().pixels_per_parcel
    places = inside[thin_parcels(scene.parcels[inside], most, SEED)]
    rows, cols = np.divmod(places, scene.shape[1])
    pixels = Pixels(rows, cols, scene.classes[places], scene.parcels[places])
    return Taught(places, pixels, int(scene.classes.max()) + 1, SEED)
