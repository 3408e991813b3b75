"""Classifiers that stand on features of every pixel, `(N, D)`: each learns from a few parcels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import softmax
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from s4_core.train.readout import fit_prototypes, fit_readout
from s4_core.train.rivals import TREES
from s4_core.train.weights import parcel_balanced
from s4_core.types import FinetuneSettings
from training.experiments.judging import Predict, Taught, Whole
from training.experiments.scenes import Floats

Classifier = Callable[[Floats], Predict]

NEIGHBOURS = 5
HIDDEN = 32
_RIDGE = 1.0
_ITERATIONS = 500


def readout(features: Floats) -> Predict:
    """The product's logistic regression on features that the training pixels standardise."""

    def predict(taught: Taught) -> Whole:
        strength = FinetuneSettings().inverse_regularisation
        found = fit_readout(features[taught.places], taught.pixels, taught.class_count, strength)
        return winners(found.logits(features))

    return predict


def forest(features: Floats) -> Predict:
    """A random forest, as users have it."""

    def predict(taught: Taught) -> Whole:
        solver = RandomForestClassifier(TREES, random_state=taught.seed, n_jobs=1)
        return _solved(solver, features, taught)

    return predict


def logistic(features: Floats) -> Predict:
    """Logistic regression that keeps the features' relative scales; C = 1 at unit spread."""

    def predict(taught: Taught) -> Whole:
        solver = LogisticRegression(C=1.0, max_iter=_ITERATIONS)
        return _solved(solver, _of_unit_spread(features, taught), taught)

    return predict


def ridge(features: Floats) -> Predict:
    """Ridge regression on the classes."""

    def predict(taught: Taught) -> Whole:
        return _solved(RidgeClassifier(_RIDGE), _of_unit_spread(features, taught), taught)

    return predict


def nearest(features: Floats) -> Predict:
    """A vote of the nearest training pixels."""

    def predict(taught: Taught) -> Whole:
        solver = KNeighborsClassifier(NEIGHBOURS)
        solver.fit(features[taught.places], taught.pixels.classes)
        found: Whole = solver.predict(features)
        return found

    return predict


def kernel(features: Floats) -> Predict:
    """A support vector machine with a Gaussian kernel."""

    def predict(taught: Taught) -> Whole:
        return _solved(SVC(C=1.0), _of_unit_spread(features, taught), taught)

    return predict


def perceptron(features: Floats) -> Predict:
    """A small network of one hidden layer."""

    def predict(taught: Taught) -> Whole:
        solver = MLPClassifier(
            HIDDEN, solver="lbfgs", alpha=1.0, max_iter=_ITERATIONS, random_state=taught.seed
        )
        return _solved(solver, _of_unit_spread(features, taught), taught)

    return predict


def prototypes(features: Floats) -> Predict:
    """The nearest mean of a class."""

    def predict(taught: Taught) -> Whole:
        return winners(likely(features, taught))

    return predict


def winners(scores: Floats) -> Whole:
    """The class of highest score, `(N,)` of `(N, K)`."""
    found: Whole = scores.argmax(axis=1)
    return found


def likely(features: Floats, taught: Taught) -> Floats:
    """Probabilities of the classes by distance to their means, `(N, K)`."""
    found = fit_prototypes(features[taught.places], taught.pixels, taught.class_count)
    probabilities: Floats = softmax(found.logits(features), axis=1)
    return probabilities


def _of_unit_spread(features: Floats, taught: Taught) -> Floats:
    """Centred, and scaled as a whole: training pixels are 1 from their mean, root mean square."""
    own = features[taught.places]
    centre = own.mean(axis=0)
    scale = np.sqrt(np.square(own - centre).sum(axis=1).mean())
    scaled: Floats = (features - centre) / scale
    return scaled


def _solved(solver: Any, features: Floats, taught: Taught) -> Whole:
    weights = parcel_balanced(taught.pixels.classes, taught.pixels.parcels)
    solver.fit(features[taught.places], taught.pixels.classes, sample_weight=weights)
    found: Whole = solver.predict(features)
    return found
