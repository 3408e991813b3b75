import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4_core.train.episodes import LabelledPixels, draw_episode, share_columns, spread_of


def area_of(parcels_of_class, pixels=3):
    """Classes 5, 6, ... with so many parcels, of `pixels` pixels each."""
    classes = np.repeat(np.arange(len(parcels_of_class)) + 5, parcels_of_class)
    parcels = np.repeat(np.arange(len(classes)), pixels)
    vectors = np.random.default_rng(0).normal(size=(len(parcels), 2)).astype(np.float32)
    return LabelledPixels(vectors, np.repeat(classes, pixels), parcels)


@settings(deadline=None)
@given(
    counts=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    most=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_an_episode_splits_by_parcels_and_asks_for_classes_it_has_taught(counts, most, seed):
    area = area_of(counts)
    episode = draw_episode(area, most, np.random.default_rng(seed))
    if sum(count > 1 for count in counts) < 2:
        assert episode is None
        return
    taught, asked = area.parcels[episode.support], area.parcels[episode.query]
    assert not np.intersect1d(taught, asked).size
    known = np.unique(area.classes[episode.support])
    np.testing.assert_array_equal(known, np.unique(area.classes[episode.query]))
    assert len(known) == episode.class_count
    np.testing.assert_array_equal(known[episode.support_classes], area.classes[episode.support])
    np.testing.assert_array_equal(known[episode.query_classes], area.classes[episode.query])
    each = [np.unique(taught[area.classes[episode.support] == k]).size for k in known]
    assert len(set(each)) == 1
    assert 1 <= each[0] <= most


def test_shares_give_class_means():
    shares = share_columns(np.array([0, 1, 1]), 2)
    np.testing.assert_allclose(shares @ np.array([[2.0], [4.0], [8.0]]), [[2.0], [6.0]])


def test_spread_is_that_of_all_pixels_together():
    areas = [area_of([2, 2]), area_of([3, 1, 2])]
    joined = np.concatenate([area.vectors for area in areas])
    mean, std = spread_of(areas)
    assert mean == pytest.approx(joined.mean(0), abs=1e-6)
    assert std == pytest.approx(joined.std(0), rel=1e-4)
