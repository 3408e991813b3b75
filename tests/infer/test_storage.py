"""Tiles are read in the order that decodes each stored block least."""

from __future__ import annotations

from collections import OrderedDict

import pytest

from s4_core.infer.storage import Layers, Reading, plan_reading
from s4_core.infer.tiling import Tile, plan_tiles

BLOCK = 256


def layers(count: int, side: int, block: tuple[int, int] = (BLOCK, BLOCK)) -> Layers:
    return Layers(count, block, (side, side), 2, (1.0, 1.0), False)


def decoded(tiles: tuple[Tile, ...], side: int, cached_blocks: int) -> float:
    """Blocks decoded, of those that there are; the cache forgets what was used longest ago."""
    cache: OrderedDict[tuple[int, int], None] = OrderedDict()
    count = 0
    for tile in tiles:
        window = tile.window.clipped(side, side)
        assert window is not None
        for row in range(window.row // BLOCK, (window.row + window.height - 1) // BLOCK + 1):
            for col in range(window.col // BLOCK, (window.col + window.width - 1) // BLOCK + 1):
                if (row, col) not in cache:
                    count += 1
                cache[row, col] = None
                cache.move_to_end((row, col))
                while len(cache) > cached_blocks:
                    cache.popitem(last=False)
    return count / (side // BLOCK) ** 2


def test_bands_decode_a_block_hardly_more_than_once() -> None:
    side, bands = 4096, 220
    plan = plan_tiles(side, side, 128, 4)
    cache_bytes = 512 * 2**20
    reading = plan_reading(plan, [layers(bands, side)], cache_bytes, side)
    assert reading.keeps
    assert reading.warning is None
    blocks = cache_bytes // (bands * BLOCK * BLOCK * 2)
    ordered = reading.ordered(plan.tiles)
    assert sorted(tile.index for tile in ordered) == list(range(len(plan.tiles)))
    once = decoded(ordered, side, blocks)
    assert once < 1.25
    assert decoded(plan.tiles, side, blocks) > 2 * once, "row by row"
    fresh = bands * 128 * 128 * 2
    assert reading.tile_bytes / fresh == pytest.approx(once, rel=0.1)


def test_a_small_area_is_one_band_and_decoded_once() -> None:
    plan = plan_tiles(512, 512, 128, 4)
    reading = plan_reading(plan, [layers(10, 512)], 2**29, 512)
    assert reading.band_rows == 4
    assert reading.tile_bytes == 10 * 128 * 128 * 2
    assert reading.kept_bytes(plan.region, 2**29) == 10 * 512 * 512 * 2
    assert reading.kept_bytes(plan.region, 1000) == 1000


def test_whole_rows_over_a_wide_scene_are_warned_of() -> None:
    plan = plan_tiles(10980, 10980, 128, 4)
    reading = plan_reading(plan, [layers(440, 10980, (1, 10980))], 2**29, 10980)
    assert (reading.band_rows, reading.keeps) == (1, False)
    assert reading.warning is not None
    assert "blocks of 1 x 10980 px" in reading.warning
    assert "TILED=YES" in reading.warning


def test_a_band_is_no_higher_than_a_strip_of_burnt_parcels() -> None:
    plan = plan_tiles(2048, 2048, 128, 4)
    assert plan_reading(plan, [layers(1, 2048)], 2**29, 300).band_rows == 2
    assert plan_reading(plan, [layers(1, 2048)], 2**29, 64).band_rows == 1


def test_the_order_within_a_band() -> None:
    plan = plan_tiles(64, 48, 16, 0)
    reading = Reading(band_rows=2, tile_bytes=0.0, keeps=True, layers=())
    places = [(tile.row, tile.col) for tile in reading.ordered(plan.tiles)]
    assert places[:4] == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert places[6:8] == [(2, 0), (3, 0)]
