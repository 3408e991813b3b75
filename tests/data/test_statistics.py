from __future__ import annotations

import numpy as np
import pytest

from s4_core.data import band_statistics, open_area, read_series
from s4_core.errors import AreaError
from s4_core.types import Modality

OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR


def test_mean_and_spread_of_the_usable_pixels_of_the_season(maker):
    scl = np.full((16, 16), 4)
    scl[:8] = 9
    for day in range(0, 200, 10):  # the season ends on day 149
        maker.optical(day, scl=scl)
    area = open_area(maker.request())
    found = band_statistics([area], OPTICAL, ("B08", "B02"))
    whole = read_series(area, OPTICAL, ("B08", "B02"), area.grid.whole)
    pixels = whole.values[:15, :, 8:]
    assert found.channels == ("B08", "B02")
    assert found.unit == "reflectance"
    np.testing.assert_allclose(found.mean, pixels.mean(axis=(0, 2, 3)), rtol=1e-5)
    np.testing.assert_allclose(found.std, pixels.std(axis=(0, 2, 3)), rtol=1e-5)
    seen = band_statistics([area], OPTICAL, ("B08", "B02"), mask_clouds=False)
    assert seen.mean != found.mean


def test_radar_records_its_orbit_and_backscatter(maker):
    maker.series()
    area = open_area(maker.request())
    found = band_statistics([area, area], RADAR, ("VV", "VH", "VV/VH"))
    assert (found.unit, found.orbit, found.backscatter) == ("dB", "ascending", "sigma0")
    assert found.mean[2] == pytest.approx(found.mean[0] - found.mean[1], abs=1e-4)
    assert band_statistics([area], OPTICAL, ("B02",)).orbit is None


def test_a_channel_that_one_area_lacks_comes_from_the_other(maker, tmp_path, write_raster):
    other = type(maker)(tmp_path / "other", write_raster)
    for day in range(0, 80, 10):
        maker.optical(day, bands=("B04",))
        other.optical(day, bands=("B04", "B8A"))
    areas = [open_area(m.request()) for m in (maker, other)]
    both = band_statistics(areas, OPTICAL, ("B04", "B8A"))
    alone = band_statistics(areas[1:], OPTICAL, ("B04", "B8A"))
    assert both.mean[1] == pytest.approx(alone.mean[1])
    assert both.mean[0] != alone.mean[0]
    with pytest.raises(AreaError, match="lack B8A altogether") as raised:
        band_statistics(areas[:1], OPTICAL, ("B04", "B8A"))
    assert "input.optical as [B04]" in raised.value.remedy


@pytest.mark.parametrize("scl", [9, 0])
def test_all_cloud_or_all_nodata(maker, scl):
    for day in range(0, 80, 10):
        maker.optical(day, scl=scl)
    with pytest.raises(AreaError, match="No optical pixel of small is usable"):
        band_statistics([open_area(maker.request())], OPTICAL, ("B04",))


def test_nan_everywhere(maker):
    for day in range(0, 80, 10):
        path = maker.radar(day)
        maker.write(path, {b: np.full((8, 8), np.nan, np.float32) for b in ("VV", "VH")})
    with pytest.raises(AreaError, match="No radar pixel of small is usable"):
        band_statistics([open_area(maker.request())], RADAR, ("VV",))
