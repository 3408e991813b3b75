"""Extents in map units become windows of whole pixels."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.errors import ConfigurationError
from s4_core.infer.extent import region_of
from s4_core.types import Grid, Window

GRID = Grid("", (500000.0, 10.0, 0.0, 5650000.0, 0.0, -10.0), 80, 96)


def test_no_extent_is_the_whole_area() -> None:
    assert region_of(GRID, None) == Window(0, 0, 80, 96)


def test_the_window_covers_the_extent() -> None:
    assert region_of(GRID, "500010,5649500,500095,5649990") == Window(1, 1, 49, 9)
    assert region_of(GRID, "500011,5649501,500095,5649985") == Window(1, 1, 49, 9)
    assert region_of(GRID, "500011, 5649985, 500012, 5649986") == Window(1, 1, 1, 1)


def test_an_extent_beyond_the_area_is_clipped() -> None:
    assert region_of(GRID, "0,0,1e7,1e7") == Window(0, 0, 80, 96)
    assert region_of(GRID, "0,0,500020,5649220") == Window(78, 0, 2, 2)


@settings(deadline=None, max_examples=60)
@given(
    row=st.integers(0, 79),
    col=st.integers(0, 95),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
)
def test_the_bounds_of_a_window_give_the_window_back(
    row: int, col: int, height: int, width: int
) -> None:
    window = Window(row, col, min(height, 80 - row), min(width, 96 - col))
    extent = ",".join(f"{value:.6f}" for value in GRID.at(window).bounds)
    assert region_of(GRID, extent) == window


def test_a_rotated_grid() -> None:
    # columns run north, rows run east
    grid = Grid("", (0.0, 0.0, 10.0, 0.0, 10.0, 0.0), 5, 7)
    assert region_of(grid, "10,20,30,50") == Window(1, 2, 2, 3)


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "", "5,0,5,9", "9,0,5,9", "0,0,nan,1"])
def test_what_is_not_an_extent_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="extent"):
        region_of(GRID, text)


def test_an_extent_elsewhere_names_the_area_bounds() -> None:
    with pytest.raises(ConfigurationError, match="500000,5649200,500960,5650000"):
        region_of(GRID, "3.1,50.1,3.2,50.2")
