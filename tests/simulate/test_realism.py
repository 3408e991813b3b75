from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from s4_core.simulate import SimulationSettings, realism, simulate_area
from s4_core.simulate.backscatter import speckle
from s4_core.simulate.realism import Observed


def plain(**changes) -> Observed:
    """Four images of an even area with one parcel of 32 x 32 px."""
    start = date(2019, 5, 1)
    index = np.zeros((40, 40), np.int32)
    index[4:36, 4:36] = 1
    return replace(
        Observed(
            optical=np.full((4, 10, 40, 40), 0.2, np.float32),
            scl=np.full((4, 40, 40), 4, np.uint8),
            optical_dates=tuple(start + timedelta(days=5 * i) for i in range(4)),
            radar=np.full((4, 2, 20, 20), -10.0, np.float32),
            radar_dates=tuple(start + timedelta(days=6 * i) for i in range(4)),
            parcel_index=index,
            crops=("maize",),
        ),
        **changes,
    )


def test_sky_counts_what_is_hidden():
    scl = np.full((4, 40, 40), 4, np.uint8)
    scl[1] = 9
    scl[2, :10] = 3
    found = realism.sky(plain(scl=scl))
    assert found["hidden pixels"] == pytest.approx((1 + 0.25) / 4)
    assert found["dates hidden below 2 %"] == 0.5
    assert found["dates hidden above 98 %"] == 0.25
    assert found["longest gap between half-clear dates, days"] == 10
    shares = realism.scl_shares(plain(scl=scl))
    assert shares[[3, 4, 9]] == pytest.approx([0.0625, 0.6875, 0.25])


def test_moments_leave_clouds_out():
    observed = plain()
    optical = observed.optical.copy()
    optical[0] = 0.9
    scl = observed.scl.copy()
    scl[0] = 9
    found = realism.band_moments(replace(observed, optical=optical, scl=scl))
    np.testing.assert_allclose(found[:, 0], 0.2, atol=1e-6)
    np.testing.assert_allclose(found[:, 1], 0.0, atol=1e-6)
    np.testing.assert_allclose(realism.radar_moments(observed), [[-10, 0], [-10, 0]])


def test_ndvi_by_month_is_nan_where_nothing_was_seen():
    optical = np.full((4, 10, 40, 40), 0.1, np.float32)
    optical[:, 6] = 0.3
    found = realism.ndvi_by_month(plain(optical=optical))
    np.testing.assert_allclose(found[4], 0.5, atol=1e-6)
    assert np.isnan(np.delete(found, 4, axis=0)).all()


def test_the_interior_leaves_the_edge_out():
    assert realism.interior(plain(), 0).sum() == 30 * 30


def test_spread_and_date_noise_of_a_known_image():
    rng = np.random.default_rng(0)
    optical = 0.2 + 0.02 * rng.standard_normal((4, 10, 40, 40)).astype(np.float32)
    found = realism.spread_within_fields(plain(optical=optical))
    np.testing.assert_allclose(found[:10], 0.02, rtol=0.1)
    steps = np.array([0, 0.1, 0, 0.1], np.float32)[:, None, None, None]
    noise = realism.date_noise(plain(optical=0.2 + 0 * optical + steps))
    np.testing.assert_allclose(noise[:10], 0.1, atol=1e-6)


def test_looks_are_measured_whatever_pattern_the_field_has():
    rng = np.random.default_rng(1)
    pattern = np.exp(0.3 * rng.standard_normal((20, 20)))
    frames = 30
    power = (
        0.05
        * pattern
        * np.stack([speckle(rng, (frames, 20, 20), looks, 0.4) for looks in (10.0, 6.0)], axis=1)
    )
    start = date(2019, 1, 1)
    dates = tuple(start + timedelta(days=6 * i) for i in range(frames))
    found = realism.speckle_of(
        plain(radar=(10 * np.log10(power)).astype(np.float32), radar_dates=dates)
    )
    # a field's pattern weighs its pixels unevenly: fewer looks are found, never more
    assert found.looks[0] == pytest.approx(10.0, rel=0.25)
    assert found.looks[1] == pytest.approx(6.0, rel=0.25)
    assert found.neighbours[0] == pytest.approx(0.4, abs=0.1)


@pytest.fixture(scope="module")
def mixed() -> Observed:
    crops = tuple((name, 1.0) for name in ("winter wheat", "maize", "potato", "grass"))
    return Observed.of(simulate_area(SimulationSettings(seed=21, size_px=96, crops=crops)))


def test_simulated_speckle_is_that_of_the_real_areas(area):
    found = realism.speckle_of(Observed.of(area))
    assert 8.0 < found.looks[0] < 12.0
    assert 6.0 < found.looks[1] < 9.0
    assert 0.25 < found.neighbours[0] < 0.5


def test_two_parcels_a_class_tell_much_but_not_all(mixed):
    """One nearest neighbour in gap-filled NDVI: above chance, far from perfect."""
    seen = mixed.clear
    filled = np.where(seen, mixed.ndvi, np.nan)
    months = np.array([day.month for day in mixed.optical_dates])
    present = [m for m in range(1, 13) if seen[months == m].any(axis=0).all()]
    series = np.stack([np.nanmean(filled[months == m], axis=0) for m in present])
    # (months, H, W) -> (H * W, months)
    series = series.reshape(len(present), -1).T
    values = np.array([0, *(sorted(set(mixed.crops)).index(c) + 1 for c in mixed.crops)])
    owner = mixed.parcel_index.ravel()
    scores = []
    for draw in range(5):
        rng = np.random.default_rng(draw)
        chosen = np.concatenate(
            [rng.permutation(np.flatnonzero(values == k))[:2] for k in range(1, 5)]
        )
        train = np.concatenate([np.flatnonzero(owner == p)[:40] for p in chosen])
        test = np.flatnonzero((owner > 0) & ~np.isin(owner, chosen))[::7]
        distance = ((series[test][:, None] - series[train][None]) ** 2).sum(axis=2)
        predicted = values[owner[train]][distance.argmin(axis=1)]
        scores.append(np.mean(predicted == values[owner[test]]))
    assert 0.4 < np.mean(scores) < 0.93
