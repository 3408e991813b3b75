from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.sits import Series, onto_calendar

START = date(2019, 1, 1)
STEP, COUNT = 10, 12
TARGETS = tuple(START + timedelta(days=STEP * i) for i in range(COUNT))


def day(number):
    return START + timedelta(days=int(number))


def pixel(observations, valid=None):
    """A series of one pixel and channel from `{day: value}`."""
    values = np.array(list(observations.values()), dtype=np.float32).reshape(-1, 1, 1, 1)
    usable = np.ones(len(observations)) if valid is None else np.array(valid)
    return Series(
        values, usable.astype(bool).reshape(-1, 1, 1), tuple(day(d) for d in observations)
    )


def resampled(series, max_gap_days=60, until=None):
    result = onto_calendar(series, TARGETS, max_gap_days, until)
    return result.values[:, 0, 0, 0], result.valid[:, 0, 0]


@st.composite
def series(draw):
    """A few dates in any order, 2 x 2 pixels, 2 channels, some invalid ones holding anything."""
    days = draw(st.lists(st.integers(-80, 200), min_size=1, max_size=14, unique=True))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    values = rng.uniform(-20, 5, (len(days), 2, 2, 2)).astype(np.float32)
    valid = rng.random((len(days), 2, 2)) < draw(st.sampled_from([0.3, 0.7, 1.0]))
    return Series(values, valid, tuple(day(d) for d in days))


GAPS = st.sampled_from([0, 7, 20, 60, 400])


def test_by_hand():
    values, valid = resampled(pixel({0: 1.0, 18: 3.0, 22: 5.0, 40: 10.0}))
    # 10 lies between day 0 and 18, 20 near two, 30 between 22 and 40
    np.testing.assert_allclose(values[:5], [1, 1 + 2 * 10 / 18, 4, 5 + 5 * 8 / 18, 10], rtol=1e-6)
    # one step of holding after the newest acquisition, then nothing
    np.testing.assert_array_equal(np.flatnonzero(valid), [0, 1, 2, 3, 4, 5])
    assert values[5] == 10
    assert (values[6:] == 0).all()


@pytest.mark.parametrize(("gap", "expected"), [(50, [0, 5, 6]), (60, [0, 1, 2, 3, 4, 5, 6])])
def test_a_gap_is_bridged_up_to_its_limit(gap, expected):
    values, valid = resampled(pixel({0: 0.0, 51: 51.0}), gap)
    assert list(np.flatnonzero(valid)) == expected
    interpolated = [k for k in expected if 0 < k < 5]
    np.testing.assert_allclose(values[interpolated], [10 * k for k in interpolated], rtol=1e-5)


def test_the_first_value_is_awaited_for_half_a_gap():
    _, valid = resampled(pixel({50: 1.0, 60: 1.0, 70: 1.0}), max_gap_days=60)
    np.testing.assert_array_equal(np.flatnonzero(valid), range(2, 9))


def test_a_pixel_hidden_at_the_end_is_held_for_half_a_gap():
    # the newest acquisition (day 110) does not show this pixel, the calendar goes on
    _, valid = resampled(pixel({0: 1.0, 10: 1.0, 110: 1.0}, [1, 1, 0]), max_gap_days=60)
    np.testing.assert_array_equal(np.flatnonzero(valid), range(5))


def test_until_ends_everything():
    observations = {0: 1.0, 10: 1.0, 20: 2.0, 30: 9.0, 40: 9.0}
    values, valid = resampled(pixel(observations), until=day(25))
    np.testing.assert_array_equal(np.flatnonzero(valid), [0, 1, 2])
    np.testing.assert_array_equal(values[:3], [1, 1, 2])


@given(series(), GAPS, st.integers(0, 120))
@settings(deadline=None)
def test_images_after_until_do_not_matter(one, gap, last):
    until = day(last)
    known = [i for i, d in enumerate(one.dates) if d <= until]
    whole = onto_calendar(one, TARGETS, gap, until)
    cut = onto_calendar(one.frames(known), TARGETS, gap, until)
    np.testing.assert_array_equal(whole.values, cut.values)
    np.testing.assert_array_equal(whole.valid, cut.valid)
    assert not whole.valid[[d > until for d in TARGETS]].any()


@given(series(), GAPS, st.floats(-30, 30, width=32))
@settings(deadline=None)
def test_constants_stay_constant(one, gap, constant):
    flat = Series(np.full_like(one.values, constant), one.valid, one.dates)
    result = onto_calendar(flat, TARGETS, gap)
    shown = np.broadcast_to(result.valid[:, None], result.values.shape)
    np.testing.assert_allclose(result.values[shown], constant, rtol=1e-6)
    assert (result.values[~shown] == 0).all()


@given(series(), GAPS)
@settings(deadline=None)
def test_values_stay_within_the_range_of_the_usable_ones(one, gap):
    result = onto_calendar(one, TARGETS, gap)
    for row, col, channel in np.ndindex(2, 2, 2):
        seen = one.values[one.valid[:, row, col], channel, row, col]
        shown = result.values[result.valid[:, row, col], channel, row, col]
        assert seen.size or not shown.size
        if shown.size:
            assert shown.min() >= seen.min() - 1e-4
            assert shown.max() <= seen.max() + 1e-4


@given(series(), GAPS, st.sampled_from([np.nan, np.inf, 1e30]))
@settings(deadline=None)
def test_unusable_values_never_matter(one, gap, rubbish):
    spoilt = np.where(one.valid[:, None], one.values, np.float32(rubbish))
    first = onto_calendar(one, TARGETS, gap)
    second = onto_calendar(Series(spoilt, one.valid, one.dates), TARGETS, gap)
    np.testing.assert_array_equal(first.values, second.values)
    np.testing.assert_array_equal(first.valid, second.valid)


@given(series(), GAPS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_acquisitions_does_not_matter(one, gap, shuffler):
    order = list(range(len(one.dates)))
    shuffler.shuffle(order)
    first = onto_calendar(one, TARGETS, gap)
    second = onto_calendar(one.frames(order), TARGETS, gap)
    np.testing.assert_array_equal(first.values, second.values)
    np.testing.assert_array_equal(first.valid, second.valid)


@given(st.lists(st.integers(0, COUNT - 1), min_size=1, unique=True), GAPS)
@settings(deadline=None)
def test_a_date_that_is_hit_returns_its_observation(hits, gap):
    observations = {STEP * k: float(k) + 0.5 for k in hits}
    values, valid = resampled(pixel(observations), gap)
    assert valid[hits].all()
    np.testing.assert_array_equal(values[hits], [k + 0.5 for k in hits])


@given(series(), GAPS)
@settings(deadline=None)
def test_nothing_is_said_far_from_every_observation(one, gap):
    result = onto_calendar(one, TARGETS, gap)
    days = np.array([d.toordinal() for d in one.dates])
    for k, row, col in np.ndindex(COUNT, 2, 2):
        if not result.valid[k, row, col]:
            continue
        distance = np.abs(days[one.valid[:, row, col]] - TARGETS[k].toordinal()).min()
        assert distance <= max(STEP / 2, gap / 2)
        assert TARGETS[k].toordinal() <= days.max() + STEP


@given(series(), GAPS)
@settings(deadline=None)
def test_pixels_do_not_know_each_other(one, gap):
    whole = onto_calendar(one, TARGETS, gap)
    part = Series(one.values[:, :, 1:, :1], one.valid[:, 1:, :1], one.dates)
    alone = onto_calendar(part, TARGETS, gap)
    np.testing.assert_array_equal(whole.values[:, :, 1:, :1], alone.values)
    np.testing.assert_array_equal(whole.valid[:, 1:, :1], alone.valid)


def test_two_frames_of_one_date_are_refused():
    with pytest.raises(ValueError, match="same date"):
        onto_calendar(pixel({0: 1.0, 5: 1.0}).frames([0, 0]), TARGETS, 60)


def test_no_frames_at_all():
    result = onto_calendar(pixel({0: 1.0}).frames([]), TARGETS, 60)
    assert result.values.shape == (COUNT, 1, 1, 1)
    assert not result.valid.any()
