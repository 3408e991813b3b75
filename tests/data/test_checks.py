from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from s4_core.data import Preparation, check_area, open_area
from s4_core.errors import AreaError
from s4_core.types import Modality, Settings

OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR


@pytest.fixture
def preparation(maker):
    maker.series()
    return Preparation.of([open_area(maker.request())], Settings())


def test_a_good_area(maker, preparation):
    area = open_area(maker.request())
    assert check_area(area, OPTICAL, preparation) == ()
    assert check_area(area, RADAR, preparation) == ()


def test_radar_unlike_the_models_is_said(maker, preparation):
    maker.options["radar"] = {"orbit": "descending", "backscatter": "gamma0"}
    area = open_area(maker.request())
    warnings = check_area(area, RADAR, preparation)
    assert len(warnings) == 2
    assert "backscatter of small is gamma0, the model learned from sigma0" in warnings[0]
    assert "orbit of small is descending" in warnings[1]
    assert check_area(area, OPTICAL, preparation) == ()


def test_an_explicit_season_off_the_models_is_said(maker, preparation):
    (warning,) = check_area(
        open_area(maker.request(season="2019-02-10:2019-06-01")), OPTICAL, preparation
    )
    assert "38 days" in warning


@pytest.mark.parametrize("scl", [9, 0])
def test_all_cloud(maker, preparation, scl):
    for path in maker.folder.glob("optical/*"):
        path.unlink()
    for day in range(0, 150, 10):
        maker.optical(day, scl=scl)
    with pytest.raises(AreaError, match="No optical pixel of small is usable"):
        check_area(open_area(maker.request()), OPTICAL, preparation)


def test_nan_everywhere(maker, preparation):
    for path in maker.folder.glob("radar/*"):
        maker.write(path, {b: np.full((8, 8), np.nan, np.float32) for b in ("VV", "VH")})
    with pytest.raises(AreaError, match="No radar pixel of small is usable"):
        check_area(open_area(maker.request()), RADAR, preparation)


def test_a_single_date_in_the_season(maker, preparation):
    area = open_area(maker.request(until="2019-01-10"))
    with pytest.raises(AreaError, match="a single optical date in its season, 2019-01-03"):
        check_area(area, OPTICAL, preparation)


def test_missing_bands(maker, preparation):
    stats = preparation.statistics[RADAR]
    wanting = replace(
        preparation, statistics={RADAR: replace(stats, channels=("VV", "HH", "VV/VH"))}
    )
    with pytest.raises(AreaError, match="lack HH; found: VV, VH"):
        check_area(open_area(maker.request()), RADAR, wanting)
