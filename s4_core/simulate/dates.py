"""When the satellites pass, and where the sun stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from s4_core.errors import ConfigurationError
from s4_core.simulate.settings import SimulationSettings
from s4_core.types import Season


@dataclass(frozen=True)
class Passes:
    """Dates of one modality and the orbit (0 or 1) of each."""

    days: npt.NDArray[np.int64]  # since the season's first day
    orbits: npt.NDArray[np.int64]

    def dates(self, season: Season) -> tuple[date, ...]:
        """Calendar dates."""
        return tuple(season.start + timedelta(days=int(day)) for day in self.days)


def passes(
    season: Season, count: int, cycle_days: int, second_days: int, rng: np.random.Generator
) -> Passes:
    """`count` dates of a cycle of one orbit, or of two when one does not have enough.

    Single dates and now and then a few in a row are missing, as in archives.

    Raises:
        ConfigurationError: the season has fewer passes than `count`.
    """
    first = int(rng.integers(cycle_days))
    days = np.arange(first, season.length_days, cycle_days)
    orbits = np.zeros(len(days), np.int64)
    if len(days) < count:
        other = np.arange((first + second_days) % cycle_days, season.length_days, cycle_days)
        orbits = np.concatenate([orbits, np.ones(len(other), np.int64)])
        days = np.concatenate([days, other])
        order = np.argsort(days, kind="stable")
        days, orbits = days[order], orbits[order]
    if len(days) < count:
        raise ConfigurationError(
            f"The season {season} has {len(days)} passes, fewer than the {count} asked for.",
            "Ask for fewer dates or a longer season.",
        )
    # neighbours share part of their luck: gaps of several dates happen
    luck = rng.random(len(days) + 1)
    keep = np.sort(np.argsort(luck[1:] + 0.4 * luck[:-1], kind="stable")[:count])
    return Passes(days[keep], orbits[keep])


def optical_passes(settings: SimulationSettings) -> Passes:
    """Sentinel-2: every 5 days, or every 2 and 3 where two orbits overlap."""
    rng = settings.generator("optical dates")
    return passes(settings.season, settings.optical_count, 5, 2, rng)


def radar_passes(settings: SimulationSettings) -> Passes:
    """Sentinel-1: every 6 days (both satellites), or two tracks a day apart."""
    rng = settings.generator("radar dates")
    return passes(settings.season, settings.radar_count, 6, 5, rng)


@dataclass(frozen=True)
class Geometry:
    """Directions at each optical date, degrees; azimuths clockwise from north."""

    sun_zenith: npt.NDArray[np.float64]
    sun_azimuth: npt.NDArray[np.float64]
    view_zenith: npt.NDArray[np.float64]
    relative_azimuth: npt.NDArray[np.float64]


def geometry(settings: SimulationSettings, times: Passes) -> Geometry:
    """Sun at the 10:30 mean local time of Sentinel-2's descending node; two view directions."""
    day = np.array([d.timetuple().tm_yday for d in times.dates(settings.season)], float)
    # Cooper (1969)
    declination = np.radians(23.45) * np.sin(2 * np.pi * (284 + day) / 365)
    latitude = np.radians(settings.latitude_deg)
    hour_angle = np.radians(15.0 * (10.75 - 12.0))
    cosine = np.sin(latitude) * np.sin(declination)
    cosine += np.cos(latitude) * np.cos(declination) * np.cos(hour_angle)
    zenith = np.arccos(cosine)
    east = -np.cos(declination) * np.sin(hour_angle)
    north = np.cos(latitude) * np.sin(declination)
    north -= np.sin(latitude) * np.cos(declination) * np.cos(hour_angle)
    sun_azimuth = np.degrees(np.arctan2(east, north)) % 360
    rng = settings.generator("view")
    zeniths, azimuths = rng.uniform([1, 6], [6, 10.5]), rng.permutation([105.0, 285.0])
    difference = np.abs(sun_azimuth - azimuths[times.orbits]) % 360
    return Geometry(
        np.degrees(zenith),
        sun_azimuth,
        zeniths[times.orbits],
        np.minimum(difference, 360 - difference),
    )
