from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from s4_core.simulate import SimulationSettings, simulate_area
from s4_core.simulate.realism import Observed, interior
from s4_core.simulate.scene import COARSE
from s4_core.types import Season

SMALL = SimulationSettings(seed=11, size_px=32, optical_count=10, radar_count=9)
FINE = [0, 1, 2, 6]


def mean_ndvi(area, crop: str, months: tuple[int, ...]) -> float:
    observed = Observed.of(area)
    here = np.array([day.month in months for day in area.optical_dates])
    masks = [interior(observed, i) for i, p in enumerate(area.parcels) if p.crop == crop]
    seen = observed.clear[here] & np.any(masks, axis=0)
    return float(np.median(observed.ndvi[here][seen]))


def test_shapes_types_and_dates(area, settings):
    assert area.optical.shape == (60, 10, 64, 64)
    assert area.scl.shape == (60, 64, 64)
    assert area.radar.shape == (60, 2, 32, 32)
    assert area.optical.dtype == area.radar.dtype == np.float32
    assert area.scl.dtype == np.uint8
    assert area.parcel_index.max() == len(area.parcels)
    assert set(area.optical_dates) != set(area.radar_dates)
    for dates in (area.optical_dates, area.radar_dates):
        assert list(dates) == sorted(set(dates))
        assert settings.season.start <= dates[0]
        assert dates[-1] <= settings.season.end
    assert np.isfinite(area.optical).all()
    assert np.isfinite(area.radar).all()


def test_equal_settings_give_equal_areas():
    first, second = simulate_area(SMALL), simulate_area(replace(SMALL))
    for name in ("optical", "scl", "radar", "parcel_index", "classes"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert first.optical_dates == second.optical_dates
    assert first.legend == second.legend


def test_other_seeds_give_other_areas():
    first, second = simulate_area(SMALL), simulate_area(replace(SMALL, seed=12))
    assert not np.array_equal(first.parcel_index, second.parcel_index)
    assert abs(first.optical - second.optical).mean() > 0.01


def test_radar_dates_do_not_change_the_optical_images():
    first, second = simulate_area(SMALL), simulate_area(replace(SMALL, radar_count=20))
    np.testing.assert_array_equal(first.optical, second.optical)
    np.testing.assert_array_equal(first.parcel_index, second.parcel_index)


def test_labels_agree(area):
    for index, parcel in enumerate(area.parcels, start=1):
        inside = area.parcel_index == index
        value = area.legend.value_of(parcel.crop)
        assert set(area.classes[inside]) <= {value}
        assert inside.sum() / 100 == pytest.approx(parcel.area_ha, rel=0.15, abs=0.05)
    assert not area.classes[area.parcel_index == 0].any()
    assert set(area.legend.names) == {"winter wheat", "maize", "grass"}


def test_bands_of_20_m_are_repeated(area):
    coarse = area.optical[:, COARSE]
    np.testing.assert_array_equal(coarse[..., ::2, ::2], coarse[..., 1::2, 1::2])
    fine = area.optical[:, FINE]
    assert not np.array_equal(fine[..., ::2, ::2], fine[..., 1::2, 1::2])


def test_ndvi_follows_the_crops_calendars(area):
    assert mean_ndvi(area, "maize", (7, 8)) > 0.6
    assert mean_ndvi(area, "maize", (10,)) < 0.5
    assert mean_ndvi(area, "winter wheat", (4, 5)) > 0.65
    assert mean_ndvi(area, "winter wheat", (7, 8)) < 0.5
    assert mean_ndvi(area, "winter wheat", (12,)) < mean_ndvi(area, "winter wheat", (4, 5)) - 0.2
    assert mean_ndvi(area, "grass", (4, 5)) > 0.6


def test_clear_green_pixels_have_a_red_edge(area):
    clear = Observed.of(area).clear & (Observed.of(area).ndvi > 0.7)
    bands = np.moveaxis(area.optical, 1, 0)[:, clear].mean(axis=1)
    assert bands[2] < bands[3] < bands[4] < bands[5] < bands[7]
    assert bands[9] < bands[8] < bands[7]


def test_backscatter_is_in_the_range_of_fields(area):
    labelled = area.parcel_index[::2, ::2] > 0
    vv, vh = area.radar[:, 0, labelled], area.radar[:, 1, labelled]
    assert -14 < vv.mean() < -7
    assert -21 < vh.mean() < -14
    assert 5 < (vv - vh).mean() < 10
    assert np.quantile(vv, 0.001) > -26


def test_seasons_in_the_south_are_earlier():
    kept = replace(SMALL, cloudiness=0.0, optical_count=76, crops=(("winter wheat", 1.0),))
    north, south = (simulate_area(replace(kept, latitude_deg=degrees)) for degrees in (54.0, 46.0))
    assert mean_ndvi(south, "winter wheat", (3,)) > mean_ndvi(north, "winter wheat", (3,)) + 0.03
    assert south.grid.transform[3] < north.grid.transform[3]


def test_the_year_before_has_the_same_fields_with_other_arable_crops():
    now = replace(
        SMALL, size_px=64, parcel_ha=0.8, crops=(("grass", 1.0), ("maize", 1.0), ("potato", 1.0))
    )
    season = Season(date(2017, 10, 15), date(2018, 10, 31))
    first, second = (
        simulate_area(one) for one in (now, replace(now, season=season, years_before=1))
    )
    np.testing.assert_array_equal(first.parcel_index > 0, second.parcel_index > 0)
    crops = {tuple(np.round(parcel.polygon[0], 3)): [parcel.crop] for parcel in first.parcels}
    for parcel in second.parcels:
        crops[tuple(np.round(parcel.polygon[0], 3))].append(parcel.crop)
    assert all((one == "grass") == (other == "grass") for one, other in crops.values())
    assert sum(one != other for one, other in crops.values()) > 3
    assert sorted(p.crop for p in first.parcels) == sorted(p.crop for p in second.parcels)
    assert {day.year for day in second.optical_dates} <= {2017, 2018}
    assert abs(first.optical - second.optical).mean() > 0.01


def test_areas_of_one_tile_share_dates_and_weather_but_no_field():
    # cloudless, noiseless means of the same crop: only sowing and soil differ between the areas
    usual = replace(SMALL, cloudiness=0.0, variation=0.0, crops=(("maize", 1.0),))
    first, second = (simulate_area(replace(usual, seed=n, tile_seed=7)) for n in (1, 2))
    alone = simulate_area(replace(usual, seed=2))
    assert first.optical_dates == second.optical_dates != alone.optical_dates
    assert first.radar_dates == second.radar_dates != alone.radar_dates
    assert not np.array_equal(first.parcel_index, second.parcel_index)
    courses = [
        area.radar[:, 0, area.classes[::2, ::2] > 0].mean(axis=1) for area in (first, second)
    ]
    assert np.corrcoef(*courses)[0, 1] > 0.95
