"""What a sample holds where nothing was observed, and where a frame is repeated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s4_core.data import Preparation, open_area, prepare, prepare_pair
from s4_core.types import InputSettings, Modality, Settings, TemporalSettings, Window

OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR
WHOLE = Window(0, 0, 16, 16)
NATIVE = Settings(
    input=InputSettings(optical=("B04", "B03", "B02")),
    temporal=TemporalSettings(mode="nearest"),
)


@pytest.fixture
def area(maker):
    """Clouds in changing places, a gap of two months, radar images that cover a part each."""
    classes = np.random.default_rng(1).integers(0, 12, (15, 16, 16))
    for frame in (0, 1, 2, 3, 10, 11, 12, 13, 14):
        maker.optical(10 * frame, scl=classes[frame])
        maker.radar(10 * frame + 3, origin=(40.0 * (frame % 3), 0.0))
    return open_area(maker.request())


# the area is only read, so that the examples may share it
@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    modality=st.sampled_from([OPTICAL, RADAR]),
    gap=st.sampled_from([1, 15, 60, 200]),
    row=st.integers(-10, 16),
    col=st.integers(-10, 16),
)
def test_what_was_not_observed_is_zero_on_the_calendar(area, modality, gap, row, col):
    preparation = Preparation.of([area], Settings())
    temporal = replace(preparation.temporal, max_gap_days=gap)
    window = Window(row, col, 9, 7)
    sample = prepare(area, modality, replace(preparation, temporal=temporal), window)
    # (C, T, h, w) at the False of (T, h, w): (C, n)
    assert (sample.x[:, ~sample.valid] == 0).all()
    assert np.isfinite(sample.x).all()
    pair = prepare_pair(area, preparation, window)[modality]
    assert (pair.x[:, ~pair.valid] == 0).all()


def test_the_property_has_something_to_look_at(area):
    for modality in (OPTICAL, RADAR):
        valid = prepare(area, modality, Preparation.of([area], Settings()), WHOLE).valid
        assert 0.05 < valid.mean() < 0.95


@pytest.mark.parametrize("modality", [OPTICAL, RADAR])
def test_a_repeated_frame_shows_the_last_image_and_its_holes(area, modality):
    preparation = Preparation.of([area], NATIVE)
    single = prepare(area, modality, preparation, WHOLE)
    pair = prepare_pair(area, replace(preparation, length=12), WHOLE)[modality]
    for sample in (single, pair):
        assert sample.x.shape[1] == 12
        own, repeated = sample.valid[:9], sample.valid[9:]
        assert (sample.x[:, :9][:, ~own] == 0).all()
        assert 0 < own[8].sum() < own[8].size
        assert not repeated.any()
        for frame in (9, 10, 11):
            np.testing.assert_array_equal(sample.x[:, frame], sample.x[:, 8])
            assert (sample.x[:, frame][:, own[8]] != 0).any()
