import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.train.weights import class_balance, parcel_balanced, thin_parcels


def test_classes_and_their_parcels_count_equally():
    classes = np.array([1, 1, 1, 1, 2, 2])
    parcels = np.array([7, 7, 7, 8, 9, 9])
    weights = parcel_balanced(classes, parcels)
    # half of the total weight a class, a quarter for each of the two parcels of class 1
    np.testing.assert_allclose(weights, np.array([1 / 12] * 3 + [1 / 4] + [1 / 4] * 2) * 6)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_weights_have_mean_one_and_equal_class_totals(parcels):
    parcels = np.array(parcels)
    classes = parcels % 3
    weights = parcel_balanced(classes, parcels)
    assert np.isclose(weights.mean(), 1.0)
    totals = [weights[classes == c].sum() for c in np.unique(classes)]
    np.testing.assert_allclose(totals, totals[0])
    for c in np.unique(classes):
        of_parcels = [weights[parcels == p].sum() for p in np.unique(parcels[classes == c])]
        np.testing.assert_allclose(of_parcels, of_parcels[0])


def test_class_balance_leaves_absent_classes_out():
    np.testing.assert_allclose(class_balance(np.array([10, 0, 30])), [2.0, 0.0, 40 / 60])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 5), max_size=80), st.integers(1, 10))
def test_thinning_keeps_at_most_so_many_of_each_parcel(parcels, most):
    parcels = np.array(parcels, np.int64)
    kept = thin_parcels(parcels, most, seed=3)
    assert np.all(np.diff(kept) > 0)
    for parcel in np.unique(parcels):
        assert (parcels[kept] == parcel).sum() == min(most, (parcels == parcel).sum())


def test_thinning_a_parcel_does_not_depend_on_the_others():
    parcels = np.repeat([0, 1], 50)
    both = thin_parcels(parcels, 10, seed=1)
    alone = thin_parcels(parcels[50:], 10, seed=1)
    np.testing.assert_array_equal(both[parcels[both] == 1], alone + 50)
    assert not np.array_equal(alone, thin_parcels(parcels[50:], 10, seed=2))
