"""What is stated about an area: `area.json`, overridden by what the user asks for."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from s4_core.errors import AreaError, ConfigurationError
from s4_core.protocol import AreaRequest
from s4_core.sits import UNITS
from s4_core.types import OpticalOptions, RadarOptions, Season

FILE_NAME = "area.json"

_KEYS = ("name", "season", "labels", "field", "optical", "radar", "simulated")
_OPTICAL_KEYS = ("scale", "offset", "nodata", "mask", "cloudy")
_RADAR_KEYS = ("unit", "backscatter", "orbit")

_LARGEST_SCALE = 1e3
"""Reflectance per digital number; numbers may be reflectances (1), or less than percent."""


@dataclass(frozen=True)
class Declared:
    """Statements about an area; None where nobody said anything.

    Args:
        mask_is_explicit: somebody chose the mask, so that its absence is an error.
        season_is_explicit: the user gave the season, not area.json.
        class_field: `field` in area.json.
    """

    name: str | None = None
    season: Season | None = None
    season_is_explicit: bool = False
    until: date | None = None
    labels: str | None = None
    class_field: str | None = None
    optical: OpticalOptions = field(default_factory=OpticalOptions)
    radar: RadarOptions = field(default_factory=RadarOptions)
    mask_is_explicit: bool = False
    simulated: bool = False
    warnings: tuple[str, ...] = ()


def declared(folder: Path, request: AreaRequest) -> Declared:
    """Read `area.json` of a folder, if it is there, and let the request override it.

    Raises:
        AreaError: area.json is not JSON, or a value in it is not what its key needs.
        ConfigurationError: an option of the request is out of range.
    """
    return _requested(_from_file(folder / FILE_NAME), request, folder)


def _from_file(path: Path) -> Declared:
    if not path.exists():
        return Declared()
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(raw, dict):
            raise ValueError("it is not an object with keys")
        return _stated(raw, path)
    except (ValueError, TypeError, AttributeError, ConfigurationError, OSError) as error:
        raise AreaError(
            f"{path} cannot be used: {str(error).rstrip('.')}.",
            "Correct it, or remove it and give the options on the command line.",
        ) from error


def _stated(raw: Mapping[str, Any], path: Path) -> Declared:
    optical, radar = _group(raw, "optical"), _group(raw, "radar")
    labels = _text(raw, "labels")
    return Declared(
        name=_text(raw, "name"),
        season=_season(raw.get("season")),
        labels=str(path.parent / labels) if labels else None,
        class_field=_text(raw, "field"),
        optical=_optical(optical, path.parent),
        radar=_radar(radar),
        mask_is_explicit="mask" in optical,
        simulated=_flag(raw, "simulated"),
        warnings=(
            *_unknown(raw, _KEYS, path.name),
            *_unknown(optical, _OPTICAL_KEYS, f"{path.name}: optical"),
            *_unknown(radar, _RADAR_KEYS, f"{path.name}: radar"),
        ),
    )


def _text(raw: Mapping[str, Any], key: str) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"'{key}' is {value!r}, expected a text")
    # one line, whatever was typed
    return " ".join(value.split()) or None if value else None


def _flag(raw: Mapping[str, Any], key: str) -> bool:
    value = raw.get(key)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"'{key}' is {value!r}, expected true or false")
    return bool(value)


def _number(raw: Mapping[str, Any], key: str, default: float) -> float:
    value = raw.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"'{key}' is {value!r}, expected a number")
    return float(value)


def _group(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key) or {}
    if not isinstance(value, dict):
        raise ValueError(f"'{key}' is {value!r}, expected an object with keys")
    return value


def _codes(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(code) is int for code in value):
        raise ValueError(f"'cloudy' is {value!r}, expected a list of whole numbers")
    return tuple(value)


def _season(value: Any) -> Season | None:
    if value is None:
        return None
    if isinstance(value, str):
        return Season.parse(value)
    if isinstance(value, list) and len(value) == 2 and all(isinstance(d, str) for d in value):
        return Season(*(date.fromisoformat(day) for day in value))
    raise ValueError(f"'season' is {value!r}, expected [START, END]")


def _optical(raw: Mapping[str, Any], folder: Path) -> OpticalOptions:
    options = OpticalOptions()
    if "mask" in raw:
        options = replace(options, mask=_mask(_text(raw, "mask"), folder))
    if raw.get("cloudy") is not None:
        options = replace(options, cloudy=_codes(raw["cloudy"]))
    if "nodata" in raw:
        nodata = None if raw["nodata"] is None else _number(raw, "nodata", 0.0)
        options = replace(options, nodata=nodata)
    return replace(
        options,
        scale=_scale(_number(raw, "scale", options.scale)),
        offset=_number(raw, "offset", options.offset),
    )


def _radar(raw: Mapping[str, Any]) -> RadarOptions:
    return RadarOptions(
        unit=_unit(_text(raw, "unit") or RadarOptions.unit),
        backscatter=_text(raw, "backscatter"),
        orbit=_text(raw, "orbit"),
    )


def _mask(value: str | None, folder: Path) -> str | None:
    """A band name as it is, "none" as None, a path (with a suffix) relative to the folder."""
    if value is None or value.strip().casefold() in ("none", "null", ""):
        return None
    return str(folder / value) if is_mask_path(value) else value.strip()


def is_mask_path(mask: str) -> bool:
    """Whether a mask option is the path of a mask raster rather than a band's name."""
    return "{date}" in mask or bool(Path(mask).suffix) or "/" in mask


def _unit(value: str) -> str:
    for unit in UNITS:
        if value.strip().casefold() == unit.casefold():
            return unit
    raise ConfigurationError(f"The radar unit is '{value}'.", f"Choose one of: {', '.join(UNITS)}.")


def _scale(value: float) -> float:
    if not 0 < value <= _LARGEST_SCALE:
        raise ConfigurationError(
            f"The optical scale is {value}.",
            "Give the reflectance per digital number, for example 0.0001.",
        )
    return value


def _requested(stated: Declared, request: AreaRequest, folder: Path) -> Declared:
    if request.season is not None:
        season = Season.parse(request.season)
        stated = replace(stated, season=season, season_is_explicit=True)
    if request.until is not None:
        stated = replace(stated, until=_until(request.until))
    if request.mask is not None:
        if not request.mask.strip():
            raise ConfigurationError(
                "The mask that was asked for has no name.",
                "Give a band such as SCL, a path with {date}, or 'none' for nodata only.",
            )
        # relative to the area, or to where the user is
        base = folder if (folder / request.mask).parent.is_dir() else Path()
        optical = replace(stated.optical, mask=_mask(request.mask, base))
        stated = replace(stated, optical=optical, mask_is_explicit=True)
    if request.scale is not None:
        optical = replace(stated.optical, scale=_scale(request.scale))
        stated = replace(stated, optical=optical)
    if request.radar_unit is not None:
        stated = replace(stated, radar=replace(stated.radar, unit=_unit(request.radar_unit)))
    return stated


def _until(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigurationError(
            f"'{text}' is not a day.", "Give --until as YYYY-MM-DD, for example 2019-06-30."
        ) from error


def _unknown(raw: Mapping[str, Any], known: Iterable[str], where: str) -> list[str]:
    warnings = []
    for key in raw:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}."
            warnings.append(f"{where}: the key '{key}' is not known and was ignored; {hint}")
    return warnings
