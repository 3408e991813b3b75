"""Which grid an area is mapped on, and how two grids lie to each other. Decides, reads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from s4_core.errors import RasterError
from s4_core.io.crs import Points, metres_per_unit, same_crs, transform_points
from s4_core.types import Grid, RasterFile, Window

ALIGNED_PX = 0.01
"""Grids whose pixels lie closer than this are the same."""

_SAME_SIZE = 1e-3


def target_grid(rasters: Sequence[RasterFile]) -> Grid:
    """The grid to map on: pixels of the finest rasters, over the ground that they share.

    Of the rasters with the smallest pixels (on the ground) the largest family with one CRS and
    one alignment gives pixel size and alignment. The extent is the bounding box of the ground
    that at least half as many of the family cover as its best covered spot: neighbouring tiles
    join, but neither a sliver of an orbit shrinks the map nor does one full scene among clipped
    ones blow it up. North is up, whatever the rasters do.

    Raises:
        RasterError: no rasters, one without CRS, or a rotated one where it would be the target.
    """
    if not rasters:
        raise RasterError("There are no rasters to map on.", "Check the folder.")
    for raster in rasters:
        require_placed(raster)
    family = _finest_family([raster.grid for raster in rasters], rasters)
    x0, dx, _, y0, _, dy = family[0].transform
    boxes = np.array([_box_px(family[0], grid) for grid in family])
    left, top, right, bottom = _well_covered(boxes)
    size_x, size_y = abs(dx), abs(dy)
    return Grid(
        family[0].crs_wkt,
        (
            (x0 if dx > 0 else x0 + family[0].width * dx) + left * size_x,
            size_x,
            0.0,
            (y0 if dy < 0 else y0 + family[0].height * dy) - top * size_y,
            0.0,
            -size_y,
        ),
        bottom - top,
        right - left,
    )


def require_placed(raster: RasterFile) -> None:
    """Refuse a raster that is not placed on the ground.

    Raises:
        RasterError: it has no CRS or no geotransform.
    """
    if not raster.grid.crs_wkt:
        raise RasterError(
            f"{raster.path} has no coordinate reference system or no geotransform, so it cannot"
            " be placed on the ground.",
            "Assign them, for example with gdal_edit.py -a_srs EPSG:32631"
            " -a_ullr XMIN YMAX XMAX YMIN FILE.",
        )


@lru_cache(maxsize=4096)
def whole_pixel_shift(source: Grid, target: Grid) -> tuple[int, int] | None:
    """Rows and columns from a pixel of `target` to the same pixel of `source`.

    None where the two differ in CRS, pixel size, rotation or alignment.
    """
    if not same_crs(source.crs_wkt, target.crs_wkt):
        return None
    corners = [(0, 0), (0, target.width), (target.height, 0), (target.height, target.width)]
    places = to_pixels(source, np.array([target.corner(r, c) for r, c in corners]))
    shifts = places - np.array([(c, r) for r, c in corners])
    shift = np.rint(shifts[0])
    if np.abs(shifts - shift).max() > ALIGNED_PX:
        return None
    return int(shift[1]), int(shift[0])


def to_pixels(grid: Grid, points: Points) -> Points:
    """CRS coordinates (N, 2) as x, y -> fractional pixel coordinates (N, 2) as column, row."""
    x0, dx, rx, y0, ry, dy = grid.transform
    determinant = dx * dy - rx * ry
    if determinant == 0:
        raise RasterError(
            f"The geotransform {grid.transform} has no area.", "Assign a right one (gdal_edit.py)."
        )
    east, north = points[:, 0] - x0, points[:, 1] - y0
    return np.stack(
        [(east * dy - north * rx) / determinant, (north * dx - east * ry) / determinant], axis=1
    )


@lru_cache(maxsize=4096)
def pixels_per_pixel(source: Grid, target: Grid) -> tuple[float, float]:
    """How many source pixels one target pixel is wide and high, at the target's centre."""
    row, col = target.height / 2, target.width / 2
    around = [(row, col - 0.5), (row, col + 0.5), (row - 0.5, col), (row + 0.5, col)]
    points = np.array([target.corner(r, c) for r, c in around])
    places = to_pixels(source, transform_points(points, target.crs_wkt, source.crs_wkt))
    wide = float(np.hypot(*(places[1] - places[0])))
    high = float(np.hypot(*(places[3] - places[2])))
    return wide, high


@lru_cache(maxsize=4096)
def source_window(source: Grid, target: Grid, margin_px: int) -> Window | None:
    """The part of `source` that a target grid (of one window) needs, or None if they are apart.

    The target's outline and inside are sampled; `margin_px` source pixels are added around.
    """
    rows = np.linspace(0, target.height, 21)
    cols = np.linspace(0, target.width, 21)
    points = np.array([target.corner(r, c) for r in rows for c in cols])
    places = to_pixels(source, transform_points(points, target.crs_wkt, source.crs_wkt))
    places = places[np.isfinite(places).all(axis=1)]
    if not len(places):
        return None
    low = np.floor(places.min(axis=0)).astype(int) - margin_px
    high = np.ceil(places.max(axis=0)).astype(int) + margin_px
    window = Window(int(low[1]), int(low[0]), int(high[1] - low[1]), int(high[0] - low[0]))
    return window.clipped(source.height, source.width)


def _finest_family(grids: Sequence[Grid], rasters: Sequence[RasterFile]) -> list[Grid]:
    sizes = [_ground_size(grid) for grid in grids]
    finest = min(sizes)
    candidates = [i for i, size in enumerate(sizes) if size <= finest * (1 + _SAME_SIZE)]
    families: list[list[int]] = []
    for index in candidates:
        for family in families:
            if _aligned(grids[family[0]], grids[index]):
                family.append(index)
                break
        else:
            families.append([index])
    chosen = max(families, key=len)
    leader = grids[chosen[0]]
    if abs(leader.transform[2]) + abs(leader.transform[4]) > 0:
        raise RasterError(
            f"{rasters[chosen[0]].path} is rotated against its coordinate axes, and its pixels"
            " are the finest, so the map would be rotated too.",
            "Warp it north-up first (gdalwarp FILE NORTH_UP.tif).",
        )
    return [grids[i] for i in chosen]


def _ground_size(grid: Grid) -> float:
    """Side of a square as large as one pixel, metres on the ground."""
    _, dx, rx, _, ry, dy = grid.transform
    x, y = grid.corner(grid.height / 2, grid.width / 2)
    east, north = metres_per_unit(grid.crs_wkt, x, y)
    return float(np.sqrt(abs(dx * dy - rx * ry) * east * north))


def _aligned(first: Grid, second: Grid) -> bool:
    """One lattice; a grid that has south up lies on the lattice of its north-up twin."""
    if not same_crs(first.crs_wkt, second.crs_wkt):
        return False
    sizes = [abs(second.transform[i]) - abs(first.transform[i]) for i in (1, 5)]
    if max(map(abs, sizes)) > ALIGNED_PX * min(first.pixel_size) / max(second.shape):
        return False
    if any(first.transform[i] != second.transform[i] for i in (2, 4)):
        return False
    place = to_pixels(first, np.array([second.corner(0, 0)]))
    return bool(np.abs(place - np.rint(place)).max() <= ALIGNED_PX)


def _box_px(leader: Grid, grid: Grid) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of `grid` on the north-up lattice of `leader`, pixels."""
    size_x, size_y = leader.pixel_size
    xmin, _, _, ymax = leader.bounds
    left, low, right, high = grid.bounds
    return (
        round((left - xmin) / size_x),
        round((ymax - high) / size_y),
        round((right - xmin) / size_x),
        round((ymax - low) / size_y),
    )


def _well_covered(boxes: npt.NDArray[np.int64]) -> tuple[int, int, int, int]:
    """Bounding box of the cells that half as many boxes cover as the best covered cell.

    Args:
        boxes: (N, 4) left, top, right, bottom, pixels.
    """
    xs, ys = np.unique(boxes[:, [0, 2]]), np.unique(boxes[:, [1, 3]])
    counts = np.zeros((len(ys) - 1, len(xs) - 1), dtype=np.int64)
    for left, top, right, bottom in boxes:
        columns = slice(*np.searchsorted(xs, [left, right]))
        rows = slice(*np.searchsorted(ys, [top, bottom]))
        counts[rows, columns] += 1
    row, col = np.nonzero(counts * 2 >= counts.max())
    return (
        int(xs[col.min()]),
        int(ys[row.min()]),
        int(xs[col.max() + 1]),
        int(ys[row.max() + 1]),
    )
