"""Fine-tuning mode `head`: the network is frozen, a linear readout of its features is learned."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from s4_core.progress import Stage
from s4_core.train.pixels import Pixels
from s4_core.train.propagation import propagation
from s4_core.train.readout import Fit, Learned, learn_readout, logistic, prototypes
from s4_core.train.task import Outcome, Task, require_seen
from s4_core.train.unlabelled import drawn_pixels

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

MOST_PIXELS = 10_000
"""Pixels to learn from in all; with many parcels each gives fewer than the settings allow."""

_FEWEST = 25
"""Of one parcel, whatever the number of parcels."""


def learn_head(task: Task, stage: Stage) -> Outcome:
    """Compute the features of the labelled pixels once, fit and assess readouts of them.

    Raises:
        LabelError: no image shows a class. Cancelled: the user stopped it.
    """
    pixels = taught_pixels(task)
    features, seen = frozen_features(task, pixels, stage.part("features", 0.0, 0.4))
    require_seen(pixels, seen, task.labels)
    pixels = pixels.take(seen)
    fit = classifier_for(task, stage.part("features", 0.4, 0.6))
    learned = read_out(task, features[seen], pixels, fit, stage.part("readout", 0.6, 1.0))
    return Outcome(
        head=learned.readout.head(),
        held_out=learned.held_out,
        temperature=learned.temperature,
        training=task.parcels,
        validation=np.zeros(0, np.intp),
        record={"features": int(features.shape[1]), "pixels": len(pixels)},
    )


def frozen_features(task: Task, pixels: Pixels, stage: Stage) -> tuple[Floats, Bools]:
    """What the readout reads at each pixel, and whether an image shows it: `(N, D)`, `(N,)`."""
    return task.frozen(stage.reporter.log).at(pixels, stage)


def read_out(task: Task, features: Floats, pixels: Pixels, fit: Fit, stage: Stage) -> Learned:
    """Fit and assess readouts of features `(N, D)` at pixels that images show."""
    return learn_readout(
        features,
        pixels,
        task.class_count,
        fit=fit,
        seed=task.settings.seed,
        stage=stage,
        temperature=task.settings.finetune.temperature,
    )


def classifier_for(task: Task, stage: Stage) -> Fit:
    """The classifier that the settings name; whatever it wants to know of the area is read."""
    choices = task.settings.finetune
    if choices.classifier == "logistic":
        return logistic(choices.inverse_regularisation)
    if choices.classifier == "prototypes":
        return prototypes()
    pixels = drawn_pixels(*task.area.grid.shape, task.settings.seed)
    features, seen = frozen_features(task, pixels, stage)
    return propagation(features[seen])


def taught_pixels(task: Task) -> Pixels:
    """The labelled pixels that a readout learns from: a seeded draw of each parcel's."""
    chosen = Pixels.of(task.labels, task.parcels.tolist())
    return chosen.thinned(most_of_parcel(task), task.settings.seed)


def most_of_parcel(task: Task) -> int:
    """How many pixels of a parcel teach, at most."""
    choices = task.settings.finetune
    return min(choices.pixels_per_parcel, max(MOST_PIXELS // len(task.parcels), _FEWEST))
