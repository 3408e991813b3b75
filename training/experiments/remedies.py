"""What might help classes that tiny parcels teach: each classifies an embedding in its own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from s4_core.train.propagation import abundant, parcels_by_class, spreading
from s4_core.train.readout import fit_prototypes
from training.experiments import classifiers, unlabelled
from training.experiments.classifiers import winners
from training.experiments.judging import Predict, Taught, Whole
from training.experiments.scenes import Floats

Logits = Callable[[Floats, Taught], Floats]
"""Of every pixel `(N, E)` by what is taught, `(N, K)`."""

COUNT_WEIGHT = 1.0
AREA_POWER = 0.5
BETWEEN = 0.5
"""Spread of a class's fields around its middle, in units of its pixels' spread."""

DIRECTIONS = 10.0
"""In which that spread counts."""

NEAR_SHARE, NEAR_WEIGHT = 0.1, 0.3
SOFTNESS = 2.0


@dataclass(frozen=True)
class Remedy:
    """One way to classify.

    Args:
        says: what it is, a line.
        method: classes of every pixel of an embedding.
        verdict: what it means; empty as long as nobody has looked.
        confirms: measured on the areas that chose nothing, too.
    """

    name: str
    says: str
    method: Callable[[Floats], Predict]
    verdict: str = ""
    confirms: bool = False


def _spread_of(logits: Logits, *, knows_abundance: bool = True) -> Callable[[Floats], Predict]:
    """Beliefs by some logits, spread as the product does, without its readout."""

    def method(features: Floats) -> Predict:
        spread = spreading(features)

        def predict(taught: Taught) -> Whole:
            belief = softmax(logits(features, taught), axis=1)
            return winners(spread(abundant(belief, spread) if knows_abundance else belief))

        return predict

    return method


def by_means(features: Floats, taught: Taught) -> Floats:
    """The nearest class mean."""
    nearest = fit_prototypes(features[taught.places], taught.pixels, taught.class_count)
    return nearest.logits(features)


def _counts(taught: Taught) -> Whole:
    return np.maximum(parcels_by_class(taught.pixels, taught.class_count), 1)


def by_count(features: Floats, taught: Taught) -> Floats:
    """A class of fewer parcels is believed less, as its mean is less sure."""
    found: Floats = by_means(features, taught) - COUNT_WEIGHT / _counts(taught)
    return found


def by_area(features: Floats, taught: Taught) -> Floats:
    """A class is believed by how many pixels teach it."""
    pixels = np.bincount(taught.pixels.classes, minlength=taught.class_count)
    found: Floats = by_means(features, taught) + AREA_POWER * np.log(np.maximum(pixels, 1))
    return found


def by_predictive(features: Floats, taught: Taught) -> Floats:
    """Bayesian predictive: n parcels leave a mean as uncertain as the fields' spread / n."""
    nearest = fit_prototypes(features[taught.places], taught.pixels, taught.class_count)
    squares = np.square(features - nearest.mean).sum(axis=1, keepdims=True)
    usual = 1 + BETWEEN / _counts(taught).mean()
    spread = (1 + BETWEEN / _counts(taught)) / usual
    distances = squares - nearest.logits(features)
    found: Floats = -distances / spread - DIRECTIONS / 2 * np.log(spread)
    return found


def by_nearness(features: Floats, taught: Taught) -> Floats:
    """What is far from all pixels of the area is moved nearer, what is near to many farther."""
    logits = by_means(features, taught)
    many = int(NEAR_SHARE * len(features))
    near = np.sort(logits, axis=0)[-many:].mean(axis=0)
    found: Floats = logits - NEAR_WEIGHT * near
    return found


def by_parcels(features: Floats, taught: Taught) -> Floats:
    """The nearest parcel's mean, not the class's."""
    numbers = np.unique(taught.pixels.parcels)
    own = [taught.pixels.parcels == number for number in numbers]
    means = np.stack([features[taught.places[part]].mean(axis=0) for part in own])
    classes = np.array([taught.pixels.classes[part][0] for part in own])
    logits = 2 * features @ means.T - np.square(means).sum(axis=1)
    found = np.full((len(features), taught.class_count), -1e3, np.float32)
    for number, k in enumerate(classes):
        found[:, k] = np.maximum(found[:, k], logits[:, number])
    return found


def softly(features: Floats, taught: Taught) -> Floats:
    """Beliefs less sure of themselves."""
    found: Floats = by_means(features, taught) / SOFTNESS
    return found


LISTED = (
    Remedy("prototypes", "the nearest class mean", classifiers.prototypes, confirms=True),
    Remedy(
        "propagation",
        "the product before: beliefs spread, and a linear readout",
        unlabelled.propagating,
        confirms=True,
        verdict=(
            "common crops are told apart far better than rare ones; rare classes get some "
            "pixels of common ones, but far more of their own are lost"
        ),
    ),
    Remedy(
        "pulled",
        "the same after unlabelled pixels have pulled the class means: the product",
        unlabelled.pulling,
        confirms=True,
        verdict=(
            "kept: better for rare and for common classes, and for the usual problem, on both "
            "sets of areas where intervals can tell; rare classes get a little more of what is "
            "not theirs, as they get more of what is"
        ),
    ),
    Remedy(
        "no-abundance",
        "beliefs spread that do not know how much a class covers",
        _spread_of(by_means, knows_abundance=False),
        verdict=(
            "a little better on these areas, no better on the usual easier ones, where one area "
            "gets much worse; not changed"
        ),
    ),
    Remedy(
        "softer",
        "beliefs softened before they spread",
        _spread_of(softly),
        verdict="worse or no difference",
    ),
    Remedy(
        "parcel-count",
        "classes of fewer parcels believed less",
        _spread_of(by_count),
        verdict="takes from rare classes what they need; the opposite of what helps",
    ),
    Remedy(
        "parcel-area",
        "classes believed by the pixels that teach them",
        _spread_of(by_area),
        verdict=(
            "rare classes get fewer pixels of others, and lose more of their own; it would also "
            "trust that a small parcel means a rare crop"
        ),
    ),
    Remedy(
        "predictive",
        "Bayesian predictive: a mean of fewer parcels is less sure, its class wider",
        _spread_of(by_predictive),
        verdict=(
            "helps rare classes as pulled means do, and nobody else: no gain on common ones, and a "
            "small, sure loss on the usual problem once fitted; both together were not tried"
        ),
    ),
    Remedy(
        "nearness",
        "means near to many pixels moved away from all",
        _spread_of(by_nearness),
        verdict="helps rare classes at the cost of common ones",
    ),
    Remedy(
        "each-parcel",
        "the nearest parcel's mean, not the class's",
        _spread_of(by_parcels),
        verdict="no gain: one field is a worse guide than the middle of two",
    ),
)

BEFORE = "propagation"
"""What all are compared with."""

COMPARED = ("prototypes", "propagation", "pulled")
"""On a real area."""

REMEDIES = {remedy.name: remedy for remedy in LISTED}
