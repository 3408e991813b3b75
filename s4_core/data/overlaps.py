"""Burning parcels so that every pixel has one owner, and refusing parcels that contradict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.errors import LabelError
from s4_core.io import Parcel
from s4_core.types import Grid

SLIVER_SHARE = 0.05
"""Neighbours drawn by hand overlap along their edges: up to this share of the smaller one."""


@dataclass(frozen=True, eq=False)
class Burnt:
    """Parcels on a grid.

    Args:
        owners: `(H, W)`, 0 = none, i + 1 = parcel i.
    """

    owners: npt.NDArray[np.int32]
    warnings: tuple[str, ...]


def burn(parcels: Sequence[Parcel], crs_wkt: str, grid: Grid, inner_buffer_m: float) -> Burnt:
    """Give every pixel whose centre lies in a parcel its owner.

    Where parcels of one class overlap, the first one owns the pixel. Where parcels of different
    classes overlap by a sliver (at most one pixel's area, or 5 % of the smaller one), nobody does.

    Raises:
        LabelError: parcels of different classes overlap by more.
    """
    numbers = range(1, len(parcels) + 1)
    last = _burnt(parcels, numbers, crs_wkt, grid, inner_buffer_m)
    # the other way round, so that the first of overlapping parcels stays
    first = _burnt(parcels[::-1], numbers[::-1], crs_wkt, grid, inner_buffer_m)
    inside = np.union1d(first, last)
    inside = inside[inside > 0] - 1
    _refuse_contradictions([parcels[i] for i in inside], crs_wkt, io.pixel_area_ha(grid) * 1e4)
    classes = np.array([0, *_class_numbers(parcels)])
    disputed = classes[first] != classes[last]
    if not disputed.any():
        return Burnt(first, ())
    return Burnt(
        np.where(disputed, 0, first).astype(np.int32),
        (
            f"{int(disputed.sum())} pixel(s) lie in parcels of different classes whose edges "
            "overlap; they are left out.",
        ),
    )


def _burnt(
    parcels: Sequence[Parcel],
    values: Sequence[int],
    crs_wkt: str,
    grid: Grid,
    inner_buffer_m: float,
) -> npt.NDArray[np.int32]:
    return io.rasterize(parcels, values, crs_wkt, grid, inner_buffer_m=inner_buffer_m)


def _class_numbers(parcels: Sequence[Parcel]) -> list[int]:
    """A number from 1 for each parcel's class."""
    keys = [_key(parcel) for parcel in parcels]
    known = {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}
    return [known[key] for key in keys]


def _key(parcel: Parcel) -> str:
    return parcel.name.strip().casefold()


def _refuse_contradictions(parcels: Sequence[Parcel], crs_wkt: str, pixel_m2: float) -> None:
    contradicting = []
    for overlap in io.overlapping(parcels, crs_wkt, pixel_m2):
        first, second = parcels[overlap.first], parcels[overlap.second]
        smaller_m2 = min(first.area_ha, second.area_ha) * 1e4
        if _key(first) != _key(second) and overlap.area_m2 > SLIVER_SHARE * smaller_m2:
            contradicting.append((first, second, overlap.area_m2 / 1e4))
    if contradicting:
        first, second, shared_ha = contradicting[0]
        more = f", and {len(contradicting) - 1} more pairs" if len(contradicting) > 1 else ""
        raise LabelError(
            f"Parcels of different classes overlap: {first.id} ({first.name}) and "
            f"{second.id} ({second.name}) share {shared_ha:.3g} ha{more}.",
            "Correct the outlines or the classes: a pixel can only have one class.",
        )
