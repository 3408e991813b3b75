from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.data import Block, FeatureBlocks, FeatureCache, blocks_of, worth_keeping
from s4_core.types import Grid, Window

HEIGHT, WIDTH = 290, 150
GRID = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), HEIGHT, WIDTH)


def values_at(window):
    """A number for every pixel of the area, in two features."""
    rows, cols = np.mgrid[window.slices]
    return np.stack([rows * 1000.0 + cols, -rows - cols]).astype(np.float32)


def make(window):
    values = values_at(window)
    return Block(values, values[0] % 2 == 0)


def test_blocks_cover_the_area_and_end_on_its_lattice():
    found = blocks_of(GRID, GRID.whole)
    assert found == (
        Window(0, 0, 128, 128),
        Window(0, 128, 128, 24),
        Window(128, 0, 128, 128),
        Window(128, 128, 128, 24),
        Window(256, 0, 36, 128),
        Window(256, 128, 36, 24),
    )
    assert blocks_of(GRID, Window(130, 3, 5, 5)) == (Window(128, 0, 128, 128),)


@given(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), st.data())
@settings(deadline=None, max_examples=30)
def test_any_window_gets_the_features_of_its_pixels(row, col, drawn):
    height, width = (
        drawn.draw(st.integers(1, side - at)) for side, at in ((HEIGHT, row), (WIDTH, col))
    )
    window = Window(row, col, height, width)
    found = FeatureBlocks(GRID, make).at(window)
    np.testing.assert_array_equal(found.values, values_at(window))
    np.testing.assert_array_equal(found.seen, values_at(window)[0] % 2 == 0)


def test_blocks_that_pixels_lack_are_told_in_the_order_in_which_they_come():
    rows, cols = np.array([289, 0, 127, 128, 5]), np.array([149, 0, 128, 127, 7])
    made = []

    def noting(window):
        made.append(window)
        return make(window)

    blocks = FeatureBlocks(GRID, noting)
    blocks.at(Window(130, 0, 4, 4))
    lacking = blocks.lacking(blocks.holding(rows, cols))
    assert lacking == [Window(0, 0, 128, 128), Window(0, 128, 128, 24), Window(256, 128, 36, 24)]
    list(blocks.at_pixels(rows, cols))
    assert made[1:] == lacking


def test_single_pixels_come_block_by_block():
    rows, cols = np.array([289, 0, 127, 128, 5]), np.array([149, 0, 128, 127, 7])
    values, seen = np.zeros((5, 2), np.float32), np.zeros(5, bool)
    blocks = FeatureBlocks(GRID, make)
    for inside, found, shown in blocks.at_pixels(rows, cols):
        values[inside], seen[inside] = found, shown
    np.testing.assert_array_equal(values[:, 0], rows * 1000.0 + cols)
    np.testing.assert_array_equal(values[:, 1], -rows - cols)
    np.testing.assert_array_equal(seen, (rows * 1000 + cols) % 2 == 0)
    assert blocks.misses == 4


def test_a_hit_equals_a_miss_bit_for_bit(tmp_path):
    rng = np.random.default_rng(1)

    def random_block(window):
        values = rng.normal(size=(3, window.height, window.width)).astype(np.float32)
        return Block(values, values[0] > 0)

    def refuse(window):
        raise AssertionError(f"{window} is computed again")

    first = FeatureBlocks(GRID, random_block, FeatureCache(tmp_path), "key")
    missed = first.at(GRID.whole)
    assert (first.hits, first.misses) == (0, 6)
    assert not first.lacking([GRID.whole])
    second = FeatureBlocks(GRID, refuse, FeatureCache(tmp_path), "key")
    hit = second.at(GRID.whole)
    assert (second.hits, second.misses) == (6, 0)
    assert hit.values.tobytes() == missed.values.tobytes()
    assert hit.seen.tobytes() == missed.seen.tobytes()
    # another model
    assert (
        len(FeatureBlocks(GRID, refuse, FeatureCache(tmp_path), "other").lacking([GRID.whole])) == 6
    )


def test_a_cache_that_cannot_be_written_is_told_once_and_does_not_stop_the_run(tmp_path):
    (tmp_path / "file").write_text("")
    said = []
    blocks = FeatureBlocks(
        GRID, make, FeatureCache(tmp_path / "file"), "key", lambda *words: said.append(words)
    )
    np.testing.assert_array_equal(blocks.at(GRID.whole).values, values_at(GRID.whole))
    assert [level for level, _ in said] == ["warning"]
    assert said[0][1].startswith("Features are not kept for the next run: ")


def test_few_blocks_stay_in_memory(monkeypatch):
    monkeypatch.setattr("s4_core.data.feature_blocks.KEPT_BYTES", 1)
    blocks = FeatureBlocks(GRID, make)
    blocks.at(GRID.whole)
    blocks.at(Window(288, 149, 1, 1))
    assert blocks.misses == 6
    blocks.at(Window(0, 0, 1, 1))
    assert blocks.misses == 7


@pytest.mark.parametrize(
    ("side", "features", "expected"),
    [(768, 136, True), (772, 136, False), (512, 640, True), (768, 640, False)],
)
def test_what_is_worth_keeping(side, features, expected):
    grid = Grid("", GRID.transform, side, side)
    assert worth_keeping(grid, grid.whole, features) is expected
    assert worth_keeping(Grid("", GRID.transform, 9000, 9000), Window(4000, 4000, 200, 200), 136)
