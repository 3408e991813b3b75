"""A real area under more clouds than it had: its own masks, laid over its own clearer dates.

Nobody can take clouds from an image, but they can be added where the mask is all that a method
sees of them: an image's usable pixels lose those that another, cloudier date of the same area
hides. So the shapes of the clouds are real ones, and whole dates go where the other one is
overcast, which is what more clouds mostly are over a few hundred metres. What the added clouds
do not bring are their undetected edges; the images' own stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.data.masking import cloud_free
from s4_core.errors import AreaError
from s4_core.types import Area, Modality

Bools = npt.NDArray[np.bool_]

PATTERN = "usable_{date}.tif"
"""Name of a mask raster; 0 = unusable."""


@dataclass(frozen=True, eq=False)
class Skies:
    """What hides the ground of an area.

    Args:
        hidden: `(T, H, W)`, by the mask or for lack of data.
        in_season: `(T,)`, dates that lie in the area's season and are not later than its `until`.
    """

    dates: tuple[date, ...]
    hidden: Bools
    in_season: Bools

    @property
    def share(self) -> float:
        """Share of the season's observations that is hidden: every pixel of every date."""
        return float(self.hidden[self.in_season].mean())


def skies_of(area: Area) -> Skies:
    """Read the optical masks of an area.

    Raises:
        AreaError: no season, no mask, no date in the season, or several images of one date.
        RasterError: a mask cannot be read.
    """
    images = area.of(Modality.OPTICAL)
    dates = tuple(image.date for image in images)
    if area.season is None or area.optical.mask is None or len(set(dates)) < len(dates):
        raise AreaError(
            f"{area.name} has no season, no cloud mask, or several optical images of one date.",
            "Clouds are counted by the dates of a season, one masked image each.",
        )
    last = min(area.season.end, area.until or area.season.end)
    inside = np.array([area.season.start <= day <= last for day in dates])
    if not inside.any():
        raise AreaError(
            f"{area.name} has no optical image from {area.season.start} to {last}.",
            "Give the season that its images cover.",
        )
    hidden = np.ones((len(images), *area.grid.shape), bool)
    for frame, image in zip(hidden, images):
        masks = cloud_free(area, image, area.grid.whole)
        if masks is not None:
            frame[...] = ~masks[0]
    return Skies(dates, hidden, inside)


def clouded(skies: Skies, share: float, seed: int) -> Skies:
    """Lay masks of cloudier dates over others until a share of the season is hidden.

    Dates come in random order, again and again; each takes the mask of a random date that hides
    more. A higher share of the same seed hides all that a lower one does.

    Args:
        share: to reach; skies that hide as much already stay as they are.

    Raises:
        AreaError: even the cloudiest date does not hide so much.
    """
    hidden = skies.hidden.copy()
    by_date = skies.hidden[skies.in_season].mean(axis=(1, 2))
    if share > by_date.max():
        raise AreaError(
            f"A hidden share of {share:.2f} cannot be reached; the cloudiest date hides "
            f"{by_date.max():.2f}.",
            "Choose a lower share.",
        )
    rng = np.random.default_rng(seed)
    inside = np.flatnonzero(skies.in_season)
    while hidden[inside].mean() < share:
        for place in rng.permutation(len(inside)):
            cloudier = np.flatnonzero(by_date > hidden[inside[place]].mean())
            if cloudier.size:
                hidden[inside[place]] |= skies.hidden[inside[rng.choice(cloudier)]]
            if hidden[inside].mean() >= share:
                break
    return Skies(skies.dates, hidden, skies.in_season)


def write_masks(skies: Skies, area: Area, folder: Path) -> str:
    """Write a mask raster a date.

    Returns:
        The pattern for `AreaRequest.mask`.

    Raises:
        OutputError: the folder cannot be written.
    """
    io.atomic.make_folder(folder)
    pattern = str(folder / PATTERN)
    for day, hidden in zip(skies.dates, skies.hidden):
        usable = (~hidden).astype(np.uint8)[None]
        io.write_array(pattern.replace("{date}", f"{day:%Y%m%d}"), usable, area.grid, ("usable",))
    return pattern


def before_season(area: Area) -> Mapping[str, object]:
    """How much of a year before its season an area's optical images show: plain values.

    "days": from the first image to the season's start; "dates": images on them; "gap_days": the
    longest time in the year before the season without any, its start included.
    """
    if area.season is None:
        raise AreaError(f"{area.name} has no season.", "Give --season START:END.")
    start = area.season.start.toordinal()
    year = (start - 365, start)
    days = [image.date.toordinal() for image in area.of(Modality.OPTICAL)]
    earlier = [day for day in days if year[0] <= day < start]
    edges = np.array([year[0], *earlier, start])
    return {
        "dates": len(earlier),
        "days": start - min(earlier) if earlier else 0,
        "gap_days": int(np.diff(edges).max()),
    }
