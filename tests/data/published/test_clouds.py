from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from s4_core.data.published.clouds import BANDS, bright_clouds, cloud_share
from s4_core.simulate import SimulationSettings, series_of, simulate_area
from s4_core.sits import Series
from s4_core.types import CLOUDY_SCL, Modality, Season


@pytest.mark.parametrize(
    ("green", "red", "shortwave", "cloudy"),
    [
        (0.45, 0.46, 0.3, True),  # thick cloud
        (0.25, 0.22, 0.3, True),  # thin, bluish
        (0.20, 0.26, 0.35, False),  # bright dry soil
        (0.08, 0.05, 0.2, False),  # vegetation
        (0.60, 0.58, 0.05, False),  # snow
    ],
)
def test_bright_and_whitish_is_cloud(
    green: float, red: float, shortwave: float, cloudy: bool
) -> None:
    values = np.array([green, red, shortwave], np.float32).reshape(1, 3, 1, 1)
    series = Series(values, np.ones((1, 1, 1), bool), (date(2019, 5, 1),))
    assert bool(bright_clouds(series)[0, 0, 0]) is cloudy


def test_what_was_not_seen_is_no_cloud() -> None:
    series = Series(
        np.full((1, 3, 2, 2), 0.5, np.float32), np.zeros((1, 2, 2), bool), (date(2019, 5, 1),)
    )
    assert not bright_clouds(series).any()


def test_simulated_patches_are_ranked_as_by_the_simulators_own_masks() -> None:
    judged, true = [], []
    for number, cloudiness in enumerate((0.1, 0.3, 0.5)):
        season = Season(date(2018, 10, 15), date(2019, 10, 31))
        area = simulate_area(
            SimulationSettings(
                seed=number, size_px=48, season=season, optical_count=8, cloudiness=cloudiness
            )
        )
        series = series_of(area, Modality.OPTICAL, BANDS, mask_clouds=False)
        hidden = np.isin(area.scl, CLOUDY_SCL)
        for row in range(0, 48, 16):
            rows = slice(row, row + 16)
            part = Series(series.values[..., rows, :], series.valid[:, rows], series.dates)
            judged.append(cloud_share(part))
            true.append(hidden[:, rows].mean())
    assert np.corrcoef(judged, true)[0, 1] > 0.9
