import numpy as np
import pytest

from s4_core.train.pixels import Pixels
from s4_core.train.propagation import (
    STRONGEST_PULL,
    WORTH_OF_PARCEL,
    abundant,
    parcels_by_class,
    propagation,
    pulled,
    spreading,
)
from s4_core.train.readout import fit_prototypes


def make_pixels(classes):
    classes = np.asarray(classes)
    return Pixels(np.arange(len(classes)), np.zeros_like(classes), classes, classes)


def cluster(centre, count, rng, spread=0.3):
    return (np.asarray(centre) + spread * rng.normal(size=(count, 2))).astype(np.float32)


@pytest.fixture
def area():
    """Two clusters of pixels."""
    rng = np.random.default_rng(0)
    vectors = np.concatenate([cluster((0, 0), 500, rng, 0.6), cluster((2.5, 0), 500, rng, 0.3)])
    return vectors, np.repeat([0, 1], 500)


def taught(area):
    """The first class by pixels far from its middle: half way to the second lies much of it."""
    vectors, classes = area
    far = np.flatnonzero((classes == 0) & (vectors[:, 0] < -0.5))[:20]
    chosen = np.concatenate([far, np.flatnonzero(classes)[:20]])
    return vectors[chosen], make_pixels(classes[chosen])


def test_belief_reaches_what_hangs_together(area):
    vectors, classes = area
    features, pixels = taught(area)
    nearest = fit_prototypes(features, pixels, 2).logits(vectors).argmax(axis=1)
    spread = propagation(vectors)(features, pixels, 2, None).logits(vectors).argmax(axis=1)
    # half way between the means lies a part of the first cluster
    assert (nearest == classes).mean() < 0.97
    assert (spread == classes).mean() > 0.985


def test_beliefs_stay_shares_and_neighbours_become_alike(area):
    vectors, _ = area
    rng = np.random.default_rng(1)
    belief = rng.dirichlet([0.3, 0.3], size=len(vectors)).astype(np.float32)
    spread = spreading(vectors)(belief)
    np.testing.assert_allclose(spread.sum(axis=1), 1, atol=1e-5)
    assert spread.std() < 0.5 * belief.std()


def test_a_class_that_covers_next_to_nothing_is_believed_less():
    belief = np.tile(np.float32([0.5, 0.5]), (100, 1))
    belief[:90] = (0.9, 0.1)
    weighed = abundant(belief, lambda some: some)
    assert weighed[-1, 0] > 0.6
    np.testing.assert_allclose(weighed.sum(axis=1), 1, atol=1e-6)


def test_a_class_that_nobody_teaches_never_wins(area):
    features, pixels = taught(area)
    logits = propagation(area[0])(features, pixels, 4, None).logits(area[0])
    assert logits.shape == (len(area[0]), 4)
    assert set(logits.argmax(axis=1)) <= {0, 1}


def test_many_labels_say_more_than_what_hangs_together(area):
    vectors, _ = area
    # taught all over the area, but otherwise than it hangs together
    features = np.concatenate([vectors] * 20)
    classes = (features[:, 1] > 0).astype(np.int64)
    found = propagation(vectors)(features, make_pixels(classes), 2, None)
    predicted = found.logits(features).argmax(axis=1)
    assert (predicted == classes).mean() > 0.9


def test_without_unlabelled_pixels_the_nearest_mean_decides(area):
    features, pixels = taught(area)
    found = propagation(np.zeros((0, 2), np.float32))(features, pixels, 2, None)
    np.testing.assert_allclose(found.weight, fit_prototypes(features, pixels, 2).weight)


def means(nearest):
    return nearest.weight / 2 + nearest.mean


def test_unlabelled_pixels_pull_a_mean_to_the_middle_of_its_class(area):
    vectors, classes = area
    features, pixels = taught(area)
    # all pixels of a class are one parcel
    parcels = np.array([1, 1])
    before = fit_prototypes(features, pixels, 2)
    after = pulled(before, parcels, vectors, spreading(vectors))
    middles = np.stack([vectors[classes == k].mean(axis=0) for k in (0, 1)])
    off = [np.linalg.norm(means(some) - middles, axis=1) for some in (before, after)]
    assert off[1][0] == pytest.approx((1 - STRONGEST_PULL) * off[0][0], rel=0.15)
    assert off[1][1] <= off[0][1] + 0.02
    np.testing.assert_allclose(after.bias, -np.square(after.weight / 2).sum(axis=1), rtol=1e-5)


def test_what_many_parcels_say_is_hardly_pulled(area):
    features, pixels = taught(area)
    before = fit_prototypes(features, pixels, 2)
    moved = []
    for count in (10, 1000):
        after = pulled(before, np.array([count, count]), area[0], spreading(area[0]), pulls=1)
        moved.append(np.linalg.norm(means(after) - means(before), axis=1)[0])
    # some 500 pixels against so many parcels
    cover = 500
    shares = [cover / (cover + WORTH_OF_PARCEL * count) for count in (10, 1000)]
    assert moved[1] / moved[0] == pytest.approx(shares[1] / shares[0], rel=0.2)


def test_a_class_that_nobody_teaches_is_not_pulled(area):
    features, pixels = taught(area)
    before = fit_prototypes(features, pixels, 3)
    after = pulled(before, parcels_by_class(pixels, 3), area[0], spreading(area[0]))
    np.testing.assert_array_equal(after.weight[2], before.weight[2])
    assert after.bias[2] == before.bias[2] < -100


def test_parcels_are_counted_by_class():
    pixels = Pixels(
        *np.zeros((2, 6), np.int64), np.array([0, 0, 2, 2, 2, 0]), np.array([4, 4, 1, 7, 7, 9])
    )
    np.testing.assert_array_equal(parcels_by_class(pixels, 4), [2, 0, 2, 0])
