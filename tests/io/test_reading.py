from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from osgeo import gdal

from s4_core import io
from s4_core.errors import RasterError
from s4_core.io.crs import transform_points
from s4_core.types import Grid, Window

RNG = np.random.default_rng(7)
RELAXED = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
windows = st.builds(
    Window, st.integers(-20, 60), st.integers(-20, 60), st.integers(1, 40), st.integers(1, 40)
)


def cut(whole: np.ndarray, window: Window, shape: tuple[int, int]) -> np.ndarray:
    """A window of a (C, H, W) array, NaN outside."""
    values = np.full((len(whole), window.height, window.width), np.nan, np.float32)
    inside = window.clipped(*shape)
    if inside is not None:
        rows, cols = inside.shifted(-window.row, -window.col).slices
        values[:, rows, cols] = whole[:, inside.slices[0], inside.slices[1]]
    return values


@pytest.fixture
def optical(tmp_path, make_raster, utm_grid):
    values = RNG.integers(0, 40, (3, 48, 56)).astype(np.uint16)  # zeros are common
    path = make_raster(
        tmp_path / "optical.tif", values, utm_grid(48, 56), nodata=0, options=["TILED=YES"]
    )
    return io.describe(path), values


@pytest.fixture
def radar(tmp_path, make_raster, utm_grid):
    """20 m, on the ground of a 10 m grid of 48 x 56 pixels, some NaN."""
    values = RNG.normal(-12, 3, (2, 24, 28)).astype(np.float32)
    values[:, 3:6, 4:9] = np.nan
    path = make_raster(tmp_path / "radar.tif", values, utm_grid(24, 28, 20.0), nodata=math.nan)
    return io.describe(path), values


def test_own_grid_is_read_as_it_is(optical, utm_grid):
    raster, values = optical
    expected = np.where(values == 0, np.nan, values).astype(np.float32)
    whole = io.read(raster, [1, 2, 3], utm_grid(48, 56), Window(0, 0, 48, 56))
    assert whole.dtype == np.float32
    np.testing.assert_array_equal(whole, expected)
    swapped = io.read(raster, [3, 1], utm_grid(48, 56), Window(0, 0, 48, 56))
    np.testing.assert_array_equal(swapped, expected[[2, 0]])


@given(windows)
@RELAXED
def test_any_window_of_an_aligned_grid(optical, utm_grid, window):
    raster, values = optical
    expected = np.where(values == 0, np.nan, values).astype(np.float32)
    # the area's grid begins 4 pixels further north-west than the raster
    grid = utm_grid(60, 70, x=500_000 - 40, y=5_600_000 + 40)
    read = io.read(raster, [1, 2, 3], grid, window)
    np.testing.assert_array_equal(read, cut(expected, window.shifted(-4, -4), (48, 56)))


@given(windows, st.sampled_from(["nearest", "bilinear", "average"]))
@RELAXED
def test_any_window_of_radar_on_the_optical_grid(radar, utm_grid, window, resampling):
    raster, _ = radar
    grid = utm_grid(48, 56)
    whole = io.read(raster, [1, 2], grid, Window(-30, -30, 150, 150), resampling)
    read = io.read(raster, [1, 2], grid, window, resampling)
    np.testing.assert_array_equal(read, cut(whole, window.shifted(30, 30), (150, 150)))
    outside = io.read(raster, [1, 2], grid, Window(-30, -30, 30, 150), resampling)
    assert np.isnan(outside).all()


def test_bilinear_by_hand(tmp_path, make_raster, utm_grid):
    values = np.array([[[0, 4], [8, 20]]], np.float32)
    raster = io.describe(make_raster(tmp_path / "a.tif", values, utm_grid(2, 2, 20.0)))
    read = io.read(raster, [1], utm_grid(4, 4), Window(0, 0, 4, 4))[0]
    # pixel centres lie at quarters: weights 9/16, 3/16, 3/16, 1/16; at the rim what there is
    assert read[1, 1] == pytest.approx((9 * 0 + 3 * 4 + 3 * 8 + 20) / 16)
    assert read[2, 2] == pytest.approx((9 * 20 + 3 * 4 + 3 * 8 + 0) / 16)
    assert read[0, 0] == pytest.approx(0)
    assert read[0, 1] == pytest.approx(0.75 * 0 + 0.25 * 4)
    assert read[3, 2] == pytest.approx(0.25 * 8 + 0.75 * 20)


def test_nodata_takes_no_part_in_resampling(tmp_path, make_raster, utm_grid):
    values = np.array([[[7, 7], [7, -9999]], [[-9999, 5], [5, 5]]], np.float32)
    path = make_raster(tmp_path / "a.tif", values, utm_grid(2, 2, 20.0), nodata=-9999)
    read = io.read(io.describe(path), [1, 2], utm_grid(4, 4), Window(0, 0, 4, 4), "bilinear")
    # each band by itself: a gap in one is none in the other
    assert set(read[0][np.isfinite(read[0])]) == {7.0}
    assert set(read[1][np.isfinite(read[1])]) == {5.0}
    nearest = io.read(io.describe(path), [1, 2], utm_grid(4, 4), Window(0, 0, 4, 4), "nearest")
    assert np.isnan(nearest[0, 2:, 2:]).all()
    assert np.isfinite(nearest[0, :2]).all()
    assert np.isnan(nearest[1, :2, :2]).all()


def test_average_of_finer_pixels(tmp_path, make_raster, utm_grid):
    values = np.arange(16, dtype=np.float32).reshape(1, 4, 4)
    values[0, 0, 0] = np.nan
    raster = io.describe(make_raster(tmp_path / "a.tif", values, utm_grid(4, 4, 5.0)))
    read = io.read(raster, [1], utm_grid(2, 2), Window(0, 0, 2, 2), "average")[0]
    expected = [[(1 + 4 + 5) / 3, (2 + 3 + 6 + 7) / 4], [10.5, 12.5]]
    np.testing.assert_allclose(read, expected, rtol=1e-6)


def test_average_invents_nothing_beside_the_raster(radar, utm_grid):
    """GDAL's own average does: the outermost pixels reach into the ones beside them."""
    read = io.read(radar[0], [1], utm_grid(48, 56), Window(-3, -3, 54, 62), "average")[0]
    assert np.isnan(read[[0, 1, 2, -1, -2, -3]]).all()
    assert np.isnan(read[:, [0, 1, 2, -1, -2, -3]]).all()


def test_the_description_rules_over_nodata(optical, utm_grid):
    raster, values = optical
    told = replace(raster, nodata=(None, 7.0, 0.0))
    read = io.read(told, [1, 2], utm_grid(48, 56), Window(0, 0, 48, 56))
    np.testing.assert_array_equal(read[0], values[0])
    np.testing.assert_array_equal(np.isnan(read[1]), values[1] == 7)


def test_infinite_values_are_no_data(tmp_path, make_raster, utm_grid):
    values = np.array([[[-math.inf, 1], [2, math.inf]]], np.float32)
    raster = io.describe(make_raster(tmp_path / "a.tif", values, utm_grid(2, 2)))
    read = io.read(raster, [1], utm_grid(2, 2), Window(0, 0, 2, 2))
    np.testing.assert_array_equal(read, [[[np.nan, 1], [2, np.nan]]])


def test_mask_of_the_file_counts(tmp_path, make_raster, utm_grid):
    values = np.full((2, 16, 16), 9, np.uint16)
    valid = np.ones((16, 16), bool)
    valid[2:5, 3:9] = False
    path = make_raster(tmp_path / "a.tif", values, utm_grid(16, 16), mask=valid)
    read = io.read(io.describe(path), [1, 2], utm_grid(16, 16), Window(0, 0, 16, 16))
    np.testing.assert_array_equal(np.isfinite(read), np.stack([valid, valid]))


def test_south_up_file(tmp_path, make_raster, utm_grid):
    values = np.arange(12, dtype=np.float32).reshape(1, 3, 4)
    north_up = utm_grid(3, 4)
    x0, dx, _, y0, _, dy = north_up.transform
    south_up = Grid(north_up.crs_wkt, (x0, dx, 0.0, y0 + 3 * dy, 0.0, -dy), 3, 4)
    raster = io.describe(make_raster(tmp_path / "a.tif", values[:, ::-1], south_up))
    for resampling in ("nearest", "bilinear"):
        read = io.read(raster, [1], north_up, Window(0, 0, 3, 4), resampling)
        np.testing.assert_allclose(read, values)


def test_rotated_file(tmp_path, make_raster, utm_grid):
    grid = utm_grid(60, 60)
    rotated = Grid(grid.crs_wkt, (500_000.0, 8.0, 6.0, 5_599_740.0, 6.0, -8.0), 40, 40)
    values = _eastings(rotated)
    raster = io.describe(make_raster(tmp_path / "a.tif", values, rotated))
    read = io.read(raster, [1], grid, grid.whole)[0]
    inside = np.isfinite(read)
    assert inside.sum() == pytest.approx(1600, rel=0.03)
    centre = io.read(raster, [1], grid, Window(26, 26, 4, 4))[0]
    np.testing.assert_allclose(centre, _eastings(grid.at(Window(26, 26, 4, 4)))[0], atol=0.01)


def _eastings(grid: Grid) -> np.ndarray:
    """(1, H, W): how far east of 499 km each pixel centre lies, metres."""
    row, col = np.mgrid[0.5 : grid.height, 0.5 : grid.width]
    x0, dx, rx, *_ = grid.transform
    return (x0 + col * dx + row * rx - 499_000)[None].astype(np.float32)


@pytest.fixture
def elsewhere(tmp_path, make_raster, utm_grid):
    """A raster in UTM 32 whose values are UTM 31 eastings, and a UTM 31 grid inside of it."""
    grid = utm_grid(50, 60)
    zone_32 = "EPSG:32632"
    centre = transform_points(np.array([grid.corner(25, 30)]), grid.crs_wkt, zone_32)[0]
    x, y = (round(float(c), -1) for c in centre)
    other = Grid(zone_32, (x - 600, 10.0, 0.0, y + 600, 0.0, -10.0), 120, 120)
    row, col = np.mgrid[0.5:120, 0.5:120]
    points = np.stack([x - 600 + 10 * col.ravel(), y + 600 - 10 * row.ravel()], axis=1)
    eastings = transform_points(points, zone_32, grid.crs_wkt)[:, 0].reshape(1, 120, 120)
    path = make_raster(tmp_path / "zone32.tif", (eastings - 499_000).astype(np.float32), other)
    return io.describe(path), grid


def test_another_crs_lands_at_the_right_place(elsewhere):
    raster, grid = elsewhere
    read = io.read(raster, [1], grid, grid.whole)
    # within a hundredth of a pixel
    np.testing.assert_allclose(read, _eastings(grid), atol=0.1)


@given(windows)
@RELAXED
def test_any_window_of_another_crs(elsewhere, window):
    raster, grid = elsewhere
    whole = io.read(raster, [1], grid, Window(-30, -30, 150, 150))
    read = io.read(raster, [1], grid, window)
    expected = cut(whole, window.shifted(30, 30), (150, 150))
    np.testing.assert_array_equal(np.isnan(read), np.isnan(expected))
    np.testing.assert_allclose(read, expected, rtol=1e-6)


def test_geographic_raster(tmp_path, make_raster, utm_grid):
    grid = utm_grid(32, 32, x=500_000, y=5_600_000)  # on the central meridian, 3 degrees east
    degrees = Grid("EPSG:4326", (2.99, 1e-4, 0.0, 50.56, 0.0, -1e-4), 200, 200)
    row, col = np.mgrid[0.5:200, 0.5:200]
    points = np.stack([2.99 + 1e-4 * col.ravel(), 50.56 - 1e-4 * row.ravel()], axis=1)
    eastings = transform_points(points, "EPSG:4326", grid.crs_wkt)[:, 0].reshape(1, 200, 200)
    path = make_raster(tmp_path / "deg.tif", (eastings - 499_000).astype(np.float32), degrees)
    read = io.read(io.describe(path), [1], grid, grid.whole)
    # a twentieth of a pixel: pixels of 7 m by 11 m are smoothed on the way to 10 m
    np.testing.assert_allclose(read, _eastings(grid), atol=0.5)


def test_far_away_is_nan(optical):
    far = Grid("EPSG:32631", (700_000.0, 15.0, 0.0, 5_000_000.0, 0.0, -15.0), 8, 8)
    assert np.isnan(io.read(optical[0], [1], far, far.whole)).all()


def test_damaged_block_names_the_file(tmp_path, make_raster, utm_grid):
    values = RNG.integers(1, 60000, (1, 64, 64)).astype(np.uint16)
    options = ["COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"]
    path = make_raster(tmp_path / "hurt.tif", values, utm_grid(64, 64), options=options)
    raster = io.describe(path)
    dataset = gdal.Open(str(path))
    offset = int(dataset.GetRasterBand(1).GetMetadataItem("BLOCK_OFFSET_2_1", "TIFF"))
    content = bytearray(path.read_bytes())
    content[offset : offset + 200] = b"\xff" * 200
    path.write_bytes(content)
    assert np.isfinite(io.read(raster, [1], utm_grid(64, 64), Window(0, 0, 16, 16))).all()
    for grid in (utm_grid(64, 64), utm_grid(32, 32, 20.0)):
        with pytest.raises(RasterError, match=r"hurt\.tif cannot be read"):
            io.read(raster, [1], grid, grid.whole)
    with pytest.raises(RasterError, match=r"hurt\.tif cannot be read"):
        io.read_array(path)


def test_file_that_vanished(optical, utm_grid, tmp_path):
    (tmp_path / "optical.tif").unlink()
    with pytest.raises(RasterError, match=r"optical\.tif"):
        io.read(optical[0], [1], utm_grid(48, 56), Window(0, 0, 4, 4))


def test_file_that_changed(optical, utm_grid, tmp_path, make_raster):
    make_raster(tmp_path / "optical.tif", np.ones((1, 9, 9), np.uint8), utm_grid(9, 9))
    with pytest.raises(RasterError, match="changed since it was described"):
        io.read(optical[0], [1], utm_grid(48, 56), Window(0, 0, 4, 4))


def test_no_such_band_or_crs(optical, utm_grid):
    raster, _ = optical
    with pytest.raises(RasterError, match=r"has 3 bands, asked for \[4\]"):
        io.read(raster, [1, 4], utm_grid(48, 56), Window(0, 0, 4, 4))
    placeless = replace(raster, grid=replace(raster.grid, crs_wkt=""))
    with pytest.raises(RasterError, match="no coordinate reference system"):
        io.read(placeless, [1], utm_grid(48, 56), Window(0, 0, 4, 4))
    with pytest.raises(ValueError, match="'cubic' is none of"):
        io.read(raster, [1], utm_grid(48, 56), Window(0, 0, 4, 4), "cubic")


def test_stored_values(optical, tmp_path):
    raster, values = optical
    read, grid = io.read_array(raster.path)
    assert read.dtype == np.uint16
    np.testing.assert_array_equal(read, values)
    assert grid == raster.grid
    part, place = io.read_array(raster.path, Window(5, 7, 3, 2))
    np.testing.assert_array_equal(part, values[:, 5:8, 7:9])
    assert place.corner(0, 0) == grid.corner(5, 7)
    with pytest.raises(RasterError, match="reaches outside"):
        io.read_array(raster.path, Window(47, 0, 2, 2))


def test_single_band_keeps_its_axis(tmp_path, make_raster, utm_grid):
    path = make_raster(tmp_path / "one.tif", np.ones((1, 4, 5), np.uint8), utm_grid(4, 5))
    assert io.read_array(path)[0].shape == (1, 4, 5)
    moved = io.to_grid(np.ones((1, 4, 5)), utm_grid(4, 5), utm_grid(2, 2, 20.0))
    assert moved.shape == (1, 2, 2)


def test_to_grid(utm_grid):
    classes = RNG.integers(0, 5, (2, 12, 12))
    moved = io.to_grid(classes, utm_grid(12, 12, 20.0), utm_grid(30, 30))
    np.testing.assert_array_equal(moved[:, :24, :24], classes.repeat(2, 1).repeat(2, 2))
    assert np.isnan(moved[:, 24:]).all()
    assert np.isnan(moved[:, :, 24:]).all()


@pytest.mark.real
def test_real_radar_on_the_optical_grid(real_areas):
    area = real_areas / "flanders" / "brabant_2019"
    optical = io.describe(sorted((area / "optical").glob("*.tif"))[0])
    radar = io.describe(sorted((area / "radar").glob("*.tif"))[0])
    read = io.read(radar, [1, 2], optical.grid, optical.grid.whole, "nearest")
    stored, _ = io.read_array(radar.path)
    np.testing.assert_array_equal(read, stored.repeat(2, 1).repeat(2, 2))
    smooth = io.read(radar, [1, 2], optical.grid, optical.grid.whole)
    assert np.isfinite(smooth).all()
    assert abs(smooth.mean() - stored.mean()) < 0.1
