"""Tiles cover each pixel once, on the area's lattice, with the whole halo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.errors import ConfigurationError
from s4_core.infer.tiling import (
    TilePlan,
    intersection,
    on_lattice,
    plan_tiles,
    ramp_weights,
    round_up,
)
from s4_core.types import Window


@st.composite
def plans(draw: st.DrawFn) -> tuple[TilePlan, int, int]:
    height, width = draw(st.integers(1, 90)), draw(st.integers(1, 90))
    row, col = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
    region = Window(row, col, draw(st.integers(1, height - row)), draw(st.integers(1, width - col)))
    tile, halo = draw(st.integers(1, 40)), draw(st.integers(0, 40))
    return plan_tiles(height, width, tile, halo, region), tile, halo


@settings(deadline=None, max_examples=80)
@given(plans())
def test_cores_cover_each_pixel_of_the_region_exactly_once(case: tuple[TilePlan, int, int]) -> None:
    plan, _, _ = case
    seen = np.zeros((90, 90), dtype=int)
    for tile in plan.tiles:
        seen[tile.core.slices] += 1
    expected = np.zeros_like(seen)
    expected[plan.region.slices] = 1
    assert np.array_equal(seen, expected)


@settings(deadline=None, max_examples=80)
@given(plans())
def test_windows_lie_on_the_lattice_and_hold_core_and_halo(
    case: tuple[TilePlan, int, int],
) -> None:
    plan, tile_px, halo_px = case
    assert plan.tile_px >= tile_px
    for tile in plan.tiles:
        core, window = tile.core, tile.window
        assert [window.row % 4, window.col % 4, window.height % 4, window.width % 4] == [0] * 4
        assert core.row - window.row >= halo_px
        assert core.col - window.col >= halo_px
        assert window.row + window.height - core.row - core.height >= halo_px
        assert window.col + window.width - core.col - core.width >= halo_px
        assert core.height <= plan.tile_px
        assert core.width <= plan.tile_px
        assert tile.core_in_window.shifted(window.row, window.col) == core


@settings(deadline=None, max_examples=40)
@given(plans())
def test_inner_edges_do_not_depend_on_the_extent_but_on_the_lattice(
    case: tuple[TilePlan, int, int],
) -> None:
    plan, _, _ = case
    for tile in plan.tiles:
        assert tile.core.row % 4 == 0 or tile.core.row == plan.region.row
        assert tile.core.col % 4 == 0 or tile.core.col == plan.region.col


@settings(deadline=None, max_examples=40)
@given(plans())
def test_reaching_names_all_tiles_whose_window_touches_the_core(
    case: tuple[TilePlan, int, int],
) -> None:
    plan, _, _ = case
    for tile in plan.tiles[:: max(1, len(plan.tiles) // 5)]:
        everyone = [t for t in plan.tiles if intersection(t.window, tile.core)]
        assert list(plan.reaching(tile)) == everyone
        assert tile in everyone


def test_a_plan_by_hand() -> None:
    plan = plan_tiles(20, 10, 7, 30, Window(6, 0, 14, 10))
    assert (plan.tile_px, plan.halo_px, plan.rows, plan.cols) == (8, 32, 2, 2)
    assert [t.core for t in plan.tiles] == [
        Window(6, 0, 6, 8),
        Window(6, 8, 6, 2),
        Window(12, 0, 8, 8),
        Window(12, 8, 8, 2),
    ]
    assert plan.tiles[1].window == Window(-28, -24, 8 + 64, 4 + 64)


def test_on_lattice_and_round_up() -> None:
    assert on_lattice(Window(-3, 5, 4, 4)) == Window(-4, 4, 8, 8)
    assert on_lattice(Window(8, 4, 4, 12)) == Window(8, 4, 4, 12)
    assert [round_up(n) for n in (0, 1, 4, 29)] == [0, 4, 4, 32]


def test_intersection() -> None:
    assert intersection(Window(0, 0, 4, 4), Window(2, 3, 9, 9)) == Window(2, 3, 2, 1)
    assert intersection(Window(0, 0, 4, 4), Window(4, 0, 2, 2)) is None


@settings(deadline=None, max_examples=40)
@given(halo=st.integers(0, 10), extra=st.integers(0, 10), tiles=st.integers(1, 4))
def test_ramps_of_neighbours_sum_to_one(halo: int, extra: int, tiles: int) -> None:
    tile_px = 4 * (2 * halo + extra + 1)
    halo_px = 4 * halo
    plan = plan_tiles(tile_px, tiles * tile_px, tile_px, halo_px)
    total = np.zeros((tile_px + 2 * halo_px, tiles * tile_px + 2 * halo_px))
    for tile in plan.tiles:
        total[tile.window.shifted(halo_px, halo_px).slices] += ramp_weights(tile.window, halo_px)
    middle = total[total.shape[0] // 2]
    inner = middle[2 * halo_px : len(middle) - 2 * halo_px]
    assert np.allclose(inner, 1.0, atol=1e-6)
    assert (total > 0).all()


def test_a_ramp_by_hand() -> None:
    weights = ramp_weights(Window(0, 0, 8, 8), 4)
    assert np.allclose(weights[0], np.array([1, 3, 5, 7, 7, 5, 3, 1]) / 16 / 16)
    assert ramp_weights(Window(0, 0, 2, 3), 0).tolist() == [[1, 1, 1], [1, 1, 1]]


def test_impossible_tiles_are_refused() -> None:
    for tile, halo in ((0, 4), (8, -1)):
        with pytest.raises(ConfigurationError, match="cannot be used"):
            plan_tiles(8, 8, tile, halo)
    with pytest.raises(ConfigurationError, match="outside the area"):
        plan_tiles(8, 8, 4, 0, Window(4, 4, 8, 2))
