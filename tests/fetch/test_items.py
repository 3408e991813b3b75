"""Items as the known catalogues write them (shortened), and what is read from them."""

from __future__ import annotations

from datetime import date

import pytest

from s4_core.fetch.harmonise import conversion_of
from s4_core.fetch.items import INCIDENCE, Item, read_item
from s4_core.types import OPTICAL_BANDS, Modality

SQUARE = {"type": "Polygon", "coordinates": [[[4, 50], [5, 50], [5, 51], [4, 51], [4, 50]]]}
COG = "image/tiff; application=geotiff; profile=cloud-optimized"
COMMON = {
    "blue": "B02",
    "green": "B03",
    "red": "B04",
    "rededge1": "B05",
    "rededge2": "B06",
    "rededge3": "B07",
    "nir": "B08",
    "nir08": "B8A",
    "swir16": "B11",
    "swir22": "B12",
}


def read(assets: dict, **properties: object) -> Item:
    raw = {
        "id": properties.pop("id", "item"),
        "collection": "c",
        "geometry": SQUARE,
        "properties": {"datetime": "2022-06-07T10:56:21.024000Z", **properties},
        "assets": assets,
    }
    item = read_item(raw, lambda href: href)
    assert isinstance(item, Item), item
    return item


def earth_search() -> dict:
    """sentinel-2-c1-l2a of Earth Search v1."""
    assets = {
        common: {
            "href": f"https://e84.example/{band}.tif",
            "type": COG,
            "eo:bands": [{"name": band, "common_name": common}],
            "gsd": 10 if band in ("B02", "B03", "B04", "B08") else 20,
            "proj:shape": [10980, 10980],
            "proj:transform": [10, 0, 499980, 0, -10, 5700000],
            "raster:bands": [{"nodata": 0, "scale": 0.0001, "offset": -0.1}],
            "file:size": 1000,
            "roles": ["data", "reflectance"],
        }
        for common, band in COMMON.items()
    }
    assets |= {
        f"{common}-jp2": {**asset, "href": "s3://x.jp2", "type": "image/jp2"}
        for common, asset in assets.items()
    }
    three = [{"name": name} for name in ("B04", "B03", "B02")]
    assets["visual"] = {"href": "TCI.tif", "type": COG, "roles": ["visual"], "eo:bands": three}
    assets["scl"] = {"href": "https://e84.example/SCL.tif", "type": COG, "roles": ["data"]}
    assets["cloud"] = {"href": "CLD.tif", "type": COG, "roles": ["data"]}
    assets["thumbnail"] = {"href": "t.jpg", "type": "image/jpeg", "roles": ["thumbnail"]}
    return assets


def test_earth_search():
    item = read(
        earth_search(),
        **{
            "eo:cloud_cover": 3.5,
            "s2:processing_baseline": "05.10",
            "grid:code": "MGRS-31UES",
            "platform": "sentinel-2b",
            "proj:epsg": 32631,
        },
    )
    assert item.modality is Modality.OPTICAL
    assert item.date == date(2022, 6, 7)
    assert set(item.bands) == {*OPTICAL_BANDS, "SCL"}
    assert all(asset.href.endswith(".tif") for asset in item.bands.values())
    assert item.bands["B04"].href == "https://e84.example/B04.tif"
    assert item.bands["B04"].transform == (499980, 10, 0, 5700000, 0, -10)
    assert (item.bands["B04"].epsg, item.bands["B04"].size) == (32631, 1000)
    assert (item.cloud, item.baseline, item.tile) == (3.5, 5.1, "31UES")
    assert conversion_of(item, item.bands["B04"]).offset == -0.1


def test_planetary_computer():
    assets = {
        band: {
            "href": f"https://pc.example/{band}_10m.tif",
            "type": COG,
            "eo:bands": [{"name": band, "description": f"Band {band[1:]}"}],
            "gsd": 10.0,
            "roles": ["data"],
        }
        for band in OPTICAL_BANDS
    }
    assets["SCL"] = {"href": "https://pc.example/SCL_20m.tif", "type": COG, "roles": ["data"]}
    three = [{"name": name} for name in ("B04", "B03", "B02")]
    assets["visual"] = {"href": "TCI.tif", "type": COG, "roles": ["data"], "eo:bands": three}
    new = read(assets, **{"s2:processing_baseline": "04.00", "s2:mgrs_tile": "31UES"})
    old = read(assets, **{"s2:processing_baseline": "03.01", "s2:mgrs_tile": "31UES"})
    assert set(new.bands) == {*OPTICAL_BANDS, "SCL"}
    assert new.bands["B03"].href == "https://pc.example/B03_10m.tif"
    assert conversion_of(new, new.bands["B04"]).offset == -0.1
    assert conversion_of(old, old.bands["B04"]).offset == 0


def test_planetary_computer_radar():
    assets = {
        band: {"href": f"https://pc.example/{band}.tif", "type": COG, "roles": ["data"]}
        for band in ("vv", "vh")
    }
    item = read(
        assets,
        **{
            "sat:orbit_state": "descending",
            "sat:relative_orbit": 37,
            "proj:epsg": 32631,
            "proj:shape": [21000, 28000],
            "proj:transform": [10.0, 0.0, 500000.0, 0.0, -10.0, 5700000.0, 0, 0, 1],
        },
    )
    assert item.modality is Modality.RADAR
    assert set(item.bands) == {"VV", "VH"}
    assert (item.orbit, item.relative_orbit) == ("descending", 37)
    assert item.bands["VH"].transform == (500000.0, 10.0, 0.0, 5700000.0, 0.0, -10.0)


def test_copernicus_data_space():
    assets = {}
    for band in (*OPTICAL_BANDS, "SCL"):
        sizes = (20, 60) if band in ("B05", "B06", "B07", "B8A", "B11", "B12", "SCL") else (10, 20)
        for gsd in sizes[::-1]:
            assets[f"{band}_{gsd}m"] = {
                "href": f"s3://eodata/{band}_{gsd}m.jp2",
                "type": "image/jp2",
                "bands": [{"name": band}],
                "gsd": gsd,
                "proj:code": "EPSG:32631",
                "raster:scale": 0.0001,
                "raster:offset": -0.1,
                "roles": ["data", "reflectance"],
            }
    assets["TCI_10m"] = {"href": "s3://eodata/TCI_10m.jp2", "bands": [{"name": "B04"}] * 3}
    assets["Product"] = {"href": "https://zipper.example", "roles": ["data", "metadata"]}
    item = read(assets, **{"processing:version": "05.11", "grid:code": "MGRS-31UES"})
    assert set(item.bands) == {*OPTICAL_BANDS, "SCL"}
    assert item.bands["B02"].href == "s3://eodata/B02_10m.jp2"
    assert item.bands["B8A"].href == "s3://eodata/B8A_20m.jp2"
    assert (item.bands["B02"].epsg, item.baseline) == (32631, 5.11)
    assert conversion_of(item, item.bands["B02"]).offset == -0.1


def test_bands_in_one_file():
    names = ["B02", "B03", "B04"]
    assets = {"data": {"href": "all.tif", "bands": [{"name": name} for name in names]}}
    assert {b: a.index for b, a in read(assets).bands.items()} == {"B02": 1, "B03": 2, "B04": 3}


def test_angles_are_no_band():
    keys = ("vv", "vh", "ellipsoid-incidence-angle", "local_incidence_angle")
    item = read({key: {"href": f"{key}.tif"} for key in keys})
    assert set(item.bands) == {"VV", "VH", INCIDENCE}
    assert item.bands[INCIDENCE].href == "ellipsoid-incidence-angle.tif"


@pytest.mark.parametrize(
    ("properties", "offset"),
    [
        ({"s2:processing_baseline": "04.00", "earthsearch:boa_offset_applied": True}, 0),
        ({"s2:processing_baseline": "04.00", "earthsearch:boa_offset_applied": False}, -0.1),
        ({"s2:processing_baseline": "02.14"}, 0),
        ({"s2:product_uri": "S2B_MSIL2A_20220607T105629_N0400_R094_T31UES_20220607.SAFE"}, -0.1),
        ({"id": "S2A_MSIL2A_20190401T105031_N0500_R051_T31UES_20221201T000000"}, -0.1),
        ({"id": "S2A_MSIL2A_20190401T105031_N0211_R051_T31UES_20190401T000000"}, 0),
    ],
)
def test_the_offset_goes_with_the_baseline_not_with_the_day(properties, offset):
    item = read({"B04": {"href": "B04.tif"}}, **properties)
    assert conversion_of(item, item.bands["B04"]).offset == offset


def test_an_unknown_baseline_is_doubtful_since_2022_only():
    after = read({"B04": {"href": "B04.tif"}})
    before = read({"B04": {"href": "B04.tif"}}, datetime="2019-06-07T10:56:21Z")
    assert "offset of 0.1 reflectance may remain" in conversion_of(after, after.bands["B04"]).note
    assert conversion_of(before, before.bands["B04"]).note == ""


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({"properties": {}, "geometry": SQUARE}, "no date or no geometry"),
        ({"properties": {"datetime": "2022-06-07T00:00:00Z"}}, "no date or no geometry"),
        (
            {
                "properties": {"datetime": "2022-06-07T00:00:00Z"},
                "geometry": SQUARE,
                "assets": {"dem": {"href": "dem.tif"}},
            },
            "none of its assets",
        ),
    ],
)
def test_what_is_no_image_is_told(raw, reason):
    assert reason in str(read_item(raw, str))
