"""What a map will cost before it is made: tiles, time, memory, disk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from s4_core.infer.tiling import LATTICE_PX, TilePlan
from s4_core.phrases import duration

DEFAULT_TILE_PX = 128
_LEAST_TILE_PX = 32
"""Below, nearly all that is computed is halo."""

MEMORY_BYTES = 2**30
"""What one tile may take. Half of it would make models with a halo of 32 px twice as slow: of a
44-px tile's window a sixth is wanted, of a 92-px tile's a third."""

_FLOAT_BYTES = 4
_COPIES_READ = 3
"""As stored, in physical units, standardised."""

_LIVE_WIDTHS = {"stem": 4.0, "decoder": 8.5, "metric": 8.5}
"""Floats alive at once per date and pixel, in widths of the first level; measured on the CPU. The
metric adds a few numbers a pixel, of no date, to what the decoder took before."""


@dataclass(frozen=True)
class Load:
    """What a model takes in of one modality.

    Args:
        dates: acquisitions that are read.
        frames: dates that the network sees.
        channels: data channels.
        layer: up to which the network runs: "stem", "decoder" or "metric".
        width: channels of the network's first level.
    """

    dates: int
    frames: int
    channels: int
    layer: str
    width: int

    @property
    def bytes_per_pixel(self) -> float:
        """Memory that one pixel of a window takes: run, while the next window is read."""
        read = _COPIES_READ * self.dates * self.channels
        run = self.frames * (self.channels + _LIVE_WIDTHS[self.layer] * self.width)
        return _FLOAT_BYTES * (read + run)


@dataclass(frozen=True)
class Forecast:
    """Costs of a map.

    Args:
        tiles: to be computed.
        memory_bytes: that the process reaches, with what it takes before the first tile.
        disk_bytes: at most, while the map is made; the finished files are smaller.
        seconds: for all tiles, None where nobody tried.
    """

    tiles: int
    memory_bytes: int
    disk_bytes: int
    seconds: float | None = None

    def __str__(self) -> str:
        plural = "" if self.tiles == 1 else "s"
        time = "" if self.seconds is None else f"about {duration(self.seconds)}, "
        return (
            f"{self.tiles} tile{plural}, {time}about {self.memory_bytes / 2**20:.0f} MiB of "
            f"memory, up to {self.disk_bytes / 2**20:.1f} MiB of disk"
        )


def shared(costs: Forecast, workers: int) -> Forecast:
    """What the same map costs when workers share its tiles, which they cannot cut.

    Args:
        costs: of one process. workers: at least 1.
    """
    longest = math.ceil(costs.tiles / workers)
    seconds = None if costs.seconds is None else costs.seconds * longest / max(costs.tiles, 1)
    return replace(costs, seconds=seconds, memory_bytes=costs.memory_bytes * workers)


def tile_for(loads: Sequence[Load], halo_px: int) -> int:
    """The largest tile, at most 128 px, whose window fits into the memory for one tile."""
    per_pixel = sum(load.bytes_per_pixel for load in loads)
    side = math.isqrt(int(MEMORY_BYTES / per_pixel)) - 2 * halo_px
    return max(_LEAST_TILE_PX, min(DEFAULT_TILE_PX, side // LATTICE_PX * LATTICE_PX))


def forecast(
    plan: TilePlan,
    tiles: int,
    loads: Sequence[Load],
    classes: int,
    *,
    blends: bool = False,
    kept_bytes: int = 0,
) -> Forecast:
    """Costs of a map of a plan.

    Args:
        tiles: that are computed; others lie outside of the mask.
        classes: of the map's legend.
        blends: predictions wait on disk for their neighbours.
        kept_bytes: of memory, whatever the tile: the program's and the decoded blocks'.
    """
    largest = max(tile.window.height * tile.window.width for tile in plan.tiles)
    per_pixel = sum(load.bytes_per_pixel for load in loads)
    value_bytes = 1 if classes < 255 else 2
    pixels = plan.region.height * plan.region.width
    # the raw values, then beside them the GeoTIFFs with their overviews (a third more): 1 + 4/3
    disk = pixels * (value_bytes + 2 * _FLOAT_BYTES) * 7 // 3
    if blends:
        rows = -(-plan.halo_px // plan.tile_px)
        waiting = min(tiles, (plan.cols + 1) * (rows + 1))
        disk += waiting * largest * (classes * _FLOAT_BYTES + 1)
    return Forecast(tiles, kept_bytes + int(per_pixel * largest), disk)
