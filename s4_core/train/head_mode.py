"""Fine-tuning mode `head`: the network is frozen, a linear readout of its features is learned."""

from __future__ import annotations

import numpy as np

from s4_core import nn
from s4_core.progress import Stage
from s4_core.train.pixels import Pixels, compute_at
from s4_core.train.readout import learn_readout
from s4_core.train.task import Outcome, Task, require_seen

MOST_PIXELS = 10_000
"""Pixels to learn from in all; with many parcels each gives fewer than the settings allow."""

_FEWEST = 25
"""Of one parcel, whatever the number of parcels."""


def learn_head(task: Task, stage: Stage) -> Outcome:
    """Compute the features of the labelled pixels once, fit and assess readouts of them.

    Raises:
        LabelError: no image shows a class. Cancelled: the user stopped it.
    """
    choices, seed = task.settings.finetune, task.settings.seed
    pixels = taught_pixels(task)
    task.network.eval()
    features, seen = compute_at(
        pixels,
        task.halo_px,
        lambda window: task.inputs([window]),
        lambda inputs: nn.readout_features(task.network, inputs, task.card),
        device=task.device,
        stage=stage.part("features", 0.0, 0.4),
    )
    require_seen(pixels, seen, task.labels)
    pixels = pixels.take(seen)
    learned = learn_readout(
        features[seen],
        pixels,
        task.class_count,
        inverse_regularisation=choices.inverse_regularisation,
        seed=seed,
        stage=stage.part("readout", 0.4, 1.0),
    )
    return Outcome(
        head=learned.readout.head(),
        held_out=learned.held_out,
        temperature=learned.temperature,
        training=task.parcels,
        validation=np.zeros(0, np.intp),
        record={"features": int(features.shape[1]), "pixels": len(pixels)},
    )


def taught_pixels(task: Task) -> Pixels:
    """The labelled pixels that a readout learns from: a seeded draw of each parcel's."""
    choices = task.settings.finetune
    most = min(choices.pixels_per_parcel, max(MOST_PIXELS // len(task.parcels), _FEWEST))
    return Pixels.of(task.labels, task.parcels.tolist()).thinned(most, task.settings.seed)
