"""What an area holds, as plain JSON values (DESIGN section 4, keys of `info`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from s4_core import io, sits
from s4_core.data.masking import cloud_free
from s4_core.data.windows import SAMPLE_PX, sample_windows
from s4_core.phrases import NO_SEASON
from s4_core.simulated import sentence
from s4_core.types import SCL, Acquisition, Area, Grid, Modality, Season, Window

CLEAR_SHARE = 0.5
"""A date counts as clear where at least this share of the area is usable."""

FEW_CLEAR_DATES = 6
LONG_GAP_DAYS = 60

_AUTHORITY = re.compile(r'(?:ID|AUTHORITY)\["EPSG",\s*"?(\d+)"?\]\s*\]$')


@dataclass(frozen=True)
class Shares:
    """Shares of an image, 0..1.

    Args:
        cloud: of the recorded pixels, those that the mask hides; None without a mask.
        valid: of the area's pixels, those that are usable.
    """

    cloud: float | None
    valid: float


def inspect(area: Area) -> dict[str, Any]:
    """Describe an area: season, grid, every acquisition with its clouds, what is doubtful.

    Of areas larger than 64 windows of 64 x 64 px the shares are estimated on 64 such windows,
    always the same ones; `shares` says so.

    Returns:
        Plain values for JSON; dates as ISO texts, absent values as None.

    Raises:
        RasterError: a file cannot be read.
    """
    windows = sample_windows(area.grid)
    shares = [measure(area, acquisition, windows) for acquisition in area.acquisitions]
    is_whole = sum(w.height * w.width for w in windows) == area.grid.height * area.grid.width
    return {
        "name": area.name,
        "path": area.path,
        "season": _season(area.season),
        "until": area.until.isoformat() if area.until else None,
        "grid": _grid(area.grid),
        "labels": area.labels,
        "field": area.field,
        "radar": _radar(area),
        "simulated": area.simulated,
        "simulated_note": sentence("area") if area.simulated else None,
        "shares": "of all pixels"
        if is_whole
        else f"estimated on {len(windows)} windows of {SAMPLE_PX} x {SAMPLE_PX} px",
        "acquisitions": [_entry(a, s) for a, s in zip(area.acquisitions, shares)],
        "warnings": [*area.warnings, *_series_warnings(area, shares)],
    }


def measure(area: Area, acquisition: Acquisition, windows: Sequence[Window]) -> Shares:
    """Count an image's cloudy and usable pixels over some windows of the area."""
    total = recorded = hidden = usable = 0
    masked = False
    bands = [i for b, i in acquisition.indices.items() if b not in (SCL, area.optical.mask)]
    for window in windows:
        total += window.height * window.width
        has_values = sits.finite(io.read(acquisition.raster, bands, area.grid, window))
        masks = None
        if acquisition.modality is Modality.OPTICAL:
            masks = cloud_free(area, acquisition, window)
        if masks is None:
            usable += int(has_values.sum())
            continue
        masked = True
        clear, seen = masks
        recorded += int((has_values & seen).sum())
        hidden += int((has_values & seen & ~clear).sum())
        usable += int((has_values & clear).sum())
    cloud = hidden / recorded if masked and recorded else None
    return Shares(cloud, usable / total)


def _entry(acquisition: Acquisition, shares: Shares) -> dict[str, Any]:
    return {
        "date": acquisition.date.isoformat(),
        "modality": acquisition.modality.value,
        "bands": list(acquisition.bands),
        "indices": [acquisition.indices[band] for band in acquisition.bands],
        "composite": acquisition.is_composite,
        "cloud_share": None if shares.cloud is None else round(shares.cloud, 4),
        "valid_share": round(shares.valid, 4),
        "path": acquisition.raster.path,
    }


def _grid(grid: Grid) -> dict[str, Any]:
    found = _AUTHORITY.search(grid.crs_wkt)
    return {
        "crs": f"EPSG:{found[1]}" if found else grid.crs_wkt,
        "transform": list(grid.transform),
        "pixel_size": list(grid.pixel_size),
        "bounds": list(grid.bounds),
        "height": grid.height,
        "width": grid.width,
    }


def _radar(area: Area) -> dict[str, str | None] | None:
    """What is known of the radar images as a whole; None without any. Models see dB."""
    if Modality.RADAR not in area.modalities:
        return None
    radar = area.radar
    return {"unit": radar.unit, "backscatter": radar.backscatter, "orbit": radar.orbit}


def _season(season: Season | None) -> list[str] | None:
    return None if season is None else [season.start.isoformat(), season.end.isoformat()]


def _series_warnings(area: Area, shares: Sequence[Shares]) -> list[str]:
    warnings = []
    if area.season is None:
        warnings.append(f'{NO_SEASON}: give --season START:END, or "season" in area.json.')
    for modality in area.modalities:
        dated = [
            (a.date, s.valid)
            for a, s in zip(area.acquisitions, shares)
            if a.modality is modality and _in_season(a.date, area)
        ]
        warnings += _modality_warnings(modality, dated, area)
    return warnings


def _in_season(day: date, area: Area) -> bool:
    if area.until is not None and day > area.until:
        return False
    return area.season is None or area.season.start <= day <= area.season.end


def _modality_warnings(
    modality: Modality, dated: Sequence[tuple[date, float]], area: Area
) -> list[str]:
    """What one modality lacks in the season, from its dates and their usable shares."""
    season, until = area.season, area.until
    if not dated:
        return [
            f"{modality}: no image lies"
            + (f" in the season {season}" if season else "")
            + (f" up to {until}." if until else ".")
        ]
    if not any(valid for _, valid in dated):
        return [
            f"{modality}: no pixel is usable in the season: all is cloud, nodata or "
            "outside of the area."
        ]
    clear = sorted({day for day, valid in dated if valid >= CLEAR_SHARE})
    warnings = []
    if len(clear) < FEW_CLEAR_DATES:
        warnings.append(
            f"{modality}: only {len(clear)} date(s) of the season show at least half of the area."
        )
    bounds = [season.start, *clear, min(season.end, until or season.end)] if season else clear
    for before, after in zip(bounds, bounds[1:]):
        if (after - before).days > LONG_GAP_DAYS:
            warnings.append(
                f"{modality}: {(after - before).days} days without a clear date, "
                f"{before} to {after}."
            )
    return warnings
