from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core import io
from s4_core.errors import RasterError
from s4_core.io.grids import source_window, to_pixels, whole_pixel_shift
from s4_core.types import Grid, RasterFile, Window

UTM31 = "EPSG:32631"


def grid(row: int, col: int, height: int, width: int, pixel_m: float = 10.0) -> Grid:
    """A UTM 31 grid whose corner lies `row`, `col` steps of 10 m from a common origin."""
    x, y = 500_000 + 10 * col, 5_600_000 - 10 * row
    return Grid(UTM31, (x, pixel_m, 0.0, y, 0.0, -pixel_m), height, width)


def raster(place: Grid, name: str = "a.tif") -> RasterFile:
    return RasterFile(name, place, ("B02",), (None,), "UInt16")


def test_finest_pixels_win():
    fine, coarse = grid(0, 0, 64, 64), grid(0, 0, 40, 40, 20.0)
    assert io.target_grid([raster(coarse)] * 5 + [raster(fine)]) == fine


def test_finest_on_the_ground_not_in_numbers():
    degrees = Grid("EPSG:4326", (3.0, 0.001, 0.0, 50.0, 0.0, -0.001), 50, 50)  # about 100 m
    fine = grid(0, 0, 64, 64)
    assert io.target_grid([raster(degrees), raster(fine)]) == fine


def test_neighbouring_tiles_join():
    west, east = grid(0, 0, 50, 60), grid(-3, 50, 50, 60)
    joined = io.target_grid([raster(west), raster(east), raster(west), raster(east)])
    assert joined == grid(-3, 0, 53, 110)


def test_a_sliver_does_not_shrink_the_map():
    assert io.target_grid([raster(grid(0, 0, 64, 64))] * 3 + [raster(grid(0, 60, 64, 4))]) == grid(
        0, 0, 64, 64
    )


def test_a_full_scene_among_clipped_ones_does_not_blow_it_up():
    full, clipped = grid(-500, -500, 1098, 1098), grid(0, 0, 64, 64)
    assert io.target_grid([raster(full)] + [raster(clipped)] * 3) == clipped


def test_the_larger_family_gives_the_alignment():
    shifted = Grid(UTM31, (500_005.0, 10.0, 0.0, 5_600_000.0, 0.0, -10.0), 64, 64)
    aligned = grid(0, 0, 64, 64)
    assert io.target_grid([raster(shifted)] + [raster(aligned)] * 2) == aligned


def test_north_is_up_even_where_the_file_has_south_up():
    south_up = Grid(UTM31, (500_000.0, 10.0, 0.0, 5_599_360.0, 0.0, 10.0), 64, 64)
    assert io.target_grid([raster(south_up)]) == grid(0, 0, 64, 64)


def test_rounding_noise_is_no_difference():
    noisy = Grid(UTM31, (500_000.000001, 10.0, 0.0, 5_599_999.99999, 0.0, -10.0), 64, 64)
    assert io.target_grid([raster(grid(0, 0, 64, 64)), raster(noisy)]) == grid(0, 0, 64, 64)


def test_no_crs_names_the_file_and_says_what_to_do():
    placeless = raster(Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 4, 4), "bare.tif")
    with pytest.raises(RasterError, match=r"bare\.tif has no coordinate reference") as caught:
        io.target_grid([raster(grid(0, 0, 8, 8)), placeless])
    assert "gdal_edit.py -a_srs" in caught.value.remedy


def test_rotated_is_refused_as_a_target_only():
    rotated = Grid(UTM31, (500_000.0, 8.0, 6.0, 5_600_000.0, 6.0, -8.0), 64, 64)
    with pytest.raises(RasterError, match=r"turned\.tif is rotated") as caught:
        io.target_grid([raster(rotated, "turned.tif")])
    assert "gdalwarp" in caught.value.remedy
    fine = grid(0, 0, 64, 64, 5.0)
    assert io.target_grid([raster(rotated), raster(fine)]) == fine


def test_no_rasters():
    with pytest.raises(RasterError, match="no rasters"):
        io.target_grid([])


boxes = st.tuples(
    st.integers(-40, 40), st.integers(-40, 40), st.integers(1, 60), st.integers(1, 60)
)


@given(st.lists(boxes, min_size=1, max_size=6))
@settings(deadline=None, max_examples=60)
def test_target_is_the_box_of_the_well_covered_ground(places):
    target = io.target_grid([raster(grid(*place)) for place in places])
    counts = np.zeros((200, 200), int)
    for row, col, height, width in places:
        counts[row + 50 : row + 50 + height, col + 50 : col + 50 + width] += 1
    rows, cols = np.nonzero(counts * 2 >= counts.max())
    shape = (rows.max() - rows.min() + 1, cols.max() - cols.min() + 1)
    assert target == grid(rows.min() - 50, cols.min() - 50, *(int(n) for n in shape))


@given(st.integers(-99, 99), st.integers(-99, 99))
@settings(deadline=None, max_examples=30)
def test_shift_leads_to_the_same_place(row, col):
    source, target = grid(row, col, 30, 30), grid(0, 0, 64, 64)
    rows, cols = whole_pixel_shift(source, target)
    assert source.corner(5 + rows, 7 + cols) == target.corner(5, 7)


@pytest.mark.parametrize(
    "other",
    [
        Grid(UTM31, (500_004.0, 10.0, 0.0, 5_600_000.0, 0.0, -10.0), 64, 64),
        grid(0, 0, 32, 32, 20.0),
        Grid("EPSG:32632", (500_000.0, 10.0, 0.0, 5_600_000.0, 0.0, -10.0), 64, 64),
        Grid(UTM31, (500_000.0, 10.0, 0.0, 5_599_360.0, 0.0, 10.0), 64, 64),
        Grid(UTM31, (500_000.0, 10.01, 0.0, 5_600_000.0, 0.0, -10.01), 64, 64),
    ],
)
def test_no_shift_between_grids_that_differ(other):
    assert whole_pixel_shift(other, grid(0, 0, 64, 64)) is None


def test_pixels_of_a_rotated_grid():
    rotated = Grid(UTM31, (100.0, 8.0, 6.0, 200.0, 6.0, -8.0), 64, 64)
    places = to_pixels(rotated, np.array([rotated.corner(3, 5), rotated.corner(0.5, 11.25)]))
    np.testing.assert_allclose(places, [[5, 3], [11.25, 0.5]])


def test_source_window_covers_and_is_clipped():
    coarse = grid(0, 0, 50, 50, 20.0)
    target = grid(0, 0, 100, 100).at(Window(40, 60, 20, 10))
    assert source_window(coarse, target, 2) == Window(18, 28, 14, 9)
    corner = grid(0, 0, 100, 100).at(Window(-8, 90, 10, 40))
    assert source_window(coarse, corner, 1) == Window(0, 44, 2, 6)
    assert source_window(coarse, grid(5000, 0, 8, 8), 2) is None
