"""When layers show: temporal properties with which QGIS's temporal controller plays a season."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from qgis.core import Qgis, QgsDateTimeRange, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QDate, QDateTime, QTime, QTimeZone

from s4_qgis.layers.sources import raster_path

_PER_BAND = getattr(Qgis.RasterTemporalMode, "FixedRangePerBand", None)
"""QGIS 3.38 and later can play the bands of one layer."""

_PLAYED = ("B08", "B04", "VV", "HH")
"""Of the bands of one date, the one that is played: QGIS plays one at a time."""

RANGE_PROPERTY = "s4_crop_mapper/range"
"""Custom property of a layer: the range that the plugin gave it, to know it from the user's."""

Days = tuple[date, date]
"""First day, and the day after the last."""


def shown_days(days: Iterable[date], season_end: date | None = None) -> dict[date, Days]:
    """When the images of one modality show: each from its day until the next one's.

    The last shows until the season ends, at least on its own day.
    """
    ordered = sorted(set(days))
    shown = {day: (day, after) for day, after in zip(ordered, ordered[1:])}
    if ordered:
        last = ordered[-1]
        shown[last] = (last, max(last, season_end or last) + timedelta(days=1))
    return shown


def days_of_paths(info: Mapping[str, Any]) -> dict[str, Days]:
    """When the images that the info job found show, by path.

    A file that holds several dates shows from its first to the end of its last.
    """
    found: dict[str, Days] = {}
    for image, days in _shown_images(info):
        first, last = found.get(image["path"], days)
        found[image["path"]] = (min(first, days[0]), max(last, days[1]))
    return found


def days_of_bands(info: Mapping[str, Any]) -> dict[str, dict[int, Days]]:
    """Of files that hold several dates of one modality: when one band of each date shows.

    Returns:
        Days by band number, by path; empty for what a version of the info job without band
        numbers said.
    """
    dates: dict[str, set[tuple[str, str]]] = defaultdict(set)
    found: dict[str, dict[int, Days]] = defaultdict(dict)
    for image, days in _shown_images(info):
        path, band = image["path"], played_band(image)
        dates[path].add((image["modality"], image["date"]))
        if band is not None:
            found[path][band] = days
    return {
        path: bands
        for path, bands in found.items()
        if len(dates[path]) > 1 and len({modality for modality, _ in dates[path]}) == 1
    }


def can_play_bands() -> bool:
    """Whether this QGIS plays the bands of one layer one after the other."""
    return _PER_BAND is not None


def played_band(image: Mapping[str, Any]) -> int | None:
    """Number of the band that stands for an image where only one can be shown."""
    numbers = dict(zip(image.get("bands", ()), image.get("indices", ())))
    names = (*(name for name in _PLAYED if name in numbers), *numbers)
    return numbers[names[0]] if names else None


def _shown_images(info: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Days]]:
    """The images that the info job found, each with the days on which it shows."""
    season = info.get("season")
    end = date.fromisoformat(season[1]) if season else None
    by_modality: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for image in info.get("acquisitions", ()):
        by_modality[image["modality"]].append(image)
    found = []
    for images in by_modality.values():
        dated = [(image, date.fromisoformat(image["date"])) for image in images]
        shown = shown_days((day for _, day in dated), end)
        found += [(image, shown[day]) for image, day in dated]
    return found


def set_temporal_properties(
    layers: Iterable[QgsRasterLayer], info: Mapping[str, Any]
) -> list[QgsRasterLayer]:
    """Give layers the days that the info job found for their files; returns those that had any.

    Where QGIS can (3.38 and later), the bands of a file with several dates each get their own.
    """
    days, bands = days_of_paths(info), days_of_bands(info)
    dated = [(layer, days.get(raster_path(layer))) for layer in layers]
    for layer, span in dated:
        if span is not None:
            set_days(layer, span)
            set_band_days(layer, bands.get(raster_path(layer), {}))
    return [layer for layer, span in dated if span is not None]


def set_days(layer: QgsRasterLayer, days: Days) -> None:
    """Show a layer on these days only, while the temporal controller is on."""
    properties = layer.temporalProperties()
    properties.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
    properties.setFixedTemporalRange(date_range(days))
    properties.setIsActive(True)
    layer.setCustomProperty(RANGE_PROPERTY, _text(days))
    layer.triggerRepaint()


def set_band_days(layer: QgsRasterLayer, days: Mapping[int, Days]) -> None:
    """Show each of a layer's bands on its own days; nothing changes where QGIS cannot do that."""
    if not days or _PER_BAND is None:
        return
    properties = layer.temporalProperties()
    properties.setMode(_PER_BAND)
    properties.setFixedRangePerBand({band: date_range(span) for band, span in days.items()})
    layer.triggerRepaint()


def date_range(days: Days) -> QgsDateTimeRange:
    """Days as QGIS's range, in UTC as the temporal controller counts; the end is not included."""
    return QgsDateTimeRange(_midnight(days[0]), _midnight(days[1]), True, False)


def stated_days(layers: Sequence[QgsRasterLayer]) -> dict[str, str]:
    """Days that a user gave layers by their temporal properties, as ISO dates by path.

    Ranges that the plugin gave them are not the user's word.
    """
    found = {}
    for layer in layers:
        properties = layer.temporalProperties()
        span = properties.fixedTemporalRange()
        is_fixed = properties.mode() == Qgis.RasterTemporalMode.FixedTemporalRange
        if not properties.isActive() or not is_fixed or span.isInfinite() or span.isEmpty():
            continue
        begin, end = (_day(moment) for moment in (span.begin(), span.end()))
        if begin is None or layer.customProperty(RANGE_PROPERTY) == _text((begin, end or begin)):
            continue
        found[raster_path(layer)] = begin.isoformat()
    return found


def play_season(project: QgsProject, info: Mapping[str, Any], step_days: int = 10) -> None:
    """Let the temporal controller's full range be the season, unless the project has one."""
    settings = project.timeSettings()
    days = days_of_paths(info)
    if not days or not settings.temporalRange().isInfinite():
        return
    first = min(begin for begin, _ in days.values())
    last = max(end for _, end in days.values())
    settings.setTemporalRange(date_range((first, last)))
    settings.setTimeStepUnit(Qgis.TemporalUnit.Days)
    settings.setTimeStep(step_days)


def _midnight(day: date) -> QDateTime:
    moment = QDateTime(QDate(day.year, day.month, day.day), QTime(0, 0), QTimeZone.utc())
    return moment.toUTC()  # not in a zone that happens to be UTC


def _day(moment: QDateTime) -> date | None:
    found = moment.date()
    return date(found.year(), found.month(), found.day()) if moment.isValid() else None


def _text(days: Days) -> str:
    return f"{days[0]}:{days[1]}"
