from __future__ import annotations

import numpy as np
import pytest

from s4_core import data
from s4_core.errors import AreaError
from s4_core.protocol import AreaRequest
from s4_core.simulate import series_of, write_area
from s4_core.simulate.series import doubled
from s4_core.types import OPTICAL_BANDS, RATIO, Modality


def test_doubling_interpolates_between_pixel_centres():
    ramp = np.arange(4, dtype=np.float32)[None].repeat(4, axis=0)
    found = doubled(ramp)
    np.testing.assert_allclose(found[3], [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3])
    np.testing.assert_allclose(doubled(ramp.T), found.T)


def test_the_series_is_what_reading_the_folder_gives(small, tmp_path):
    write_area(small, tmp_path / "area")
    area = data.open_area(AreaRequest(path=str(tmp_path / "area")))
    for modality, channels in (
        (Modality.OPTICAL, OPTICAL_BANDS),
        (Modality.RADAR, ("VV", "VH", RATIO)),
    ):
        read = data.read_series(area, modality, channels, area.grid.whole)
        made = series_of(small, modality, channels)
        assert made.dates == read.dates
        np.testing.assert_array_equal(made.valid, read.valid)
        np.testing.assert_allclose(made.values, read.values, atol=1.1e-4)


def test_channels_come_in_the_order_asked_for(small):
    values = series_of(small, Modality.OPTICAL, ("B08", "B02"), mask_clouds=False).values
    np.testing.assert_array_equal(values, small.optical[:, [6, 0]])
    assert series_of(small, Modality.OPTICAL, ("B08",), mask_clouds=False).valid.all()


def test_unknown_channels_are_refused(small):
    with pytest.raises(AreaError, match="B09"):
        series_of(small, Modality.OPTICAL, ("B09",))
