"""What parcels that nobody has labelled yet will say of a map: a range, not a number.

Leaving parcels out judges classifiers with a parcel less than the user's, by few parcels: with two
parcels a class it says too little, and its spread over parcels is too narrow always. By how much it
was off on simulated areas tells how far it may be off here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core import assess, data
from s4_core.model_card import ModelCard, metric_record
from s4_core.progress import Silent, Stage
from s4_core.train.pixels import Pixels
from s4_core.train.readout import Fit, learn_readout

COUNTS = (2, 3, 4)
"""Parcels a class for which it is measured; more count as the last."""

PERCENT = (2.5, 97.5)

Offsets = Mapping[str, Sequence[float]]
"""Lower and upper end of (mean IoU on all other parcels - that of parcels left out) by the number
of parcels a class, as text: it travels as JSON."""


def differences(
    features: npt.NDArray[np.float32], pixels: Pixels, count: int, draws: int, fit: Fit
) -> list[float]:
    """How far left-out parcels were off in one area whose parcels are all known.

    Args:
        features: `(N, E)` of a metric, at the pixels. count: parcels a class that teach.
        fit: the classifier of the area.
    """
    parcels, first = np.unique(pixels.parcels, return_index=True)
    classes = pixels.classes[first]
    known = [k for k in np.unique(classes) if (classes == k).sum() > count]
    if len(known) < 2:
        return []
    kept = np.isin(classes, known)
    parcels, classes = parcels[kept], np.searchsorted(known, classes[kept])
    inside = np.isin(pixels.parcels, parcels)
    features, own = features[inside], pixels.take(inside)
    own = Pixels(own.rows, own.cols, np.searchsorted(known, own.classes), own.parcels)
    found = []
    for draw in range(draws):
        taught = np.isin(own.parcels, parcels[data.draw_parcels(classes.tolist(), count, draw)])
        found.append(_difference(features, own, taught, len(known), fit))
    return found


def _difference(
    features: npt.NDArray[np.float32],
    pixels: Pixels,
    taught: npt.NDArray[np.bool_],
    class_count: int,
    fit: Fit,
) -> float:
    learned = learn_readout(
        features[taught],
        pixels.take(taught),
        class_count,
        fit=fit,
        seed=0,
        stage=Stage(Silent(), ""),
    )
    predicted = learned.readout.logits(features[~taught]).argmax(axis=1)
    matrix = assess.confusion(pixels.classes[~taught] + 1, predicted + 1, class_count)
    return float(assess.mean_iou(matrix, range(class_count)) - learned.held_out.mean_iou)


def offsets_from(found: Mapping[int, Sequence[float]]) -> dict[str, list[float]]:
    """The middle 95 % of differences, by the number of parcels a class."""
    return {
        str(count): [float(end) for end in np.percentile(some, PERCENT)]
        for count, some in found.items()
        if some
    }


def expected_range(
    validation: Mapping[str, Any], parcels: Sequence[int], offsets: Offsets
) -> dict[str, float] | None:
    """Where the mean IoU of other parcels will lie, in 95 of 100 cases like the simulated ones.

    Args:
        validation: a training's summary, of parcels that were left out.
        parcels: number of each class, of those classes that could be assessed.

    Returns:
        "low" and "high"; None where nothing was measured or nothing left out.
    """
    value = validation["miou"]["value"]
    if value is None or not parcels or not offsets:
        return None
    count = int(np.clip(np.median(parcels), COUNTS[0], COUNTS[-1]))
    low, high = offsets[str(count)]
    return {"low": max(0.0, value + low), "high": min(1.0, value + high)}


def offsets_of(card: ModelCard) -> Offsets:
    """What a checkpoint, or the one that it was fine-tuned from, says of left-out parcels."""
    found: Offsets = metric_record(card.record).get("offsets", {})
    return found
