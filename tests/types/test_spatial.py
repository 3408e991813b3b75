from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4_core.types import Grid, Window

GRID = Grid("EPSG:32631", (500000.0, 10.0, 0.0, 5600000.0, 0.0, -10.0), 40, 60)

windows = st.builds(
    Window,
    st.integers(-50, 50),
    st.integers(-50, 50),
    st.integers(1, 80),
    st.integers(1, 80),
)


def test_bounds_are_those_of_all_corners() -> None:
    assert GRID.bounds == (500000.0, 5599600.0, 500600.0, 5600000.0)


def test_grid_at_a_window_starts_at_its_corner() -> None:
    part = GRID.at(Window(4, 8, 16, 12))
    assert part.transform == (500080.0, 10.0, 0.0, 5599960.0, 0.0, -10.0)
    assert part.shape == (16, 12)


def test_grid_at_a_window_outside_extends_the_grid() -> None:
    assert GRID.at(Window(-2, -3, 4, 4)).transform[0] == 499970.0


def test_empty_window_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        Window(0, 0, 0, 4)


@given(windows)
def test_clipped_window_is_inside_both(window: Window) -> None:
    clipped = window.clipped(40, 60)
    rows = set(range(window.row, window.row + window.height)) & set(range(40))
    cols = set(range(window.col, window.col + window.width)) & set(range(60))
    if clipped is None:
        assert not rows or not cols
    else:
        assert set(range(clipped.row, clipped.row + clipped.height)) == rows
        assert set(range(clipped.col, clipped.col + clipped.width)) == cols


@given(windows, st.integers(0, 40))
def test_grown_window_shrinks_back(window: Window, margin: int) -> None:
    grown = window.grown(margin)
    assert grown.shifted(margin, margin).row == window.row
    assert grown.height == window.height + 2 * margin
    assert grown.width == window.width + 2 * margin
