"""What a user would otherwise use: a random forest on the raw series, judged by the same parcels.

It sees the same pixels in the same standardised series, gaps filled in time, without a network.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.ensemble import RandomForestClassifier
from torch import Tensor

from s4_core.progress import Stage
from s4_core.train.folds import plan_folds
from s4_core.train.head_mode import taught_pixels
from s4_core.train.pixels import Inputs, Pixels, compute_at
from s4_core.train.scores import HeldOut, pixels_by_class, validation_summary
from s4_core.train.task import Outcome, Task
from s4_core.train.weights import parcel_balanced

TREES = 200

Floats = npt.NDArray[np.float32]


def rival_summary(task: Task, outcome: Outcome, stage: Stage) -> dict[str, Any] | None:
    """The score of a random forest on the split that judged the model; None without a split.

    Mode "head" is judged by folds of parcels, so is its rival: by the very same ones. "decoder"
    and "full" are judged by their validation parcels, which the rival does not learn from either.

    Returns:
        "name", "trees", "scheme", "miou" (value, low, high) and "not_assessable".

    Raises:
        Cancelled: the user stopped it.
    """
    if outcome.held_out.scheme == "none":
        return None
    pixels = taught_pixels(task)
    series, seen = compute_at(
        pixels,
        0,
        lambda window: task.inputs([window]),
        filled_series,
        device=task.device,
        stage=stage.part("series of the random forest", 0.0, 0.3),
    )
    pixels = pixels.take(seen)
    held_out = judge_forest(
        series[seen],
        pixels,
        _parts(pixels, outcome, task.settings.seed),
        class_count=task.class_count,
        scheme=outcome.held_out.scheme,
        seed=task.settings.seed,
        threads=task.settings.runtime.threads,
        stage=stage.part("random forest", 0.3, 1.0),
    )
    summary = validation_summary(held_out, task.labels.legend.names, task.settings.seed)
    kept = {key: summary[key] for key in ("scheme", "miou", "not_assessable")}
    return {"name": "random forest", "trees": TREES, **kept}


def filled_series(inputs: Inputs) -> Tensor:
    """Every channel on every date, gaps filled between the nearest valid dates: (1, D, h, w).

    Before the first valid date the first one holds, after the last the last one; pixels without
    any are 0, the mean.
    """
    layers = []
    for x, valid, days in inputs.values():
        filled = fill_gaps(x[0].cpu().numpy(), valid[0].cpu().numpy(), days[0].cpu().numpy())
        # (C, T, h, w) -> (C * T, h, w)
        layers.append(filled.reshape(-1, *filled.shape[2:]))
    return torch.from_numpy(np.concatenate(layers))[None]


def fill_gaps(x: Floats, valid: npt.NDArray[np.bool_], days: Floats) -> Floats:
    """Linear interpolation in time.

    Args:
        x: `(C, T, h, w)`. valid: `(T, h, w)`. days: `(T,)` day of year; a season may pass the
            year's end.
    """
    frames = len(days)
    # days of the year that ran over the year's end go on counting
    time = np.unwrap(days.astype(np.float64), period=365.25).astype(np.float32)
    number = np.arange(frames)[:, None, None]
    before = np.maximum.accumulate(np.where(valid, number, -1), axis=0)
    after = np.minimum.accumulate(np.where(valid, number, frames)[::-1], axis=0)[::-1]
    any_valid = valid.any(axis=0)
    before, after = np.where(before < 0, after, before), np.where(after >= frames, before, after)
    before, after = (np.where(any_valid, place, 0) for place in (before, after))
    span = time[after] - time[before]
    share = np.where(
        span > 0, (time[:, None, None] - time[before]) / np.where(span > 0, span, 1), 0
    )
    low = np.take_along_axis(x, before[None], axis=1)
    high = np.take_along_axis(x, after[None], axis=1)
    filled: Floats = np.where(any_valid, low + (high - low) * share, 0).astype(np.float32)
    return filled


def judge_forest(
    series: Floats,
    pixels: Pixels,
    parts: Sequence[npt.NDArray[np.int64]],
    *,
    class_count: int,
    scheme: str,
    seed: int,
    threads: int | None = None,
    stage: Stage,
) -> HeldOut:
    """Learn without each part of the parcels, and predict it.

    Args:
        series: `(N, D)` at the `pixels`. parts: parcels that are held out together.

    Raises:
        Cancelled: the user stopped it.
    """
    classes, counts = [], []
    for done, part in enumerate(parts):
        out = np.isin(pixels.parcels, part)
        forest = RandomForestClassifier(TREES, random_state=seed, n_jobs=threads or -1)
        weights = parcel_balanced(pixels.classes[~out], pixels.parcels[~out])
        forest.fit(series[~out], pixels.classes[~out], sample_weight=weights)
        predicted = forest.predict(series[out])
        for parcel in np.unique(pixels.parcels[out]):
            own = pixels.parcels[out] == parcel
            classes.append(int(pixels.classes[out][own][0]))
            counts.append(pixels_by_class(predicted[own], class_count))
        stage.step(done + 1, len(parts))
    if not counts:
        return HeldOut.nothing(class_count)
    return HeldOut(np.asarray(classes, np.int64), np.stack(counts), scheme)


def _parts(pixels: Pixels, outcome: Outcome, seed: int) -> list[npt.NDArray[np.int64]]:
    """Parcels that are held out together, as the model's own assessment held them out."""
    if len(outcome.validation):
        return [np.asarray(outcome.validation, np.int64)]
    parcels, first = np.unique(pixels.parcels, return_index=True)
    folds = plan_folds(pixels.classes[first].tolist(), seed)
    return [parcels[list(fold)] for fold in folds.held_out]
