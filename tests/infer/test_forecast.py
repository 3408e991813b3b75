"""Costs are told before a map is made, and the tile follows from them."""

from __future__ import annotations

from s4_core.infer.forecast import MEMORY_BYTES, Forecast, Load, forecast, shared, tile_for
from s4_core.infer.tiling import plan_tiles
from s4_core.types import Window

STEM = Load(dates=72, frames=40, channels=10, layer="stem", width=32)
DECODER = Load(dates=72, frames=40, channels=10, layer="decoder", width=32)


def test_a_pixel_by_hand() -> None:
    assert STEM.bytes_per_pixel == 4 * (3 * 72 * 10 + 40 * (10 + 4 * 32))


def test_a_readout_of_the_stem_takes_the_default_tile() -> None:
    assert tile_for([STEM], 4) == 128


def test_the_tile_shrinks_with_what_the_model_takes_in() -> None:
    tile = tile_for([DECODER], 32)
    assert tile % 4 == 0
    assert 32 < tile < 128
    assert (tile + 64) ** 2 * DECODER.bytes_per_pixel <= MEMORY_BYTES
    assert (tile + 68) ** 2 * DECODER.bytes_per_pixel > MEMORY_BYTES
    assert tile_for([DECODER] * 20, 32) == 32


def test_memory_does_not_grow_with_the_extent_and_disk_does() -> None:
    small = forecast(plan_tiles(256, 256, 128, 4), 4, [STEM], 7)
    large = forecast(plan_tiles(2560, 2560, 128, 4), 400, [STEM], 7)
    assert small.memory_bytes == large.memory_bytes == int(136**2 * STEM.bytes_per_pixel)
    assert small.disk_bytes == 256 * 256 * 9 * 7 // 3
    assert large.disk_bytes == 2560 * 2560 * 9 * 7 // 3


def test_many_classes_and_an_extent_count() -> None:
    plan = plan_tiles(256, 256, 128, 4, Window(0, 0, 30, 10))
    assert forecast(plan, 1, [STEM], 300).disk_bytes == 300 * 10 * 7 // 3


def test_blending_keeps_two_rows_of_predictions() -> None:
    plan = plan_tiles(512, 512, 64, 8)
    plain, blended = (forecast(plan, 64, [DECODER], 5, blends=b) for b in (False, True))
    assert blended.disk_bytes - plain.disk_bytes == 18 * 80 * 80 * 21


def test_the_sentence() -> None:
    said = str(Forecast(1, 5 * 2**20, 2**20 // 2))
    assert said == "1 tile, about 5 MiB of memory, up to 0.5 MiB of disk"
    assert str(Forecast(2, 0, 0)).startswith("2 tiles,")


def test_workers_share_tiles_but_cannot_cut_them() -> None:
    alone = Forecast(5, memory_bytes=100, disk_bytes=7, seconds=50.0)
    assert shared(alone, 1) == alone
    # two rounds of two, and one that one worker makes while the other waits
    assert shared(alone, 2) == Forecast(5, 200, 7, 30.0)
    assert shared(alone, 8).seconds == 10.0
    assert shared(Forecast(1, 100, 7, 50.0), 2).seconds == 50.0
    assert shared(Forecast(5, 100, 7), 2).seconds is None
