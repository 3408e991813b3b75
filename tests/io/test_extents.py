from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core import io
from s4_core.errors import LabelError, RasterError
from s4_core.io.parcels import Parcel
from s4_core.types import Grid
from tests.tiny_project import WKT

LATTICE = Grid(WKT, (500_003.0, 10.0, 0.0, 5_600_007.0, 0.0, -10.0), 5, 5)


@settings(deadline=None, max_examples=60)
@given(
    x=st.floats(499_000, 501_000),
    y=st.floats(5_599_000, 5_601_000),
    width=st.floats(1, 500),
    height=st.floats(1, 500),
)
def test_a_box_is_covered_by_whole_pixels_of_the_lattice(x, y, width, height):
    grid = io.grid_over(LATTICE, (x, y, x + width, y + height), WKT)
    xmin, ymin, xmax, ymax = grid.bounds
    slack = 0.11  # a hundredth of a pixel counts as none
    assert xmin - slack <= x < xmin + 10 + slack
    assert ymax + slack >= y + height > ymax - 10 - slack
    assert xmax + slack >= x + width > xmax - 10 - slack
    assert ymin - slack <= y < ymin + 10 + slack
    for edge, origin in ((xmin, 500_003.0), (ymax, 5_600_007.0)):
        places = (edge - origin) / 10
        assert places == pytest.approx(round(places), abs=1e-6)


def test_a_box_of_whole_pixels_is_itself():
    box = (500_013.0, 5_599_957.0, 500_043.0, 5_599_997.0)
    grid = io.grid_over(LATTICE, box, WKT)
    assert (grid.bounds, grid.shape) == (box, (4, 3))


def test_larger_pixels_lie_on_their_own_multiples():
    grid = io.grid_over(LATTICE, (500_001.0, 5_599_901.0, 500_039.0, 5_599_939.0), WKT, 20.0)
    assert grid.bounds == (500_000.0, 5_599_900.0, 500_040.0, 5_599_940.0)


def test_a_rotated_lattice_is_refused():
    rotated = Grid(WKT, (0.0, 10.0, 1.0, 0.0, 1.0, -10.0), 5, 5)
    with pytest.raises(RasterError, match="rotated"):
        io.grid_over(rotated, (0, 0, 10, 10), WKT)


def test_a_box_in_degrees_and_back_holds_the_box():
    box = (600_000.0, 5_599_000.0, 601_000.0, 5_600_000.0)
    degrees = io.box_in(box, WKT, "EPSG:4326")
    again = io.box_in(degrees, "EPSG:4326", WKT)
    assert degrees == pytest.approx((4.41, 50.53, 4.43, 50.55), abs=0.02)
    assert again[0] <= box[0]
    assert again[1] <= box[1]
    assert again[2] >= box[2]
    assert again[3] >= box[3]


def test_a_box_outside_of_its_system_is_told():
    with pytest.raises(RasterError, match="does not lie where"):
        io.box_in((1e30, 1e30, 2e30, 2e30), WKT, "EPSG:4326")


def square(west: float, east: float) -> dict:
    ring = [[west, 0], [east, 0], [east, 1], [west, 1], [west, 0]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize(
    ("footprints", "share"),
    [
        ([], 0.0),
        ([square(0, 0.5)], 0.5),
        ([square(0, 0.5), square(0.25, 0.75)], 0.75),
        ([square(-5, 5)], 1.0),
        ([square(2, 3)], 0.0),
        ([{"type": "Nonsense"}], 1.0),
    ],
)
def test_share_of_a_box_that_footprints_cover(footprints, share):
    assert io.covered_share((0, 0, 1, 1), footprints) == pytest.approx(share)


def test_nested_pixels():
    fine = Grid(WKT, (500_000.0, 10.0, 0.0, 5_600_000.0, 0.0, -10.0), 8, 8)
    coarse = Grid(WKT, (500_000.0, 20.0, 0.0, 5_600_000.0, 0.0, -20.0), 4, 4)
    shifted = Grid(WKT, (500_005.0, 20.0, 0.0, 5_600_000.0, 0.0, -20.0), 4, 4)
    assert io.is_nested(coarse, fine)
    assert io.is_nested(fine, fine)
    assert not io.is_nested(fine, coarse)
    assert not io.is_nested(shifted, fine)


def test_the_box_of_a_file(tmp_path):
    grid = Grid(WKT, (500_000.0, 10.0, 0.0, 5_600_000.0, 0.0, -10.0), 8, 8)
    io.write_array(tmp_path / "a.tif", np.zeros((1, 8, 8), np.uint8), grid, ["B04"])
    assert io.extent_of(str(tmp_path / "a.tif"))[0] == grid.bounds
    from osgeo import ogr

    ring = "POLYGON ((500010 5599950, 500030 5599950, 500030 5599990, 500010 5599950))"
    shape = bytes(ogr.CreateGeometryFromWkt(ring).ExportToWkb())
    io.write_parcels(tmp_path / "p.gpkg", [Parcel("1", "wheat", "", None, shape, 0.0)], WKT)
    bounds, crs = io.extent_of(str(tmp_path / "p.gpkg"))
    assert bounds == (500_010.0, 5_599_950.0, 500_030.0, 5_599_990.0)
    assert io.crs_name(crs) == "EPSG:32631"
    with pytest.raises(LabelError, match="no layer"):
        io.extent_of(str(tmp_path / "p.gpkg"), "other")
