from __future__ import annotations

import json

import numpy as np
import pytest

from s4_core import data, io
from s4_core.protocol import AreaRequest
from s4_core.simulate import write_area
from s4_core.types import OPTICAL_BANDS, SCL


@pytest.fixture(scope="module")
def folder(small, tmp_path_factory):
    path = tmp_path_factory.mktemp("simulated") / "area"
    write_area(small, path, reflectance_step=0.004, hidden_step=0.02, db_step=0.5)
    return path


def test_the_area_opens_and_says_that_it_is_simulated(small, folder):
    area = data.open_area(AreaRequest(path=str(folder)))
    assert area.simulated
    assert area.name == "simulated_3"
    assert str(area.season) == "2018-10-15:2019-10-31"
    assert area.grid.transform == small.grid.transform
    assert len(area.acquisitions) == 16
    assert area.radar.orbit == "ascending"
    assert area.radar.backscatter == "sigma0"


def test_every_raster_is_tagged_and_every_text_says_so(folder):
    rasters = sorted(folder.rglob("*.tif"))
    assert len(rasters) == 17
    assert {io.describe(path).tags["SIMULATED"] for path in rasters} == {"YES"}
    assert json.loads((folder / "area.json").read_text())["simulated"] is True
    assert "Simulated" in (folder / "README.md").read_text()


def test_images_are_rounded_as_asked_for(small, folder):
    day = small.optical_dates[0]
    path = folder / "optical" / f"S2_L2A_{day:%Y%m%d}.tif"
    raster = io.describe(path)
    assert raster.bands == (*OPTICAL_BANDS, SCL)
    assert raster.nodata[0] == 0
    assert raster.tags["ACQUISITION_DATE"] == day.isoformat()
    values, _ = io.read_array(path)
    np.testing.assert_array_equal(values[10], small.scl[0])
    assert np.all(values[:10] % 40 == 0)
    assert np.all(values[:10] > 0)
    clear = np.isin(small.scl[0], (2, 4, 5, 6, 7))
    error = np.abs(values[:10] * 1e-4 - small.optical[0])[:, clear]
    assert error.size == 0 or error.max() <= 0.0041


def test_radar_lies_on_its_20_m_grid(small, folder):
    path = folder / "radar" / f"S1_GRD_ASC_{small.radar_dates[0]:%Y%m%d}.tif"
    raster = io.describe(path)
    assert raster.grid.transform[1] == 20
    assert (raster.grid.height, raster.grid.width) == (16, 16)
    assert raster.bands == ("VV", "VH")
    values, _ = io.read_array(path)
    np.testing.assert_allclose(values, small.radar[0], atol=0.26)


def test_parcels_and_reference_agree_with_the_arrays(small, folder):
    area = data.open_area(AreaRequest(path=str(folder)))
    layer = io.read_parcels(folder / "parcels.gpkg", "crop")
    assert layer.fields == ("parcel_id", "crop_code", "crop", "area_ha")
    labels = data.read_labels(area, layer)
    assert len(labels.parcels) == len(small.parcels)
    # GDAL and the simulator may differ on pixels whose centre lies on an edge
    assert (labels.parcel_index == small.parcel_index).mean() > 0.995
    codes, _ = io.read_array(folder / "reference.tif")
    expected = np.array([0, *(parcel.code for parcel in small.parcels)])[small.parcel_index]
    np.testing.assert_array_equal(codes[0], expected)
    assert [p.area_ha for p in layer.parcels] == pytest.approx(
        [p.area_ha for p in small.parcels], rel=0.02, abs=0.01
    )
