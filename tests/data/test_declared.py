from __future__ import annotations

import json
from datetime import date

import pytest

from s4_core.data.declared import declared
from s4_core.errors import AreaError, ConfigurationError
from s4_core.protocol import AreaRequest
from s4_core.types import CLOUDY_SCL, OpticalOptions, RadarOptions, Season


def read(folder, content=None, **request):
    if content is not None:
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / "area.json").write_text(text)
    return declared(folder, AreaRequest(path=str(folder), **request))


def test_without_area_json(tmp_path):
    found = read(tmp_path)
    assert found.optical == OpticalOptions(1e-4, 0.0, 0.0, "SCL", CLOUDY_SCL)
    assert found.radar == RadarOptions("dB")
    assert (found.season, found.mask_is_explicit, found.warnings) == (None, False, ())


def test_everything_that_can_be_said(tmp_path):
    found = read(
        tmp_path,
        {
            "name": "here",
            "season": ["2018-10-15", "2019-10-31"],
            "labels": "parcels.gpkg",
            "field": "crop",
            "simulated": True,
            "optical": {
                "scale": 0.001,
                "offset": -0.1,
                "nodata": 65535,
                "mask": "CLM",
                "cloudy": [3, 9],
            },
            "radar": {"unit": "Linear", "backscatter": "gamma0", "orbit": "descending"},
        },
    )
    assert found.name == "here"
    assert found.season == Season(date(2018, 10, 15), date(2019, 10, 31))
    assert not found.season_is_explicit
    assert found.labels == str(tmp_path / "parcels.gpkg")
    assert found.class_field == "crop"
    assert found.simulated
    assert found.optical == OpticalOptions(0.001, -0.1, 65535.0, "CLM", (3, 9))
    assert found.mask_is_explicit
    assert found.radar == RadarOptions("linear", "gamma0", "descending")


def test_the_user_overrides(tmp_path):
    stated = {"season": ["2018-10-15", "2019-10-31"], "optical": {"scale": 1, "mask": "CLM"}}
    found = read(
        tmp_path,
        stated,
        season="2019-01-01:2019-06-30",
        until="2019-05-01",
        mask="none",
        scale=0.01,
        radar_unit="linear",
    )
    assert found.season == Season(date(2019, 1, 1), date(2019, 6, 30))
    assert found.season_is_explicit
    assert found.until == date(2019, 5, 1)
    assert found.optical.mask is None
    assert found.optical.scale == 0.01
    assert found.radar.unit == "linear"


@pytest.mark.parametrize("mask", [None, "none", "None"])
def test_no_mask(tmp_path, mask):
    assert read(tmp_path, {"optical": {"mask": mask}}).optical.mask is None


def test_a_mask_path_is_relative_to_the_area_or_to_the_user(tmp_path, monkeypatch):
    (tmp_path / "masks").mkdir()
    (tmp_path / "elsewhere" / "mine").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "elsewhere")
    in_area = str(tmp_path / "masks" / "m_{date}.tif")
    assert read(tmp_path, {"optical": {"mask": "masks/m_{date}.tif"}}).optical.mask == in_area
    assert read(tmp_path, mask="masks/m_{date}.tif").optical.mask == in_area
    assert read(tmp_path, mask="mine/m_{date}.tif").optical.mask == "mine/m_{date}.tif"


def test_unknown_keys_are_named_with_the_nearest(tmp_path):
    found = read(tmp_path, {"seson": 1, "optical": {"cloudi": []}, "radar": {"xyz": 1}})
    assert found.warnings[0] == (
        "area.json: the key 'seson' is not known and was ignored; did you mean 'season'?"
    )
    assert "'cloudy'" in found.warnings[1]
    assert "known: unit, backscatter, orbit" in found.warnings[2]


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        {"season": ["2019-01-01"]},
        {"season": ["2019-02-31", "2019-06-01"]},
        {"season": ["2019-06-01", "2019-01-01"]},
        {"optical": {"scale": 0}},
        {"optical": {"scale": "big"}},
        {"optical": 3},
        {"radar": {"unit": "volts"}},
        {"name": 7},
        {"season": [2018, 2019]},
        {"season": ["1018-10-15", "2019-10-31"]},
        {"labels": ["parcels.gpkg"]},
        {"simulated": "no"},
        {"optical": {"scale": True}},
        {"optical": {"scale": 1e300}},
        {"optical": {"nodata": "0"}},
        {"optical": {"cloudy": "39"}},
        {"optical": {"cloudy": [3.5]}},
        {"optical": {"mask": 5}},
        {"radar": ["dB"]},
        {"radar": {"unit": 1}},
    ],
)
def test_a_bad_area_json_is_named(tmp_path, content):
    with pytest.raises(AreaError, match=r"area\.json cannot be used") as failure:
        read(tmp_path, content)
    # what was given and expected, not what Python stumbled over
    assert "object has no attribute" not in failure.value.message
    assert "argument" not in failure.value.message


@pytest.mark.parametrize(
    "request_",
    [
        {"season": "2019"},
        {"until": "soon"},
        {"scale": -1.0},
        {"scale": float("nan")},
        {"scale": 1e9},
        {"radar_unit": "volts"},
        {"mask": " "},
    ],
)
def test_bad_options(tmp_path, request_):
    with pytest.raises(ConfigurationError):
        read(tmp_path, **request_)


def test_an_area_json_that_is_a_folder_is_not_overlooked(tmp_path):
    (tmp_path / "area.json").mkdir()
    with pytest.raises(AreaError, match="Is a directory"):
        declared(tmp_path, AreaRequest(path=str(tmp_path)))


def test_a_name_is_one_line_and_an_error_one_sentence(tmp_path):
    assert read(tmp_path, {"name": " two\n lines "}).name == "two lines"
    with pytest.raises(AreaError) as failure:
        read(tmp_path, {"season": ["2019-06-01", "2019-01-01"]})
    assert ".." not in failure.value.message.replace(str(tmp_path), "")
