from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from osgeo import gdal

from s4_core import io
from s4_core.data import open_area, read_series
from s4_core.errors import AreaError, RasterError
from s4_core.types import Modality, Window

OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR
SIZE = 16
WHOLE = Window(0, 0, SIZE, SIZE)


def stored(path, band):
    return io.read_array(path)[0][band - 1].astype(np.float32)


def test_optical_numbers_become_reflectance(maker):
    paths = [maker.optical(day) for day in range(0, 80, 10)]
    maker.options["optical"] = {"offset": -0.1}
    area = open_area(maker.request())
    series = read_series(area, OPTICAL, ("B08", "B02"), WHOLE)
    assert series.values.shape == (8, 2, SIZE, SIZE)
    assert series.dates[1] == date(2019, 1, 13)
    expected = np.stack([stored(paths[3], 7), stored(paths[3], 1)]) * 1e-4 - 0.1
    np.testing.assert_allclose(series.values[3], expected, atol=1e-6)
    assert series.valid.all()


def test_bands_are_found_by_name_in_any_order(maker, write_raster):
    maker.series()
    area = open_area(maker.request())
    first = read_series(area, OPTICAL, ("B02", "B03", "B04"), WHOLE)
    for path in maker.folder.glob("optical/*.tif"):
        raster = gdal.Open(str(path))
        bands = [raster.GetRasterBand(i + 1) for i in range(raster.RasterCount)]
        turned = {band.GetDescription(): band.ReadAsArray() for band in reversed(bands)}
        del bands, raster
        write_raster(path, turned, nodata=0)
    again = read_series(open_area(maker.request()), OPTICAL, ("B02", "B03", "B04"), WHOLE)
    np.testing.assert_array_equal(first.values, again.values)


def test_clouds_and_nodata_are_not_valid_and_zero(maker):
    scl = np.full((SIZE, SIZE), 4)
    scl[0], scl[1], scl[2] = 9, 0, 3
    maker.optical(0, scl=scl)
    empty = maker.optical(10)
    raster = gdal.Open(str(empty), gdal.GA_Update)
    raster.GetRasterBand(3).WriteArray(np.zeros((2, SIZE), np.uint16), 0, 5)
    del raster
    area = open_area(maker.request())
    series = read_series(area, OPTICAL, ("B04",), WHOLE)
    np.testing.assert_array_equal(series.valid[0].all(axis=1), [False] * 3 + [True] * 13)
    np.testing.assert_array_equal(
        series.valid[1].all(axis=1), [True] * 5 + [False] * 2 + [True] * 9
    )
    assert (series.values[:, 0][~series.valid] == 0).all()
    seen = read_series(area, OPTICAL, ("B04",), WHOLE, mask_clouds=False)
    assert seen.valid[0].all()
    assert not seen.valid[1, 5:7].any()


def test_a_mask_raster_per_date(maker, write_raster):
    for day in range(0, 80, 10):
        maker.optical(day, scl=None)
        mask = np.ones((SIZE // 2, SIZE // 2), np.uint8)
        mask[day // 10] = 0
        name = f"mask_{maker.folder.name}_201901{3 + day:02d}.tif"
        if day <= 20:
            write_raster(maker.folder / "masks" / name, {"": mask}, pixel_m=20.0, nodata=0)
    maker.options["optical"] = {"mask": "masks/mask_small_{date}.tif"}
    area = open_area(maker.request())
    assert [a.date.day for a in area.acquisitions] == [3, 13, 23]
    assert area.warnings[-1].startswith("Left out 5 optical image(s) without the mask")
    series = read_series(area, OPTICAL, ("B04",), WHOLE)
    for index in range(3):
        hidden = np.flatnonzero(~series.valid[index].all(axis=1))
        np.testing.assert_array_equal(hidden, [2 * index, 2 * index + 1])


def test_radar_is_warped_to_the_optical_grid(maker):
    maker.series()
    area = open_area(maker.request())
    series = read_series(area, RADAR, ("VV", "VH", "VV/VH"), WHOLE)
    assert series.values.shape == (25, 3, SIZE, SIZE)
    np.testing.assert_allclose(
        series.values[:, 2], series.values[:, 0] - series.values[:, 1], atol=1e-5
    )
    coarse = stored(area.of(RADAR)[0].raster.path, 1)
    # bilinear: 10 m pixel centres lie a quarter of a 20 m pixel off
    weights = np.array([0.75, 0.25])
    expected = weights @ coarse[2:4, 3:5] @ weights
    assert series.values[0, 0, 5, 7] == pytest.approx(expected, abs=1e-4)


def test_the_same_radar_in_linear_power(maker):
    for day in range(0, 60, 6):
        maker.radar(day, linear=True, pixel_m=10.0)
    area = open_area(maker.request(radar_unit="linear"))
    series = read_series(area, RADAR, ("VV", "VV/VH"), Window(0, 0, 8, 8))
    path = area.of(RADAR)[2].raster.path
    vv, vh = (10 * np.log10(stored(path, band)) for band in (1, 2))
    np.testing.assert_allclose(series.values[2], [vv, vv - vh], atol=1e-4)


@pytest.mark.parametrize("modality", [OPTICAL, RADAR])
def test_a_window_is_a_part_of_the_whole(maker, modality):
    maker.series()
    area = open_area(maker.request())
    channels = ("B03", "B11") if modality is OPTICAL else ("VV", "VV/VH")
    whole = read_series(area, modality, channels, WHOLE)
    for window in (Window(3, 5, 7, 4), Window(0, 8, 16, 8), Window(15, 15, 1, 1)):
        part = read_series(area, modality, channels, window)
        rows, cols = window.slices
        np.testing.assert_array_equal(part.values, whole.values[:, :, rows, cols])
        np.testing.assert_array_equal(part.valid, whole.valid[:, rows, cols])
    around = read_series(area, modality, channels, WHOLE.grown(6))
    np.testing.assert_array_equal(around.values[:, :, 6:-6, 6:-6], whole.values)
    around.valid[:, 6:-6, 6:-6] = False
    assert not around.valid.any()


def test_images_of_one_date_are_merged(maker, write_raster):
    maker.series()
    # two tiles of one day, side by side with a strip in common
    names = ("S2_20190601_west.tif", "S2_20190601_east.tif")
    for name, value, east in zip(names, (1000, 2000), (0.0, 60.0)):
        bands = {b: np.full((SIZE, 10), value, np.uint16) for b in ("B02", "B04")}
        bands["SCL"] = np.full((SIZE, 10), 4, np.uint16)
        write_raster(maker.folder / "optical" / name, bands, origin=(east, 0), nodata=0)
    area = open_area(maker.request())
    series = read_series(area, OPTICAL, ("B04",), WHOLE)
    assert len(series.dates) == len(set(series.dates)) == 16
    # by file name: east comes first and keeps the strip
    np.testing.assert_allclose(series.values[-1, 0, 0], [0.1] * 6 + [0.2] * 10, atol=1e-6)
    assert series.valid[-1].all()


def test_only_the_days_asked_for(maker):
    maker.series()
    area = open_area(maker.request(until="2019-03-01"))
    assert max(read_series(area, OPTICAL, ("B04",), WHOLE).dates) <= date(2019, 3, 1)
    between = (date(2019, 1, 23), date(2019, 2, 12))
    dates = read_series(area, OPTICAL, ("B04",), WHOLE, between=between).dates
    assert dates == (date(2019, 1, 23), date(2019, 2, 2), date(2019, 2, 12))


def test_no_image_in_these_days(maker):
    maker.series()
    area = open_area(maker.request())
    with pytest.raises(AreaError, match=r"no optical images from 2021-01-01.*2019-01-03"):
        read_series(area, OPTICAL, ("B04",), WHOLE, between=(date(2021, 1, 1), date(2021, 2, 1)))


def test_until_before_the_first_image(maker):
    maker.series()
    area = open_area(maker.request(until="2018-12-01"))
    with pytest.raises(AreaError, match="no optical images up to 2018-12-01") as failure:
        read_series(area, OPTICAL, ("B04",), WHOLE)
    assert failure.value.remedy == "Give a later --until."
    with pytest.raises(AreaError) as failure:
        read_series(area, OPTICAL, ("B04",), WHOLE, between=(date(2019, 1, 1), date(2019, 6, 1)))
    assert failure.value.remedy == "Give a later --until."


def test_an_absent_modality(maker):
    for day in range(0, 80, 10):
        maker.optical(day)
    with pytest.raises(AreaError, match="has no radar images, only optical"):
        read_series(open_area(maker.request()), RADAR, ("VV",), WHOLE)


def test_missing_bands_are_named(maker):
    for day in range(0, 80, 10):
        maker.optical(day, bands=("B04", "B03"))
        maker.radar(day, bands=("VV",))
    area = open_area(maker.request())
    with pytest.raises(AreaError, match="lack B8A; found: B04, B03"):
        read_series(area, OPTICAL, ("B04", "B8A"), WHOLE)
    with pytest.raises(AreaError, match="lack VH, VV/VH; found: VV"):
        read_series(area, RADAR, ("VV", "VH", "VV/VH"), WHOLE, allow_missing=False)


def test_absent_channels_may_be_masked(maker):
    for day in range(0, 80, 10):
        maker.optical(day, bands=("B04", "B03"))
    area = open_area(maker.request())
    series = read_series(area, OPTICAL, ("B03", "B8A", "B04"), WHOLE, allow_missing=True)
    assert series.present_channels == (True, False, True)
    assert (series.values[:, 1] == 0).all()
    np.testing.assert_array_equal(
        series.values[:, [0, 2]], read_series(area, OPTICAL, ("B03", "B04"), WHOLE).values
    )
    with pytest.raises(AreaError, match="lack B8A"):
        read_series(area, OPTICAL, ("B8A",), WHOLE, allow_missing=True)


def test_images_that_lack_a_band_of_the_others_are_not_read(maker):
    for day in range(0, 80, 10):
        maker.optical(day)
    maker.optical(15, bands=("B04",))
    area = open_area(maker.request())
    assert date(2019, 1, 18) not in read_series(area, OPTICAL, ("B04", "B08"), WHOLE).dates
    assert date(2019, 1, 18) in read_series(area, OPTICAL, ("B04",), WHOLE).dates


def test_a_file_that_breaks_after_it_was_opened_is_named(maker):
    maker.series()
    area = open_area(maker.request())
    path = area.of(OPTICAL)[4].raster.path
    with open(path, "r+b") as stream:
        stream.truncate(500)
    with pytest.raises(RasterError, match=path):
        read_series(area, OPTICAL, ("B04", "B12"), WHOLE)
