from __future__ import annotations

import numpy as np

from s4_core.simulate.weather import DRIEST, WETTEST, simulate_weather

DAYS = np.arange(-120.0, 320.0)


def test_moisture_stays_in_its_range_and_follows_rain():
    weather = simulate_weather(DAYS, np.random.default_rng(0))
    assert weather.moisture.min() >= DRIEST
    assert weather.moisture.max() <= WETTEST
    change = np.diff(weather.moisture)
    assert change[weather.rain_mm[1:] > 8].mean() > 0.01
    assert change[weather.rain_mm[1:] == 0].max() <= 0


def test_winters_are_wetter_than_summers_and_alone_frozen():
    years = [simulate_weather(DAYS, np.random.default_rng(seed)) for seed in range(20)]
    moisture = np.mean([year.moisture for year in years], axis=0)
    assert moisture[(DAYS > 0) & (DAYS < 50)].mean() > 0.3
    assert moisture[(DAYS > 170) & (DAYS < 230)].mean() < 0.22
    frozen = np.any([year.frozen for year in years], axis=0)
    assert frozen[(DAYS > -20) & (DAYS < 60)].any()
    assert not frozen[DAYS > 80][: 365 - 30 - 80].any()


def test_a_dry_summer_has_less_rain():
    years = [simulate_weather(DAYS, np.random.default_rng(seed)) for seed in range(60)]
    summer = (DAYS > 170) & (DAYS < 240)
    rain = np.array([year.rain_mm[summer].sum() for year in years])
    dryness = np.array([year.year.dry_summer for year in years])
    assert np.corrcoef(rain, dryness)[0, 1] < -0.3
