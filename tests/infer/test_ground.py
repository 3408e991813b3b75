"""Parcels and masks come strip by strip and mean the same everywhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr, osr

from s4_core import io
from s4_core.errors import LabelError, RasterError
from s4_core.infer import ground
from s4_core.infer.ground import BurntParcels, open_mask, tiles_inside
from s4_core.infer.tiling import plan_tiles
from s4_core.types import Grid, Window


def utm_wkt() -> str:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    return str(reference.ExportToWkt())


GRID = Grid(utm_wkt(), (500000.0, 10.0, 0.0, 5650000.0, 0.0, -10.0), 24, 20)


def box(window: Window, name: str = "") -> io.Parcel:
    xmin, ymin, xmax, ymax = GRID.at(window).bounds
    ring = f"{xmin} {ymin},{xmax} {ymin},{xmax} {ymax},{xmin} {ymax},{xmin} {ymin}"
    wkb = bytes(ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))").ExportToWkb())
    return io.Parcel(name, name, "", None, wkb, 0.0)


PARCELS = (box(Window(2, 3, 6, 5), "a"), box(Window(12, 0, 10, 4), "b"))
LAYER = io.ParcelLayer(GRID.crs_wkt, PARCELS, ())
EXPECTED = np.zeros(GRID.shape, dtype=np.int32)
EXPECTED[2:8, 3:8] = 1
EXPECTED[12:22, 0:4] = 2


@pytest.mark.parametrize("strip", [1, 100, 10**6])
def test_numbers_do_not_depend_on_the_strips(monkeypatch: pytest.MonkeyPatch, strip: int) -> None:
    monkeypatch.setattr(ground, "STRIP_PIXELS", strip)
    region = Window(1, 2, 22, 17)
    burnt = BurntParcels(LAYER, GRID, region)
    for tile in plan_tiles(*GRID.shape, 8, 0, region).tiles:
        assert np.array_equal(burnt.at(tile.core), EXPECTED[tile.core.slices])
    assert np.array_equal(burnt.at(Window(1, 2, 3, 3)), EXPECTED[1:4, 2:5])


def test_a_polygon_mask_and_its_tiles(tmp_path: Path) -> None:
    path = str(tmp_path / "within.gpkg")
    io.write_parcels(path, PARCELS, GRID.crs_wkt)
    mask = open_mask(path, GRID, GRID.whole)
    assert np.array_equal(mask(GRID.whole), EXPECTED > 0)
    plan = plan_tiles(*GRID.shape, 8, 4)
    inside = tiles_inside(plan, mask, path)
    assert [(t.row, t.col) for t in inside] == [(0, 0), (1, 0), (2, 0)]
    assert tiles_inside(plan, None, None) == plan.tiles


def test_a_raster_mask_on_another_grid_counts_above_zero(tmp_path: Path) -> None:
    path = tmp_path / "within.tif"
    coarse = gdal.GetDriverByName("GTiff").Create(str(path), 5, 6, 1, gdal.GDT_Int16)
    coarse.SetProjection(GRID.crs_wkt)
    coarse.SetGeoTransform((500000.0, 40.0, 0.0, 5650000.0, 0.0, -40.0))
    values = np.zeros((6, 5), dtype=np.int16)
    values[1, 2], values[0, 0] = 7, -1
    coarse.GetRasterBand(1).WriteArray(values)
    coarse = None
    expected = np.zeros(GRID.shape, dtype=bool)
    expected[4:8, 8:12] = True
    assert np.array_equal(open_mask(str(path), GRID, GRID.whole)(GRID.whole), expected)


def test_a_mask_elsewhere_is_named(tmp_path: Path) -> None:
    path = str(tmp_path / "elsewhere.gpkg")
    io.write_parcels(path, [box(Window(100, 100, 4, 4))], GRID.crs_wkt)
    plan = plan_tiles(*GRID.shape, 8, 4)
    with pytest.raises(LabelError, match=r"elsewhere\.gpkg covers no pixel"):
        tiles_inside(plan, open_mask(path, GRID, GRID.whole), path)


def test_masks_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match=r"none\.gpkg does not exist"):
        open_mask(str(tmp_path / "none.gpkg"), GRID, GRID.whole)
    with pytest.raises(RasterError, match=r"none\.tif does not exist"):
        open_mask(str(tmp_path / "none.tif"), GRID, GRID.whole)
