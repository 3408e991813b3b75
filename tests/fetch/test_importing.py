"""Downloads that become an area, and what is told of them."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core import io
from s4_core.data import open_area
from s4_core.errors import InputError, SourceError
from s4_core.fetch import import_images
from s4_core.progress import Silent
from s4_core.protocol import AreaRequest
from s4_core.types import OPTICAL_BANDS
from s4_core.types.fetching import ImportJob
from tests.fetch.products import (
    band_values,
    on_fine,
    write,
    write_maja,
    write_openeo,
    write_safe,
    zipped,
)
from tests.fetch.scenes import SIDE, grid
from tests.fetch.test_fetch import BOX, stored


def bring(tmp_path, *paths, **changes):
    job = ImportJob(tuple(map(str, paths)), str(tmp_path / "area"), **changes)
    return import_images(job, Silent())


def image(tmp_path, day: str):
    return tmp_path / "area" / "optical" / f"S2_L2A_{day}.tif"


@pytest.mark.parametrize("dress", [lambda product: product, zipped], ids=["folder", "zip"])
def test_safe(dress, tmp_path):
    products = [
        dress(write_safe(tmp_path / "down", "20220401", "04.00", 1)),
        dress(write_safe(tmp_path / "down", "20210401", "03.01", 2)),
    ]
    result = bring(tmp_path, tmp_path / "down")
    assert {found["path"] for found in result["recognised"]} == {str(p) for p in products}
    assert [found["what"] for found in result["recognised"]] == ["Sentinel-2 SAFE"] * 2
    assert result["not_recognised"] == []
    assert result["season"] == "2021-04-01:2022-04-01"
    assert [i["cloud_share"] for i in result["images"]] == [0.0725, 0.0725]
    for day, seed, offset in (("20220401", 1, 1000), ("20210401", 2, 0)):
        for band, (values, _) in band_values(seed).items():
            expected = on_fine(values) - (offset if band != "SCL" else 0)
            assert np.array_equal(inner(stored(image(tmp_path, day), band)), expected), band
    tags = io.describe(image(tmp_path, "20220401")).tags
    assert (tags["PROCESSING_BASELINE"], tags["PLATFORM"]) == ("4", "sentinel-2b")
    area = open_area(AreaRequest(path=str(tmp_path / "area")))
    assert area.optical.mask == "SCL"


def inner(values: np.ndarray) -> np.ndarray:
    """The scene's own pixels: the box in degrees around it is a little larger."""
    rows, cols = np.flatnonzero(values.any(1)), np.flatnonzero(values.any(0))
    return values[rows[0] : rows[0] + SIDE, cols[0] : cols[0] + SIDE]


def test_part_of_a_product(tmp_path):
    for n, day in enumerate(("20210401", "20210411")):
        write_safe(tmp_path / "down", day, "03.01", n)
    x, y = grid().corner(0, 0)
    box = f"{x + 100},{y - 300},{x + 300},{y - 100}"
    bring(tmp_path, tmp_path / "down", aoi=box, aoi_crs="EPSG:32631")
    values = stored(image(tmp_path, "20210411"), "B8A")
    assert np.array_equal(values, on_fine(band_values(1)["B8A"][0])[10:30, 10:30])


def test_theia(tmp_path):
    for n, day in enumerate(("20210401", "20210411")):
        write_maja(tmp_path / "down", day, n)
    result = bring(tmp_path, tmp_path / "down", aoi=BOX, aoi_crs="EPSG:32631")
    assert [found["what"] for found in result["recognised"]] == ["Theia (MAJA)"] * 2
    path = image(tmp_path, "20210411")
    expected = band_values(1)["B04"][0].copy()
    expected[0, 0] = 0  # MAJA's nodata
    assert io.describe(path).bands == (*OPTICAL_BANDS, "SCL")
    assert np.array_equal(stored(path, "B04"), expected)
    assert stored(path, "SCL")[0, :5].tolist() == [9, 3, 10, 8, 4]


def test_a_file_a_band(tmp_path):
    for seed, day in enumerate(("20210401", "20210411")):
        for band, (values, on) in band_values(seed).items():
            write(tmp_path / "down" / day / f"T31UES_{day}_{band}.tif", values, on, "GTiff", 0)
    result = bring(tmp_path, tmp_path / "down", aoi=BOX, aoi_crs="EPSG:32631")
    assert len(result["recognised"]) == 22
    assert len(result["written"]) == 2
    for band, (values, _) in band_values(1).items():
        assert np.array_equal(stored(image(tmp_path, "20210411"), band), on_fine(values))


def test_a_stack_of_dates(tmp_path):
    names, layers = [], []
    for seed, day in enumerate(("2021-04-01", "2021-04-11")):
        for band in ("B02", "B04", "B08"):
            names.append(f"{day}_{band}")
            layers.append(band_values(seed)[band][0])
    io.write_array(tmp_path / "stack.tif", np.stack(layers), grid(), names, nodata=0)
    result = bring(tmp_path, tmp_path / "stack.tif", aoi=BOX, aoi_crs="EPSG:32631")
    assert result["recognised"][0]["what"] == "stack of dates"
    assert result["recognised"][0]["dates"] == ["2021-04-01", "2021-04-11"]
    assert np.array_equal(stored(image(tmp_path, "20210411"), "B08"), layers[5])


def test_openeo(tmp_path):
    stacks = write_openeo(tmp_path / "openEO.nc", ["2021-04-01", "2021-04-11", "2021-05-01"])
    result = bring(tmp_path, tmp_path / "openEO.nc", aoi=BOX, aoi_crs="EPSG:32631")
    assert result["recognised"][0]["dates"] == ["2021-04-01", "2021-04-11", "2021-05-01"]
    assert set(result["recognised"][0]["bands"]) == {"B02", "B04", "B08", "SCL"}
    for index, day in enumerate(("20210401", "20210411", "20210501")):
        for band in stacks:
            assert np.array_equal(stored(image(tmp_path, day), band), stacks[band][index])


def test_radar_that_does_not_tell_its_unit(tmp_path):
    power = np.random.default_rng(1).gamma(4, 0.03, (2, *grid().shape)).astype(np.float32)
    for day in ("20210401", "20210413"):
        path = tmp_path / "down" / f"S1A_IW_DESC_{day}.tif"
        io.write_array(path, power, grid(), ["VV", "VH"], nodata=float("nan"))
    box = {"aoi": BOX, "aoi_crs": "EPSG:32631"}
    result = bring(tmp_path, tmp_path / "down", unit="linear", **box)
    assert result["images"][0]["orbit"] == "descending"
    written = tmp_path / "area" / "radar" / "S1_DESC_20210413.tif"
    assert np.allclose(stored(written, "VH"), 10 * np.log10(power[1]), atol=1e-5)


def test_what_is_not_recognised_is_told(tmp_path):
    down = tmp_path / "down"
    for n, day in enumerate(("20210401", "20210411")):
        write_safe(down, day, "03.01", n)
    (down / "S2A_MSIL1C_20210401T105031_N0301_R051_T31UES_20210401T130000.SAFE").mkdir()
    (down / "cut.zip").write_bytes(b"PK\x03\x04 and nothing more")
    (down / "letter.docx").write_bytes(b"Dear")
    unnamed = np.zeros((1, SIDE, SIDE), np.uint16)
    io.write_array(down / "height.tif", unnamed, grid(), ["height"])
    result = bring(tmp_path, down, plan_only=True)
    reasons = {n["path"].rpartition("/")[2][:10]: n["reason"] for n in result["not_recognised"]}
    assert "Level-1C" in reasons["S2A_MSIL1C"]
    assert "names no Sentinel band" in reasons["height.tif"]
    assert "neither a known product nor a raster" in reasons["letter.doc"]
    assert set(reasons) == {"S2A_MSIL1C", "height.tif", "letter.doc", "cut.zip"}
    assert len(result["images"]) == 2
    assert not (tmp_path / "area").exists()


def test_nothing_to_bring_in_is_told(tmp_path):
    (tmp_path / "down").mkdir()
    with pytest.raises(InputError, match="Nothing was recognised"):
        bring(tmp_path, tmp_path / "down")
    with pytest.raises(InputError, match="does not exist"):
        bring(tmp_path, tmp_path / "nowhere")
    write_safe(tmp_path / "down", "20210401", "03.01")
    with pytest.raises(InputError, match="none is of the season"):
        bring(tmp_path, tmp_path / "down", season="2019-01-01:2019-12-31")
    with pytest.raises(InputError, match="lies inside the area"):
        bring(tmp_path, tmp_path / "down", aoi="10,40,10.1,40.1")


def test_a_broken_product_is_told(tmp_path):
    safe = write_safe(tmp_path / "down", "20210401", "03.01")
    next(safe.rglob("*_B05_20m.jp2")).write_bytes(b"cut")
    with pytest.raises(SourceError, match="B05"):
        bring(tmp_path, tmp_path / "down", aoi=BOX, aoi_crs="EPSG:32631")
    assert not (tmp_path / "area" / "area.json").exists()
