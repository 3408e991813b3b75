"""Is a confidence of 80 % right in 80 % of the pixels?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15
"""Equal-width bins of confidence (Guo et al. 2017, On Calibration of Modern Neural Networks)."""


@dataclass
class CalibrationBins:
    """Adds up confidence and correctness window by window; memory is the number of bins."""

    bins: int = BINS
    _count: NDArray[np.float64] = field(init=False)
    _confidence: NDArray[np.float64] = field(init=False)
    _correct: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self._count = np.zeros(self.bins)
        self._confidence = np.zeros(self.bins)
        self._correct = np.zeros(self.bins)

    def add(self, confidence: NDArray[np.floating[Any]], correct: NDArray[np.bool_]) -> None:
        """Count pixels of any shape; a confidence that is not finite is left out.

        Args:
            confidence: probability of the mapped class, 0..1.
            correct: whether the mapped class is the reference's.
        """
        usable = np.isfinite(confidence)
        values = confidence[usable].astype(np.float64)
        hits = correct[usable].astype(np.float64)
        # bin b holds (b / bins, (b + 1) / bins]; 0 falls into the first
        index = np.clip(np.ceil(values * self.bins).astype(np.int64) - 1, 0, self.bins - 1)
        self._count += np.bincount(index, minlength=self.bins)
        self._confidence += np.bincount(index, values, minlength=self.bins)
        self._correct += np.bincount(index, hits, minlength=self.bins)

    @property
    def error(self) -> float:
        """Expected calibration error, 0..1: mean |accuracy - confidence|, weighted by pixels."""
        total = self._count.sum()
        if not total:
            return float("nan")
        return float(np.abs(self._correct - self._confidence).sum() / total)

    def table(self) -> list[dict[str, float]]:
        """The reliability table: one row a bin that holds pixels."""
        return [
            {
                "low": index / self.bins,
                "high": (index + 1) / self.bins,
                "pixels": int(count),
                "confidence": float(self._confidence[index] / count),
                "accuracy": float(self._correct[index] / count),
            }
            for index, count in enumerate(self._count)
            if count
        ]


def expected_calibration_error(
    confidence: NDArray[np.floating[Any]], correct: NDArray[np.bool_], bins: int = BINS
) -> float:
    """Expected calibration error of arrays that fit into memory, 0..1; NaN without pixels."""
    table = CalibrationBins(bins)
    table.add(confidence, correct)
    return table.error
