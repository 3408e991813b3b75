from __future__ import annotations

from datetime import date

import pytest

from s4_core.errors import AreaError, RasterError
from s4_core.sits import catalogue
from s4_core.types import Grid, Modality, RasterFile

GRID = Grid("EPSG:32631", (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), 8, 8)
OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR


def raster(path, bands, tags=None, grid=GRID):
    return RasterFile(path, grid, tuple(bands), (None,) * len(bands), "UInt16", dict(tags or {}))


def season(name, bands, months=range(1, 8)):
    return [raster(f"/a/{name}_2019{m:02d}01.tif", bands) for m in months]


def test_modality_and_bands_come_from_the_names():
    found = catalogue([*season("s1", ["VH", "VV"]), *season("s2", ["SCL", "B08", "red"])])
    assert [a.modality for a in found.acquisitions] == [OPTICAL] * 7 + [RADAR] * 7
    assert found.acquisitions[0].indices == {"SCL": 1, "B08": 2, "B04": 3}
    assert found.acquisitions[0].bands == ("SCL", "B08", "B04")
    assert found.acquisitions[7].indices == {"VH": 1, "VV": 2}
    assert found.warnings == ()


def test_acquisitions_are_sorted_by_date_whatever_the_files_order():
    rasters = season("s2", ["B04"])
    assert catalogue(rasters[::-1]) == catalogue(rasters)
    assert [a.date.month for a in catalogue(rasters).acquisitions] == list(range(1, 8))


def test_a_raster_with_both_modalities_is_two_acquisitions():
    found = catalogue(season("both", ["B04", "VV"]))
    assert [(a.modality, a.indices) for a in found.acquisitions[::7]] == [
        (OPTICAL, {"B04": 1}),
        (RADAR, {"VV": 2}),
    ]


def test_a_stack_of_dated_bands_is_many_acquisitions():
    bands = [f"2019-0{m}-01_{b}" for m in range(1, 7) for b in ("B04", "B08")]
    # the file's own date is when it was made, not when anything was seen
    stack = raster("/a/stack.tif", bands, {"TIFFTAG_DATETIME": "2024:01:01 00:00:00"})
    found = catalogue([stack])
    assert [a.date for a in found.acquisitions] == [date(2019, m, 1) for m in range(1, 7)]
    assert found.acquisitions[2].indices == {"B04": 5, "B08": 6}


def test_the_folder_tells_the_modality_where_bands_do_not():
    rasters = [raster(f"/a/optical/x_2019{m:02d}01.tif", ["NDVI"]) for m in range(1, 8)]
    found = catalogue(rasters)
    assert {(a.modality, a.bands) for a in found.acquisitions} == {(OPTICAL, ("NDVI",))}


def test_a_single_unnamed_band_may_be_named_by_its_file():
    rasters = [raster(f"/a/x_2019{m:02d}01_VV.tif", [""]) for m in range(1, 8)]
    assert {a.bands for a in catalogue(rasters).acquisitions} == {("VV",)}


def test_composites_are_marked():
    rasters = [raster(f"/a/S2_P1M_2019{m:02d}01.tif", ["B04"]) for m in range(1, 8)]
    first = catalogue(rasters).acquisitions[0]
    assert (first.date, first.is_composite) == (date(2019, 1, 16), True)


def test_images_of_one_date_stay_side_by_side_the_fullest_first():
    rasters = [*season("b", ["B04"]), *season("a", ["B04"], [3]), *season("c", ["B04", "B08"], [3])]
    found = catalogue(rasters)
    same = [a.raster.path for a in found.acquisitions if a.date == date(2019, 3, 1)]
    assert same == ["/a/c_20190301.tif", "/a/a_20190301.tif", "/a/b_20190301.tif"]
    assert "several images (2019-03-01)" in found.warnings[0]
    assert "band B08 is missing in 8 of 9" in found.warnings[1]


def test_what_cannot_be_used_is_left_out_with_a_warning():
    rasters = [
        *season("s2", ["B04"]),
        raster("/a/reference.tif", ["class"]),
        raster("/a/blank_20190101.tif", [""]),
        raster("/a/dem_20190101.tif", ["height"]),
        raster("/a/scl_20190101.tif", ["SCL"]),
    ]
    found = catalogue(rasters)
    assert len(found.acquisitions) == 7
    assert found.warnings == (
        "Left out 1 raster(s) without band names: /a/blank_20190101.tif.",
        "Left out 1 raster(s) without a date: /a/reference.tif.",
        "Left out 2 raster(s) without an optical or radar band: /a/dem_20190101.tif, "
        "/a/scl_20190101.tif.",
    )


def test_few_dates_and_differing_grids_are_said():
    moved = Grid(GRID.crs_wkt, (5.0, 10.0, 0.0, 0.0, 0.0, -10.0), 8, 8)
    rasters = [*season("s2", ["B04"], [1, 2]), raster("/a/m_20190301.tif", ["B04"], grid=moved)]
    warnings = catalogue(rasters).warnings
    assert warnings[0].startswith("optical: only 3 date(s)")
    assert warnings[1] == "optical: 2 different grids; warped to one: /a/m_20190301.tif."


def test_metadata_against_name_is_said():
    rasters = season("s2", ["B04"])
    rasters.append(raster("/a/x_20190909.tif", ["B04"], {"ACQUISITION_DATE": "2019-08-01"}))
    found = catalogue(rasters)
    assert found.acquisitions[-1].date == date(2019, 8, 1)
    assert "/a/x_20190909.tif: its metadata say 2019-08-01" in found.warnings[0]


def test_no_dates_names_the_files():
    with pytest.raises(AreaError, match=r"No date was found for any of 2 raster.*a\.tif, .*b\.tif"):
        catalogue([raster("/x/a.tif", ["B04"]), raster("/x/b.tif", ["B04"])])


def test_no_band_names():
    with pytest.raises(RasterError, match="never by position"):
        catalogue([raster(f"/x/2019010{d}.tif", ["", ""]) for d in (1, 2)])


def test_unknown_bands_only():
    with pytest.raises(RasterError, match="known names"):
        catalogue([raster(f"/x/2019010{d}.tif", ["one", "two"]) for d in (1, 2)])


def test_a_single_acquisition():
    with pytest.raises(AreaError, match=r"single acquisition, /x/20190101\.tif of 2019-01-01"):
        catalogue([raster("/x/20190101.tif", ["B04"])])
