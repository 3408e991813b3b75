"""Random places inside polygons: where to fetch patches for pretraining (paper, Section 6.1)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from s4_core import io
from s4_core.errors import AreaError
from s4_core.fetch.aoi import DEGREES, Bounds
from s4_core.types import Grid

LATTICE_M = 20.0
"""Corners lie on whole multiples, as those of Sentinel-2's 20 m pixels do."""

_TRIES = 20_000
"""Draws in vain, one after the other, before the polygons count as full."""

_PIECES = 16
"""In each direction, into which a place is cut to see whether it is inside."""


@dataclass(frozen=True)
class Place:
    """A square on the ground.

    Args:
        bounds: xmin, ymin, xmax, ymax in `epsg`, a UTM zone. degrees: the box around it.
    """

    bounds: Bounds
    epsg: int
    degrees: Bounds


def random_places(within: io.ParcelLayer, side_m: float, seed: int) -> Iterator[Place]:
    """Squares inside polygons, none over another; equally likely everywhere on the ground.

    An edge may reach out by half a sixteenth of its length.

    The same seed draws the same places in the same order: a run that was stopped goes on.

    Raises:
        AreaError: there is no room for a further one.
    """
    rng = np.random.default_rng(seed)
    west, south, east, north = _around(within)
    taken: list[Bounds] = []
    vain = 0
    while vain < _TRIES:
        longitude = rng.uniform(west, east)
        # a degree of longitude is shorter towards the poles
        low, high = (math.sin(math.radians(edge)) for edge in (south, north))
        latitude = math.degrees(math.asin(rng.uniform(low, high)))
        place = _place(longitude, latitude, side_m)
        if any(_overlap(place.degrees, other) for other in taken) or not _inside(place, within):
            vain += 1
            continue
        vain = 0
        taken.append(place.degrees)
        yield place
    raise AreaError(
        f"Only {len(taken)} places of {side_m:g} m fit into the polygons.",
        "Give larger polygons, smaller patches or a smaller number.",
    )


def _around(within: io.ParcelLayer) -> Bounds:
    boxes = np.array([io.box_in(box, within.crs_wkt, DEGREES) for box in io.boxes_of(within)])
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _place(longitude: float, latitude: float, side_m: float) -> Place:
    zone = min(int((longitude + 180) // 6) + 1, 60)
    epsg = (32600 if latitude >= 0 else 32700) + zone
    crs = f"EPSG:{epsg}"
    x, y, _, _ = io.box_in((longitude, latitude, longitude, latitude), DEGREES, crs)
    left, bottom = (math.floor((v - side_m / 2) / LATTICE_M) * LATTICE_M for v in (x, y))
    bounds = (left, bottom, left + side_m, bottom + side_m)
    return Place(bounds, epsg, io.box_in(bounds, crs, DEGREES))


def _inside(place: Place, within: io.ParcelLayer) -> bool:
    xmin, _, xmax, ymax = place.bounds
    piece = (xmax - xmin) / _PIECES
    crs = io.crs_of_code(place.epsg)
    grid = Grid(crs, (xmin, piece, 0.0, ymax, 0.0, -piece), _PIECES, _PIECES)
    burnt = io.rasterize(within, [1] * len(within.parcels), within.crs_wkt, grid)
    return bool((burnt > 0).all())


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
