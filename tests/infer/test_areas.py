"""Hectares per class from pixel counts."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import osr

from s4_core.infer.areas import AreaCount, row_hectares
from s4_core.types import Grid, Legend, MapClass, Window

LEGEND = Legend(
    (MapClass("a", "1", (0, 0, 0)), MapClass("b", "2", (0, 0, 0)), MapClass("c", "", (0, 0, 0)))
)


def grid(epsg: int, transform: tuple[float, ...], height: int, width: int) -> Grid:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    return Grid(reference.ExportToWkt(), transform, height, width)  # type: ignore[arg-type]


UTM = grid(32631, (500000.0, 10.0, 0.0, 5650000.0, 0.0, -10.0), 4, 6)


def test_a_count_by_hand() -> None:
    count = AreaCount(UTM, LEGEND)
    count.add(Window(0, 0, 2, 3), np.array([[0, 1, 1], [3, 1, 0]], dtype=np.uint16))
    count.add(Window(2, 3, 1, 2), np.array([[1, 3]], dtype=np.uint16))
    table = count.table()
    assert [(c.name, c.code, c.value, c.pixels) for c in table] == [
        ("a", "1", 1, 4),
        ("b", "2", 2, 0),
        ("c", "", 3, 2),
    ]
    assert [c.hectares for c in table] == pytest.approx([0.04, 0.0, 0.02])
    assert [c.share for c in table] == pytest.approx([4 / 6, 0.0, 2 / 6])
    assert count.mapped_pixels == 6


def test_nothing_mapped_has_no_share() -> None:
    assert [c.share for c in AreaCount(UTM, LEGEND).table()] == [0, 0, 0]


def test_pixels_in_degrees_shrink_towards_the_pole() -> None:
    degree = 1e-4
    geographic = grid(4326, (4.0, degree, 0.0, 60.0, 0.0, -degree * 100), 300, 10)
    hectares = row_hectares(geographic)
    assert hectares.shape == (300,)
    # an ellipsoid's cell: M N cos(latitude) d(latitude) d(longitude), WGS 84
    latitude = np.radians(60.0 - (np.arange(300) + 0.5) * degree * 100)
    a, e2 = 6378137.0, 0.00669437999014
    w2 = 1 - e2 * np.sin(latitude) ** 2
    expected = a * a * (1 - e2) / w2**2 * np.cos(latitude) * np.radians(degree) ** 2 * 100 / 1e4
    assert hectares == pytest.approx(expected, rel=1e-4)
    count = AreaCount(geographic, LEGEND)
    count.add(Window(299, 0, 1, 2), np.array([[1, 2]], dtype=np.uint16))
    count.add(Window(0, 0, 1, 1), np.array([[2]], dtype=np.uint16))
    assert count.table()[0].hectares == pytest.approx(hectares[299])
    assert count.table()[1].hectares == pytest.approx(hectares[299] + hectares[0])


def test_web_mercator_counts_ground_hectares() -> None:
    # at 60 degrees north its metres are half a metre on the ground
    y = 8399737.9
    mercator = grid(3857, (0.0, 10.0, 0.0, y, 0.0, -10.0), 1, 1)
    assert row_hectares(mercator)[0] == pytest.approx(0.01 / 4, rel=0.01)
