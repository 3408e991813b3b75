"""Which days a model looks at in an area (DESIGN section 3, preset `field`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from s4_core import sits
from s4_core.data.reading import Span
from s4_core.errors import AreaError, ConfigurationError
from s4_core.types import Area, Calendar, Modality, Season, TemporalSettings

MAX_OFFSET_DAYS = 15
"""A season that starts further from the model's must be asked for explicitly."""


def season_for(area: Area, calendar: Calendar | None) -> Season:
    """The season of an area that a model with this calendar maps.

    Raises:
        AreaError: nobody said which season, or its start (from area.json) is more than 15 days
            off the model's.
    """
    if area.season is None:
        raise AreaError(
            f"Nobody said which season of {area.name} to look at.",
            'Give --season START:END, or "season": [START, END] in area.json.',
        )
    if calendar is not None and not area.season_is_explicit and _is_off(area.season, calendar):
        raise AreaError(
            f"{_offset_text(area, area.season, calendar)}.",
            f"If that is meant, give --season {area.season} explicitly.",
        )
    return area.season


def season_warnings(area: Area, calendar: Calendar | None) -> tuple[str, ...]:
    """What a user should know about an explicit season that is off the model's."""
    season = area.season
    if season is None or calendar is None or not _is_off(season, calendar):
        return ()
    return (f"{_offset_text(area, season, calendar)}; its dates are taken as the model has them.",)


def calendar_for(area: Area, temporal: TemporalSettings) -> Calendar | None:
    """The calendar of a new model: as configured, else covering the area's season.

    Returns:
        None for mode "nearest", which has no calendar.

    Raises:
        AreaError: the area has no season and the configuration does not stand alone.
        ConfigurationError: the configured start is not MM-DD.
    """
    if temporal.mode != "calendar":
        return None
    if temporal.start is not None and temporal.count is not None:
        month, day = _month_day(temporal.start)
        return Calendar(month, day, temporal.step_days, temporal.count)
    covering = Calendar.covering(season_for(area, None), temporal.step_days)
    if temporal.start is not None:
        month, day = _month_day(temporal.start)
        covering = replace(covering, start_month=month, start_day=day)
    return covering if temporal.count is None else replace(covering, count=temporal.count)


def calendar_span(dates: Sequence[date], temporal: TemporalSettings) -> Span:
    """The days whose images can matter to target dates: none else is read."""
    reach = timedelta(days=math.ceil(max(temporal.max_gap_days, temporal.step_days / 2)))
    return dates[0] - reach, dates[-1] + reach


def native_span(area: Area) -> Span | None:
    """The days of an area's season; None (all days) where it has none."""
    return None if area.season is None else (area.season.start, area.season.end)


def pair_length(areas: Sequence[Area], temporal: TemporalSettings) -> int:
    """Frames of every pretraining pair in mode "nearest" (paper Sections 5 and 6.3)."""
    lengths = [min(_dates_in_season(area, modality) for modality in Modality) for area in areas]
    return sits.common_length(lengths, temporal.length_percentile)


def _dates_in_season(area: Area, modality: Modality) -> int:
    span = native_span(area) or (date.min, date.max)
    last = min(span[1], area.until or date.max)
    return len({a.date for a in area.of(modality) if span[0] <= a.date <= last})


def _is_off(season: Season, calendar: Calendar) -> bool:
    return abs(calendar.offset_days(season)) > MAX_OFFSET_DAYS


def _offset_text(area: Area, season: Season, calendar: Calendar) -> str:
    days = calendar.offset_days(season)
    return (
        f"The season of {area.name} starts on {season.start}, {abs(days)} days "
        f"{'before' if days > 0 else 'after'} the model's ({calendar.start_for(season)})"
    )


def _month_day(text: str) -> tuple[int, int]:
    try:
        month, day = (int(part) for part in text.split("-"))
    except ValueError as error:
        raise ConfigurationError(
            f"temporal.start is '{text}'.", "Give it as MM-DD, for example 10-15."
        ) from error
    return month, day
