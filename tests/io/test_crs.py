from __future__ import annotations

import math

import numpy as np
import pytest
from osgeo import osr

from s4_core import io
from s4_core.errors import RasterError
from s4_core.io.crs import metres_per_unit, same_crs, transform_points
from s4_core.types import Grid

GEOGRAPHIC = "EPSG:4326"


def test_same_crs_whatever_the_wording():
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    assert same_crs(reference.ExportToWkt(), reference.ExportToWkt(["FORMAT=WKT2"]))
    assert not same_crs("EPSG:32631", "EPSG:32632")
    assert not same_crs("EPSG:32631", "")


def test_geographic_points_are_longitude_latitude():
    # UTM zone 31: its central meridian is 3 degrees east, its origin lies on the equator
    points = transform_points(np.array([[3.0, 0.0]]), GEOGRAPHIC, "EPSG:32631")
    np.testing.assert_allclose(points, [[500_000.0, 0.0]], atol=1e-6)


def test_points_beyond_a_projection_are_nan():
    points = transform_points(np.array([[3.0, 95.0], [3.0, 50.0]]), GEOGRAPHIC, "EPSG:32631")
    assert np.isnan(points[0]).all()
    assert np.isfinite(points[1]).all()


def test_a_utm_metre_is_a_metre():
    assert metres_per_unit("EPSG:32631", 500_000, 5_600_000) == (1.0, 1.0)


def test_feet():
    # EPSG:2263, New York Long Island, US survey feet
    foot = 1200 / 3937
    assert metres_per_unit("EPSG:2263", 984_250, 200_000) == pytest.approx((foot, foot))


def test_web_mercator_stretches():
    latitude = math.radians(60)
    y = 6378137 * math.log(math.tan(math.pi / 4 + latitude / 2))
    east, north = metres_per_unit("EPSG:3857", 0, y)
    # on the ellipsoid the stretch differs from cos(60 degrees) by less than a percent
    assert (east, north) == pytest.approx((0.5, 0.5), rel=0.01)


def test_degrees():
    east, north = metres_per_unit(GEOGRAPHIC, 5.0, 0.0)
    assert east == pytest.approx(111_320, rel=1e-3)
    assert north == pytest.approx(110_574, rel=1e-3)


def test_pixel_area(utm_grid):
    assert io.pixel_area_ha(utm_grid(64, 64)) == pytest.approx(0.01, rel=1e-12)
    assert io.pixel_area_ha(utm_grid(64, 64, 20.0)) == pytest.approx(0.04, rel=1e-12)
    degrees = Grid(GEOGRAPHIC, (5.0, 1e-4, 0.0, 0.005, 0.0, -1e-4), 100, 100)
    assert io.pixel_area_ha(degrees) == pytest.approx(11.132 * 11.0574 / 1e4, rel=1e-3)


@pytest.mark.parametrize("crs", ["", "no such thing"])
def test_no_or_unknown_crs(crs):
    with pytest.raises(RasterError, match="coordinate reference system"):
        io.pixel_area_ha(Grid(crs, (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 4, 4))
