from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from osgeo import ogr

from s4_core import io
from s4_core.errors import LabelError, RasterError
from s4_core.io.crs import transformation
from s4_core.types import Grid

UTM31 = "EPSG:32631"
X, Y = 500_000, 5_600_000
GRID = Grid(UTM31, (X, 10.0, 0.0, Y, 0.0, -10.0), 32, 32)


def parcel(shape: str, name: str = "a") -> io.Parcel:
    return io.Parcel("1", name, "", None, bytes(ogr.CreateGeometryFromWkt(shape).ExportToWkb()), 0)


def box(row: float, col: float, height: float, width: float) -> str:
    """WKT of a rectangle given in pixels of GRID."""
    left, right = X + 10 * col, X + 10 * (col + width)
    top, low = Y - 10 * row, Y - 10 * (row + height)
    return f"POLYGON (({left} {top}, {right} {top}, {right} {low}, {left} {low}, {left} {top}))"


def moved(item: io.Parcel, crs: str) -> io.Parcel:
    shape = ogr.CreateGeometryFromWkb(item.wkb)
    shape.Transform(transformation(UTM31, crs))
    return parcel(shape.ExportToWkt())


def filled(*boxes: tuple[int, int, int, int, int]) -> np.ndarray:
    expected = np.zeros((32, 32), np.int32)
    for row, col, height, width, value in boxes:
        expected[row : row + height, col : col + width] = value
    return expected


def test_parcels_on_the_grid():
    parcels = [parcel(box(2, 3, 5, 7)), parcel(box(10, 10, 4, 4)), parcel(box(12, 12, 4, 4))]
    burnt = io.rasterize(parcels, [70_000, 2, 9], UTM31, GRID)
    assert burnt.dtype == np.int32
    # where two overlap the later one stays
    expected = filled((2, 3, 5, 7, 70_000), (10, 10, 4, 4, 2), (12, 12, 4, 4, 9))
    np.testing.assert_array_equal(burnt, expected)
    layer = io.ParcelLayer(UTM31, tuple(parcels), ())
    np.testing.assert_array_equal(io.rasterize(layer, [70_000, 2, 9], UTM31, GRID), expected)


def test_centres_or_all_touched():
    item = [parcel(box(2.6, 3.6, 5, 5))]
    np.testing.assert_array_equal(io.rasterize(item, [1], UTM31, GRID), filled((3, 4, 5, 5, 1)))
    np.testing.assert_array_equal(
        io.rasterize(item, [1], UTM31, GRID, all_touched=True), filled((2, 3, 6, 6, 1))
    )


def test_outside_the_grid_and_no_parcels():
    assert not io.rasterize([parcel(box(50, 50, 4, 4))], [1], UTM31, GRID).any()
    assert not io.rasterize([], [], UTM31, GRID).any()


def test_holes_stay_empty():
    hole = f"POLYGON ({box(0, 0, 10, 10)[9:-1]}, {box(3, 3, 4, 4)[9:-1]})"
    burnt = io.rasterize([parcel(hole)], [1], UTM31, GRID)
    np.testing.assert_array_equal(burnt, filled((0, 0, 10, 10, 1), (3, 3, 4, 4, 0)))


@given(
    st.integers(0, 20),
    st.integers(0, 20),
    st.integers(3, 12),
    st.integers(3, 12),
    st.sampled_from([10.0, 12.0, 20.0]),
)
@settings(deadline=None, max_examples=20)
def test_inner_buffer_in_metres(row, col, height, width, buffer_m):
    burnt = io.rasterize(
        [parcel(box(row, col, height, width))], [1], UTM31, GRID, inner_buffer_m=buffer_m
    )
    # a pixel stays if its centre is further inside than the buffer
    left_out = 1 if buffer_m < 15 else 2
    expected = np.zeros((32, 32), np.int32)
    expected[row + left_out : row + height - left_out, col + left_out : col + width - left_out] = 1
    np.testing.assert_array_equal(burnt, expected[:32, :32])


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:32632", "EPSG:3035"])
@pytest.mark.parametrize("buffer_m", [0.0, 12.0])
def test_parcels_in_another_crs(crs, buffer_m):
    item = parcel(box(4, 5, 12, 14))
    expected = io.rasterize([item], [3], UTM31, GRID, inner_buffer_m=buffer_m)
    burnt = io.rasterize([moved(item, crs)], [3], crs, GRID, inner_buffer_m=buffer_m)
    np.testing.assert_array_equal(burnt, expected)


def test_axis_order_of_geographic_layers(tmp_path, make_vector, square):
    """EPSG:4326 says latitude first, files hold longitude first."""
    path = make_vector(tmp_path / "p.geojson", [(square(3.0, 50.5, 0.002), {"a": 1})], "EPSG:4326")
    layer = io.read_parcels(path)
    way = transformation("EPSG:4326", UTM31)
    x, y, _ = way.TransformPoint(3.0, 50.502)
    grid = Grid(UTM31, (x - 100, 10.0, 0.0, y + 100, 0.0, -10.0), 50, 50)
    burnt = io.rasterize(layer, [1], layer.crs_wkt, grid)
    row, col = np.nonzero(burnt)
    assert (row.min(), col.min()) == (10, 10)
    assert burnt.sum() == pytest.approx(222.5 * 141.9 / 100, rel=0.05)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_inner_buffer_on_a_grid_that_is_not_in_metres(crs):
    """Degrees and Web Mercator metres are no metres on the ground; the buffer is."""
    item = parcel(box(0, 0, 30, 30))  # 300 m by 300 m
    there = moved(item, crs)
    xmin, xmax, ymin, ymax = ogr.CreateGeometryFromWkb(there.wkb).GetEnvelope()
    step_x, step_y = (xmax - xmin) / 300, (ymax - ymin) / 300  # a metre each
    grid = Grid(crs, (xmin, step_x, 0.0, ymax, 0.0, -step_y), 300, 300)
    burnt = io.rasterize([there], [1], crs, grid, inner_buffer_m=50.0)
    row, col = np.nonzero(burnt)
    sides = (row.max() - row.min() + 1, col.max() - col.min() + 1)
    assert sides == pytest.approx((200, 200), abs=3)


def test_wrong_use():
    with pytest.raises(ValueError, match="2 values for 1 parcels"):
        io.rasterize([parcel(box(0, 0, 1, 1))], [1, 2], UTM31, GRID)
    with pytest.raises(ValueError, match="inner buffer is a width"):
        io.rasterize([], [], UTM31, GRID, inner_buffer_m=-1)
    with pytest.raises((LabelError, RasterError)):
        io.rasterize([parcel(box(0, 0, 1, 1))], [1], "", GRID)


def test_parcels_beyond_the_projection():
    north = parcel("POLYGON ((0 100, 1 100, 1 101, 0 100))")
    with pytest.raises(LabelError):
        io.rasterize([north], [1], "EPSG:4326", GRID)


def test_overlaps():
    parcels = [
        parcel(box(0, 0, 10, 10)),
        parcel(box(0, 10, 10, 10)),  # a neighbour: shares an edge
        parcel(box(8, 8, 10, 4)),  # on the corner of both
        parcel(box(25, 25, 3, 3)),
        parcel(box(25.05, 27.95, 3, 3)),  # a sliver
    ]
    found = io.overlapping(parcels, UTM31)
    pairs = [(o.first, o.second, round(o.area_m2, 3)) for o in found]
    assert pairs == [(0, 2, 400.0), (1, 2, 400.0), (3, 4, 14.75)]
    assert [(o.first, o.second) for o in io.overlapping(parcels, UTM31, 100.0)] == [(0, 2), (1, 2)]
    assert io.overlapping([], UTM31) == ()


def test_overlaps_in_degrees_are_in_square_metres():
    parcels = [
        moved(parcel(box(0, 0, 20, 20)), "EPSG:4326"),
        moved(parcel(box(10, 10, 20, 20)), "EPSG:4326"),
    ]
    [overlap] = io.overlapping(parcels, "EPSG:4326")
    assert overlap.area_m2 == pytest.approx(10_000, rel=0.01)


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 9), st.integers(1, 9)),
        max_size=7,
    )
)
@settings(deadline=None, max_examples=30)
def test_overlaps_are_those_of_the_pixels(boxes):
    found = io.overlapping([parcel(box(*b)) for b in boxes], UTM31, 1.0)
    expected = []
    for first in range(len(boxes)):
        for second in range(first + 1, len(boxes)):
            a = filled((*boxes[first], 1)) * filled((*boxes[second], 1))
            if a.any():
                expected.append((first, second, float(a.sum() * 100)))
    assert [(o.first, o.second, round(o.area_m2, 6)) for o in found] == expected


@pytest.mark.real
def test_real_parcels_are_the_reference(real_areas):
    """`reference.tif` was made of the same parcels, except for what its edge cut off."""
    for area in ("brabant_2019", "westhoek_2018"):
        folder = real_areas / "flanders" / area
        layer = io.read_parcels(folder / "parcels.gpkg", "crop")
        reference, grid = io.read_array(folder / "reference.tif")
        burnt = io.rasterize(layer, [int(p.code) for p in layer.parcels], layer.crs_wkt, grid)
        assert (burnt != reference[0]).mean() < 0.01
        assert io.overlapping(layer, layer.crs_wkt, 100.0) == ()


def test_pixels_of_points():
    inside, corner, edge, outside = (
        parcel(f"POINT ({X + 10 * col} {Y - 10 * row})")
        for row, col in ((2.5, 7.9), (0, 0), (32, 4), (-0.1, 3))
    )
    found = io.pixels_of([inside, corner, edge, outside], UTM31, GRID)
    assert found.tolist() == [[2, 7], [0, 0], [-1, -1], [-1, -1]]
    assert io.pixels_of([], UTM31, GRID).shape == (0, 2)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 31), st.integers(0, 31))
def test_pixels_of_points_in_degrees(row, col):
    centre = moved(parcel(f"POINT ({X + 10 * col + 5} {Y - 10 * row - 5})"), "EPSG:4326")
    assert io.pixels_of([centre], "EPSG:4326", GRID).tolist() == [[row, col]]


def test_points_that_no_transformation_reaches_are_outside():
    assert io.pixels_of([parcel("POINT (1e300 1e300)")], "EPSG:3857", GRID).tolist() == [[-1, -1]]
