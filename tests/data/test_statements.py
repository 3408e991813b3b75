from __future__ import annotations

import os
from datetime import date

import numpy as np
import pytest

from s4_core.data import open_area
from s4_core.errors import AreaError, RasterError
from s4_core.protocol import AreaRequest
from s4_core.types import Modality


@pytest.fixture
def undated(tmp_path, write_raster):
    """Two rasters whose names tell no date, one of them without band names too."""
    ones = np.ones((8, 8), np.uint16)
    a = write_raster(tmp_path / "a.tif", {"B04": ones, "B08": ones})
    b = write_raster(tmp_path / "b.tif", {"": ones})
    return str(a), str(b)


def test_dates_and_bands_that_the_user_stated(undated):
    a, b = undated
    area = open_area(
        AreaRequest(
            rasters=(a, b),
            dates={a: "2019-04-12", b: "2019-04-02", "/elsewhere.tif": "2019-01-01"},
            bands={b: ("B08",)},
        )
    )
    found = [(x.date, x.bands) for x in area.of(Modality.OPTICAL)]
    assert found == [(date(2019, 4, 2), ("B08",)), (date(2019, 4, 12), ("B04", "B08"))]


def test_paths_are_compared_as_files(undated, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    dates = {"./a.tif": "2019-04-12", str(tmp_path / "b.tif"): "2019-04-02"}
    area = open_area(
        AreaRequest(rasters=("a.tif", "b.tif"), dates=dates, bands={"b.tif": ("B08",)})
    )
    assert [x.date.day for x in area.acquisitions] == [2, 12]
    assert os.path.basename(area.acquisitions[0].raster.path) == "b.tif"


def test_a_stated_date_counts_before_the_files_own(maker):
    maker.series()
    path = str(maker.folder / "optical" / "S2_20190113.tif")
    area = open_area(maker.request(dates={path: "2019-01-14"}))
    dates = {x.raster.path: x.date for x in area.acquisitions}
    assert dates[path] == date(2019, 1, 14)


def test_a_stated_date_of_a_composite_is_not_moved(tmp_path, write_raster):
    ones = np.ones((8, 8), np.uint16)
    paths = [
        write_raster(tmp_path / "red_P1M.tif", {"B04": ones}),
        write_raster(tmp_path / "x.tif", {"B04": ones}, tags={"Composite": "P1M"}),
    ]
    dates = {str(path): f"2019-0{i}-01" for i, path in enumerate(paths, start=4)}
    area = open_area(AreaRequest(rasters=tuple(map(str, paths)), dates=dates))
    assert [(x.date.isoformat(), x.is_composite) for x in area.acquisitions] == [
        ("2019-04-01", True),
        ("2019-05-01", True),
    ]


def test_what_cannot_be_right_is_refused(undated):
    a, b = undated
    with pytest.raises(AreaError, match=r"a\.tif has 2 band\(s\), but 1 name\(s\) were given: VV"):
        open_area(AreaRequest(rasters=(a, b), bands={a: ("VV",)}))
    with pytest.raises(AreaError, match=r"'12 April' is not the date of .*a\.tif"):
        open_area(AreaRequest(rasters=(a, b), dates={a: "12 April"}))


def test_what_must_be_stated_has_a_code_of_its_own(undated, write_raster, tmp_path):
    a, b = undated
    with pytest.raises(AreaError) as undated_error:
        open_area(AreaRequest(rasters=(a,)))
    with pytest.raises(RasterError) as unnamed_error:
        open_area(AreaRequest(rasters=(b,)))
    assert (undated_error.value.code, unnamed_error.value.code) == ("dates", "bands")
