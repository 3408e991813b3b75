"""Build a pretraining set like m2s2-SITS from areas (paper 6.1).

All dates of both modalities on one grid, at random places, from at least a year before the
labelled season, away from the labelled patches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.data.published.m2s2 import write_m2s2
from s4_core.data.published.patches import PatchContent, mark_simulated
from s4_core.data.reading import read_series
from s4_core.data.windows import LATTICE_PX
from s4_core.errors import AreaError
from s4_core.types import OPTICAL_BANDS, RADAR_BANDS, Area, Modality, Window

_YEAR_DAYS = 365
_TRIES = 200
"""Draws for each patch before a place counts as full."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Curation:
    """What to take.

    Args:
        patch_px: side of a patch. per_area: patches of each area, at most.
        before: first day of the labelled season; every image is at least a year older.
        within: polygons that hold every patch whole; None takes the whole area.
        labelled: boxes (xmin, ymin, xmax, ymax) of labelled patches, in each area's CRS; no patch
            touches one.
    """

    patch_px: int
    per_area: int
    before: date
    within: io.ParcelLayer | None = None
    labelled: tuple[Box, ...] = ()
    seed: int = 0


def curate(folder: Path, areas: Sequence[Area], curation: Curation) -> int:
    """Write the set; patches overlap neither each other nor labelled ones.

    Returns:
        How many patches were written.

    Raises:
        AreaError: an area lacks a modality, or has images that are too young, or no patch fits
            anywhere.
        OutputError: the folder cannot be written.
    """
    areas = [_within_season(area) for area in areas]
    for area in areas:
        _require_old_pairs(area, curation.before)
    if any(area.simulated for area in areas):
        mark_simulated(folder, {"areas": [area.name for area in areas]})
    written = write_m2s2(folder, _patches(areas, curation))
    if not written:
        raise AreaError(
            f"No patch of {curation.patch_px} px fits into the areas, beside the labelled patches"
            " and inside the polygons.",
            "Give larger areas, other polygons or smaller patches.",
        )
    return written


def _within_season(area: Area) -> Area:
    """Only the images of a season that was asked for; all dates where none was."""
    season = area.season
    if season is None or not area.season_is_explicit:
        return area
    kept = (image for image in area.acquisitions if season.start <= image.date <= season.end)
    return replace(area, acquisitions=tuple(kept))


def _require_old_pairs(area: Area, before: date) -> None:
    youngest = before - timedelta(days=_YEAR_DAYS)
    for modality in Modality:
        dates = [image.date for image in area.of(modality)]
        if not dates:
            raise AreaError(
                f"The area {area.name} has no {modality} images; pretraining pairs both.",
                "Add them or leave the area out.",
            )
        if max(dates) > youngest:
            raise AreaError(
                f"The area {area.name} has {modality} images up to {max(dates)}; those of a "
                f"pretraining set end a year before the labelled season, by {youngest}.",
                "Give the season before, for example with --season.",
            )


def _patches(areas: Sequence[Area], curation: Curation) -> Iterator[PatchContent]:
    number = 0
    for order, area in enumerate(areas):
        rng = np.random.default_rng([curation.seed, order])
        for window in places(area, curation, rng):
            number += 1
            yield patch_of(area, window, str(number))


def patch_of(area: Area, window: Window, name: str) -> PatchContent:
    """All dates of both modalities in a window, clouds and all.

    Args:
        name: digits, the patch's number.
    """
    series = {
        Modality.OPTICAL: read_series(
            area, Modality.OPTICAL, OPTICAL_BANDS, window, mask_clouds=False
        ),
        Modality.RADAR: read_series(area, Modality.RADAR, RADAR_BANDS, window),
    }
    return PatchContent(name, 1, area.grid.at(window), series)


def places(area: Area, curation: Curation, rng: np.random.Generator) -> list[Window]:
    """Windows at random places that are free, at most as many as are asked for."""
    free = _allowed(area, curation)
    found: list[Window] = []
    side = curation.patch_px
    rows, cols = (range(0, size - side + 1, LATTICE_PX) for size in area.grid.shape)
    if not rows or not cols:
        return found
    for _ in range(curation.per_area * _TRIES):
        if len(found) == curation.per_area:
            break
        window = Window(int(rng.choice(rows)), int(rng.choice(cols)), side, side)
        if free[window.slices].all():
            free[window.slices] = False  # the next may not overlap it
            found.append(window)
    return found


def _allowed(area: Area, curation: Curation) -> npt.NDArray[np.bool_]:
    """Pixels inside the polygons and off the labelled patches, (H, W)."""
    free = np.ones(area.grid.shape, bool)
    if curation.within is not None:
        layer = curation.within
        values = [1] * len(layer.parcels)
        free &= io.rasterize(layer, values, layer.crs_wkt, area.grid) > 0
    for xmin, ymin, xmax, ymax in curation.labelled:
        x0, dx, _, y0, _, dy = area.grid.transform
        cols = sorted(((xmin - x0) / dx, (xmax - x0) / dx))
        rows = sorted(((ymin - y0) / dy, (ymax - y0) / dy))
        top, left = (max(int(np.floor(low[0])), 0) for low in (rows, cols))
        bottom, right = (max(int(np.ceil(high[1])), 0) for high in (rows, cols))
        free[top:bottom, left:right] = False
    return free
