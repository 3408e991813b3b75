"""What pixels without labels may add: refined class means, and labels that spread among alikes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix, diags
from scipy.special import softmax
from sklearn.neighbors import kneighbors_graph

from s4_core.train.propagation import PULLS, propagation
from s4_core.train.readout import fit_readout
from s4_core.train.weights import parcel_balanced
from s4_core.types import FinetuneSettings
from training.experiments.classifiers import likely, winners
from training.experiments.judging import Predict, Taught, Whole
from training.experiments.scenes import Floats

ROUNDS = 5
SURE = 0.8
SOFTNESS = 2.0
NEIGHBOURS = 10
CLAMPING = 0.9
SPREADING = 30


def soft_k_means(features: Floats) -> Predict:
    """Class means that surely classified pixels of the whole area pull (Ren et al. 2018)."""

    def predict(taught: Taught) -> Whole:
        labelled = _shares(taught)
        known = labelled.sum(axis=1) > 0
        start = labelled @ features[taught.places]
        parcels = len(np.unique(taught.pixels.parcels)) / known.sum()
        means = start.copy()
        for _ in range(ROUNDS):
            belief = _belief(features, means, known, SOFTNESS)
            belief *= belief.max(axis=1, keepdims=True) > SURE
            counts = belief.sum(axis=0)[:, None]
            found = belief.T @ features / np.maximum(counts, 1)
            # a tenth of a class's equal share of the area weighs half of what one parcel does
            trust = counts / (0.1 * len(features) / known.sum() + counts) / (1 + parcels)
            means = (1 - trust) * start + trust * found
        return winners(_belief(features, means, known, 1.0))

    return predict


def spreading_labels(features: Floats) -> Predict:
    """Labels spread from the training pixels along a neighbourhood graph (Zhou et al. 2004)."""
    graph = neighbourhood(features)

    def predict(taught: Taught) -> Whole:
        start = np.zeros((len(features), taught.class_count), np.float32)
        start[taught.places] = _shares(taught).T
        return winners(_spread(graph, start))

    return predict


def spreading_beliefs(features: Floats) -> Predict:
    """The probabilities by prototypes spread along the same graph."""
    graph = neighbourhood(features)

    def predict(taught: Taught) -> Whole:
        return winners(_spread(graph, likely(features, taught)))

    return predict


def propagating(features: Floats) -> Predict:
    """The product before: beliefs spread, by abundance too, and a linear readout of them."""
    return _propagated(features, pulls=0)


def pulling(features: Floats) -> Predict:
    """The product's classifier: the same after unlabelled pixels have pulled the class means."""
    return _propagated(features, PULLS)


def _propagated(features: Floats, pulls: int) -> Predict:
    logits = propagated_logits(features, pulls)
    return lambda taught: winners(logits(taught))


def propagated_logits(features: Floats, pulls: int = PULLS) -> Callable[[Taught], Floats]:
    """Logits `(N, K)` of the product's classifier, by what is taught."""
    fit = propagation(features, pulls)

    def logits(taught: Taught) -> Floats:
        readout = fit(features[taught.places], taught.pixels, taught.class_count, None)
        return readout.logits(features)

    return logits


def spreading_readout(features: Floats) -> Predict:
    """The probabilities by the product's logistic regression spread along the graph."""
    graph = neighbourhood(features)

    def predict(taught: Taught) -> Whole:
        strength = FinetuneSettings().inverse_regularisation
        readout = fit_readout(features[taught.places], taught.pixels, taught.class_count, strength)
        return winners(_spread(graph, softmax(readout.logits(features), axis=1)))

    return predict


def spread_likely(features: Floats, taught: Taught) -> Floats:
    """What `spreading_beliefs` decides by, as probabilities `(N, K)`."""
    found = _spread(neighbourhood(features), likely(features, taught))
    shares: Floats = found / found.sum(axis=1, keepdims=True)
    return shares


def neighbourhood(features: Floats) -> csr_matrix:
    """Symmetric graph of nearest neighbours, normalised by degree, `(N, N)`."""
    links = kneighbors_graph(features, NEIGHBOURS)
    links = links.maximum(links.T)
    scale = diags(1 / np.sqrt(np.asarray(links.sum(axis=1)).ravel()))
    return csr_matrix(scale @ links @ scale)


def _spread(graph: csr_matrix, start: Floats) -> Floats:
    found = start
    for _ in range(SPREADING):
        found = CLAMPING * (graph @ found) + (1 - CLAMPING) * start
    return found


def _shares(taught: Taught) -> Floats:
    """Weight of each training pixel in its class's mean, `(K, n)`; parcels count alike."""
    weights = parcel_balanced(taught.pixels.classes, taught.pixels.parcels)
    shares = (taught.pixels.classes == np.arange(taught.class_count)[:, None]) * weights
    total = shares.sum(axis=1, keepdims=True)
    found: Floats = (shares / np.where(total > 0, total, 1)).astype(np.float32)
    return found


def _belief(features: Floats, means: Floats, known: Whole, softness: float) -> Floats:
    """Probabilities by distance to the means, `(N, K)`; 0 of classes that nobody teaches."""
    distance = (
        np.square(features).sum(axis=1)[:, None]
        - 2 * features @ means.T
        + np.square(means).sum(axis=1)
    )
    logits = np.where(known, -distance / softness, -np.inf)
    found: Floats = softmax(logits, axis=1)
    return found
