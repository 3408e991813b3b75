"""A whole simulated area in memory: fields grow, satellites pass, clouds come between."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from s4_core.simulate.atmosphere import classify, observe, simulate_sky
from s4_core.simulate.covers import choose_crops, make_covers, rotated
from s4_core.simulate.crops import Crop
from s4_core.simulate.dates import geometry, optical_passes, radar_passes
from s4_core.simulate.layout import (
    SHRINK_PX,
    Polygon,
    area_px,
    cover_of,
    paint,
    shrink,
    split_fields,
)
from s4_core.simulate.scene import backscatter, make_ground, reflectance
from s4_core.simulate.settings import SimulationSettings
from s4_core.simulate.weather import simulate_weather
from s4_core.types import Grid, Legend, MapClass, Season, colours_for

BEFORE_DAYS = 60
"""Days simulated before the season, so that soil and weather have settled."""


@dataclass(frozen=True, eq=False)
class SimulatedParcel:
    """A labelled parcel.

    Args:
        polygon: (vertices, 2) in the area's CRS, not closed.
    """

    id: int
    crop: str
    code: int
    polygon: Polygon
    area_ha: float

    def wkb(self) -> bytes:
        """The polygon as little-endian well-known binary."""
        ring = np.vstack([self.polygon, self.polygon[:1]]).astype("<f8")
        return struct.pack("<BIII", 1, 3, 1, len(ring)) + ring.tobytes()


@dataclass(frozen=True, eq=False)
class SimulatedArea:
    """Everything an area folder holds, in memory.

    Args:
        grid: of the optical images, 10 m; the radar's has pixels of 20 m.
        optical: (T, 10, H, W) reflectance; bands as in `OPTICAL_BANDS`.
        scl: (T, H, W) scene classification codes.
        radar: (R, 2, H / 2, W / 2) VV and VH, sigma nought, dB.
        parcel_index: (H, W) 0 = none, i + 1 = `parcels[i]`.
        classes: (H, W) 0 = none, else the legend's value.
    """

    settings: SimulationSettings
    name: str
    season: Season
    grid: Grid
    optical: npt.NDArray[np.float32]
    scl: npt.NDArray[np.uint8]
    optical_dates: tuple[date, ...]
    radar: npt.NDArray[np.float32]
    radar_dates: tuple[date, ...]
    parcels: tuple[SimulatedParcel, ...]
    parcel_index: npt.NDArray[np.int32]
    classes: npt.NDArray[np.uint16]
    legend: Legend


def simulate_area(settings: SimulationSettings) -> SimulatedArea:
    """Simulate one area; equal settings give equal arrays."""
    layout = settings.generator("layout")
    blocks, fields = split_fields(settings.size_px, settings.parcel_ha, layout)
    growing = settings.generator("crops")
    uses = _uses(settings, len(fields), growing)
    season = settings.season
    days = _days(season)
    weather = simulate_weather(days, settings.generator("weather"))
    # spring comes some three days later per degree north (Hopkins 1918)
    late = weather.year.late_days + 3.0 * (settings.latitude_deg - 50.8)
    year = replace(weather.year, late_days=late)
    covers = make_covers(settings, uses, days, year, growing)
    ground = make_ground(settings, cover_of(settings.size_px, blocks, fields), covers)
    times = optical_passes(settings)
    directions = geometry(settings, times)
    surface = reflectance(ground, times, directions, weather, BEFORE_DAYS)
    sky = simulate_sky(settings, directions)
    optical = observe(settings, surface, sky)
    radar_times = radar_passes(settings)
    grid = _grid(settings)
    parcels = _parcels(fields, covers.crops, grid)
    index, classes, legend = _labels(parcels, grid)
    return SimulatedArea(
        settings,
        settings.area_name,
        season,
        grid,
        optical,
        classify(settings, optical, sky, np.asarray(directions.sun_zenith, np.float32)),
        times.dates(season),
        backscatter(settings, ground, radar_times, weather, BEFORE_DAYS),
        radar_times.dates(season),
        parcels,
        index,
        classes,
        legend,
    )


def _uses(
    settings: SimulationSettings, count: int, growing: np.random.Generator
) -> list[Crop | str]:
    """What stands on each field; in an earlier year arable crops stood on other ones."""
    if not settings.years_before:
        return choose_crops(settings, count, growing)
    present = replace(settings, years_before=0)
    return rotated(choose_crops(present, count, present.generator("crops")), growing)


def _days(season: Season) -> npt.NDArray[np.float64]:
    """Days from 1 January of the harvest year: the year in which the season's summer lies."""
    middle = season.start.toordinal() + season.length_days // 2
    first = date(date.fromordinal(middle + 15).year, 1, 1).toordinal()
    start = season.start.toordinal() - first - BEFORE_DAYS
    return np.arange(start, start + season.length_days + BEFORE_DAYS, dtype=float)


def _grid(settings: SimulationSettings) -> Grid:
    """A place on UTM zone 31 at the settings' latitude; it means nothing but the scale."""
    northing = round(settings.latitude_deg * 110940.0 / 640.0) * 640.0
    easting = 500000.0 + 640.0 * (settings.seed % 200)
    transform = (easting, 10.0, 0.0, northing, 0.0, -10.0)
    return Grid(UTM_31N, transform, settings.size_px, settings.size_px)


def _parcels(
    fields: list[Polygon], crops: tuple[Crop | None, ...], grid: Grid
) -> tuple[SimulatedParcel, ...]:
    """Labelled parcels, ordered by crop code as in the real areas."""
    x0, dx, _, y0, _, dy = grid.transform
    found = []
    for polygon, crop in zip(fields, crops):
        drawn = shrink(polygon, SHRINK_PX)
        if crop is None or area_px(drawn) < 10:
            continue
        placed = np.stack([x0 + dx * drawn[:, 0], y0 + dy * drawn[:, 1]], axis=1)
        found.append((crop, placed, area_px(drawn) * abs(dx * dy) / 1e4))
    found.sort(key=lambda item: item[0].code)
    return tuple(
        SimulatedParcel(number, crop.name, crop.code, placed, round(area, 2))
        for number, (crop, placed, area) in enumerate(found, start=1)
    )


def _labels(
    parcels: tuple[SimulatedParcel, ...], grid: Grid
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16], Legend]:
    """Parcel index, class values and the legend, ordered by code."""
    known = sorted({(p.code, p.crop) for p in parcels})
    names = [name for _, name in known]
    legend = Legend(
        tuple(
            MapClass(name, str(code), colour)
            for (code, name), colour in zip(known, colours_for(names))
        )
    )
    x0, dx, _, y0, _, dy = grid.transform
    index = np.zeros((grid.height, grid.width), np.int32)
    values = np.zeros(len(parcels) + 1, np.uint16)
    for position, parcel in enumerate(parcels, start=1):
        pixels = (parcel.polygon - np.array([x0, y0])) / np.array([dx, dy])
        paint(index, pixels, position, 1.0)
        values[position] = legend.value_of(parcel.crop)
    return index, values[index], legend


UTM_31N = (
    'PROJCS["WGS 84 / UTM zone 31N",GEOGCS["WGS 84",DATUM["WGS_1984",'
    'SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]],'
    'PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
    'PARAMETER["central_meridian",3],PARAMETER["scale_factor",0.9996],'
    'PARAMETER["false_easting",500000],PARAMETER["false_northing",0],'
    'UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],'
    'AUTHORITY["EPSG","32631"]]'
)
