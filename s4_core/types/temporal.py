"""When images are: seasons and calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from s4_core.errors import ConfigurationError

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
"""No satellite flew before; a year beyond is a slip of the keyboard."""


@dataclass(frozen=True)
class Season:
    """The days to map, both ends included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if not (self.start.year >= _FIRST_YEAR and self.end.year <= _LAST_YEAR):
            raise ConfigurationError(
                f"The season {self} lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}.",
                "Give it as START:END, for example 2018-10-15:2019-10-31.",
            )
        if self.end <= self.start:
            raise ConfigurationError(
                f"The season ends ({self.end}) before it starts ({self.start}).",
                "Give it as START:END, for example 2018-10-15:2019-10-31.",
            )

    @classmethod
    def parse(cls, text: str) -> Season:
        """Read `START:END`, two ISO dates.

        Raises:
            ConfigurationError: the text is not two ISO dates, or they are in the wrong order.
        """
        try:
            start, end = (date.fromisoformat(part.strip()) for part in text.split(":"))
        except ValueError as error:
            raise ConfigurationError(
                f"'{text}' is not a season.",
                "Give it as START:END, for example 2018-10-15:2019-10-31.",
            ) from error
        return cls(start, end)

    @property
    def length_days(self) -> int:
        """Number of days from the first to the last, both counted."""
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        return f"{self.start.isoformat()}:{self.end.isoformat()}"


@dataclass(frozen=True)
class Calendar:
    """Equally spaced target dates, independent of the year (DESIGN 3, preset `field`).

    Args:
        start_month, start_day: first date, in the year that the season asks for.
        step_days: distance between dates, days.
        count: number of dates; a multiple of 4, so that two poolings by 2 keep every date.
    """

    start_month: int
    start_day: int
    step_days: int
    count: int

    def __post_init__(self) -> None:
        if self.step_days < 1 or self.count < 4 or self.count % 4:
            raise ConfigurationError(
                f"A calendar of {self.count} dates every {self.step_days} days cannot be used.",
                "Choose a step of at least one day and a count that is a multiple of 4.",
            )
        self.start_in(2001)  # an impossible month-day fails here

    @classmethod
    def covering(cls, season: Season, step_days: int) -> Calendar:
        """The shortest calendar with this step that covers a season."""
        steps = -(-season.length_days // step_days)
        count = max(4, -(-steps // 4) * 4)
        day = 28 if (season.start.month, season.start.day) == (2, 29) else season.start.day
        return cls(season.start.month, day, step_days, count)

    def start_in(self, year: int) -> date:
        """First date of the calendar when it starts in `year`."""
        try:
            return date(year, self.start_month, self.start_day)
        except ValueError as error:
            raise ConfigurationError(
                f"{self.start_month:02d}-{self.start_day:02d} is not a day of every year.",
                "Give the calendar's start as MM-DD.",
            ) from error

    def start_for(self, season: Season) -> date:
        """The start whose year brings it closest to the season's start."""
        year = season.start.year
        starts = [self.start_in(y) for y in (year - 1, year, year + 1)]
        return min(starts, key=lambda start: abs((start - season.start).days))

    def offset_days(self, season: Season) -> int:
        """Days from the season's start to the calendar's start in that season (signed)."""
        return (self.start_for(season) - season.start).days

    def dates_for(self, season: Season) -> tuple[date, ...]:
        """The `count` target dates in the year of `season`."""
        start = self.start_for(season)
        return tuple(start + timedelta(days=i * self.step_days) for i in range(self.count))
