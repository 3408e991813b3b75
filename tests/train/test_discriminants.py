import numpy as np

from s4_core.train.discriminants import discriminants, scatter
from s4_core.train.episodes import LabelledPixels


def areas_with(within, between, count=40, seed=0):
    """Areas of 3 classes with 4 parcels of 2 pixels; spreads by dimension."""
    rng = np.random.default_rng(seed)
    classes, parcels = np.repeat(np.arange(3), 8), np.repeat(np.arange(12), 2)
    found = []
    for _ in range(count):
        means = rng.normal(size=(3, len(within))) * between
        fields = rng.normal(size=(12, len(within))) * within
        found.append(
            LabelledPixels((means[classes] + fields[parcels]).astype(np.float32), classes, parcels)
        )
    return found


def test_scatter_is_what_the_areas_were_made_with():
    within, between = np.array([1.0, 3.0]), np.array([2.0, 0.5])
    found_within, found_between = scatter(areas_with(within, between, 800), np.zeros(2), np.ones(2))
    np.testing.assert_allclose(np.diag(found_within), within**2, rtol=0.1)
    # class means carry a quarter of the parcels' spread, 4 parcels a class
    np.testing.assert_allclose(np.diag(found_between), between**2 + within**2 / 4, rtol=0.15)


def test_the_best_direction_is_where_classes_differ_for_their_spread():
    areas = areas_with(np.array([1.0, 5.0, 1.0]), np.array([3.0, 3.0, 0.1]))
    within, between = scatter(areas, np.zeros(3), np.ones(3))
    best = discriminants(within, between, 0.0, 1)
    assert abs(best[0, 0]) > 5 * np.abs(best[0, 1:]).max()
    np.testing.assert_allclose(best @ within @ best.T, [[1.0]], rtol=1e-6)


def test_shrinkage_leaves_the_directions_of_an_equal_spread():
    rng = np.random.default_rng(1)
    within, between = np.diag([1.0, 50.0]), np.diag(rng.uniform(1, 2, 2))
    strong = discriminants(within, between, 1.0, 2)
    np.testing.assert_allclose(strong @ strong.T, np.eye(2) / 25.5, atol=1e-9)
