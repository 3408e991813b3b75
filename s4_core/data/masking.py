"""Where an area's cloud masks come from, and reading them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from s4_core import io, sits
from s4_core.data.declared import Declared, is_mask_path
from s4_core.errors import AreaError, RasterError
from s4_core.sits import Bools, Floats
from s4_core.types import Acquisition, Area, Modality, OpticalOptions, RasterFile, Window


def with_masks(
    acquisitions: Sequence[Acquisition], stated: Declared
) -> tuple[OpticalOptions, list[Acquisition], list[str]]:
    """Settle on the optical mask and leave out the images that lack theirs.

    A mask that nobody asked for (the default) and no image has is done without, with a warning.

    Raises:
        AreaError: a mask was asked for and no optical image has it.
    """
    mask = stated.optical.mask
    optical = [a for a in acquisitions if a.modality is Modality.OPTICAL]
    if mask is None or not optical:
        return stated.optical, list(acquisitions), []
    lacking = [a for a in optical if not _has_mask(a, mask)]
    if not lacking:
        return stated.optical, list(acquisitions), []
    if len(lacking) == len(optical):
        if stated.mask_is_explicit:
            raise AreaError(
                f"No optical image has the mask '{mask}'; the first one, {optical[0].raster.path}, "
                f"has the bands {', '.join(optical[0].bands)}.",
                "Give --mask BAND, --mask 'PATH_WITH_{date}.tif', or --mask none.",
            )
        return (
            replace(stated.optical, mask=None),
            list(acquisitions),
            [
                f"optical: no image has a band {mask}, so clouds are not masked; give --mask if "
                "there are mask rasters."
            ],
        )
    if len(acquisitions) - len(lacking) < 2:
        raise AreaError(
            f"Only {len(optical) - len(lacking)} optical image has the mask '{mask}'.",
            "Add the missing masks, or give --mask none.",
        )
    named = ", ".join([a.raster.path for a in lacking][:3]) + (" ..." if len(lacking) > 3 else "")
    warning = f"Left out {len(lacking)} optical image(s) without the mask '{mask}': {named}."
    return stated.optical, [a for a in acquisitions if a not in lacking], [warning]


def cloud_free(area: Area, acquisition: Acquisition, window: Window) -> tuple[Bools, Bools] | None:
    """Pixels that the mask declares usable, and those it says were recorded at all.

    Returns:
        Two `(h, w)` masks, or None where the area has no mask. A mask raster does not tell clouds
        from missing data: there everything inside it counts as recorded.

    Raises:
        RasterError: the mask cannot be read.
    """
    mask = area.optical.mask
    if mask is None:
        return None
    if is_mask_path(mask):
        values = _nearest(_mask_raster(acquisition, mask), 1, area, window)
        return sits.unmasked(values), np.isfinite(values)
    values = _nearest(acquisition.raster, acquisition.indices[mask], area, window)
    return sits.usable(values, area.optical.cloudy), sits.observed(values)


def _nearest(raster: RasterFile, index: int, area: Area, window: Window) -> Floats:
    """Codes are not numbers to interpolate between. `(h, w)`."""
    values: Floats = io.read(raster, (index,), area.grid, window, "nearest")[0]
    return values


def _has_mask(acquisition: Acquisition, mask: str) -> bool:
    if not is_mask_path(mask):
        return mask in acquisition.indices
    try:
        _mask_raster(acquisition, mask)
    except RasterError:
        return False
    return True


def _mask_raster(acquisition: Acquisition, pattern: str) -> RasterFile:
    """The mask raster of one acquisition; its 0 is a value (unusable), never "no data"."""
    raster = _described(mask_path(acquisition, pattern))
    return replace(raster, nodata=tuple(None if n == 0 else n for n in raster.nodata))


def mask_path(acquisition: Acquisition, pattern: str) -> str:
    """Path of an acquisition's mask: `{date}` is its date, or the one in its file's name."""
    path = pattern.replace("{date}", f"{acquisition.date:%Y%m%d}")
    # a composite's date is the middle of its period, its files are named by the first day
    named = sits.date_in_name(Path(acquisition.raster.path).name)
    if named and not Path(path).exists():
        return pattern.replace("{date}", f"{named:%Y%m%d}")
    return path


@lru_cache(maxsize=4096)
def _described(path: str) -> RasterFile:
    return io.describe(path)
