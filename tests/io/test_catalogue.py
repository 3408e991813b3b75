from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from s4_core import io
from s4_core.errors import AreaError, RasterError
from s4_core.types import Grid

NOISE = np.random.default_rng(0).integers(1, 9000, (3, 48, 40)).astype(np.uint16)


def test_what_a_raster_says_of_itself(tmp_path, make_raster, utm_grid):
    grid = utm_grid(48, 40)
    path = make_raster(
        tmp_path / "S2_20190401.tif",
        NOISE,
        grid,
        bands=["B02", "", "SCL"],
        nodata=0,
        tags={"ACQUISITION_DATE": "2019-04-01"},
        options=["TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=16"],
    )
    found = io.describe(path)
    assert found.path == str(path)
    assert found.grid.shape == (48, 40)
    assert found.grid.transform == grid.transform
    assert found.grid.crs_wkt == grid.crs_wkt
    assert found.bands == ("B02", "", "SCL")
    assert found.nodata == (0.0, 0.0, 0.0)
    assert found.dtype == "UInt16"
    assert found.tags["ACQUISITION_DATE"] == "2019-04-01"
    assert found.blocks == (16, 32)
    assert io.describe(str(path)) == found


def test_nodata_may_be_nan_or_missing(tmp_path, make_raster, utm_grid):
    values = np.ones((1, 8, 8), np.float32)
    radar = io.describe(make_raster(tmp_path / "a.tif", values, utm_grid(8, 8), nodata=math.nan))
    assert math.isnan(radar.nodata[0])
    assert io.describe(make_raster(tmp_path / "b.tif", values, utm_grid(8, 8))).nodata == (None,)


def test_without_crs(tmp_path, make_raster):
    plain = Grid("", (5.0, 10.0, 0.0, 7.0, 0.0, -10.0), 48, 40)
    assert io.describe(make_raster(tmp_path / "a.tif", NOISE, plain)).grid == plain


def test_without_geotransform_is_not_placed(tmp_path, utm_grid):
    path = tmp_path / "a.tif"
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 4, 3)
    dataset.SetProjection(utm_grid(3, 4).crs_wkt)
    del dataset
    assert io.describe(path).grid.crs_wkt == ""


def test_missing(tmp_path):
    with pytest.raises(RasterError, match=r"nothing\.tif does not exist"):
        io.describe(tmp_path / "nothing.tif")


def test_not_a_raster(tmp_path):
    path = tmp_path / "words.tif"
    path.write_text("not an image")
    with pytest.raises(RasterError, match=r"words\.tif cannot be read: .*not recognized"):
        io.describe(path)


def test_without_bands(tmp_path, make_vector, square):
    path = make_vector(tmp_path / "p.gpkg", [(square(0, 0, 1), {})])
    with pytest.raises(RasterError, match=r"p\.gpkg"):
        io.describe(path)


def test_complex_numbers(tmp_path, make_raster, utm_grid):
    path = make_raster(tmp_path / "slc.tif", np.ones((1, 4, 4), np.complex64), utm_grid(4, 4))
    with pytest.raises(RasterError, match="complex numbers"):
        io.describe(path)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["INTERLEAVE=BAND"],
        ["COMPRESS=DEFLATE"],
        ["COMPRESS=DEFLATE", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"],
        ["COMPRESS=LZW", "INTERLEAVE=BAND", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"],
    ],
)
@pytest.mark.parametrize("share", [0.999, 0.7, 0.3, 0.01, 0.0])
def test_truncated(tmp_path, make_raster, utm_grid, options, share):
    path = make_raster(tmp_path / "cut.tif", NOISE, utm_grid(48, 40), options=options)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(RasterError, match=r"cut\.tif"):
        io.describe(path)


def test_truncated_says_how_much_is_missing(tmp_path, make_raster, utm_grid):
    path = make_raster(tmp_path / "cut.tif", NOISE, utm_grid(48, 40))
    content = path.read_bytes()
    path.write_bytes(content[:-100])
    size = len(content)
    message = rf"cut\.tif is truncated: it has {size - 100} bytes, its pixels need {size}"
    with pytest.raises(RasterError, match=message) as caught:
        io.describe(path)
    assert caught.value.remedy


def test_sparse_blocks_are_fine(tmp_path, utm_grid):
    path = tmp_path / "sparse.tif"
    options = ["SPARSE_OK=TRUE", "TILED=YES", "COMPRESS=DEFLATE"]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 600, 600, options=options)
    dataset.SetGeoTransform(utm_grid(600, 600).transform)
    del dataset
    assert io.describe(path).grid.shape == (600, 600)


def test_vrt_with_a_missing_source(tmp_path, make_raster, utm_grid):
    source = make_raster(tmp_path / "a.tif", NOISE, utm_grid(48, 40))
    gdal.BuildVRT(str(tmp_path / "a.vrt"), [str(source)]).FlushCache()
    assert io.describe(tmp_path / "a.vrt").grid.shape == (48, 40)
    source.unlink()
    with pytest.raises(RasterError, match=r"a\.vrt"):
        io.describe(tmp_path / "a.vrt")


@pytest.fixture
def folder(tmp_path: Path, make_raster, utm_grid) -> Path:
    for name in ("b.tif", "a.TIFF", "c.tif", ".hidden.tif"):
        make_raster(tmp_path / name, NOISE, utm_grid(48, 40), options=["COMPRESS=DEFLATE"])
    (tmp_path / "deep").mkdir()
    make_raster(tmp_path / "deep" / "d.tif", NOISE, utm_grid(48, 40))
    (tmp_path / "notes.txt").write_text("")
    content = (tmp_path / "c.tif").read_bytes()
    (tmp_path / "c.tif").write_bytes(content[: len(content) // 2])
    return tmp_path


def test_scan_lists_what_works_and_what_does_not(folder, capfd):
    before = sorted(folder.rglob("*"))
    told = []
    found = io.scan(folder, progress=lambda done, total: told.append((done, total)))
    assert [Path(raster.path).name for raster in found.rasters] == ["a.TIFF", "b.tif"]
    [(path, reason)] = found.skipped
    assert path == str(folder / "c.tif")
    assert "c.tif" in reason
    assert told == [(1, 3), (2, 3), (3, 3)]
    # no side files beside the inputs, nothing printed by GDAL
    assert sorted(folder.rglob("*")) == before
    assert capfd.readouterr() == ("", "")


def test_scan_deep_and_by_pattern(folder):
    deep = io.scan(folder, recursive=True).rasters
    assert [Path(raster.path).name for raster in deep] == ["a.TIFF", "b.tif", "d.tif"]
    assert [Path(r.path).name for r in io.scan(folder, ["B*.tif"]).rasters] == ["b.tif"]


def test_scan_of_a_missing_folder(tmp_path):
    with pytest.raises(AreaError, match="There is no folder"):
        io.scan(tmp_path / "nowhere")


def test_scan_files_keeps_the_given_order(folder):
    found = io.scan_files([folder / "b.tif", str(folder / "a.TIFF"), folder / "none.tif"])
    assert [Path(raster.path).name for raster in found.rasters] == ["b.tif", "a.TIFF"]
    assert found.skipped[0][1].endswith("none.tif does not exist.")


@pytest.mark.real
def test_real_areas(real_areas):
    area = real_areas / "flanders" / "brabant_2019"
    optical, radar = io.scan(area / "optical"), io.scan(area / "radar")
    assert (len(optical.rasters), len(radar.rasters)) == (72, 80)
    assert optical.skipped == radar.skipped == ()
    assert {raster.bands for raster in radar.rasters} == {("VV", "VH")}
    assert {raster.grid.pixel_size for raster in radar.rasters} == {(20.0, 20.0)}
    grid = io.target_grid(optical.rasters + radar.rasters)
    assert (grid.shape, grid.pixel_size) == ((64, 64), (10.0, 10.0))
