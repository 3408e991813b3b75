"""Temporal resampling: nearest timestamps (paper Section 5) and padding in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from s4_core.sits.series import Series, Whole


def nearest_indices(dates_a: Sequence[date], dates_b: Sequence[date]) -> Whole:
    """For each date of `dates_a` the index of the nearest one in `dates_b`; of two, the earlier.

    Returns:
        `(len(dates_a),)` indices into `dates_b`.
    """
    if not dates_b:
        raise ValueError("There is no date to choose the nearest from.")
    days_a = np.array([day.toordinal() for day in dates_a], dtype=np.int64)
    days_b = np.array([day.toordinal() for day in dates_b], dtype=np.int64)
    # a stable order by date makes argmin take the earlier of two equally near dates
    order = np.argsort(days_b, kind="stable")
    distance = np.abs(days_a[:, None] - days_b[order][None, :])
    nearest: Whole = order[distance.argmin(axis=1)]
    return nearest


def pair_nearest(first: Series, second: Series) -> tuple[Series, Series]:
    """Align two series in time by nearest-timestamp interpolation (paper Section 5).

    The series with fewer frames stays as it is (of two equally long ones the first); for each of
    its frames the other gives the one nearest in time, repeated where need be. Both then have
    min(T1, T2) frames, each with its own true dates.
    """
    if len(first.dates) <= len(second.dates):
        return first, second.frames(nearest_indices(first.dates, second.dates))
    return first.frames(nearest_indices(second.dates, first.dates)), second


def pad_dates(series: Series, multiple: int = 4) -> Series:
    """Repeat the last frame, masked, until the number of frames is a multiple of `multiple`."""
    length = len(series.dates)
    return to_length(series, -(-length // multiple) * multiple)


def to_length(series: Series, length: int, literal: bool = False) -> Series:
    """Bring a series to a fixed number of frames (paper Section 6.3).

    A longer series loses its last frames, a shorter one repeats its last image.

    Args:
        literal: repetitions keep the validity of the image that they repeat, as the paper's text
            reads; otherwise they are invalid.
    """
    frames = len(series.dates)
    padded = series.frames(np.minimum(np.arange(length), frames - 1))
    if literal or length <= frames:
        return padded
    valid = padded.valid.copy()
    valid[frames:] = False
    return replace(padded, valid=valid)


def common_length(lengths: Sequence[int], percentile: float = 90.0, multiple: int = 4) -> int:
    """Length of all pretraining series: a percentile of theirs, rounded up (paper Section 6.3)."""
    longest = math.ceil(float(np.percentile(np.asarray(lengths), percentile)) - 1e-9)
    return max(multiple, -(-longest // multiple) * multiple)
