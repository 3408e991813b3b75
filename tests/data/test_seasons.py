from __future__ import annotations

from datetime import date, timedelta

import pytest

from s4_core.data import calendar_for, season_for, season_warnings
from s4_core.data.seasons import calendar_span, pair_length
from s4_core.errors import AreaError, ConfigurationError
from s4_core.types import (
    Acquisition,
    Area,
    Calendar,
    Grid,
    Modality,
    RasterFile,
    Season,
    TemporalSettings,
)

GRID = Grid("", (0, 10, 0, 0, 0, -10), 8, 8)
CALENDAR = Calendar(10, 15, 10, 40)


def area(season="2018-10-15:2019-10-31", explicit=False, until=None, counts=(0, 0)):
    raster = RasterFile("x", GRID, ("B04",), (None,), "UInt16")
    acquisitions = tuple(
        Acquisition(modality, date(2018, 10, 15) + timedelta(days=i), raster, {"B04": 1})
        for modality, count in zip(Modality, counts)
        for i in range(count)
    )
    return Area(
        "here",
        "",
        GRID,
        season and Season.parse(season),
        acquisitions,
        season_is_explicit=explicit,
        until=until,
    )


def test_no_season():
    with pytest.raises(AreaError, match="which season") as raised:
        season_for(area(None), CALENDAR)
    assert "--season" in raised.value.remedy


@pytest.mark.parametrize(
    "season", ["2018-10-15:2019-10-31", "2020-10-30:2021-10-31", "2017-09-30:2018-09-01"]
)
def test_a_season_near_the_models(season):
    assert season_for(area(season), CALENDAR) == Season.parse(season)
    assert season_warnings(area(season), CALENDAR) == ()


@pytest.mark.parametrize("season", ["2018-10-31:2019-10-31", "2018-09-29:2019-10-31"])
def test_a_season_off_the_models_must_be_meant(season):
    with pytest.raises(AreaError, match="16 days") as raised:
        season_for(area(season), CALENDAR)
    assert f"--season {season}" in raised.value.remedy
    assert season_for(area(season, explicit=True), CALENDAR) == Season.parse(season)
    (warning,) = season_warnings(area(season, explicit=True), CALENDAR)
    assert "16 days" in warning


def test_a_new_models_calendar_covers_the_season():
    assert calendar_for(area(), TemporalSettings()) == CALENDAR
    assert calendar_for(area(), TemporalSettings(start="11-01", count=8)) == Calendar(11, 1, 10, 8)
    assert calendar_for(area(), TemporalSettings(start="11-01")) == Calendar(11, 1, 10, 40)
    assert calendar_for(area(), TemporalSettings(count=12)) == Calendar(10, 15, 10, 12)
    assert calendar_for(area(None), TemporalSettings(start="03-01", count=8)) is not None
    assert calendar_for(area(None), TemporalSettings(mode="nearest")) is None
    with pytest.raises(AreaError):
        calendar_for(area(None), TemporalSettings(start="03-01"))
    with pytest.raises(ConfigurationError, match="MM-DD"):
        calendar_for(area(), TemporalSettings(start="March"))


def test_only_days_that_can_matter_are_read():
    dates = CALENDAR.dates_for(Season.parse("2018-10-15:2019-10-31"))
    first, last = calendar_span(dates, TemporalSettings(max_gap_days=30))
    assert (dates[0] - first).days == (last - dates[-1]).days == 30


def test_length_of_pairs():
    temporal = TemporalSettings(mode="nearest")
    assert pair_length([area(counts=(30, 50))], temporal) == 32
    assert pair_length([area(counts=(30, 50)), area(counts=(61, 58))], temporal) == 56
    in_season = area(counts=(30, 50), until=date(2018, 10, 24))
    assert pair_length([in_season], temporal) == 12
