from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4_core.data import draw_parcels, leave_one_out, split_parcels

VALUES = st.lists(st.integers(1, 6), min_size=1, max_size=40)


@given(VALUES, st.floats(0, 0.99), st.integers(0, 1000))
def test_a_split_is_disjoint_and_complete(values, share, seed):
    training, validation = split_parcels(values, share, seed)
    assert sorted([*training, *validation]) == list(range(len(values)))
    classes = np.array(values)
    for value in set(values):
        total = np.count_nonzero(classes == value)
        held = np.count_nonzero(classes[validation] == value)
        if total == 1 or share == 0:
            assert held == 0
        else:
            assert 1 <= held < total


def test_shares_by_hand():
    training, validation = split_parcels([1] * 8 + [2] * 4 + [3], 0.25, seed=1)
    assert len(validation) == 3
    assert 12 in training
    again = split_parcels([1] * 8 + [2] * 4 + [3], 0.25, seed=1)
    np.testing.assert_array_equal(validation, again[1])
    other = split_parcels([1] * 8 + [2] * 4 + [3], 0.25, seed=2)
    assert list(other[1]) != list(validation)


@given(VALUES, st.integers(1, 10), st.integers(0, 1000))
def test_drawn_parcels(values, per_class, seed):
    drawn = draw_parcels(values, per_class, seed)
    assert list(drawn) == sorted(set(drawn))
    classes = np.array(values)
    for value in set(values):
        total = np.count_nonzero(classes == value)
        assert np.count_nonzero(classes[drawn] == value) == min(total, per_class)
    assert set(drawn) <= set(draw_parcels(values, per_class + 1, seed))


@given(VALUES)
def test_leave_one_out(values):
    folds = leave_one_out(values)
    classes = list(values)
    assessable = [i for i, value in enumerate(classes) if classes.count(value) > 1]
    assert [int(held[0]) for _, held in folds] == assessable
    for training, held in folds:
        assert sorted([*training, *held]) == list(range(len(values)))
        # every class keeps a parcel
        assert {classes[i] for i in training} == set(classes)


@pytest.mark.parametrize("values", [[1, 2, 3], []])
def test_nothing_to_leave_out(values):
    assert leave_one_out(values) == []
