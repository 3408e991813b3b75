"""How the images of a map are stored, and the order of tiles in which each block is decoded least.

Files come in compressed blocks that GDAL decodes as a whole and keeps in a bounded cache. Row by
row over a wide area, a block is long forgotten when the next row of tiles wants it again. Bands
of rows that are as high as the cache allows, walked from left to right, decode a block once, and
again only where two bands share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from s4_core import io
from s4_core.infer.tiling import Tile, TilePlan
from s4_core.types import Acquisition, Grid, Window

_BYTES = {"Byte": 1, "Int8": 1, "UInt16": 2, "Int16": 2, "UInt32": 4, "Int32": 4, "Float32": 4}
_WIDEST = 8
_CACHE_SHARE = 0.8
"""Of GDAL's cache: it also keeps what masks and other files need."""

_WARP_MARGIN_PX = 4
"""Read around a window that is warped, at about equal pixel sizes."""


@dataclass(frozen=True)
class Layers:
    """Bands that are stored alike.

    Args:
        count: bands, over all images.
        block: height and width of a block, the raster's pixels. size: of the raster.
        pixel_bytes: of one pixel, decoded.
        scale: the raster's pixels per pixel of the area, along rows and columns.
        warped: the raster is not on the area's grid.
    """

    count: int
    block: tuple[int, int]
    size: tuple[int, int]
    pixel_bytes: int
    scale: tuple[float, float]
    warped: bool

    def held_bytes(self, height_px: int, width_px: int) -> int:
        """Of the blocks, decoded, that a window of the area touches at most."""
        rows, cols = (
            self._touched(axis, span, 1) for axis, span in ((0, height_px), (1, width_px))
        )
        return int(rows * cols) * self._block_bytes

    def decoded_bytes(self, height_px: int, width_px: int) -> float:
        """The same in the mean over all places."""
        rows, cols = (
            self._touched(axis, span, 0) for axis, span in ((0, height_px), (1, width_px))
        )
        return rows * cols * self._block_bytes

    def excess(self, height_px: int, margin_px: int) -> float:
        """Rows that are decoded for a band of tiles and its margin, of those in the band."""
        rows = self._touched(0, height_px + margin_px, 0) * self.block[0]
        return max(rows / (height_px * self.scale[0]), 1.0)

    def fresh_bytes(self, height_px: int, width_px: int) -> float:
        """Of the pixels of a window, decoded."""
        pixels = height_px * self.scale[0] * width_px * self.scale[1]
        return self.count * pixels * self.pixel_bytes

    @property
    def _block_bytes(self) -> int:
        return self.count * self.block[0] * self.block[1] * self.pixel_bytes

    def _touched(self, axis: int, span_px: int, most: int) -> float:
        """Blocks along an axis that a span touches: `most` 1 at most, 0 in the mean."""
        own = int(span_px * self.scale[axis]) + (2 * _WARP_MARGIN_PX if self.warped else 0)
        block = self.block[axis]
        found = -(-(own - 1) // block) + 1 if most else (own - 1) / block + 1
        return min(found, -(-self.size[axis] // block))


def layers_of(acquisitions: Iterable[Acquisition], bands: int, grid: Grid) -> tuple[Layers, ...]:
    """What is read of some images of one modality; `bands` of each, a mask's included."""
    found = []
    for image in acquisitions:
        raster = image.raster
        wide, high = io.pixels_per_pixel(raster.grid, grid)
        found.append(
            Layers(
                count=min(bands, len(raster.bands)),
                block=raster.blocks,
                size=raster.grid.shape,
                pixel_bytes=_BYTES.get(raster.dtype, _WIDEST),
                scale=(high, wide),
                warped=io.whole_pixel_shift(raster.grid, grid) is None,
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Reading:
    """How a plan's tiles are read.

    Args:
        band_rows: rows of tiles that are walked together.
        tile_bytes: decoded for one tile, in the mean.
        keeps: the cache holds what a band needs; else a block is decoded for every tile.
        layers: all that is read for a tile.
    """

    band_rows: int
    tile_bytes: float
    keeps: bool
    layers: tuple[Layers, ...]

    def window_bytes(self, window: Window) -> float:
        """Decoded for a window of which no block is kept yet, in the mean."""
        return sum(x.decoded_bytes(window.height, window.width) for x in self.layers)

    def kept_bytes(self, region: Window, cache_bytes: int) -> int:
        """What the cache comes to hold while a region is mapped."""
        return min(cache_bytes, sum(x.held_bytes(region.height, region.width) for x in self.layers))

    def ordered(self, tiles: Sequence[Tile]) -> tuple[Tile, ...]:
        """Tiles in the order in which they are read."""
        return tuple(sorted(tiles, key=lambda t: (t.row // self.band_rows, t.col, t.row)))

    @property
    def warning(self) -> str | None:
        """What slows reading down, and what to do about it."""
        if self.keeps:
            return None
        high, wide = max((x.block for x in self.layers), key=lambda b: b[0] * b[1])
        return (
            f"The images are stored in blocks of {high} x {wide} px, too large "
            "to keep them all: each is decoded anew for many tiles. Storing them tiled makes the "
            "map faster (gdal_translate -co TILED=YES -co COMPRESS=DEFLATE)."
        )


def plan_reading(
    plan: TilePlan, layers: Sequence[Layers], cache_bytes: int, most_px: int
) -> Reading:
    """The highest bands whose blocks the cache holds.

    Args:
        layers: all that is read for a tile. most_px: height that a band must not exceed.
    """
    budget = _CACHE_SHARE * cache_bytes
    tile_px, margin_px = plan.tile_px, 2 * plan.halo_px

    def held(rows: int) -> int:
        height_px = rows * tile_px + margin_px
        return sum(layer.held_bytes(height_px, tile_px + margin_px) for layer in layers)

    most = max(1, min(plan.rows, most_px // tile_px))
    rows = next((rows for rows in range(most, 1, -1) if held(rows) <= budget), 1)
    keeps = held(rows) <= budget
    if keeps:
        # whole blocks above and below a band; from left to right none twice
        tile_bytes = sum(
            x.excess(rows * tile_px, margin_px) * x.fresh_bytes(tile_px, tile_px) for x in layers
        )
    else:
        window_px = tile_px + margin_px
        tile_bytes = sum(x.decoded_bytes(window_px, window_px) for x in layers)
    return Reading(rows, tile_bytes, keeps, tuple(layers))
