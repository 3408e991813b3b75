"""Learning a linear readout of frozen features from parcels, and what it may say of itself.

Multinomial logistic regression on standardised features; every class counts the same, and so
does every parcel of a class. Confidence and accuracy come from parcels that were held out.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from s4_core.nn import ReadoutHead
from s4_core.progress import Stage
from s4_core.train.calibration import fit_temperature, tempered
from s4_core.train.folds import plan_folds
from s4_core.train.pixels import Pixels
from s4_core.train.scores import HeldOut, pixels_by_class
from s4_core.train.weights import parcel_balanced, thin_parcels

Floats = npt.NDArray[np.float32]
Weights = npt.NDArray[np.floating[Any]]

_ABSENT_BIAS = -1e3
"""Logit of a class of the legend that no parcel teaches: never the answer."""

_FOLD_PIXELS = 80
"""Of a parcel, to learn a fold from: 2.5 to 4 times faster than with all on the real areas, where
the assessed mIoU changed by less than 0.01."""

_SMALLEST_STD = 1e-6
_MOST_ITERATIONS = 500


@dataclass(frozen=True)
class Readout:
    """A linear classifier of features.

    Args:
        mean, std: of the features that it learned from, `(D,)`.
        weight: `(K, D)`, of standardised features. bias: `(K,)`.
    """

    mean: Floats
    std: Floats
    weight: Floats
    bias: Floats

    def logits(self, features: Floats) -> Floats:
        """`(N, K)` of features `(N, D)`."""
        logits: Floats = (features - self.mean) / self.std @ self.weight.T + self.bias
        return logits

    def head(self) -> ReadoutHead:
        """The same as a network's head."""
        return ReadoutHead.from_arrays(self.mean, self.std, self.weight, self.bias)


@dataclass(frozen=True)
class Learned:
    """A readout with what held-out parcels say of it.

    Args:
        temperature: makes its confidence fit the held-out parcels, as far as they are enough.
    """

    readout: Readout
    held_out: HeldOut
    temperature: float


Fit = Callable[[Floats, Pixels, int, Optional[int]], Readout]
"""Learns a readout of features, pixels and K classes; the pixels stand for so many."""


def logistic(inverse_regularisation: float) -> Fit:
    """Logistic regression of a strength."""
    return lambda features, pixels, class_count, worth: fit_readout(
        features, pixels, class_count, inverse_regularisation, worth
    )


def prototypes() -> Fit:
    """The nearest mean of a class, see `fit_prototypes`."""
    return lambda features, pixels, class_count, _: fit_prototypes(features, pixels, class_count)


def fit_readout(
    features: Floats,
    pixels: Pixels,
    class_count: int,
    inverse_regularisation: float,
    worth: int | None = None,
) -> Readout:
    """Fit a readout.

    Args:
        features: `(N, D)` at the `pixels`, which hold at least two classes.
        class_count: K; classes without a pixel get a logit that never wins.
        inverse_regularisation: scikit-learn's C, with weights of mean 1.
        worth: the pixels stand for so many, in the regularisation; None for themselves alone.
    """
    weights = parcel_balanced(pixels.classes, pixels.parcels) * (
        (worth or len(pixels)) / len(pixels)
    )
    mean = np.average(features, axis=0, weights=weights).astype(np.float32)
    centred = features - mean
    std = np.sqrt(np.average(centred**2, axis=0, weights=weights)).astype(np.float32)
    std = np.where(std > _SMALLEST_STD, std, np.float32(1))
    solver = solved(centred / std, pixels.classes, weights, inverse_regularisation)
    return readout_of(solver, mean, std, class_count)


def solved(
    vectors: Floats,
    classes: npt.NDArray[np.int64],
    weights: Weights,
    inverse_regularisation: float,
    tolerance: float = 1e-4,
) -> LogisticRegression:
    """Logistic regression on standardised vectors `(N, D)`, of C with weights of mean 1.

    Args:
        tolerance: largest slope of the loss at the end, see scikit-learn's `tol`.
    """
    solver = LogisticRegression(C=inverse_regularisation, max_iter=_MOST_ITERATIONS, tol=tolerance)
    with _unfinished_fits():
        solver.fit(vectors, classes, sample_weight=weights)
    return solver


@contextmanager
def _unfinished_fits() -> Iterator[None]:
    """One of so many iterations still is a regularised classifier: nobody is warned."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def readout_of(solver: LogisticRegression, mean: Floats, std: Floats, class_count: int) -> Readout:
    """What a fitted solver found on standardised features; absent classes never win."""
    weight = np.zeros((class_count, len(mean)), np.float32)
    bias = np.full(class_count, _ABSENT_BIAS, np.float32)
    weight[solver.classes_], bias[solver.classes_] = _per_class(solver)
    return Readout(mean, std, weight, bias)


def fit_prototypes(features: Floats, pixels: Pixels, class_count: int) -> Readout:
    """A class is what lies near the mean of its parcels (Snell, Swersky, Zemel 2017).

    The logit of class k is -|z - p_k|^2 but for |z|^2, which all classes share: linear in z.

    Args:
        features: z, `(N, E)` of a metric, at the `pixels`; every parcel of a class counts alike.
        class_count: K; classes without a pixel get a logit that never wins.
    """
    weights = parcel_balanced(pixels.classes, pixels.parcels)
    centre = np.average(features, axis=0, weights=weights)
    weight = np.zeros((class_count, features.shape[1]), np.float32)
    bias = np.full(class_count, _ABSENT_BIAS, np.float32)
    for k in np.unique(pixels.classes):
        own = pixels.classes == k
        prototype = np.average(features[own] - centre, axis=0, weights=weights[own])
        weight[k], bias[k] = 2 * prototype, -np.square(prototype).sum()
    return Readout(centre.astype(np.float32), np.ones_like(weight[0]), weight, bias)


def _per_class(solver: LogisticRegression) -> tuple[Floats, Floats]:
    """A row of weights a class, of two classes too, where scikit-learn has one row for both."""
    weight, bias = solver.coef_, solver.intercept_
    if len(solver.classes_) == 2:
        weight, bias = np.concatenate([-weight, weight]) / 2, np.concatenate([-bias, bias]) / 2
    return weight.astype(np.float32), bias.astype(np.float32)


def learn_readout(
    features: Floats,
    pixels: Pixels,
    class_count: int,
    *,
    fit: Fit,
    seed: int,
    stage: Stage,
    temperature: float = 1.0,
) -> Learned:
    """Fit a readout of all parcels, and one of each fold's training parcels to assess it.

    Args:
        fit: the classifier, for instance `logistic(C)`; called by as many threads as torch has.
        temperature: known beforehand; held-out parcels change it by their number.

    Raises:
        Cancelled: the user stopped it.
    """
    # class of each parcel that has pixels, by its index
    parcels, first = np.unique(pixels.parcels, return_index=True)
    classes = pixels.classes[first]
    folds = plan_folds(classes.tolist(), seed)
    logits = np.zeros((len(pixels), class_count), np.float32)
    few = np.zeros(len(pixels), bool)
    few[thin_parcels(pixels.parcels, _FOLD_PIXELS, seed)] = True

    def judge(fold: Sequence[int]) -> None:
        out = np.isin(pixels.parcels, parcels[list(fold)])
        inside = few & ~out
        worth = int((~out).sum())
        readout = fit(features[inside], pixels.take(inside), class_count, worth)
        logits[out] = readout.logits(features[out])

    with _at_once(judge, folds.held_out) as judged:
        for done, _ in enumerate(judged):
            stage.step(done + 1, len(folds.held_out) + 1)
    readout = fit(features, pixels, class_count, None)
    stage.step(len(folds.held_out) + 1, len(folds.held_out) + 1)
    held = [index for fold in folds.held_out for index in fold]
    if not held:
        return Learned(readout, HeldOut.nothing(class_count), temperature)
    assessed = np.isin(pixels.parcels, parcels[held])
    held_out, found = assess_held_out(
        logits[assessed], pixels.take(assessed), class_count, folds.scheme
    )
    return Learned(readout, held_out, tempered(found, temperature, len(held)))


@contextmanager
def _at_once(
    judge: Callable[[Sequence[int]], None], folds: Sequence[Sequence[int]]
) -> Iterator[Iterator[None]]:
    """Judge folds in as many threads as torch has; at the end those that still wait are dropped.

    Each thread has a core to itself: the threads that BLAS starts for such small products wait for
    each other longer than they work. Filters of warnings are the process's: they are put back when
    all threads are through.
    """
    threads = ThreadPoolExecutor(torch.get_num_threads())
    with _unfinished_fits(), threadpool_limits(1, user_api="blas"), threads:
        try:
            yield threads.map(judge, folds)
        finally:
            threads.shutdown(cancel_futures=True)


def assess_held_out(
    logits: Floats, pixels: Pixels, class_count: int, scheme: str
) -> tuple[HeldOut, float]:
    """Counts of held-out parcels by predicted class, and the temperature that fits them.

    Args:
        logits: `(N, K)` of classifiers that did not learn from the pixels' parcels.
    """
    predicted = logits.argmax(axis=1)
    parcels, first = np.unique(pixels.parcels, return_index=True)
    counts = np.stack(
        [pixels_by_class(predicted[pixels.parcels == p], class_count) for p in parcels]
    )
    weights = parcel_balanced(pixels.classes, pixels.parcels)
    temperature = fit_temperature(logits, pixels.classes, weights)
    return HeldOut(pixels.classes[first], counts, scheme), temperature
