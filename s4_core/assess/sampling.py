"""Accuracy and areas from a probability sample (Olofsson et al. 2014, Remote Sensing of
Environment 148, 42-57, equations 4-11), with the strata being the classes of the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""

DESIGNS = ("random", "stratified")

Floats = NDArray[np.float64]


class NoInterval(ValueError):
    """The sample allows no interval: these mapped classes have fewer than two sample units.

    Args:
        classes: their 0-based indices.
    """

    def __init__(self, classes: tuple[int, ...]) -> None:
        super().__init__(f"Mapped classes {classes} have fewer than two sample units.")
        self.classes = classes


@dataclass(frozen=True)
class Estimate:
    """An estimate and half the width of its 95 % interval, in the same unit."""

    value: float
    margin: float

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return self.value - self.margin

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.value + self.margin


@dataclass(frozen=True)
class AdjustedAreas:
    """What a probability sample says of a map.

    Args:
        areas_ha: area of each class on the ground, hectares.
        overall, users, producers: area-weighted accuracies, 0..1; per class but `overall`.
    """

    areas_ha: tuple[Estimate, ...]
    overall: Estimate
    users: tuple[Estimate, ...]
    producers: tuple[Estimate, ...]


def area_adjusted(
    matrix: NDArray[np.int64],
    mapped_px: NDArray[Any],
    pixel_area_ha: float,
    design: str = "stratified",
) -> AdjustedAreas:
    """Area-adjusted accuracy and areas with 95 % intervals.

    Args:
        matrix: `(K, K)` sample units, rows reference, columns map.
        mapped_px: `(K,)` pixels of each class in the whole map (or hectares, with a pixel of 1 ha).
        pixel_area_ha: hectares of one pixel.
        design: "stratified" (sample sizes fixed per mapped class) or "random" (simple random:
            the same estimators as poststratification, with Cochran 1977 eq. 5A.42 as variance of
            area and overall accuracy, which counts the strata's random sample sizes).

    Raises:
        NoInterval: a mapped class has fewer than two sample units.
    """
    if design not in DESIGNS:
        raise ValueError(f"design is {design!r}, expected one of {DESIGNS}.")
    counts = matrix.T.astype(np.float64)  # (K, K): strata (mapped classes) in rows
    mapped = np.flatnonzero(mapped_px)
    units = counts.sum(1)
    short = tuple(int(i) for i in mapped if units[i] < 2)
    if short:
        raise NoInterval(short)
    total_px = float(mapped_px.sum())
    weights = mapped_px / total_px if total_px else np.zeros(len(units))
    shares = np.divide(counts, units[:, None], out=np.zeros_like(counts), where=units[:, None] > 0)
    total_ha = total_px * pixel_area_ha
    spread = _variance(weights, units, shares, design)
    proportions = weights @ shares  # eq. 9, (K,)
    hits = np.diag(shares)
    overall_variance = _variance(weights, units, hits[:, None], design)[0]
    return AdjustedAreas(
        areas_ha=_estimates(proportions * total_ha, spread * total_ha**2),
        overall=Estimate(float(weights @ hits), Z95 * float(np.sqrt(overall_variance))),
        users=_estimates(hits, hits * (1 - hits) / np.maximum(units - 1, 1)),  # eq. 6
        producers=_producers(weights, units, shares, proportions),
    )


def _variance(weights: Floats, units: Floats, shares: Floats, design: str) -> Floats:
    """Variance of the weighted sum over strata of each column of `shares` `(K, J)`: `(J,)`."""
    degrees = np.maximum(units - 1, 1)[:, None]
    within = shares * (1 - shares) / degrees  # s^2 / n of each stratum
    if design == "stratified":
        return np.asarray((weights[:, None] ** 2 * within).sum(0))  # eq. 5 and 10
    s2 = within * units[:, None]
    n = units.sum()
    poststratified = (weights[:, None] * s2).sum(0) / n
    return np.asarray(poststratified + ((1 - weights)[:, None] * s2).sum(0) / n**2)


def _producers(
    weights: Floats, units: Floats, shares: Floats, proportions: Floats
) -> tuple[Estimate, ...]:
    """Producer's accuracy, eq. 3 and 7; NaN for a class that the sample never met."""
    joint = weights[:, None] * shares  # area share of (mapped i, reference j)
    hits = np.diag(joint)
    accuracy = np.divide(hits, proportions, out=np.full(len(hits), np.nan), where=proportions > 0)
    variance = weights[:, None] ** 2 * shares * (1 - shares) / np.maximum(units - 1, 1)[:, None]
    own = np.diag(variance)
    others = variance.sum(0) - own
    spread = np.divide(
        (1 - accuracy) ** 2 * own + accuracy**2 * others,
        proportions**2,
        out=np.full(len(hits), np.nan),
        where=proportions > 0,
    )
    return _estimates(accuracy, spread)


def _estimates(values: Floats, variances: Floats) -> tuple[Estimate, ...]:
    margins = Z95 * np.sqrt(variances)
    return tuple(Estimate(float(v), float(m)) for v, m in zip(values, margins))
