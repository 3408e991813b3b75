from __future__ import annotations

import numpy as np
import pytest

from s4_core.data import open_area
from s4_core.errors import AreaError, RasterError
from s4_core.protocol import AreaRequest
from s4_core.types import Modality, Season

OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR


def test_a_folder_in_the_layout_of_the_real_areas(maker):
    maker.series()
    area = open_area(maker.request())
    assert (area.name, area.path) == ("small", str(maker.folder))
    assert area.season == Season.parse("2019-01-03:2019-06-01")
    assert (len(area.of(OPTICAL)), len(area.of(RADAR))) == (15, 25)
    assert area.grid.shape == (16, 16)
    assert area.grid.pixel_size == (10.0, 10.0)
    assert area.radar.orbit == "ascending"
    assert area.warnings == ()


def test_a_flat_folder_and_what_is_no_image_in_it(maker, write_raster):
    maker.series()
    for path in [*maker.folder.glob("*/*.tif")]:
        path.rename(maker.folder / path.name)
    for name in ("optical", "radar"):
        (maker.folder / name).rmdir()
    write_raster(maker.folder / "reference.tif", {"class": np.ones((16, 16), np.uint8)})
    area = open_area(maker.request())
    assert (len(area.of(OPTICAL)), len(area.of(RADAR))) == (15, 25)
    assert area.warnings == (f"Left out 1 raster(s) without a date: {maker.folder}/reference.tif.",)


def test_rasters_from_anywhere(maker):
    maker.series()
    paths = tuple(str(p) for p in sorted(maker.folder.glob("optical/*.tif")))
    area = open_area(AreaRequest(rasters=paths))
    assert len(area.acquisitions) == len(area.of(OPTICAL)) == 15
    assert area.season is None
    assert area.name == "optical"


def test_a_stack_in_one_file(tmp_path, write_raster):
    bands = {
        f"2019-0{m}-01_{b}": np.full((8, 8), 1000 + m, np.uint16)
        for m in range(1, 8)
        for b in ("B04", "B08")
    }
    path = write_raster(tmp_path / "stack.tif", bands)
    for request in (AreaRequest(path=str(path)), AreaRequest(rasters=(str(path),))):
        area = open_area(request)
        assert [a.date.month for a in area.of(OPTICAL)] == list(range(1, 8))
    assert open_area(AreaRequest(path=str(path))).name == "stack"


def test_options_override_area_json(maker):
    maker.series()
    area = open_area(
        maker.request(season="2019-02-01:2019-04-30", until="2019-04-01", mask="none", scale=2e-4)
    )
    assert area.season == Season.parse("2019-02-01:2019-04-30")
    assert area.season_is_explicit
    assert str(area.until) == "2019-04-01"
    assert area.optical.mask is None
    assert area.optical.scale == 2e-4


def test_without_scene_classes_clouds_are_not_masked_and_it_is_said(maker):
    for day in range(0, 80, 10):
        maker.optical(day, scl=None)
    area = open_area(maker.request())
    assert area.optical.mask is None
    assert area.warnings[0].startswith("optical: no image has a band SCL")


def test_a_mask_that_was_asked_for_must_be_there(maker):
    for day in range(0, 80, 10):
        maker.optical(day, scl=None)
    with pytest.raises(AreaError, match=r"No optical image has the mask 'SCL'.*B02, B03"):
        open_area(maker.request(mask="SCL"))


def test_images_without_the_mask_of_the_others_are_left_out(maker):
    for day in range(0, 80, 10):
        maker.optical(day)
    lacking = maker.optical(90, scl=None)
    area = open_area(maker.request())
    assert len(area.acquisitions) == 8
    assert f"Left out 1 optical image(s) without the mask 'SCL': {lacking}." in area.warnings


def test_optical_nodata_is_declared_where_the_file_does_not(maker):
    for day in range(0, 80, 10):
        maker.optical(day, nodata=None)
    maker.options["optical"] = {"nodata": 65535}
    area = open_area(maker.request())
    assert set(area.of(OPTICAL)[0].raster.nodata) == {65535.0}


def test_missing_folder(tmp_path):
    with pytest.raises(AreaError, match=r"There is no folder .*nowhere"):
        open_area(AreaRequest(path=str(tmp_path / "nowhere")))


def test_nothing_given():
    with pytest.raises(AreaError, match="No area was given"):
        open_area(AreaRequest())


def test_no_rasters(tmp_path):
    (tmp_path / "optical").mkdir()
    with pytest.raises(AreaError, match="There are no rasters in"):
        open_area(AreaRequest(path=str(tmp_path)))


def test_no_dates(tmp_path, write_raster):
    for name in ("a", "b"):
        write_raster(tmp_path / f"{name}.tif", {"B04": np.ones((8, 8), np.uint16)})
    with pytest.raises(AreaError, match=r"No date was found.*a\.tif"):
        open_area(AreaRequest(path=str(tmp_path)))


def test_a_single_acquisition(maker):
    maker.optical(0)
    with pytest.raises(AreaError, match=r"single acquisition, .*S2_20190103\.tif"):
        open_area(maker.request())


def test_without_crs(maker):
    maker.optical(0)
    bare = maker.optical(10, crs=None)
    with pytest.raises(RasterError, match=f"{bare} has no coordinate reference") as raised:
        open_area(maker.request())
    assert f"gdal_edit.py -a_srs EPSG:32631 {bare}" in raised.value.remedy


def damage(path, share=0.5):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def test_a_truncated_raster_is_left_out_with_its_name(maker):
    maker.series()
    broken = maker.folder / "optical" / "S2_20190113.tif"
    damage(broken)
    area = open_area(maker.request())
    assert len(area.of(OPTICAL)) == 14
    (warning,) = area.warnings
    assert warning.startswith(f"Left out {broken}: ")
    assert "truncated" in warning
    assert warning.count(str(broken)) == 1


def test_of_many_unreadable_rasters_a_few_are_named(maker):
    maker.series()
    for path in sorted((maker.folder / "optical").glob("*.tif"))[:8]:
        path.write_bytes(b"")
    warnings = open_area(maker.request()).warnings
    assert len(warnings) == 6
    assert warnings[-1] == "Left out 3 more rasters that cannot be read."


def test_a_truncated_raster_is_named_where_the_rest_does_not_suffice(maker):
    maker.optical(0)
    broken = maker.optical(10)
    damage(broken)
    with pytest.raises(AreaError, match="single acquisition") as raised:
        open_area(maker.request())
    assert str(broken) in raised.value.message


def test_only_broken_rasters(maker):
    for day in (0, 10):
        damage(maker.optical(day), 0.01)
    with pytest.raises(RasterError, match=r"No raster of .* can be read.*S2_20190103\.tif"):
        open_area(maker.request())


@pytest.mark.parametrize(("linear", "unit"), [(True, "dB"), (False, "linear")])
def test_a_radar_unit_that_cannot_be_right(maker, linear, unit):
    for day in (0, 6, 12):
        maker.radar(day, linear=linear)
    with pytest.raises(AreaError, match=r"S1_20190103\.tif") as raised:
        open_area(maker.request(radar_unit=unit))
    assert "--radar-unit" in raised.value.remedy


def test_a_scale_that_gives_no_reflectance_is_said(maker):
    maker.series()
    # numbers around 2000; bytes that stand for 40 of them each would come out at 0.005
    for scale in (1.0, 2.5e-6, 1e-8):
        area = open_area(maker.request(scale=scale))
        assert "check --scale" in area.warnings[-1]


def test_the_offset_of_newer_products_is_asked_for(maker):
    for day in range(0, 80, 10):
        path = maker.optical(day)
        path.rename(path.with_name(f"S2A_MSIL2A_{path.stem[3:]}T105031_N0510_R051.tif"))
    assert "04.00" in open_area(maker.request()).warnings[-1]
    maker.options["optical"] = {"offset": -0.1}
    assert open_area(maker.request()).warnings == ()
