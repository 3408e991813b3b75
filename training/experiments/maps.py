"""Methods that are more than a classifier of each pixel's features."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.ndimage import uniform_filter
from scipy.special import softmax

from s4_core.train.readout import fit_readout
from s4_core.types import FinetuneSettings
from training.experiments.classifiers import Classifier, likely, winners
from training.experiments.diffusion import diffused, edge_weights
from training.experiments.features import Features
from training.experiments.judging import Method, Predict, Taught, Whole
from training.experiments.scenes import Floats, Scene
from training.experiments.unlabelled import propagated_logits

Belief = Callable[[Floats, Taught], Floats]


def classified(features: Features, classifier: Classifier) -> Method:
    """Each pixel by its own features."""
    return lambda scene: classifier(features(scene))


def ensemble(members: Sequence[Features]) -> Method:
    """The mean probability by the prototypes of several embeddings."""

    def method(scene: Scene) -> Predict:
        found = [member(scene) for member in members]
        return lambda taught: winners(np.mean([likely(f, taught) for f in found], axis=0))

    return method


def smoothed(features: Features, belief: Belief = likely) -> Method:
    """Probabilities that diffuse between pixels of like features."""

    def method(scene: Scene) -> Predict:
        found = features(scene)
        # (H * W, D) -> (H, W, D)
        weights = edge_weights(found.reshape(*scene.shape, -1))

        def predict(taught: Taught) -> Whole:
            maps = belief(found, taught).reshape(*scene.shape, -1)
            labels: Whole = diffused(maps, weights).argmax(axis=2).ravel()
            return labels

        return predict

    return method


def averaged(features: Features, temperature: float) -> Method:
    """The product's probabilities, averaged over each pixel and its eight neighbours."""

    def method(scene: Scene) -> Predict:
        logits = propagated_logits(features(scene))

        def predict(taught: Taught) -> Whole:
            likely = softmax(logits(taught) / temperature, axis=1)
            # (H * W, K) -> (H, W, K)
            maps = likely.reshape(*scene.shape, -1)
            mean = uniform_filter(maps, (3, 3, 1), mode="nearest")
            return winners(mean.reshape(likely.shape))

        return predict

    return method


def likely_by_readout(features: Floats, taught: Taught) -> Floats:
    """Probabilities by the product's logistic regression, `(N, K)`."""
    strength = FinetuneSettings().inverse_regularisation
    readout = fit_readout(features[taught.places], taught.pixels, taught.class_count, strength)
    found: Floats = softmax(readout.logits(features), axis=1)
    return found
