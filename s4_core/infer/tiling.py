"""Tiles of an area: which pixels are written, which are read for them, how overlaps blend.

The network pools by 2 twice, so its result for a pixel depends on where the pixel lies in a
block of 4. Cores and read windows therefore start on the area's 4-px lattice, whatever extent is
asked for. A read window always reaches the whole halo beyond its core, also outside the area,
where pixels are invalid: each pixel then sees the same surroundings whatever the tile size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from s4_core.errors import ConfigurationError
from s4_core.types import Window

LATTICE_PX = 4


@dataclass(frozen=True)
class Tile:
    """One inference unit, in pixels of the area's grid.

    Args:
        index: position in the plan, row by row.
        row, col: place in the plan's table of tiles.
        core: pixels that this tile maps; inside the region asked for.
        window: pixels that are read: the core rounded out to the lattice, plus the halo.
    """

    index: int
    row: int
    col: int
    core: Window
    window: Window

    @property
    def core_in_window(self) -> Window:
        """The core, counted from the read window's corner."""
        return self.core.shifted(-self.window.row, -self.window.col)


@dataclass(frozen=True)
class TilePlan:
    """All tiles of a region, row by row.

    Args:
        tiles: `rows * cols` tiles whose cores cover `region` exactly once.
        region: the pixels to map, on the area's grid.
        tile_px, halo_px: multiples of 4.
    """

    tiles: tuple[Tile, ...]
    rows: int
    cols: int
    region: Window
    tile_px: int
    halo_px: int

    def reaching(self, tile: Tile) -> tuple[Tile, ...]:
        """The tiles, this one included, whose read window touches the core of `tile`."""
        reach = -(-self.halo_px // self.tile_px)
        rows = range(max(tile.row - reach, 0), min(tile.row + reach, self.rows - 1) + 1)
        cols = range(max(tile.col - reach, 0), min(tile.col + reach, self.cols - 1) + 1)
        near = (self.tiles[row * self.cols + col] for row in rows for col in cols)
        return tuple(other for other in near if intersection(other.window, tile.core))


def plan_tiles(
    height: int, width: int, tile_px: int, halo_px: int, region: Window | None = None
) -> TilePlan:
    """Cut a region of a `height` x `width` area into tiles.

    Args:
        tile_px, halo_px: rounded up to multiples of 4.
        region: pixels to map, inside the area; None maps all of it.

    Raises:
        ConfigurationError: a tile without pixels, a negative halo, a region outside the area.
    """
    if tile_px < 1 or halo_px < 0:
        raise ConfigurationError(
            f"A tile of {tile_px} px with a halo of {halo_px} px cannot be used.",
            "Give a tile of at least 4 px and a halo of 0 px or more.",
        )
    region = region or Window(0, 0, height, width)
    if region.clipped(height, width) != region:
        raise ConfigurationError(
            f"The region {region} reaches outside the area of {height} x {width} px.",
            "Choose a region inside the area.",
        )
    tile_px, halo_px = round_up(tile_px), round_up(halo_px)
    row_spans = _spans(region.row, region.row + region.height, tile_px)
    col_spans = _spans(region.col, region.col + region.width, tile_px)
    tiles: list[Tile] = []
    for row, (top, bottom) in enumerate(row_spans):
        for col, (left, right) in enumerate(col_spans):
            core = Window(top, left, bottom - top, right - left)
            window = on_lattice(core).grown(halo_px)
            tiles.append(Tile(len(tiles), row, col, core, window))
    return TilePlan(tuple(tiles), len(row_spans), len(col_spans), region, tile_px, halo_px)


def round_up(size_px: int, step_px: int = LATTICE_PX) -> int:
    """The smallest multiple of `step_px` that is not smaller than `size_px`."""
    return -(-size_px // step_px) * step_px


def on_lattice(window: Window) -> Window:
    """The smallest window around `window` whose corners lie on the 4-px lattice."""
    top, left = window.row // LATTICE_PX * LATTICE_PX, window.col // LATTICE_PX * LATTICE_PX
    height = round_up(window.row + window.height) - top
    return Window(top, left, height, round_up(window.col + window.width) - left)


def intersection(one: Window, other: Window) -> Window | None:
    """The pixels that two windows share, or None."""
    inside = one.shifted(-other.row, -other.col).clipped(other.height, other.width)
    return inside and inside.shifted(other.row, other.col)


def _spans(start: int, stop: int, tile_px: int) -> list[tuple[int, int]]:
    """Starts and stops of the cores along one axis; inner edges lie on the lattice."""
    origin = start // LATTICE_PX * LATTICE_PX
    edges = [start, *range(origin + tile_px, stop, tile_px), stop]
    return list(zip(edges[:-1], edges[1:]))


def ramp_weights(window: Window, halo_px: int) -> npt.NDArray[np.float32]:
    """Weights `(h, w)` of a tile's prediction where tiles overlap by twice the halo.

    They rise linearly from the window's edge to 1 at twice the halo, so that two neighbours'
    weights sum to 1; a pixel near the edge, whose surroundings the tile did not see, counts least.
    """
    rows, cols = (_ramp(size, halo_px) for size in (window.height, window.width))
    # (h, 1) * (1, w) -> (h, w)
    return (rows[:, None] * cols[None, :]).astype(np.float32)


def _ramp(size_px: int, halo_px: int) -> npt.NDArray[np.float64]:
    if halo_px == 0:
        return np.ones(size_px)
    positions = np.arange(size_px)
    from_edge = np.minimum(positions, positions[::-1])
    return np.minimum((from_edge + 0.5) / (2 * halo_px), 1.0)
