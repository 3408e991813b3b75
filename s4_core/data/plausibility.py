"""Whether an area's numbers can be what they are declared to be; small pieces are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from s4_core import io, sits
from s4_core.sits import Floats
from s4_core.types import RADAR_BANDS, Acquisition, Area, Modality, Window

_PIECE_PX = 64
_TRIED = 5
"""Images looked at, evenly spread over the series: one alone may hold nothing."""

_REFLECTANCE = (0.01, 2.0)
"""Median reflectance over the bands of land, most water and cloud lies well inside this."""

_BASELINE = re.compile(r"(?<![A-Za-z0-9])N(\d{4})(?![A-Za-z0-9])")


def check_radar_unit(area: Area) -> None:
    """Compare a few radar images with the declared unit.

    Raises:
        AreaError: they contradict it.
    """
    for acquisition in _spread(area.of(Modality.RADAR)):
        indices = [i for band, i in acquisition.indices.items() if band in RADAR_BANDS]
        if indices:
            sits.check_unit(_piece(acquisition, indices), area.radar.unit, acquisition.raster.path)


def reflectance_warnings(area: Area) -> list[str]:
    """Say so where scale and offset give no reflectance, or where the known offset is missing."""
    acquisitions = area.of(Modality.OPTICAL)
    warnings = []
    for acquisition in _spread(acquisitions):
        bands = [i for b, i in acquisition.indices.items() if re.fullmatch(r"B\d[0-9A]", b)]
        numbers = _piece(acquisition, bands) if bands else np.empty(0, dtype=np.float32)
        known = numbers[np.isfinite(numbers)]
        if known.size:
            median = float(np.median(known)) * area.optical.scale + area.optical.offset
            if not _REFLECTANCE[0] <= median <= _REFLECTANCE[1]:
                warnings.append(
                    f"optical: the median of {acquisition.raster.path} is a reflectance of "
                    f"{median:.3g}, expected 0 to 1; check --scale (it is {area.optical.scale:g})."
                )
                break
    newest = max((_baseline(a) for a in acquisitions), default=0)
    if newest >= 400 and area.optical.offset == 0:
        warnings.append(
            "optical: files of processing baseline 04.00 or later store reflectance + 0.1; unless "
            'yours were harmonised, set "offset": -0.1 under "optical" in area.json.'
        )
    return warnings


def _baseline(acquisition: Acquisition) -> int:
    """Processing baseline in a Sentinel-2 product name (N0510 is 510), 0 where there is none."""
    found = _BASELINE.search(acquisition.raster.path)
    return int(found[1]) if found else 0


def _spread(acquisitions: Sequence[Acquisition]) -> list[Acquisition]:
    places = np.linspace(0, len(acquisitions) - 1, min(_TRIED, len(acquisitions)))
    return [acquisitions[round(place)] for place in places]


def _piece(acquisition: Acquisition, indices: Sequence[int]) -> Floats:
    """The middle of an image on its own grid, NaN where it has no data."""
    grid = acquisition.raster.grid
    height, width = min(_PIECE_PX, grid.height), min(_PIECE_PX, grid.width)
    window = Window((grid.height - height) // 2, (grid.width - width) // 2, height, width)
    return io.read(acquisition.raster, indices, grid, window)
