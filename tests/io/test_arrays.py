from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal

from s4_core import io
from s4_core.errors import OutputError


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int32", "float32"])
def test_round_trip(tmp_path, utm_grid, kind):
    values = np.random.default_rng(0).integers(0, 200, (2, 30, 40)).astype(kind)
    path = tmp_path / "new" / "a.tif"
    io.write_array(
        path, values, utm_grid(30, 40), ["VV", "VH"], nodata=0, tags={"ACQUISITION_DATE": "x"}
    )
    assert [p.name for p in path.parent.iterdir()] == ["a.tif"]
    read, _ = io.read_array(path)
    assert read.dtype == kind
    np.testing.assert_array_equal(read, values)
    raster = io.describe(path)
    assert raster.bands == ("VV", "VH")
    assert raster.nodata == (0.0, 0.0)
    assert raster.tags["ACQUISITION_DATE"] == "x"
    assert raster.grid.transform == utm_grid(30, 40).transform
    assert gdal.Open(str(path)).GetSpatialRef().GetAuthorityCode(None) == "32631"


def test_what_does_not_fit(tmp_path, utm_grid):
    for values in (np.zeros((1, 3, 4), np.uint8), np.zeros((1, 4, 4), np.complex64)):
        with pytest.raises(ValueError, match="Cannot write"):
            io.write_array(tmp_path / "a.tif", values, utm_grid(4, 4), ["a"])
    assert list(tmp_path.iterdir()) == []


def test_unwritable(tmp_path, utm_grid):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        io.write_array(
            tmp_path / "file" / "a.tif", np.zeros((1, 4, 4), np.uint8), utm_grid(4, 4), ["a"]
        )
