from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4_core.sits import Dated, acquisition_date
from s4_core.sits.dates import conflicting_dates

DAYS = st.dates(date(1980, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("S2A_MSIL2A_20190412T105031_N0211_R051_T31UFS_20190412T134912.SAFE", "2019-04-12"),
        ("S2A_MSIL2A_20190412T235959_N0500_R051_T31UFS_20230707T120000", "2019-04-12"),
        ("S1A_IW_GRDH_1SDV_20190412T055000_20190412T055025_026753_0300D4_6C1F.tif", "2019-04-12"),
        (
            "S2A_OPER_PRD_MSIL1C_PDMC_20160101T201552_R051_V20151230T105153_20151230T105153",
            "2015-12-30",
        ),
        ("T31UFS_20190412T105031_B04_10m.jp2", "2019-04-12"),
        ("LC08_L2SP_199025_20190412_20200829_02_T1", "2019-04-12"),
        ("S2_L2A_20180804.tif", "2018-08-04"),
        ("field 2019-04-12.tif", "2019-04-12"),
        ("2019_04_12_optical", "2019-04-12"),
        ("20190412105031.tif", "2019-04-12"),
        ("tile_19842007_20190412.tif", "2019-04-12"),
        ("20190231_20190301.tif", "2019-03-01"),
        ("/data/20180101/scene_2019-04-12.tif", "2019-04-12"),
    ],
)
def test_date_in_a_name(name, expected):
    assert acquisition_date(name, {}) == Dated(date.fromisoformat(expected))


@pytest.mark.parametrize(
    "name",
    ["optical.tif", "20190231.tif", "99999999.tif", "123456789.tif", "2019.tif", "201904.tif"],
)
def test_names_without_a_possible_date(name):
    assert acquisition_date(name, {}) is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"ACQUISITION_DATE": "2019-04-12"}, "2019-04-12"),
        ({"acquisition_date": "2019-04-12T10:50:31.024Z"}, "2019-04-12"),
        ({"TIFFTAG_DATETIME": "2019:04:12 10:50:31"}, "2019-04-12"),
        ({"ACQUISITION_DATE": "2019/4/2"}, "2019-04-02"),
        ({"ACQUISITION_DATE": "2019-04-12", "TIFFTAG_DATETIME": "2024:01:01 0:0:0"}, "2019-04-12"),
        ({"ACQUISITION_DATE": "unknown", "TIFFTAG_DATETIME": "2019:04:12 10:50:31"}, "2019-04-12"),
        ({"PRODUCT_START_TIME": "2019-04-12T10:50:31Z"}, "2019-04-12"),
        ({"ACQUISITION_DATE": "2019-02-31"}, "2018-01-01"),
    ],
)
def test_metadata_come_before_the_name(tags, expected):
    assert acquisition_date("scene_20180101.tif", tags) == Dated(date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("name", "tags", "middle"),
    [
        ("a.tif", {"ACQUISITION_DATE": "2021-04-01", "COMPOSITE": "P1M"}, "2021-04-16"),
        ("a.tif", {"ACQUISITION_DATE": "2021-02-01", "COMPOSITE": "P1M"}, "2021-02-15"),
        ("a_20210401.tif", {"COMPOSITE": "P10D"}, "2021-04-06"),
        ("a_20210401.tif", {"COMPOSITE": "P1W"}, "2021-04-04"),
        ("S2_P7D_20210401.tif", {}, "2021-04-04"),
        ("S2_P1Y_2020.tif", {}, "2020-07-02"),
        ("S2_L2A_P1M_20210401.tif", {}, "2021-04-16"),
        ("S2_L2A_P1M_2021-04.tif", {}, "2021-04-16"),
        ("S2_L2A_P1M_202112.tif", {}, "2021-12-16"),
        ("a_20210401.tif", {"COMPOSITE": "median"}, "2021-04-01"),
    ],
)
def test_a_composite_is_dated_in_the_middle_of_its_period(name, tags, middle):
    assert acquisition_date(name, tags) == Dated(date.fromisoformat(middle), is_composite=True)


@given(DAYS, st.sampled_from(["%Y%m%d", "%Y-%m-%d", "%Y_%m_%d", "%Y%m%dT101112"]))
def test_every_day_is_read_in_every_form(day, form):
    assert acquisition_date(f"x_{day.strftime(form)}_y", {}) == Dated(day)


@given(DAYS, st.integers(1, 24), st.sampled_from("DWMY"))
def test_the_middle_lies_in_the_period(day, count, unit):
    found = acquisition_date(f"{day:%Y%m%d}", {"COMPOSITE": f"P{count}{unit}"})
    longest = {"D": 1, "W": 7, "M": 31, "Y": 366}[unit] * count
    assert found is not None
    assert day <= found.date <= day + timedelta(days=longest // 2 + 1)


def test_metadata_and_name_that_disagree_are_noticed():
    tags = {"TIFFTAG_DATETIME": "2024:01:01 00:00:00"}
    assert conflicting_dates("a_20190412.tif", tags) == (date(2024, 1, 1), date(2019, 4, 12))
    assert conflicting_dates("a_20231231.tif", tags) is None
    assert conflicting_dates("a.tif", tags) is None
