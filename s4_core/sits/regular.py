"""Temporal resampling onto a calendar, with gaps masked rather than invented (DESIGN section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from s4_core.sits.series import Bools, Floats, Series, Whole


def onto_calendar(
    series: Series, dates: Sequence[date], max_gap_days: float, until: date | None = None
) -> Series:
    """Resample every pixel of a series onto equally spaced target dates.

    For each pixel and target date, the first rule that applies:

    1. usable observations at most half a step away: their mean (for radar the mean of dB, the
       geometric mean of the power: its expectation does not depend on how many were averaged);
    2. usable observations before and after, at most `max_gap_days` apart: linear in between;
    3. usable observations on one side only: the nearest one, if at most `max_gap_days / 2` away;
    4. otherwise invalid.

    Target dates after `until`, or more than a step after the newest acquisition, are invalid: a
    season still running is padded, not foretold. Observations after `until` are not looked at.

    Args:
        series: T frames with differing dates, in any order.
        dates: K target dates, ascending, equally spaced.
        max_gap_days: longest stretch between two observations to interpolate over, days.
        until: last day that may be said anything about; None = no limit.

    Returns:
        A series of K frames, `(K, C, H, W)`.
    """
    known = [i for i, day in enumerate(series.dates) if until is None or day <= until]
    track = _Track.of(series if len(known) == len(series.dates) else series.frames(known))
    targets = np.array([day.toordinal() for day in dates], dtype=np.int64)
    step = int(targets[1] - targets[0]) if len(targets) > 1 else 1
    last = track.last_day(step, until)
    before = track.nearest_before(targets)
    after = track.nearest_after(targets)
    frames, channels, height, width = len(targets), *series.values.shape[1:]
    values = np.zeros((frames, channels, height, width), dtype=np.float32)
    valid = np.zeros((frames, height, width), dtype=bool)
    for k in np.flatnonzero(targets <= last):
        values[k], valid[k] = track.mean_within(targets[k], step / 2)
        bridge = _Bridge.over(track, targets[k], (before[k], after[k]), max_gap_days)
        bridge.fill(values[k], valid[k])
    return replace(series, values=values, valid=valid, dates=tuple(dates))


@dataclass(frozen=True, eq=False)
class _Track:
    """A series in order of time.

    Args:
        values, valid: the series' arrays, in its own order.
        order: frame index by rank in time.
        days: day numbers by rank in time, strictly ascending.
    """

    values: Floats
    valid: Bools
    order: Whole
    days: npt.NDArray[np.int64]

    @classmethod
    def of(cls, series: Series) -> _Track:
        days = np.array([day.toordinal() for day in series.dates], dtype=np.int64)
        order = np.argsort(days)
        if np.any(np.diff(days[order]) == 0):
            raise ValueError("Two frames of the series have the same date; merge them first.")
        return cls(series.values, series.valid, order, days[order])

    def last_day(self, step_days: int, until: date | None) -> int:
        """The last day that anything is known of: a step after the newest image, at most."""
        newest = int(self.days[-1]) + step_days if len(self.days) else -1
        return newest if until is None else min(newest, until.toordinal())

    def mean_within(self, target: int, radius_days: float) -> tuple[Floats, Bools]:
        """Mean of the usable observations around a day: `(C, H, W)`, 0 where there is none."""
        total = np.zeros(self.values.shape[1:], dtype=np.float32)
        count = np.zeros(self.values.shape[2:], dtype=np.float32)
        for rank in np.flatnonzero(np.abs(self.days - target) <= radius_days):
            usable = self.valid[self.order[rank]]
            # an unusable value may be anything, even NaN: it is replaced, not multiplied by 0
            total += np.where(usable, self.values[self.order[rank]], 0)
            count += usable
        return total / np.maximum(count, 1), count > 0

    def nearest_before(self, targets: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """Rank of each pixel's newest usable observation up to each target; -1 where none.

        Returns:
            `(K, H, W)`.
        """
        return self._latest(targets, self.days, range(len(self.days)))

    def nearest_after(self, targets: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """Rank of each pixel's oldest usable observation from each target on; -1 where none.

        Returns:
            `(K, H, W)`.
        """
        # time reversed, "after" is "before"
        return self._latest(-targets[::-1], -self.days, range(len(self.days) - 1, -1, -1))[::-1]

    def _latest(
        self,
        targets: npt.NDArray[np.int64],
        days: npt.NDArray[np.int64],
        ranks: range,
    ) -> npt.NDArray[np.int32]:
        newest = np.full(self.valid.shape[1:], -1, dtype=np.int32)
        found = np.empty((len(targets), *newest.shape), dtype=np.int32)
        waiting = iter(ranks)
        rank = next(waiting, None)
        for k, target in enumerate(targets):
            while rank is not None and days[rank] <= target:
                newest[self.valid[self.order[rank]]] = rank
                rank = next(waiting, None)
            found[k] = newest
        return found

    def gather(self, ranks: npt.NDArray[np.int32], where: Bools) -> Floats:
        """Values of one observation per pixel: `(n, C)` for the n pixels of `where` `(H, W)`."""
        rows, cols = np.nonzero(where)
        picked: Floats = self.values[self.order[ranks[rows, cols]], :, rows, cols]
        return picked


@dataclass(frozen=True, eq=False)
class _Bridge:
    """How rules 2 and 3 of `onto_calendar` fill one frame.

    Args:
        target: day number of the frame.
        before, after: `(H, W)` ranks of the nearest usable observations, -1 where none.
        both: pixels to interpolate between them. held, awaited: pixels to take from one of them.
    """

    track: _Track
    target: int
    before: npt.NDArray[np.int32]
    after: npt.NDArray[np.int32]
    both: Bools
    held: Bools
    awaited: Bools

    @classmethod
    def over(
        cls,
        track: _Track,
        target: int,
        nearest: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]],
        max_gap_days: float,
    ) -> _Bridge:
        before, after = nearest
        # rank -1 picks some day, which the conditions on the ranks keep out of the result
        waited, ahead = target - track.days[before], track.days[after] - target
        return cls(
            track,
            target,
            before,
            after,
            both=(before >= 0) & (after >= 0) & (waited + ahead <= max_gap_days),
            held=(before >= 0) & (after < 0) & (waited <= max_gap_days / 2),
            awaited=(before < 0) & (after >= 0) & (ahead <= max_gap_days / 2),
        )

    def fill(self, values: Floats, valid: Bools) -> None:
        """Fill the pixels of a frame `(C, H, W)` that are not valid, in place."""
        both, held, awaited = (m & ~valid for m in (self.both, self.held, self.awaited))
        if both.any():
            start = self.track.days[self.before[both]]
            end = self.track.days[self.after[both]]
            share = ((self.target - start) / (end - start)).astype(np.float32)[:, None]
            left = self.track.gather(self.before, both)
            right = self.track.gather(self.after, both)
            # (n, C) -> (C, n), the order in which a mask over (H, W) assigns
            values[:, both] = (left + share * (right - left)).T
        values[:, held] = self.track.gather(self.before, held).T
        values[:, awaited] = self.track.gather(self.after, awaited).T
        valid |= both | held | awaited
