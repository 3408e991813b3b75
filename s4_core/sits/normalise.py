"""Standardisation: the mean and spread of channels, learned from usable pixels and applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core.sits.series import Bools, Floats


def standardise(
    values: Floats, valid: Bools, mean: Sequence[float], std: Sequence[float]
) -> Floats:
    """Subtract each channel's mean, divide by its standard deviation; 0 where invalid.

    Args:
        values: `(T, C, H, W)` in physical units.
        valid: `(T, H, W)`.
        mean, std: C numbers in the same units; std above 0.
    """
    # C -> (1, C, 1, 1), against (T, C, H, W)
    centre = np.asarray(mean, dtype=np.float32)[None, :, None, None]
    spread = np.asarray(std, dtype=np.float32)[None, :, None, None]
    # one array for every step: pages that are touched first cost more than the arithmetic
    found = np.subtract(values, centre, dtype=np.float32)
    np.divide(found, spread, out=found)
    # (T, H, W) -> (T, 1, H, W): one mask for all channels
    np.copyto(found, 0, where=~valid[:, None])
    return found


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean and sum of squared deviations of each channel, in float64.

    Batches join by the pairwise update of Chan, Golub and LeVeque (1983), which does not lose
    digits where the mean is far larger than the spread.
    """

    count: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    squares: npt.NDArray[np.float64]

    @classmethod
    def empty(cls, channels: int) -> Moments:
        """Moments of nothing yet."""
        return cls(np.zeros(channels), np.zeros(channels), np.zeros(channels))

    @classmethod
    def of(cls, pixels: npt.NDArray[np.floating[Any]]) -> Moments:
        """Moments of `(C, n)` pixels."""
        channels, count = pixels.shape
        if count == 0:
            return cls.empty(channels)
        mean = pixels.mean(axis=1, dtype=np.float64)
        squares = np.square(pixels.astype(np.float64) - mean[:, None]).sum(axis=1)
        return cls(np.full(channels, float(count)), mean, squares)

    def only(self, channels: Sequence[bool]) -> Moments:
        """These moments with the counts of other channels set to nothing."""
        kept = np.asarray(channels, dtype=bool)
        return Moments(
            np.where(kept, self.count, 0), np.where(kept, self.mean, 0), self.squares * kept
        )

    def joined(self, other: Moments) -> Moments:
        """Moments of both batches together."""
        count = self.count + other.count
        share = np.divide(other.count, count, out=np.zeros_like(count), where=count > 0)
        distance = other.mean - self.mean
        return Moments(
            count,
            self.mean + distance * share,
            self.squares + other.squares + np.square(distance) * self.count * share,
        )

    @property
    def std(self) -> npt.NDArray[np.float64]:
        """Standard deviation of each channel; 1 where the channel does not vary."""
        variance = self.squares / np.maximum(self.count, 1)
        spread: npt.NDArray[np.float64] = np.sqrt(variance)
        # a constant channel is centred, not blown up; rounding leaves traces of a spread
        flat = spread <= 1e-9 * np.maximum(np.abs(self.mean), 1e-9)
        return np.where(flat, 1.0, spread)
