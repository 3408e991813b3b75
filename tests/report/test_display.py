from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core import io
from s4_core.report.display import (
    SIDE_PX,
    class_picture,
    display_grid,
    outlined,
    read_picture,
    stretched,
    striped,
)
from s4_core.types import Grid
from tests.jobs.small_map import GRID, LEGEND, map_values, write_map


def test_a_small_map_is_enlarged_by_a_whole_factor(tmp_path):
    raster = io.describe(write_map(tmp_path / "map.tif", map_values()))
    grid = display_grid(GRID)
    factor = SIDE_PX // 40
    assert grid.shape == (32 * factor, 40 * factor)
    shown = read_picture(raster, [1], grid)[0]
    assert np.array_equal(shown, np.kron(map_values(), np.ones((factor, factor))))


def test_a_large_map_is_thinned(tmp_path):
    values = np.ones((2 * SIDE_PX, 16), np.uint8)
    values[SIDE_PX:] = 2
    grid = Grid(GRID.crs_wkt, GRID.transform, *values.shape)
    with io.MapWriter(tmp_path / "map.tif", grid, "classes", LEGEND) as writer:
        writer.write(grid.whole, values)
    small = display_grid(grid)
    assert small.shape == (SIDE_PX, 8)
    shown = read_picture(io.describe(tmp_path / "map.tif"), [1], small)[0]
    assert (shown[: SIDE_PX // 2] == 1).all()
    assert (shown[SIDE_PX // 2 :] == 2).all()


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 30_000), st.integers(1, 30_000))
def test_pictures_cover_the_map_and_stay_moderate(height, width):
    grid = Grid("", (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), height, width)
    shown = display_grid(grid)
    assert max(shown.shape) <= SIDE_PX
    xmin, ymin, xmax, ymax = shown.bounds
    # at most one display pixel is cut off at the right and at the bottom
    step = shown.pixel_size[0]
    assert 10.0 * width - step < xmax - xmin <= 10.0 * width + step
    assert 10.0 * height - step < ymax - ymin <= 10.0 * height + step


def test_classes_have_the_colours_of_the_legend():
    picture = class_picture(np.array([[0, 1], [3, np.nan]]), LEGEND)
    assert picture[0, 0].tolist() == [255, 255, 255]
    assert picture[0, 1].tolist() == list(LEGEND.classes[0].colour)
    assert picture[1, 0].tolist() == list(LEGEND.classes[2].colour)
    assert picture[1, 1].tolist() == [255, 255, 255]


def test_a_stretch_spans_the_middle_of_the_values_and_leaves_gaps_white():
    band = np.linspace(0, 100, 400, dtype=np.float32).reshape(20, 20)
    band[0, 0] = np.nan
    picture = stretched(np.stack([band] * 3))
    assert picture[0, 0].tolist() == [255, 255, 255]
    assert picture[0, 1].tolist() == [0, 0, 0]
    assert picture[19, 19].tolist() == [255, 255, 255]
    assert picture[10, 0, 0] == pytest.approx(127, abs=4)
    assert (stretched(np.full((3, 4, 4), np.nan, np.float32)) == 255).all()


def test_lines_and_stripes_change_only_their_place():
    paper = np.full((30, 30, 3), 200, np.uint8)
    index = np.zeros((30, 30), np.int32)
    index[:, 15:] = 1
    lined = outlined(paper, index, 1.0)
    assert (lined[:, 15] == 40).all()
    assert (np.delete(lined, 15, axis=1) == 200).all()
    where = index == 1
    marked = striped(paper, where)
    assert (marked[~where] == 200).all()
    assert 0.1 < (marked[where] != 200).any(-1).mean() < 0.4
