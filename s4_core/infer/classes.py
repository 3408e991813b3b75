"""From class probabilities to map values, and what counts as uncertain. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.errors import ConfigurationError
from s4_core.types import NODATA_VALUE, Legend, MapClass

Floats = npt.NDArray[np.float32]

UNCERTAIN = MapClass("uncertain", "", (150, 150, 150))
"""The class of pixels whose confidence is below the user's least one."""


@dataclass(frozen=True)
class ClassPixels:
    """Classes with their confidence, of the pixels `(h, w)` of a window or of a list of parcels.

    Args:
        values: uint16, 1..K in the model's class order, 0 = nodata.
        confidence: largest probability, NaN where nodata.
        margin: largest minus second largest probability, NaN where nodata.
    """

    values: npt.NDArray[np.uint16]
    confidence: Floats
    margin: Floats


def classify(probabilities: Floats, mapped: npt.NDArray[np.bool_]) -> ClassPixels:
    """The most probable class of each pixel; the first one on a tie.

    Args:
        probabilities: `(K, h, w)`, K >= 2, summing to 1 over K.
        mapped: `(h, w)`, False = nodata.
    """
    values = probabilities.argmax(axis=0).astype(np.uint16) + 1
    # the two largest of K probabilities per pixel, in ascending order: (2, h, w)
    second, first = np.partition(probabilities, -2, axis=0)[-2:]
    return ClassPixels(
        values=np.where(mapped, values, NODATA_VALUE).astype(np.uint16),
        confidence=np.where(mapped, first, np.nan).astype(np.float32),
        margin=np.where(mapped, first - second, np.nan).astype(np.float32),
    )


def legend_with_uncertain(legend: Legend, min_confidence: float | None) -> Legend:
    """The map's legend: the model's, and `uncertain` after it where a minimum confidence is asked.

    Raises:
        ConfigurationError: the minimum confidence is not a probability.
        LabelError: the model has a class of that name.
    """
    if min_confidence is None:
        return legend
    if not 0.0 <= min_confidence <= 1.0:
        raise ConfigurationError(
            f"The minimum confidence is {min_confidence}.", "Give a probability from 0 to 1."
        )
    return Legend((*legend.classes, UNCERTAIN))


def mark_uncertain(
    pixels: ClassPixels, min_confidence: float | None, classes: int
) -> npt.NDArray[np.uint16]:
    """Map values where pixels below the minimum confidence become `classes` + 1."""
    if min_confidence is None:
        return pixels.values
    doubtful = (pixels.values != NODATA_VALUE) & (pixels.confidence < min_confidence)
    return np.where(doubtful, classes + 1, pixels.values).astype(np.uint16)
