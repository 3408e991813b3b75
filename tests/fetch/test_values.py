"""What is written: offsets, decibels, conventions, dates of several items, orbits."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core import io
from s4_core.errors import SourceError
from s4_core.fetch import fetch
from s4_core.progress import Silent
from s4_core.types import Grid
from tests.fetch.conftest import QUICK
from tests.fetch.scenes import COLLECTION, ORIGIN, SIDE, Catalogue, grid, wkt
from tests.fetch.test_fetch import BANDS, job, stored

HALF = SIDE // 2


def fetched(catalogue: Catalogue, tmp_path, **changes):
    source = str(catalogue.write_collection())
    return fetch(job(source, tmp_path / "area", **changes), Silent(), QUICK)


def optical(tmp_path, day: str = "20210401"):
    return tmp_path / "area" / "optical" / f"S2_L2A_{day}.tif"


def test_the_offset_is_taken_off_once(catalogue, tmp_path):
    new = catalogue.optical("new", "2021-04-01", 1, properties={"s2:processing_baseline": "05.00"})
    old = catalogue.optical("old", "2021-05-01", 2, properties={"s2:processing_baseline": "02.14"})
    done = {"s2:processing_baseline": "05.00", "earthsearch:boa_offset_applied": True}
    ready = catalogue.optical("ready", "2021-06-01", 3, properties=done)
    fetched(catalogue, tmp_path, modality=("optical",))
    assert np.array_equal(stored(optical(tmp_path), "B04"), new["B04"] - 1000)
    assert np.array_equal(stored(optical(tmp_path), "SCL"), new["SCL"])
    assert np.array_equal(stored(optical(tmp_path, "20210501"), "B04"), old["B04"])
    assert np.array_equal(stored(optical(tmp_path, "20210601"), "B04"), ready["B04"])
    tags = io.describe(optical(tmp_path)).tags
    assert tags["PROCESSING_BASELINE"] == "5"
    assert tags["REFLECTANCE_OFFSET_APPLIED"] == "-0.1"


def test_what_is_valid_never_becomes_nodata(catalogue, tmp_path):
    on = grid()
    dark = np.full(on.shape, 990, np.uint16)
    dark[0, 0] = 0
    bands = {band: (dark, on) for band in BANDS[:-1]}
    properties = {"s2:processing_baseline": "05.00"}
    for day in ("2021-04-01", "2021-05-01"):
        catalogue.add(day, day, "optical", bands, properties=properties)
    fetched(catalogue, tmp_path, modality=("optical",))
    values = stored(optical(tmp_path), "B04")
    assert values[0, 0] == 0
    assert (values.ravel()[1:] == 1).all()


def test_reflectance_in_floats_becomes_numbers(catalogue, tmp_path):
    on = grid()
    reflectance = np.full(on.shape, 0.25, np.float32)
    asset = {"raster:bands": [{"scale": 1.0, "offset": 0.0}]}
    bands = {band: (reflectance, on) for band in BANDS[:-1]}
    for day in ("2021-04-01", "2021-05-01"):
        catalogue.add(day, day, "optical", bands, nodata=-9999.0, asset=asset)
    fetched(catalogue, tmp_path, modality=("optical",))
    assert (stored(optical(tmp_path), "B12") == 2500).all()


def test_items_of_one_date_are_laid_together(catalogue, tmp_path):
    west = catalogue.optical("west", "2021-04-01", 1, on=grid(east_m=-10.0 * HALF))
    east = catalogue.optical("east", "2021-04-01", 2, on=grid(east_m=10.0 * HALF))
    catalogue.optical("whole", "2021-05-01", 3)
    result = fetched(catalogue, tmp_path, modality=("optical",))
    assert result["images"][0]["items"] == ["east", "west"]
    assert result["images"][0]["covered_share"] == pytest.approx(1, abs=0.02)
    for band in ("B02", "B8A", "SCL"):
        values = stored(optical(tmp_path), band)
        assert np.array_equal(values[:, :HALF], west[band][:, HALF:])
        assert np.array_equal(values[:, HALF:], east[band][:, :HALF])


def test_a_date_with_half_of_the_area_has_half_of_its_pixels(catalogue, tmp_path):
    west = catalogue.optical("west", "2021-04-01", 1, on=grid(east_m=-10.0 * HALF))
    catalogue.optical("whole", "2021-05-01", 3)
    result = fetched(catalogue, tmp_path, modality=("optical",))
    assert result["images"][0]["covered_share"] == pytest.approx(0.5, abs=0.02)
    values = stored(optical(tmp_path), "B04")
    assert np.array_equal(values[:, :HALF], west["B04"][:, HALF:])
    assert not values[:, HALF:].any()
    assert io.describe(optical(tmp_path)).tags["S4_COVERED_SHARE"] == "0.5000"


def test_a_scene_over_the_other_fills_its_gaps(catalogue, tmp_path):
    on = grid()
    first = {band: np.full(on.shape, 3000, np.uint16) for band in BANDS}
    second = {band: np.full(on.shape, 2000, np.uint16) for band in BANDS}
    first["B05"][:, :10] = 0  # a band that ends earlier than the others
    for values in (first, second):
        values["SCL"] = np.full(on.shape, 4, np.uint8)
    bands = [{b: (v, on) for b, v in values.items()} for values in (first, second)]
    catalogue.add("a", "2021-04-01", "optical", bands[0], properties={"eo:cloud_cover": 1})
    catalogue.add("b", "2021-04-01", "optical", bands[1], properties={"eo:cloud_cover": 9})
    catalogue.optical("later", "2021-05-01", 3)
    fetched(catalogue, tmp_path, modality=("optical",))
    values = stored(optical(tmp_path), "B04")
    assert (values[:, :10] == 2000).all()  # a pixel's bands are of one scene
    assert (values[:, 10:] == 3000).all()


def test_of_two_versions_the_newer_baseline_stays(catalogue, tmp_path):
    tile = {"grid:code": "MGRS-31UES"}
    versions = {
        name: catalogue.optical(
            name, "2021-04-01", n, properties={**tile, "s2:processing_baseline": baseline}
        )
        for n, (name, baseline) in enumerate((("N0301", "03.01"), ("N0500", "05.00")))
    }
    catalogue.optical("later", "2021-05-01", 3)
    result = fetched(catalogue, tmp_path, modality=("optical",))
    assert {"item": "N0301", "reason": "another version of N0500"} in result["left_out"]
    assert np.array_equal(stored(optical(tmp_path), "B02"), versions["N0500"]["B02"] - 1000)


def test_neighbouring_zones_are_warped_to_the_usual_one(catalogue, tmp_path):
    for day in ("2021-05-01", "2021-06-01"):
        catalogue.optical(day, day, 3)
    other = wkt(32632)
    west, _, _, north = io.box_in(grid().bounds, grid().crs_wkt, other)
    x, y = west - west % 20 - 200, north - north % 20 + 200
    on = Grid(other, (x, 10.0, 0.0, y, 0.0, -10.0), 2 * SIDE, 2 * SIDE)
    flat = {b: (np.full(on.shape, 2500, np.uint16), on) for b in BANDS[:-1]}
    flat["SCL"] = (np.full(on.shape, 5, np.uint8), on)
    item = catalogue.add("zone 32", "2021-04-01", "optical", flat)
    item["properties"]["proj:epsg"] = 32632
    fetched(catalogue, tmp_path, modality=("optical",))
    assert io.describe(optical(tmp_path)).grid.transform == grid().transform
    assert (stored(optical(tmp_path), "B04") == 2500).all()
    assert (stored(optical(tmp_path), "SCL") == 5).all()


def test_a_catalogue_without_lattices_is_read_from_the_files(catalogue, tmp_path):
    expected = catalogue.optical("S2", "2021-04-01", 1, lattice=False)
    catalogue.optical("later", "2021-05-01", 3, lattice=False)
    fetched(catalogue, tmp_path, modality=("optical",))
    assert np.array_equal(stored(optical(tmp_path), "B02"), expected["B02"])
    assert np.array_equal(stored(optical(tmp_path), "B11"), expected["B11"])


def test_bands_by_their_common_names(catalogue, tmp_path):
    for n, day in enumerate(("2021-04-01", "2021-05-01")):
        catalogue.optical(day, day, n, common=True)
    fetched(catalogue, tmp_path, modality=("optical",), bands=("red", "nir08", "B11"))
    assert io.describe(optical(tmp_path)).bands == ("B04", "B8A", "B11", "SCL")


def radar(tmp_path, name: str):
    return tmp_path / "area" / "radar" / name


def test_radar_of_the_orbit_with_more_dates(catalogue, tmp_path):
    for n, day in enumerate(("2021-04-01", "2021-04-13", "2021-04-25")):
        catalogue.radar(f"D{n}", day, n, orbit="descending")
    catalogue.radar("A", "2021-04-13", 9, orbit="ascending")
    result = fetched(catalogue, tmp_path, modality=("radar",))
    names = sorted(path.name for path in (tmp_path / "area" / "radar").iterdir())
    assert names == [f"S1_DESC_202104{day}.tif" for day in ("01", "13", "25")]
    (left,) = result["left_out"]
    assert left == {"item": "A", "reason": "orbit ascending, the images wanted are descending"}


def test_both_orbits_stay_apart(catalogue, tmp_path):
    ascending = catalogue.radar("A", "2021-04-13", 1, orbit="ascending")
    descending = catalogue.radar("D", "2021-04-13", 2, orbit="descending")
    fetched(catalogue, tmp_path, modality=("radar",), orbit="both")
    for name, power in (("ASC", ascending), ("DESC", descending)):
        values = stored(radar(tmp_path, f"S1_{name}_20210413.tif"), "VV")
        assert np.allclose(values, 10 * np.log10(power["VV"]), atol=1e-5)


def test_radar_is_averaged_as_power(catalogue, tmp_path):
    power = catalogue.radar("first", "2021-04-01", 1)
    catalogue.radar("second", "2021-05-01", 2)
    fetched(catalogue, tmp_path, modality=("radar",), radar_pixel_m=20.0)
    path = radar(tmp_path, "S1_ASC_20210401.tif")
    mean = power["VV"].reshape(HALF, 2, HALF, 2).mean(axis=(1, 3))
    assert io.describe(path).grid.pixel_size == (20.0, 20.0)
    assert np.allclose(stored(path, "VV"), 10 * np.log10(mean), atol=1e-4)


@pytest.mark.parametrize("pixel_m", [20.0, 40.0])
def test_decibels_are_averaged_as_power(pixel_m, catalogue, tmp_path):
    decibel = np.random.default_rng(1).normal(-12, 4, grid().shape).astype(np.float32)
    decibel[:8, :8] = np.nan
    for day in ("2021-04-01", "2021-05-01"):
        bands = {"VV": (decibel, grid()), "VH": (decibel, grid())}
        catalogue.add(day, day, "radar", bands, nodata=float("nan"))
    fetched(catalogue, tmp_path, modality=("radar",), radar_pixel_m=pixel_m)
    side = int(pixel_m // 10)
    blocks = (10 ** (decibel.astype(float) / 10)).reshape(SIDE // side, side, SIDE // side, side)
    values = stored(radar(tmp_path, "S1_20210401.tif"), "VV")
    assert np.isnan(values[: 8 // side, : 8 // side]).all()
    assert np.isfinite(values).sum() == values.size - (8 // side) ** 2
    assert np.allclose(values, 10 * np.log10(blocks.mean(axis=(1, 3))), atol=1e-4, equal_nan=True)
    mean_of_decibels = decibel.reshape(blocks.shape).mean(axis=(1, 3))
    assert np.nanmean(values - mean_of_decibels) > 0.5  # what an average of dB would lose


def test_gamma0_becomes_sigma0_by_the_incidence_angle(catalogue, tmp_path):
    on = grid()
    for n, day in enumerate(("2021-04-01", "2021-05-01")):
        draw = np.random.default_rng(n)
        power = {b: draw.gamma(4, 0.03, on.shape).astype(np.float32) for b in ("VV", "VH")}
        angle = np.full(on.shape, 39.0, np.float32)
        bands = {b: (v, on) for b, v in power.items()}
        bands["ellipsoid-incidence-angle"] = (angle, on)
        catalogue.add(day, day, "radar", bands, nodata=-32768.0)
    result = fetched(catalogue, tmp_path, modality=("radar",), backscatter="sigma0")
    assert result["modalities"][0]["backscatter"] == "sigma0"
    path = radar(tmp_path, "S1_20210501.tif")
    expected = 10 * np.log10(power["VV"] * np.cos(np.deg2rad(39.0)))
    assert np.allclose(stored(path, "VV"), expected, atol=1e-4)
    assert io.describe(path).tags["BACKSCATTER"] == "sigma0"


def test_decibels_stay_as_they_are(catalogue, tmp_path):
    on = grid(20.0, HALF)
    decibel = np.random.default_rng(1).normal(-12, 3, on.shape).astype(np.float32)
    decibel[3, 4] = np.nan
    for day in ("2021-04-01", "2021-05-01"):
        bands = {"VV": (decibel, on), "VH": (decibel, on)}
        catalogue.add(day, day, "radar", bands, nodata=float("nan"))
    fetched(catalogue, tmp_path, modality=("radar",))
    path = radar(tmp_path, "S1_20210401.tif")
    assert np.array_equal(stored(path, "VH"), decibel, equal_nan=True)
    assert io.describe(path).grid.pixel_size == (20.0, 20.0)


def test_radar_that_is_not_calibrated_is_refused(catalogue, tmp_path):
    raw = np.full(grid().shape, 300, np.uint16)
    for day in ("2021-04-01", "2021-05-01"):
        catalogue.add(day, day, "radar", {"VV": (raw, grid()), "VH": (raw, grid())})
    with pytest.raises(SourceError, match="whole numbers: radar that is not calibrated"):
        fetched(catalogue, tmp_path, modality=("radar",))


def test_scaled_decibels(catalogue, tmp_path):
    hundredths = np.random.default_rng(1).integers(-2500, -500, grid().shape).astype(np.float32)
    asset = {"raster:bands": [{"unit": "dB", "scale": 0.01, "offset": 0.0}]}
    for day in ("2021-04-01", "2021-05-01"):
        bands = {"VV": (hundredths, grid()), "VH": (hundredths, grid())}
        catalogue.add(day, day, "radar", bands, asset=asset)
    fetched(catalogue, tmp_path, modality=("radar",))
    values = stored(radar(tmp_path, "S1_20210401.tif"), "VV")
    assert np.allclose(values, hundredths / 100, atol=1e-4)


def test_slices_of_one_pass_are_one_image(catalogue, tmp_path):
    north = catalogue.radar("slice 1", "2021-04-01", 1, on=grid(east_m=-10.0 * HALF))
    south = catalogue.radar("slice 2", "2021-04-01", 2, on=grid(east_m=10.0 * HALF))
    catalogue.radar("later", "2021-05-01", 3)
    fetched(catalogue, tmp_path, modality=("radar",))
    values = stored(radar(tmp_path, "S1_ASC_20210401.tif"), "VV")
    assert np.allclose(values[:, :HALF], 10 * np.log10(north["VV"][:, HALF:]), atol=1e-5)
    assert np.allclose(values[:, HALF:], 10 * np.log10(south["VV"][:, :HALF]), atol=1e-5)


def test_the_collection_that_is_named_is_searched(catalogue, api, tmp_path):
    for day in ("2021-04-01", "2021-05-01"):
        catalogue.optical(day, day, 3)
    odd = catalogue.optical("odd", "2021-06-01", 4)
    catalogue.items[-1]["collection"] = "my-images"
    asked = job(api(), tmp_path / "area", modality=("optical",), collections=("my-images",))
    result = fetch(asked, Silent(), QUICK)
    assert [image["items"] for image in result["images"]] == [["odd"]]
    assert result["modalities"][0]["collections"] == ["my-images"] != [COLLECTION["optical"]]
    assert np.array_equal(stored(optical(tmp_path, "20210601"), "B02"), odd["B02"])
    assert ORIGIN[0] == result["modalities"][0]["grid"]["bounds"][0]
