"""How much better one method is than another, with an interval over areas and parcels.

Splits repeat parcels, so they are no independent observations and are never drawn anew. A
replicate draws areas with replacement and, in each, parcels of every class with replacement; all
splits, modalities, k and both methods of an area see the same draw, so that the difference is
paired (Efron & Tibshirani 1993, ch. 8, two-stage).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.benchmark.cells import Cell
from s4_core.benchmark.judging import Counts, voted

REPLICATES = 1000
LEVEL = 0.95

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """A paired difference of two methods' means over their common cells.

    Args:
        low, high: of the interval; NaN where there is nothing to draw from.
    """

    mean: float
    low: float
    high: float


def paired_difference(
    first: Sequence[Cell], second: Sequence[Cell], *, vote: bool, seed: int
) -> Difference:
    """Mean mIoU of the first method minus that of the second, cell by cell.

    Args:
        first, second: cells of equal area, modality and k at equal places, with equal splits.
        vote: by the majority of each parcel.
    """
    scores = [(_scores(a, vote), _scores(b, vote)) for a, b in zip(first, second)]
    mean = float(np.mean([np.mean(a) - np.mean(b) for a, b in scores]))
    by_area: dict[str, list[tuple[Cell, Cell]]] = {}
    for pair in zip(first, second):
        by_area.setdefault(pair[0].area, []).append(pair)
    rng = np.random.default_rng(seed)
    areas = list(by_area.values())
    chosen = rng.integers(len(areas), size=(REPLICATES, len(areas)))
    total, cells = np.zeros(REPLICATES), np.zeros(REPLICATES)
    for place in range(len(areas)):
        for number, pairs in enumerate(areas):
            replicates = np.flatnonzero(chosen[:, place] == number)
            total[replicates] += _redrawn_sums(pairs, len(replicates), vote, rng)
            cells[replicates] += len(pairs)
    values = total / cells
    values = values[np.isfinite(values)]
    if not values.size:
        return Difference(mean, float("nan"), float("nan"))
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Difference(mean, float(low), float(high))


def _scores(cell: Cell, vote: bool) -> list[float]:
    return cell.miou_vote if vote else cell.miou


def _redrawn_sums(
    pairs: Sequence[tuple[Cell, Cell]], replicates: int, vote: bool, rng: np.random.Generator
) -> Floats:
    """Sum over an area's cells of the paired difference, for redrawn parcels: `(R,)`."""
    times = redrawn(pairs[0][0].parcel_classes, replicates, rng)
    found = np.zeros(replicates)
    for first, second in pairs:
        a, b = (redrawn_scores(cell, times, vote) for cell in (first, second))
        # a split whose parcels to judge were not drawn says nothing of either method
        found += np.nanmean(a - b, axis=1) if replicates else 0.0
    return found


def redrawn(
    parcel_classes: npt.NDArray[np.int64], replicates: int, rng: np.random.Generator
) -> Counts:
    """How often each parcel is drawn when those of each class are drawn anew: `(R, P)`."""
    times = np.zeros((replicates, len(parcel_classes)), np.int64)
    for value in np.unique(parcel_classes[parcel_classes >= 0]):
        members = np.flatnonzero(parcel_classes == value)
        times[:, members] = rng.multinomial(
            len(members), np.full(len(members), 1 / len(members)), size=replicates
        )
    return times


def redrawn_scores(cell: Cell, times: Counts, vote: bool) -> Floats:
    """Mean IoU of each replicate and split, `(R, S)`; NaN where no parcel to judge was drawn.

    A class of which a replicate drew no parcel to judge is left out of that mean, for both
    methods alike; what was wrongly given to it still counts against the others.

    Args:
        times: `(R, P)`.
    """
    counts = voted(cell.counts) if vote else cell.counts
    splits, _, classes = counts.shape
    matrix = np.zeros((len(times), splits, classes, classes))
    for value in cell.classes:
        members = cell.parcel_classes == value
        matrix[:, :, value] = np.einsum("rp,spk->rsk", times[:, members], counts[:, members])
    hits = np.diagonal(matrix, axis1=2, axis2=3)
    drawn = matrix.sum(axis=3)
    union = drawn + matrix.sum(axis=2) - hits
    iou = np.divide(hits, union, out=np.full(hits.shape, np.nan), where=drawn > 0)
    known = ~np.isnan(iou)
    sums: Floats = np.divide(
        np.nansum(iou, axis=2),
        known.sum(axis=2),
        out=np.full(known.shape[:2], np.nan),
        where=known.any(axis=2),
    )
    return sums
