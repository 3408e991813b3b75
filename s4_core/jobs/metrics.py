"""From counts to the metrics of `s4 evaluate`, with what they rest on and what they leave out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s4_core import assess
from s4_core.jobs.counting import Tally
from s4_core.phrases import listed
from s4_core.types import Legend

Score = Callable[[NDArray[np.int64]], float]

NOT_A_SAMPLE = "no interval: the reference is not a random sample"
NO_PARCELS = "no spread: the reference is a raster without parcels"
LEAST = {"parcels": 2, "points": 1}
"""A class that has fewer of a unit in all, those that trained the model included, is not
assessable: the only parcel of a class cannot both train and judge it. Points train nothing."""

FEW = 30

_NAMED = 20
"""Of longer lists so many classes are named in a sentence."""

UNCERTAIN = "uncertain"
"""The map class that no reference has: pixels below the minimum confidence."""


@dataclass(frozen=True)
class Judged:
    """Which classes the summary scores cover.

    Args:
        parcels: counted reference parcels or points of each class, `(K,)`; None for a raster.
        in_reference: whether the reference has the class at all, `(K,)`.
        assessable: 0-based classes that the summary averages.
    """

    parcels: NDArray[np.int64] | None
    in_reference: NDArray[np.bool_]
    assessable: list[int]


def summarise(
    legend: Legend, tally: Tally, values: NDArray[np.int64] | None, seed: int = 0
) -> dict[str, Any]:
    """Scores, spreads and what is left out, keyed as DESIGN section 4 names them.

    Args:
        values: map value of each reference parcel or point, `(P,)`; None for a raster.
    """
    judged = _judge(tally, values)
    names = legend.names
    iou, f1 = assess.iou(tally.matrix), assess.f1(tally.matrix)
    precision, recall = assess.precision(tally.matrix), assess.recall(tally.matrix)
    chosen = judged.assessable

    def by_class(scores: NDArray[np.float64]) -> dict[str, float | None]:
        return {n: float(scores[i]) if i in chosen else None for i, n in enumerate(names)}

    return {
        "classes": list(names),
        "confusion": tally.matrix.tolist(),
        "miou": {
            "value": assess.mean_iou(tally.matrix, chosen),
            **_spread(tally, values, lambda m: assess.mean_iou(m, chosen), seed),
        },
        "iou": by_class(iou),
        "f1": by_class(f1),
        "precision": by_class(precision),
        "recall": by_class(recall),
        "oa": assess.overall_accuracy(tally.matrix, chosen),
        "oa_spread": _spread(tally, values, lambda m: assess.overall_accuracy(m, chosen), seed),
        "ece": tally.calibration.error,
        "reliability": tally.calibration.table(),
        "unit": tally.unit,
        "n_parcels": None if judged.parcels is None else int(judged.parcels.sum()),
        "parcels": _parcels_by_class(legend, judged),
        "not_assessable": [n for i, n in enumerate(names) if i not in chosen and n != UNCERTAIN],
        "reference_px": tally.reference_px,
        "empty_px": tally.empty_px,
        "excluded_parcels": int(tally.excluded.sum()),
        "caveats": _caveats(legend, tally, judged),
    }


def _judge(tally: Tally, values: NDArray[np.int64] | None) -> Judged:
    if values is None:
        found = tally.matrix.sum(1) > 0
        return Judged(None, found, [int(i) for i in np.flatnonzero(found)])
    counted = _counted(tally)
    classes = len(tally.mapped_px)
    parcels = np.bincount(values[counted] - 1, minlength=classes).astype(np.int64)
    in_all = np.bincount(values - 1, minlength=classes)
    able = (parcels > 0) & (in_all >= LEAST[tally.unit])
    return Judged(parcels, in_all > 0, [int(i) for i in np.flatnonzero(able)])


def _counted(tally: Tally) -> NDArray[np.bool_]:
    """Parcels with at least one counted pixel, `(P,)`."""
    counted: NDArray[np.bool_] = tally.counts.sum(1) > 0
    return counted


def _spread(
    tally: Tally, values: NDArray[np.int64] | None, score: Any, seed: int
) -> dict[str, Any]:
    if values is None:
        return {"low": None, "high": None, "reason": NO_PARCELS}
    counted = _counted(tally)
    if not counted.any():
        return {"low": None, "high": None, "reason": f"no spread: none of the {tally.unit} counts"}
    low, high = assess.parcel_bootstrap(
        values[counted] - 1, tally.counts[counted], score, seed=seed
    )
    return {"low": low, "high": high}


def _parcels_by_class(legend: Legend, judged: Judged) -> dict[str, int] | None:
    if judged.parcels is None:
        return None
    return {name: int(n) for name, n in zip(legend.names, judged.parcels)}


def _caveats(legend: Legend, tally: Tally, judged: Judged) -> list[str]:
    """What a reader must know before believing the scores, in plain sentences."""
    said = []
    unit = tally.unit
    covered = [legend.names[i] for i in judged.assessable]
    left_out = [
        f"{name} ({_why(judged, i, unit)})"
        for i, name in enumerate(legend.names)
        if i not in judged.assessable and name != UNCERTAIN
    ]
    if left_out:
        over = (
            f"The summary scores cover {listed(covered, _NAMED)}"
            if covered
            else "No class is scored"
        )
        said.append(f"{over}; not assessable: {listed(left_out, _NAMED)}.")
    scored = None if judged.parcels is None else int(judged.parcels[judged.assessable].sum())
    if scored is not None and covered and scored < FEW:
        said.append(f"The scores rest on {scored} {unit}: read them with their spread.")
    single = [] if judged.parcels is None else judged.parcels.tolist()
    alone = [legend.names[i] for i in judged.assessable if single and single[i] == 1]
    if alone:
        said.append(f"One {unit[:-1]} alone judges {listed(alone, _NAMED)}: no spread covers that.")
    without_pixels = int((~_counted(tally) & ~tally.excluded).sum())
    if without_pixels and unit == "points":
        said.append(f"{without_pixels} point(s) lie on no mapped pixel and do not count.")
    elif without_pixels:
        said.append(f"{without_pixels} parcel(s) hold no mapped pixel and do not count.")
    if tally.empty_px and unit != "points":
        share = tally.empty_px / max(tally.reference_px, 1)
        said.append(f"The map leaves {share:.0%} of the reference pixels empty; not counted.")
    return said


def _why(judged: Judged, index: int, unit: str) -> str:
    if judged.parcels is None or not judged.in_reference[index]:
        return "not in the reference"
    return f"its only {unit[:-1]}" if judged.parcels[index] else f"no {unit[:-1]} left"


def mapped_areas(
    legend: Legend,
    tally: Tally,
    values: NDArray[np.int64] | None,
    sampling: str | None,
    unmatched: dict[str, int],
) -> dict[str, Any]:
    """Areas per class: counted hectares, and the adjusted ones where the sample allows it.

    The sample units of reference parcels are the parcels, each with its majority mapped class;
    points are units themselves, as are the pixels of a reference raster.

    Args:
        sampling: "random", "stratified" or None.
        unmatched: classes of the reference that the map does not know.
    """
    counted = [
        {"name": name, "pixels": int(pixels), "hectares": float(hectares)}
        for name, pixels, hectares in zip(legend.names, tally.mapped_px, tally.mapped_ha)
    ]
    if sampling is None:
        return {"areas": counted, "areas_reason": NOT_A_SAMPLE, "adjusted": None}
    if unmatched:
        reason = f"no interval: the map does not know {', '.join(unmatched)} of the sample"
        return {"areas": counted, "areas_reason": reason, "adjusted": None}
    try:
        found = assess.area_adjusted(_units(tally, values), tally.mapped_ha, 1.0, sampling)
    except assess.NoInterval as error:
        short = ", ".join(legend.names[i] for i in error.classes)
        reason = f"no interval: fewer than two sample units were mapped as {short}"
        return {"areas": counted, "areas_reason": reason, "adjusted": None}
    for row, area in zip(counted, found.areas_ha):
        row["adjusted"] = _plain(area, float(tally.mapped_ha.sum()))
    adjusted = {
        "oa": _plain(found.overall, 1.0),
        "users": {n: _plain(e, 1.0) for n, e in zip(legend.names, found.users)},
        "producers": {n: _plain(e, 1.0) for n, e in zip(legend.names, found.producers)},
    }
    return {"areas": counted, "areas_reason": None, "adjusted": adjusted}


def _units(tally: Tally, values: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """`(K, K)` sample units, rows reference."""
    if values is None:
        return tally.matrix
    units = np.zeros_like(tally.matrix)
    counted = _counted(tally)
    np.add.at(units, (values[counted] - 1, tally.counts[counted].argmax(1)), 1)
    return units


def _plain(estimate: assess.Estimate, most: float) -> dict[str, float]:
    """An estimate with its interval, cut to what is possible: 0 to `most`."""
    low, high = max(estimate.low, 0.0), min(estimate.high, most)
    return {"value": estimate.value, "low": low, "high": high}


def per_parcel(
    legend: Legend, tally: Tally, parcels: tuple[Any, ...], values: NDArray[np.int64]
) -> list[dict[str, Any]]:
    """One row a counted parcel or point: its class, its pixels, the share that is right."""
    rows = []
    for index in np.flatnonzero(_counted(tally)):
        own, value = tally.counts[index], int(values[index])
        rows.append(
            {
                "id": parcels[index].id,
                "class": legend.names[value - 1],
                "pixels": int(own.sum()),
                "right": float(own[value - 1] / own.sum()),
                "mapped": legend.names[int(own.argmax())],
            }
        )
    return rows
