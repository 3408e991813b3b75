"""A classifier that pixels without labels have a say in: belief spreads among those alike.

The nearest class mean says what it believes of every unlabelled pixel of the area. Beliefs spread
along a graph of nearest neighbours in the metric's embedding (Zhou et al. 2004), so that classes
meet where pixels are few, not halfway between two means. What they cover then pulls the means
(Ren et al. 2018), as one or two fields of a crop lie off its middle; beliefs of the pulled means
spread, and a linear readout learns the outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags
from scipy.special import softmax
from sklearn.neighbors import kneighbors_graph

from s4_core.train.pixels import Pixels
from s4_core.train.readout import Fit, Readout, fit_prototypes, readout_of, solved

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]
Graph = Callable[[Floats], Floats]

NEIGHBOURS = 10
SHARE = 0.9
"""Of a belief that comes from the neighbours, in every round."""

ROUNDS = 30
ABUNDANCE = 0.5
"""Power of a class's share of the area that its belief is multiplied by: a class that covers next
to nothing does not take what looks like it. 0 is no such knowledge, 1 trusts it fully."""

PULLS = 3
"""Times that the means are pulled."""

WORTH_OF_PARCEL = 100.0
"""Unlabelled pixels, surely of a class, that say as much of its mean as one parcel that teaches."""

STRONGEST_PULL = 0.5
"""Of a mean that is not taught: a class that is believed where it is not stays near its parcels."""

_FOLD_EVERY = 4
_FOLD_TOLERANCE = 1e-3
_RAREST = 1e-3
_INVERSE_REGULARISATION = 0.01


def propagation(surroundings: Floats, pulls: int = PULLS) -> Fit:
    """The classifier for an area; its graph is made once.

    Args:
        surroundings: embedding of unlabelled pixels of the area, `(M, E)`.
        pulls: times that they pull the class means.
    """
    if len(surroundings) <= NEIGHBOURS:
        return lambda features, pixels, class_count, _: fit_prototypes(
            features, pixels, class_count
        )
    spread = spreading(surroundings)

    def fit(features: Floats, pixels: Pixels, class_count: int, worth: int | None) -> Readout:
        nearest = fit_prototypes(features, pixels, class_count)
        parcels = parcels_by_class(pixels, class_count)
        nearest = pulled(nearest, parcels, surroundings, spread, pulls)
        belief = believed(nearest, surroundings, spread)
        if worth is None:
            return fit_beliefs(surroundings, belief, features, pixels, class_count)
        # folds only judge: they learn from some of the pixels, which stand for all, and less finely
        some = slice(None, None, _FOLD_EVERY)
        return fit_beliefs(
            surroundings[some],
            belief[some],
            features,
            pixels,
            class_count,
            worth=_FOLD_EVERY,
            tolerance=_FOLD_TOLERANCE,
        )

    return fit


def spreading(surroundings: Floats) -> Graph:
    """A function that spreads beliefs `(M, K)` along the graph of neighbours, rows summing to 1."""
    links = kneighbors_graph(surroundings, NEIGHBOURS)
    links = links.maximum(links.T)
    scale = diags(1 / np.sqrt(np.asarray(links.sum(axis=1)).ravel()))
    graph = csr_matrix(scale @ links @ scale)

    def spread(start: Floats) -> Floats:
        found = start
        for _ in range(ROUNDS):
            found = SHARE * (graph @ found) + (1 - SHARE) * start
        shares: Floats = found / found.sum(axis=1, keepdims=True)
        return shares

    return spread


def abundant(belief: Floats, spread: Graph) -> Floats:
    """Beliefs `(M, K)` that know how much of the area each class seems to cover."""
    cover = spread(belief).mean(axis=0)
    weighed = belief * (cover + _RAREST) ** ABUNDANCE
    shares: Floats = weighed / weighed.sum(axis=1, keepdims=True)
    return shares


def believed(nearest: Readout, surroundings: Floats, spread: Graph) -> Floats:
    """What class means say of unlabelled pixels `(M, E)` when it has spread: `(M, K)`."""
    return spread(abundant(softmax(nearest.logits(surroundings), axis=1), spread))


def parcels_by_class(pixels: Pixels, class_count: int) -> Whole:
    """How many parcels teach each class, `(K,)`."""
    _, first = np.unique(pixels.parcels, return_index=True)
    return np.bincount(pixels.classes[first], minlength=class_count)


def pulled(
    nearest: Readout, parcels: Whole, surroundings: Floats, spread: Graph, pulls: int = PULLS
) -> Readout:
    """Class means that unlabelled pixels pull to the middle of what each class seems to cover.

    Args:
        nearest: of `fit_prototypes`. parcels: that teach each class, `(K,)`.
        surroundings: `(M, E)`.
    """
    known = np.flatnonzero(parcels)
    vectors = surroundings - nearest.mean
    # the logit of a class is 2 z p - |p|^2
    means = nearest.weight[known] / 2
    found = nearest
    for _ in range(pulls):
        # doubtful pixels count less
        belief = np.square(believed(found, surroundings, spread)[:, known])
        cover = belief.sum(axis=0)
        share = np.minimum(cover / (cover + WORTH_OF_PARCEL * parcels[known]), STRONGEST_PULL)
        middles = (belief.T @ vectors) / cover[:, None]
        found = with_means(nearest, known, means + share[:, None] * (middles - means))
    return found


def with_means(nearest: Readout, known: Whole, means: Floats) -> Readout:
    """The same with other means `(k, E)` of the known classes."""
    weight, bias = nearest.weight.copy(), nearest.bias.copy()
    weight[known], bias[known] = 2 * means, -np.square(means).sum(axis=1)
    return replace(nearest, weight=weight, bias=bias)


def fit_beliefs(
    surroundings: Floats,
    belief: Floats,
    features: Floats,
    pixels: Pixels,
    class_count: int,
    *,
    worth: int = 1,
    tolerance: float = 1e-4,
) -> Readout:
    """Logistic regression on what is believed of unlabelled pixels and known of labelled ones.

    An unlabelled pixel counts as much as its belief is sure, a labelled one fully.

    Args:
        surroundings: `(M, E)`. belief: `(M, K)` of them. features: `(N, E)` at the `pixels`.
        worth: unlabelled pixels that each of them stands for. tolerance: of the solver.
    """
    vectors = np.concatenate([surroundings, features])
    classes = np.concatenate([belief.argmax(axis=1), pixels.classes])
    weights = np.concatenate([worth * belief.max(axis=1), np.ones(len(pixels))])
    mean = vectors.mean(axis=0)
    # one scale for all: the metric's distances are what counts
    scale = vectors.std(axis=0).mean()
    solver = solved((vectors - mean) / scale, classes, weights, _INVERSE_REGULARISATION, tolerance)
    return readout_of(solver, mean, np.full_like(mean, scale), class_count)
