import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.train.folds import plan_folds


def test_few_parcels_are_left_out_one_by_one():
    folds = plan_folds([1, 1, 2, 3, 3], seed=0)
    assert folds.scheme == "leave-one-parcel-out"
    assert folds.held_out == ((0,), (1,), (3,), (4,))


def test_only_single_parcels_leave_no_fold():
    assert plan_folds([1, 2, 3], seed=0).scheme == "none"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=60), st.integers(2, 8))
def test_every_class_keeps_a_parcel_in_every_fold(values, most):
    folds = plan_folds(values, seed=1, most=most)
    held = [index for fold in folds.held_out for index in fold]
    counts = np.bincount(values)
    assert sorted(held) == [i for i, v in enumerate(values) if counts[v] > 1]
    for fold in folds.held_out:
        kept = {v for i, v in enumerate(values) if i not in fold}
        assert kept == set(values)
    assert folds.scheme in ("leave-one-parcel-out", "parcel folds", "none")
    if folds.scheme == "parcel folds":
        assert len(folds.held_out) == most
