from __future__ import annotations

import json

import numpy as np

from s4_core.data import inspect, open_area


def test_the_keys_of_info(maker):
    maker.series()
    found = inspect(open_area(maker.request()))
    assert json.loads(json.dumps(found)) == found
    assert found["name"] == "small"
    assert found["season"] == ["2019-01-03", "2019-06-01"]
    assert found["grid"]["crs"] == "EPSG:32631"
    assert (found["grid"]["height"], found["grid"]["width"]) == (16, 16)
    assert found["warnings"] == []
    first, last = found["acquisitions"][0], found["acquisitions"][-1]
    assert first == {
        "date": "2019-01-03",
        "modality": "optical",
        "bands": ["B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12", "SCL"],
        "indices": list(range(1, 12)),
        "composite": False,
        "cloud_share": 0.0,
        "valid_share": 1.0,
        "path": str(maker.folder / "optical" / "S2_20190103.tif"),
    }
    assert (last["modality"], last["cloud_share"], last["valid_share"]) == ("radar", None, 1.0)


def test_what_is_known_of_the_radar_is_told(maker):
    for day in range(0, 150, 10):
        maker.radar(day)
    maker.options.pop("radar", None)
    assert inspect(open_area(maker.request()))["radar"] == {
        "unit": "dB",
        "backscatter": None,
        "orbit": None,
    }
    stated = {"unit": "dB", "backscatter": "gamma0", "orbit": "descending"}
    maker.options["radar"] = stated
    assert inspect(open_area(maker.request()))["radar"] == stated


def test_an_area_without_radar_tells_nothing_of_it(maker):
    for day in range(0, 150, 10):
        maker.optical(day)
    assert inspect(open_area(maker.request()))["radar"] is None


def test_shares_are_of_recorded_and_of_all_pixels(maker):
    scl = np.full((16, 16), 4)
    scl[:4], scl[4:6], scl[6:8] = 0, 9, 3
    for day in range(0, 150, 10):
        maker.optical(day, scl=scl)
    found = inspect(open_area(maker.request()))
    # 4 of 16 rows were not recorded, 4 of the other 12 are hidden
    assert found["acquisitions"][0]["cloud_share"] == round(4 / 12, 4)
    assert found["acquisitions"][0]["valid_share"] == 0.5
    unmasked = inspect(open_area(maker.request(mask="none")))
    assert unmasked["acquisitions"][0]["cloud_share"] is None
    assert unmasked["acquisitions"][0]["valid_share"] == 1.0


def test_gaps_and_few_clear_dates_are_said(maker):
    for day in (0, 10, 20, 90, 100, 140):
        maker.optical(day, scl=9 if day in (90, 100) else 4)
    found = inspect(open_area(maker.request()))
    assert found["warnings"] == [
        "optical: only 4 date(s) of the season show at least half of the area.",
        "optical: 120 days without a clear date, 2019-01-23 to 2019-05-23.",
    ]


def test_what_lies_outside_the_season_does_not_count(maker):
    for day in range(0, 150, 10):
        maker.radar(day)
    warnings = inspect(open_area(maker.request(season="2020-01-01:2020-09-01")))["warnings"]
    assert warnings == ["radar: no image lies in the season 2020-01-01:2020-09-01."]
    until = inspect(open_area(maker.request(until="2019-01-20")))["warnings"]
    # days that have not come yet are no gap
    assert until == ["radar: only 2 date(s) of the season show at least half of the area."]
    (none,) = inspect(open_area(maker.request(until="2018-12-24")))["warnings"]
    season = "2019-01-03:2019-06-01"
    assert none == f"radar: no image lies in the season {season} up to 2018-12-24."


def test_no_season_is_said(maker):
    maker.series()
    maker.options["season"] = None
    (warning,) = inspect(open_area(maker.request()))["warnings"]
    assert "which season" in warning


def test_all_cloud_is_said(maker):
    for day in range(0, 150, 10):
        maker.optical(day, scl=9)
    (warning,) = inspect(open_area(maker.request()))["warnings"]
    assert (
        warning
        == "optical: no pixel is usable in the season: all is cloud, nodata or outside of the area."
    )
