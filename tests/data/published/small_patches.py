from __future__ import annotations

from datetime import date

import numpy as np

from s4_core.data.published import PatchContent
from s4_core.sits import Series
from s4_core.types import Grid, Modality

SIDE = 8


def series(dates: tuple[date, ...], channels: int, seed: int, high: float) -> Series:
    values = np.random.default_rng(seed).uniform(0.01, high, (len(dates), channels, SIDE, SIDE))
    return Series(
        np.round(values, 4).astype(np.float32), np.ones((len(dates), SIDE, SIDE), bool), dates
    )


def content(number: int, fold: int, codes: int = 20) -> PatchContent:
    """A patch of random numbers whose optical dates are not in order."""
    rng = np.random.default_rng(number)
    optical = (date(2019, 5, 1), date(2018, 11, 3), date(2019, 7, 9))
    radar = tuple(date(2019, month, 2) for month in (1, 3, 5, 7))
    grid = Grid("", (100.0 * number, 10.0, 0.0, 500.0, 0.0, -10.0), SIDE, SIDE)
    radar_series = series(radar, 3, number + 50, 1.0)
    return PatchContent(
        id=str(number),
        fold=fold,
        grid=grid,
        series={Modality.OPTICAL: series(optical, 10, number, 0.6), Modality.RADAR: radar_series},
        target=rng.integers(0, codes, (SIDE, SIDE)).astype(np.uint8),
        parcels=rng.integers(0, 3, (SIDE, SIDE)).astype(np.int32),
        cloudy=np.zeros((3, SIDE, SIDE), bool) if number % 2 else None,
    )
