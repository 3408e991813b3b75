"""Ways to choose the next parcel to label, for the labelling study: a score a candidate.

The highest score is labelled next. What the product uses is `s4_core.labelling`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

TURN = 0.5
"""How much wider a margin counts for every place of the same mapped class that goes before it."""

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Known:
    """What may be known when a parcel is chosen; no class of a candidate is.

    Args:
        probabilities: of the candidates' parcels, `(C, K)`, means over their pixels.
        pixel_margins: of the candidates, `(C,)`, means over their pixels.
        places: of the candidates in the parcel metric, `(C, E)`; `labelled`: `(L, E)`.
        counts: labelled parcels of each of the K classes that were met, `(K,)`.
        luck: random numbers, `(C,)`.
    """

    probabilities: Floats
    pixel_margins: Floats
    places: Floats
    labelled: Floats
    counts: npt.NDArray[np.int64]
    luck: Floats

    @property
    def mapped(self) -> npt.NDArray[np.intp]:
        """Class of each candidate in the map, `(C,)`."""
        return self.probabilities.argmax(axis=1)

    @property
    def margins(self) -> Floats:
        """First minus second probability of each candidate, `(C,)`."""
        if self.probabilities.shape[1] == 1:
            return np.ones(len(self.probabilities))
        second, first = np.partition(self.probabilities, -2, axis=1)[:, -2:].T
        return np.asarray(first - second)


def _squared(a: Floats, b: Floats) -> Floats:
    """Squared distances `(A, B)`."""
    distances = (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)
    return np.asarray(np.maximum(distances, 0))


def _entropy(known: Known) -> Floats:
    chance = known.probabilities
    return np.asarray(-(chance * np.log(chance + 1e-12)).sum(axis=1))


def _coverage(known: Known) -> Floats:
    """How much nearer the candidates would be to a labelled parcel: cluster representatives."""
    now = np.sqrt(_squared(known.places, known.labelled).min(axis=1))
    then = np.sqrt(_squared(known.places, known.places))
    return np.asarray(np.maximum(now[:, None] - then, 0).sum(axis=0))


def _dense(known: Known) -> Floats:
    """Doubt times the mean similarity to the other candidates (Settles and Craven 2008)."""
    distances = _squared(known.places, known.places)
    near = np.exp(-distances / max(float(np.median(distances)), 1e-9)).mean(axis=1)
    return np.asarray((1 - known.margins) * near)


def _expected_gain(known: Known) -> Floats:
    """Expected fall of the variance of class means, classes in doubt counting more."""
    chance = known.probabilities
    doubt = (chance * (1 - chance)).sum(axis=0)
    return np.asarray(chance @ (doubt / (known.counts * (known.counts + 1))))


ACQUISITIONS: Mapping[str, Callable[[Known], Floats]] = {
    "random": lambda known: known.luck,
    "least confident": lambda known: -known.probabilities.max(axis=1),
    "margin": lambda known: -known.margins,
    "mean margin of the pixels": lambda known: -known.pixel_margins,
    "entropy": _entropy,
    "rarest mapped class, narrowest margin": lambda known: (
        -known.counts[known.mapped] - known.margins
    ),
    "margin, mapped class by its parcels": lambda known: (
        (1 - known.margins) / known.counts[known.mapped]
    ),
    "expected gain of class means": _expected_gain,
    "farthest from labelled (k-center)": lambda known: _squared(known.places, known.labelled).min(
        axis=1
    ),
    "expected coverage": _coverage,
    "margin by density": _dense,
}
"""By the name that the results have."""


def in_turns(known: Known, batch: int) -> list[int]:
    """A batch of narrow margins in which each place lets those of other mapped classes go first."""
    margins, mapped = known.margins.tolist(), known.mapped.tolist()
    left, before, order = set(range(len(margins))), Counter[int](), list[int]()
    while left and len(order) < batch:
        best = min(left, key=lambda i: (margins[i] + TURN * before[mapped[i]], i))
        left.remove(best)
        before[mapped[best]] += 1
        order.append(best)
    return order
