"""A whole fetch from servers on loopback: what comes into the folder, and what is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from s4_core import data, io
from s4_core.errors import (
    ConfigurationError,
    OutputError,
    S4Error,
    SourceError,
    UnconfirmedError,
)
from s4_core.fetch import fetch, forecast
from s4_core.progress import Silent
from s4_core.protocol import AreaRequest
from s4_core.types import OPTICAL_BANDS, Modality
from s4_core.types.fetching import FetchJob
from tests.fetch.conftest import QUICK
from tests.fetch.scenes import ORIGIN, SIDE, Catalogue, grid
from tests.fetch.server import Shop

BOX = f"{ORIGIN[0]},{ORIGIN[1] - 10 * SIDE},{ORIGIN[0] + 10 * SIDE},{ORIGIN[1]}"
SEASON = "2021-03-01:2021-09-30"
BANDS = (*OPTICAL_BANDS, "SCL")


def job(source: str, out: Path | str, **changes: object) -> FetchJob:
    usual = {
        "aoi": BOX,
        "aoi_crs": "EPSG:32631",
        "season": SEASON,
        "out": str(out),
        "source": (source,),
    }
    return FetchJob(**{**usual, **changes})


def stored(path: Path, band: str) -> np.ndarray:
    raster = io.describe(path)
    return io.read_array(path)[0][raster.bands.index(band)]


@pytest.fixture
def season(catalogue: Catalogue) -> Catalogue:
    for seed, day in enumerate(("2021-04-01", "2021-04-11", "2021-05-01"), start=1):
        catalogue.optical(f"S2B_{day}", day, seed, common=True)
        catalogue.radar(f"S1A_{day}", day, seed)
    catalogue.optical("S2B_2020", "2020-04-01", 9)  # another season
    catalogue.optical("far", "2021-04-11", 9, on=grid(east_m=50_000.0))
    return catalogue


@pytest.mark.parametrize("kind", ["api", "static", "items"])
def test_the_folder_holds_what_the_server_has(kind, season, api, tmp_path):
    expected = season.optical("S2B_last", "2021-06-10", 4)
    power = season.radar("S1A_last", "2021-06-10", 4)
    base = season.base
    season.write_static()
    season.write_collection()
    source = {
        "api": api,
        "static": lambda: f"{base}/static/catalog.json",
        "items": lambda: f"{base}/items.json",
    }[kind]()
    result = fetch(job(source, tmp_path / "area"), Silent(), QUICK)
    assert [(i["date"].isoformat(), i["modality"]) for i in result["images"]] == [
        (day, modality)
        for modality in ("optical", "radar")
        for day in ("2021-04-01", "2021-04-11", "2021-05-01", "2021-06-10")
    ]
    image = tmp_path / "area" / "optical" / "S2_L2A_20210610.tif"
    raster = io.describe(image)
    assert raster.bands == BANDS
    assert raster.grid.transform == grid().transform
    assert raster.grid.shape == (SIDE, SIDE)
    for band in BANDS:
        assert np.array_equal(stored(image, band), expected[band]), band
    radar = tmp_path / "area" / "radar" / "S1_ASC_20210610.tif"
    assert np.allclose(stored(radar, "VH"), 10 * np.log10(power["VH"]), atol=1e-5)
    assert raster.tags["ACQUISITION_DATE"] == "2021-06-10"
    assert raster.tags["S4_ITEMS"] == "S2B_last"
    assert io.describe(radar).tags["BACKSCATTER"] == "gamma0"


def test_the_folder_is_an_area(season, tmp_path):
    fetch(job(str(season.write_collection()), tmp_path / "area"), Silent(), QUICK)
    area = data.open_area(AreaRequest(path=str(tmp_path / "area")))
    assert str(area.season) == SEASON
    assert (area.radar.unit, area.radar.backscatter, area.radar.orbit) == (
        "dB",
        "gamma0",
        "ascending",
    )
    assert area.optical.mask == "SCL"
    assert [len(area.of(m)) for m in Modality] == [3, 3]
    assert area.grid.transform == grid().transform


def test_a_plan_downloads_no_pixel(season, shop: Shop, tmp_path):
    plan = fetch(job(str(season.write_collection()), "", plan_only=True), Silent(), QUICK)
    images = [path for path in shop.asked if path.endswith(".tif")]
    # headers of one item of each modality
    assert {Path(path).parent.name for path in images} <= {"S2B_2021-04-11", "S1A_2021-04-11"}
    sizes = [
        sum(p.stat().st_size for p in (shop.folder / name).iterdir())
        for name in ("S2B_2021-04-11", "S1A_2021-04-11")
    ]
    # pixels without headers
    assert 0.8 * 3 * sum(sizes) < plan["download_bytes"] < 3 * sum(sizes)
    assert plan["disk_bytes"] == 3 * SIDE * SIDE * (11 * 2 + 2 * 4)
    assert plan["images"][0]["cloud_share"] == 0.125
    assert plan["images"][0]["covered_share"] == pytest.approx(1, abs=1e-6)
    assert not any(image["is_there"] for image in plan["images"])
    assert not (tmp_path / "area").exists()


def test_only_the_window_is_read(catalogue: Catalogue, shop: Shop, tmp_path):
    large = grid(side=2048)
    catalogue.optical("large", "2021-04-01", on=large)
    source = str(catalogue.write_collection())
    fetch(job(source, tmp_path / "area", modality=("optical",)), Silent(), QUICK)
    size = sum(path.stat().st_size for path in (shop.folder / "large").iterdir())
    assert shop.sent < size / 6  # one block of 512 of each band, and headers


def test_what_is_there_is_not_fetched_again(season, shop: Shop, tmp_path):
    source = str(season.write_collection())
    fetch(job(source, tmp_path / "area"), Silent(), QUICK)
    shop.asked.clear()
    again = fetch(job(source, tmp_path / "area"), Silent(), QUICK)
    assert again["fetched"] == 0
    assert shop.asked == []
    (tmp_path / "area" / "optical" / "S2_L2A_20210411.tif").unlink()
    whole = tmp_path / "area" / "radar" / "S1_ASC_20210411.tif"
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])  # as a crash of the machine leaves it
    healed = fetch(job(source, tmp_path / "area"), Silent(), QUICK)
    assert healed["fetched"] == 2
    assert whole.read_bytes() == content


def test_more_of_the_season_joins_what_is_there(season, tmp_path):
    source = str(season.write_collection())
    early = job(source, tmp_path / "area", season="2021-03-01:2021-04-20")
    assert fetch(early, Silent(), QUICK)["fetched"] == 4
    assert fetch(job(source, tmp_path / "area"), Silent(), QUICK)["fetched"] == 2
    told = json.loads((tmp_path / "area" / "area.json").read_text())
    assert told["season"] == SEASON.split(":")


def test_images_around_the_season_come_too(season, tmp_path):
    source = str(season.write_collection())
    asked = job(source, tmp_path / "area", season="2021-04-05:2021-04-20", margin_days=10)
    result = fetch(asked, Silent(), QUICK)
    days = {str(image["date"]) for image in result["images"]}
    assert days == {"2021-04-01", "2021-04-11"}  # not 2021-05-01
    told = json.loads((tmp_path / "area" / "area.json").read_text())
    assert told["season"] == ["2021-04-05", "2021-04-20"]


def test_names_and_labels_of_an_earlier_area_stay(season, tmp_path):
    (tmp_path / "area").mkdir()
    (tmp_path / "area" / "area.json").write_text('{"name": "my fields", "labels": "p.gpkg"}')
    fetch(job(str(season.write_collection()), tmp_path / "area"), Silent(), QUICK)
    told = json.loads((tmp_path / "area" / "area.json").read_text())
    assert (told["name"], told["labels"]) == ("my fields", "p.gpkg")


def test_images_of_others_are_left_alone(season, tmp_path):
    other = tmp_path / "area" / "optical" / "S2_20210401.tif"
    io.write_array(other, np.ones((1, SIDE, SIDE), np.uint16), grid(), ["B04"])
    with pytest.raises(OutputError, match="that were not fetched"):
        fetch(job(str(season.write_collection()), tmp_path / "area"), Silent(), QUICK)


def test_another_place_wants_another_folder(season, tmp_path):
    source = str(season.write_collection())
    fetch(job(source, tmp_path / "area"), Silent(), QUICK)
    x, y = ORIGIN
    elsewhere = f"{x + 100},{y - 200},{x + 300},{y - 100}"
    with pytest.raises(OutputError, match="of another kind or place"):
        fetch(job(source, tmp_path / "area", aoi=elsewhere), Silent(), QUICK)


def test_the_area_of_a_file_is_its_box(season, tmp_path):
    fetch(job(str(season.write_collection()), tmp_path / "area"), Silent(), QUICK)
    image = tmp_path / "area" / "optical" / "S2_L2A_20210401.tif"
    plan = fetch(
        job(str(season.write_collection()), "", aoi=str(image), aoi_crs=None, plan_only=True),
        Silent(),
        QUICK,
    )
    assert plan["modalities"][0]["grid"]["bounds"] == list(grid().bounds)


def test_degrees_cover_the_box(season):
    degrees = io.box_in(grid().bounds, grid().crs_wkt, "EPSG:4326")
    text = ",".join(map(repr, degrees))
    source = str(season.write_collection())
    plan = fetch(job(source, "", aoi=text, aoi_crs=None, plan_only=True), Silent(), QUICK)
    xmin, ymin, xmax, ymax = plan["modalities"][0]["grid"]["bounds"]
    box = grid().bounds
    assert xmin <= box[0]
    assert ymin <= box[1]
    assert xmax >= box[2]
    assert ymax >= box[3]
    assert (xmin - ORIGIN[0]) % 10 == (ymax - ORIGIN[1]) % 10 == 0


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"aoi": "4,50,5"}, ConfigurationError, "neither a file nor four numbers"),
        ({"aoi": "5,50,4,51", "aoi_crs": None}, ConfigurationError, "is empty"),
        ({"aoi": "600000,5599520,600480,5600000", "aoi_crs": None}, ConfigurationError, "no box"),
        ({"aoi": "100,50,101,51", "aoi_crs": None}, SourceError, "has no optical images of this"),
        ({"season": "2015-07-01:2015-09-01"}, SourceError, "has no optical images of this area"),
        ({"season": "2021-07-01:2021-06-01"}, ConfigurationError, "ends .* before it starts"),
        ({"source": ("nowhere",)}, ConfigurationError, "no source 'nowhere'"),
        ({"source": ("earth-search",)}, ConfigurationError, "earth-search offers no radar"),
        ({"bands": ("tomato",)}, ConfigurationError, "'tomato' is no band"),
        ({"bands": ("B01",), "modality": ("optical",)}, SourceError, "No optical image has B01"),
        ({"backscatter": "sigma0"}, SourceError, "gamma0, sigma0 was asked for"),
        ({"margin_days": -1}, ConfigurationError, "A margin of -1 days"),
        ({"parallel": 99}, ConfigurationError, "99 downloads at once"),
        ({"max_cloud": 10.0}, SourceError, "no optical images .* 12 % cloud"),
        ({"orbit": "descending"}, SourceError, "no radar images .* orbit ascending"),
    ],
)
def test_what_cannot_be_fetched_is_told(changes, error, message, season, tmp_path):
    asked = replace(job(str(season.write_collection()), tmp_path / "area"), **changes)
    with pytest.raises(error, match=message) as told:
        fetch(asked, Silent(), QUICK)
    assert told.value.remedy
    assert not (tmp_path / "area").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"type": "FeatureCollection", "features": []}', "empty.geojson"),
        ("hello", "empty.geojson"),
    ],
)
def test_a_file_without_a_place_is_told(content, message, season, tmp_path):
    path = tmp_path / "empty.geojson"
    path.write_text(content)
    asked = job(str(season.write_collection()), tmp_path / "area", aoi=str(path), aoi_crs=None)
    with pytest.raises(S4Error, match=message) as told:
        fetch(asked, Silent(), QUICK)
    assert told.value.remedy
    assert not (tmp_path / "area").exists()


def test_a_huge_area_wants_to_be_confirmed(season, tmp_path, monkeypatch):
    source = str(season.write_collection())
    monkeypatch.setattr(forecast, "UNASKED_BYTES", 1000)
    with pytest.raises(UnconfirmedError, match=r"This fetches 6 images: about .* to download"):
        fetch(job(source, tmp_path / "area"), Silent(), QUICK)
    assert not (tmp_path / "area").exists()
    assert fetch(job(source, tmp_path / "area", confirmed=True), Silent(), QUICK)["fetched"] == 6


def test_a_full_disk_is_told_before(season, shop, tmp_path, monkeypatch):
    source = str(season.write_collection())
    usage = forecast.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(forecast.shutil, "disk_usage", lambda _: usage._replace(free=10_000))
    with pytest.raises(OutputError, match=r"need up to .*, .* has 10 kB free"):
        fetch(job(source, tmp_path / "area"), Silent(), QUICK)
    assert not (tmp_path / "area").exists()
