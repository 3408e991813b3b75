"""The product's quick mode on cached features of any network."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax as scipy_softmax

from s4_core.benchmark.methods.method import Predictor
from s4_core.benchmark.task import Floats, Ground, Task, taught_by
from s4_core.progress import Stage
from s4_core.train.head_mode import classifier_for, frozen_features, read_out
from s4_core.train.task import Task as Finetuning


def softmax(logits: Floats) -> Floats:
    """Probabilities of logits, both `(N, K)`."""
    found: Floats = scipy_softmax(logits.astype(np.float64), axis=1).astype(np.float32)
    return found


def features_of(finetuning: Finetuning, ground: Ground, stage: Stage) -> Floats:
    """What the product's readout reads at every labelled pixel, `(N, D)`."""
    features, _ = frozen_features(finetuning, ground.pixels, stage)
    return features


def quick_mode(finetuning: Finetuning, ground: Ground, stage: Stage) -> Predictor:
    """What `finetune --mode head` on the training parcels would say of every labelled pixel.

    Args:
        finetuning: opened on the ground with any network.
    """
    features = features_of(finetuning, ground, stage.part(stage.name, 0.0, 0.6))
    fit = classifier_for(finetuning, stage.part(stage.name, 0.6, 1.0))

    def predict(task: Task, stage: Stage) -> Floats:
        taught = taught_by(finetuning, task.parcels)
        learned = read_out(taught, features[task.taught], task.pixels, fit, stage)
        return softmax(learned.readout.logits(features) / np.float32(learned.temperature))

    return predict
