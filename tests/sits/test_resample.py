from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4_core.sits import Series, common_length, nearest_indices, pad_dates, pair_nearest, to_length

START = date(2019, 1, 1)
DAYS = st.lists(st.integers(0, 400), min_size=1, max_size=20, unique=True)


def dates(days):
    return tuple(START + timedelta(days=int(day)) for day in days)


def series(days):
    """One pixel whose value is its day."""
    values = np.array(days, dtype=np.float32).reshape(-1, 1, 1, 1)
    return Series(values, np.ones((len(days), 1, 1), dtype=bool), dates(days))


def test_nearest_by_hand():
    np.testing.assert_array_equal(
        nearest_indices(dates([0, 10, 20]), dates([3, 19, 40])), [0, 0, 1]
    )


@pytest.mark.parametrize(("others", "expected"), [([5, 15], 0), ([15, 5], 1)])
def test_of_two_equally_near_the_earlier(others, expected):
    assert nearest_indices(dates([10]), dates(others)) == [expected]


@given(DAYS, DAYS)
def test_no_other_date_is_nearer(a, b):
    chosen = nearest_indices(dates(a), dates(b))
    for day, index in zip(a, chosen):
        assert abs(b[index] - day) == min(abs(other - day) for other in b)


@given(DAYS, DAYS)
def test_pairs_keep_the_shorter_series_as_it_is(a, b):
    first, second = pair_nearest(series(a), series(b))
    assert len(first.dates) == len(second.dates) == min(len(a), len(b))
    shorter, kept = (a, first) if len(a) <= len(b) else (b, second)
    np.testing.assert_array_equal(kept.values.ravel(), shorter)
    for one in (first, second):  # values travel with their dates
        np.testing.assert_array_equal(one.values.ravel(), [(day - START).days for day in one.dates])


@given(st.integers(1, 30), st.integers(1, 8))
def test_padding_repeats_the_last_frame_masked(length, multiple):
    padded = pad_dates(series(range(length)), multiple)
    assert len(padded.dates) % multiple == 0
    assert length <= len(padded.dates) < length + multiple
    np.testing.assert_array_equal(padded.values[:length].ravel(), range(length))
    assert (padded.values[length:] == length - 1).all()
    assert padded.valid[:length].all()
    assert not padded.valid[length:].any()
    assert set(padded.dates[length:]) <= {padded.dates[length - 1]}


def test_to_a_length():
    assert to_length(series(range(6)), 4).dates == dates(range(4))
    longer = to_length(series(range(2)), 4)
    np.testing.assert_array_equal(longer.valid.ravel(), [True, True, False, False])
    literal = to_length(series(range(2)), 4, literal=True)
    assert literal.valid.all()
    np.testing.assert_array_equal(literal.values.ravel(), [0, 1, 1, 1])


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [([43], 44), ([40], 40), (list(range(1, 101)), 92), ([1], 4), ([38] * 9 + [61], 44)],
)
def test_common_length(lengths, expected):
    assert common_length(lengths) == expected
