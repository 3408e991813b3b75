"""Image time series in memory: physical (`Series`) and as the network takes them (`Sample`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Series:
    """A SITS of one modality.

    Args:
        values: `(T, C, H, W)` float32; 0 wherever `valid` is False (padding frames excepted).
        valid: `(T, H, W)` bool, True = usable.
        dates: T dates, in the order of the frames.
        present_channels: for each channel, whether the sensor recorded it; None = all of them.
            An absent channel is 0 everywhere and says nothing.
    """

    values: Floats
    valid: Bools
    dates: tuple[date, ...]
    present_channels: tuple[bool, ...] | None = None

    def __post_init__(self) -> None:
        frames, channels, height, width = self.values.shape
        if self.valid.shape != (frames, height, width) or len(self.dates) != frames:
            raise ValueError(
                f"A series of values {self.values.shape} needs valid {(frames, height, width)} and "
                f"{frames} dates, got {self.valid.shape} and {len(self.dates)}."
            )
        if self.present_channels is None:
            object.__setattr__(self, "present_channels", (True,) * channels)

    def frames(self, indices: Any) -> Series:
        """The series of some frames, given by their indices (repetition allowed)."""
        chosen = [int(index) for index in indices]
        return replace(
            self,
            values=self.values[chosen],
            valid=self.valid[chosen],
            dates=tuple(self.dates[index] for index in chosen),
        )


@dataclass(frozen=True, eq=False)
class Sample:
    """What the network sees of one window in one modality.

    Args:
        x: `(C, T, H, W)` float32, standardised; the network sees it as it is. 0, the mean, where
            nothing was observed (cloud, gap, outside); a repeated frame shows the image that it
            repeats.
        valid: `(T, H, W)` bool, True = observed and not a repetition; no loss and no mean over
            time counts anything else.
        days: `(T,)` float32, day of the year, 1..366.
        dates: T dates.
        present_channels: `(C,)` bool; an absent channel is 0 and no loss may count it.
    """

    x: Floats
    valid: Bools
    days: Floats
    dates: tuple[date, ...]
    present_channels: Bools

    @classmethod
    def of(cls, series: Series) -> Sample:
        """Bring a standardised series into the network's axis order."""
        # (T, C, H, W) -> (C, T, H, W)
        x = np.ascontiguousarray(series.values.transpose(1, 0, 2, 3))
        return cls(
            x=x,
            valid=series.valid,
            days=days_of_year(series.dates),
            dates=series.dates,
            present_channels=np.array(series.present_channels, dtype=bool),
        )


def days_of_year(dates: tuple[date, ...]) -> Floats:
    """Day of the year (1..366) of each date, `(T,)` float32."""
    return np.array([day.timetuple().tm_yday for day in dates], dtype=np.float32)
