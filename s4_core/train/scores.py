"""What a training may say of its own accuracy, from parcels that it did not learn from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core import assess

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class HeldOut:
    """Predictions of held-out parcels.

    Args:
        classes: class of each held-out parcel, 0-based, `(P,)`.
        counts: its pixels by predicted class, `(P, K)`.
        scheme: "leave-one-parcel-out", "hold-out" or "none" (no class can spare a parcel).
    """

    classes: npt.NDArray[np.int64]
    counts: Counts
    scheme: str

    @classmethod
    def nothing(cls, class_count: int) -> HeldOut:
        """No parcel could be held out."""
        return cls(np.zeros(0, np.int64), np.zeros((0, class_count), np.int64), "none")

    @property
    def assessable(self) -> list[int]:
        """Classes (0-based) with a held-out parcel."""
        return [int(value) for value in np.unique(self.classes)]

    @property
    def confusion(self) -> Counts:
        """`(K, K)`, rows reference, columns prediction, pixels."""
        return assess.summed(self.classes, self.counts)

    @property
    def mean_iou(self) -> float:
        """Paper Eq. 4 over the assessable classes; NaN without any."""
        return assess.mean_iou(self.confusion, self.assessable)


def pixels_by_class(predicted: npt.NDArray[np.integer[Any]], class_count: int) -> Counts:
    """Pixels of each predicted class (0-based): `(K,)`."""
    return np.bincount(predicted.ravel(), minlength=class_count).astype(np.int64)


def validation_summary(held_out: HeldOut, names: Sequence[str], seed: int) -> dict[str, Any]:
    """The `validation` entry of a training record: plain values, None where nothing is known.

    Args:
        names: class names in order.
        seed: of the bootstrap over parcels.
    """
    assessable = held_out.assessable
    matrix = held_out.confusion
    low, high = assess.parcel_bootstrap(
        held_out.classes, held_out.counts, lambda m: assess.mean_iou(m, assessable), seed=seed
    )
    iou, f1 = assess.iou(matrix), assess.f1(matrix)
    return {
        "scheme": held_out.scheme,
        "miou": {
            "value": _known(held_out.mean_iou),
            "low": _known(low),
            "high": _known(high),
        },
        "per_class": {
            names[k]: {
                "iou": _known(iou[k]),
                "f1": _known(f1[k]),
                "parcels": int((held_out.classes == k).sum()),
                "pixels": int(matrix[k].sum()),
            }
            for k in assessable
        },
        "not_assessable": [name for k, name in enumerate(names) if k not in assessable],
        "confusion": matrix.tolist(),
    }


def summary_sentence(summary: dict[str, Any]) -> str:
    """One plain sentence for the log: the score, its spread and what it leaves out."""
    left_out = summary["not_assessable"]
    if summary["scheme"] == "none":
        return "No class has a second parcel, so accuracy is not assessable."
    score = summary["miou"]
    text = f"Validation mIoU {score['value']:.2f}"
    if score["low"] is not None:
        text += f" ({score['low']:.2f} to {score['high']:.2f} over parcels)"
    text += f", {summary['scheme']}"
    expected = summary.get("expected")
    if expected:
        text += f"; expect {expected['low']:.2f} to {expected['high']:.2f} on other parcels"
    return text + (f"; not assessable: {', '.join(left_out)}." if left_out else ".")


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
