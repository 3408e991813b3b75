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
    write_landsat_like,
    write_maja,
    write_openeo,
    write_safe,
    write_sen2like,
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


@pytest.mark.parametrize("level", ["L2F", "L2H"])
def test_sen2like(level, tmp_path):
    for n, day in enumerate(("20210401", "20210411")):
        write_sen2like(tmp_path / "down", day, level, n)
    result = bring(tmp_path, tmp_path / "down", aoi=BOX, aoi_crs="EPSG:32631")
    assert [found["what"] for found in result["recognised"]] == ["Sentinel-2 SAFE"] * 2
    assert result["not_recognised"] == []
    path = image(tmp_path, "20210411")
    assert io.describe(path).bands == OPTICAL_BANDS
    for band in OPTICAL_BANDS:  # its numbers have no offset, whatever N9999 sounds like
        assert np.array_equal(stored(path, band), on_fine(band_values(1)[band][0])), band
    assert any("no scene classification" in text for text in result["warnings"])


def test_landsat_of_sen2like_is_told_not_mixed_in(tmp_path):
    for n, day in enumerate(("20210401", "20210411")):
        write_sen2like(tmp_path / "down", day, "L2F", n)
    landsat = write_landsat_like(tmp_path / "down", "20210405")
    result = bring(tmp_path, tmp_path / "down", aoi=BOX, aoi_crs="EPSG:32631")
    (odd,) = result["not_recognised"]
    assert odd["path"] == str(landsat)
    assert "Landsat" in odd["reason"]
    assert [str(i["date"]) for i in result["images"]] == ["2021-04-01", "2021-04-11"]


def test_theia_as_it_is_downloaded(tmp_path):
    for n, day in enumerate(("20210401", "20210411")):
        archive = zipped(write_maja(tmp_path / "down", day, n))
        # the archive's name has no version, the folder in it has
        archive.rename(archive.with_name(f"SENTINEL2A_{day}-105624-123_L2A_T31UES_C.zip"))
    result = bring(tmp_path, tmp_path / "down", aoi=BOX, aoi_crs="EPSG:32631")
    assert [found["what"] for found in result["recognised"]] == ["Theia (MAJA)"] * 2
    path = image(tmp_path, "20210411")
    assert np.array_equal(stored(path, "B11"), without_corner(on_fine(band_values(1)["B11"][0])))
    assert stored(path, "SCL")[0, :5].tolist() == [9, 3, 10, 8, 4]
    assert io.describe(path).tags["CLOUD_MASK"] == "MAJA"


def without_corner(values: np.ndarray) -> np.ndarray:
    """The numbers with MAJA's nodata in the first coarse pixel."""
    left = values.copy()
    left[:2, :2] = 0
    return left


def test_openeo_geotiffs(tmp_path):
    """A file a date, as a batch job of openEO writes them: openEO_DATEZ.tif, bands described."""
    expected = {}
    for seed, day in enumerate(("2021-04-01", "2021-04-11"), start=3):
        names = ["B02", "B04", "B08", "SCL"]
        stack = np.stack([on_fine(band_values(seed)[band][0]).astype(np.int32) for band in names])
        expected[day] = stack
        path = tmp_path / "job" / f"openEO_{day}Z.tif"
        io.write_array(path, stack, grid(), names, nodata=-32768)
    (tmp_path / "job" / "job-results.json").write_text("{}")
    result = bring(tmp_path, tmp_path / "job", aoi=BOX, aoi_crs="EPSG:32631")
    assert result["not_recognised"] == []
    path = image(tmp_path, "20210411")
    assert io.describe(path).bands == ("B02", "B04", "B08", "SCL")
    for index, band in enumerate(("B02", "B04", "B08", "SCL")):
        assert np.array_equal(stored(path, band), expected["2021-04-11"][index])


@pytest.mark.parametrize(
    "named",
    [
        "{day}T105031_{day}T105654_T31UES_{band}",  # Earth Engine's toBands
        "{band}_{day}",
        "{iso}_{band}",
    ],
)
def test_names_in_stacks_of_dates(named, tmp_path):
    names, layers = [], []
    for seed, day in enumerate(("20210401", "20210411")):
        for band in ("B2", "B4", "B8A"):
            iso = f"{day[:4]}-{day[4:6]}-{day[6:]}"
            names.append(named.format(day=day, band=band, iso=iso))
            layers.append(on_fine(band_values(seed)[band.replace("B", "B0", band != "B8A")][0]))
    io.write_array(tmp_path / "stack.tif", np.stack(layers), grid(), names, nodata=0)
    result = bring(tmp_path, tmp_path / "stack.tif", aoi=BOX, aoi_crs="EPSG:32631")
    assert result["recognised"][0]["dates"] == ["2021-04-01", "2021-04-11"]
    assert np.array_equal(stored(image(tmp_path, "20210411"), "B8A"), layers[5])


def test_a_stack_of_radar_dates(tmp_path):
    power = np.random.default_rng(1).gamma(4, 0.03, (4, *grid().shape)).astype(np.float32)
    names = [f"{band}_{day}" for day in ("20210401", "20210413") for band in ("VV", "VH")]
    io.write_array(tmp_path / "S1_ASC_stack.tif", power, grid(), names, nodata=float("nan"))
    box = {"aoi": BOX, "aoi_crs": "EPSG:32631"}
    bring(tmp_path, tmp_path / "S1_ASC_stack.tif", unit="linear", **box)
    written = tmp_path / "area" / "radar" / "S1_ASC_20210413.tif"
    assert np.allclose(stored(written, "VH"), 10 * np.log10(power[3]), atol=1e-5)
