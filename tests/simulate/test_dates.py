from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from s4_core.errors import ConfigurationError
from s4_core.simulate import SimulationSettings
from s4_core.simulate.dates import geometry, optical_passes, passes, radar_passes
from s4_core.types import Season

SEASON = Season(date(2018, 10, 15), date(2019, 10, 31))


@examples(deadline=None, max_examples=40)
@given(count=st.integers(1, 120), cycle=st.sampled_from([5, 6]), seed=st.integers(0, 99))
def test_passes_are_distinct_days_of_the_season_on_their_orbits(count, cycle, seed):
    found = passes(SEASON, count, cycle, 2, np.random.default_rng(seed))
    assert len(found.days) == count
    assert np.all(np.diff(found.days) > 0)
    assert found.days[0] >= 0
    assert found.days[-1] < SEASON.length_days
    for orbit in (0, 1):
        assert len(set(found.days[found.orbits == orbit] % cycle)) <= 1


def test_more_dates_than_passes_is_an_error():
    with pytest.raises(ConfigurationError, match="fewer than the 500"):
        passes(SEASON, 500, 6, 5, np.random.default_rng(0))


def test_one_orbit_is_enough_for_few_dates():
    assert set(optical_passes(SimulationSettings()).orbits) == {0}
    assert set(radar_passes(SimulationSettings(radar_count=100)).orbits) == {0, 1}


def test_the_sun_stands_as_it_does_in_flanders():
    settings = SimulationSettings(optical_count=76)
    times = optical_passes(settings)
    zenith = geometry(settings, times).sun_zenith
    months = np.array([day.month for day in times.dates(settings.season)])
    # solar noon at 50.8 degrees north: 27 degrees in June, 74 in December; 10:45 is a bit lower
    assert zenith[months == 6].min() == pytest.approx(31, abs=2)
    assert zenith[months == 12].max() == pytest.approx(76, abs=2)


def test_the_morning_sun_is_in_the_south_east():
    settings = SimulationSettings()
    azimuth = geometry(settings, optical_passes(settings)).sun_azimuth
    assert azimuth.min() > 120
    assert azimuth.max() < 180
