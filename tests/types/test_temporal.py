from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4_core.errors import ConfigurationError
from s4_core.types import Calendar, Season

seasons = st.builds(
    lambda start, length: Season(start, start + timedelta(days=length)),
    st.dates(date(2016, 1, 1), date(2030, 12, 31)),
    st.integers(30, 420),
)


def test_season_is_read_from_two_iso_dates() -> None:
    season = Season.parse("2018-10-15:2019-10-31")
    assert season == Season(date(2018, 10, 15), date(2019, 10, 31))
    assert season.length_days == 382
    assert str(season) == "2018-10-15:2019-10-31"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019",
        "2019-01-01",
        "2019-10-31:2018-10-15",
        "1:2",
        "2019-02-30:2019-03-01",
        "0001-01-01:2019-12-31",
        "2019-01-01:9999-12-31",
    ],
)
def test_a_bad_season_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ConfigurationError, match="START:END"):
        Season.parse(text)


@pytest.mark.parametrize(("step", "count"), [(0, 8), (10, 3), (10, 6), (-5, 8)])
def test_a_calendar_that_cannot_be_pooled_is_refused(step: int, count: int) -> None:
    with pytest.raises(ConfigurationError, match="multiple of 4"):
        Calendar(10, 15, step, count)


def test_the_flanders_season_takes_forty_ten_day_steps() -> None:
    calendar = Calendar.covering(Season.parse("2018-10-15:2019-10-31"), 10)
    assert calendar == Calendar(10, 15, 10, 40)
    dates = calendar.dates_for(Season.parse("2017-10-15:2018-10-31"))
    assert dates[0] == date(2017, 10, 15)
    assert dates[-1] == date(2018, 11, 9)


def test_another_start_keeps_the_models_day_and_takes_the_nearest_year() -> None:
    calendar = Calendar(10, 15, 10, 40)
    late = Season.parse("2020-11-01:2021-10-31")
    assert calendar.start_for(late) == date(2020, 10, 15)
    assert calendar.offset_days(late) == -17
    january = Season.parse("2021-01-01:2021-12-31")
    assert calendar.start_for(january) == date(2020, 10, 15)


@given(seasons, st.integers(3, 30))
def test_a_covering_calendar_covers_and_wastes_less_than_four_steps(
    season: Season, step: int
) -> None:
    calendar = Calendar.covering(season, step)
    dates = calendar.dates_for(season)
    assert abs((dates[0] - season.start).days) <= 1  # 29 February becomes the 28th
    assert dates[-1] + timedelta(days=step + 1) >= season.end
    assert calendar.count % 4 == 0
    assert (calendar.count - 4) * step < season.length_days or calendar.count == 4
    assert {(b - a).days for a, b in zip(dates, dates[1:])} == {step}


@given(seasons, st.integers(-3, 3))
def test_shifting_the_year_shifts_only_the_year(season: Season, years: int) -> None:
    calendar = Calendar(10, 15, 10, 40)
    start = calendar.start_for(season)
    moved = Season(
        season.start + timedelta(days=round(365.25 * years)),
        season.end + timedelta(days=round(365.25 * years)),
    )
    other = calendar.start_for(moved)
    assert (other.month, other.day) == (start.month, start.day)
