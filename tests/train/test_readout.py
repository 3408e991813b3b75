import numpy as np
import pytest
import torch
from scipy.special import softmax

from s4_core.errors import Cancelled
from s4_core.progress import Silent, Stage
from s4_core.train.pixels import Pixels
from s4_core.train.readout import fit_prototypes, fit_readout, learn_readout, logistic, prototypes


def make_pixels(classes, parcels):
    classes, parcels = np.asarray(classes), np.asarray(parcels)
    return Pixels(np.arange(len(classes)), np.zeros(len(classes), int), classes, parcels)


@pytest.fixture
def clusters():
    """Three classes of two parcels each, 30 pixels a parcel, in 6 dimensions."""
    rng = np.random.default_rng(0)
    parcels = np.repeat(np.arange(6), 30)
    classes = parcels // 2
    centres = rng.normal(size=(3, 6)) * 3
    features = centres[classes] + rng.normal(size=(180, 6))
    return features.astype(np.float32), make_pixels(classes, parcels)


def learn(features, pixels, class_count, fit=None):
    return learn_readout(
        features,
        pixels,
        class_count,
        fit=fit or logistic(0.1),
        seed=0,
        stage=Stage(Silent(), "fit"),
    )


def test_clusters_are_told_apart_and_assessed_by_leaving_parcels_out(clusters):
    learned = learn(*clusters, 3)
    predicted = learned.readout.logits(clusters[0]).argmax(1)
    assert (predicted == clusters[1].classes).mean() > 0.98
    assert learned.held_out.scheme == "leave-one-parcel-out"
    assert learned.held_out.mean_iou > 0.9
    np.testing.assert_array_equal(learned.held_out.counts.sum(1), [30] * 6)
    np.testing.assert_array_equal(learned.held_out.classes, [0, 0, 1, 1, 2, 2])


@pytest.mark.parametrize("threads", [1, 3])
def test_folds_are_judged_alike_by_any_number_of_threads(clusters, threads):
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        found = learn(*clusters, 3).held_out
    finally:
        torch.set_num_threads(before)
    features, pixels = clusters
    for parcel in range(6):
        out = pixels.parcels == parcel
        alone = fit_readout(features[~out], pixels.take(~out), 3, 0.1, worth=150)
        own = np.bincount(alone.logits(features[out]).argmax(1), minlength=3)
        np.testing.assert_array_equal(found.counts[parcel], own)


def test_cancelling_ends_the_folds_that_wait(clusters):
    judged = []

    def fit(features, pixels, class_count, worth):
        judged.append(len(pixels))
        return fit_readout(features, pixels, class_count, 0.1, worth)

    class Impatient(Silent):
        def progress(self, fraction, stage, eta_s, metrics):
            raise Cancelled("Stopped.")

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with pytest.raises(Cancelled):
            learn_readout(*clusters, 3, fit=fit, seed=0, stage=Stage(Impatient(), "fit"))
    finally:
        torch.set_num_threads(before)
    assert 1 <= len(judged) < 6


def test_the_head_gives_the_same_logits(clusters):
    features, pixels = clusters
    readout = fit_readout(features, pixels, 3, 0.1)
    # (N, D) -> one part (1, D, T = 1, 1, N)
    part = torch.from_numpy(features.T.copy())[None, :, None, None, :]
    logits = readout.head()([part])[0, :, 0].T.detach().numpy()
    np.testing.assert_allclose(logits, readout.logits(features), atol=1e-4)


def test_two_classes_have_two_rows(clusters):
    features, pixels = clusters
    two = pixels.classes < 2
    readout = fit_readout(features[two], pixels.take(two), 2, 0.1)
    logits = readout.logits(features[two])
    assert logits.shape[1] == 2
    assert (logits.argmax(1) == pixels.classes[two]).mean() > 0.98


def test_pixels_may_stand_for_more_than_themselves(clusters):
    features, pixels = clusters
    twice = np.concatenate([features, features])
    doubled = make_pixels(np.tile(pixels.classes, 2), np.tile(pixels.parcels, 2))
    expected = fit_readout(twice, doubled, 3, 0.01)
    found = fit_readout(features, pixels, 3, 0.01, worth=360)
    np.testing.assert_allclose(found.weight, expected.weight, atol=1e-3)
    alone = fit_readout(features, pixels, 3, 0.01)
    assert np.abs(alone.weight).sum() < np.abs(expected.weight).sum()


def test_a_class_that_nobody_teaches_never_wins(clusters):
    readout = fit_readout(*clusters, 5, 0.1)
    assert readout.weight.shape == (5, 6)
    assert readout.logits(clusters[0] * 100).argmax(1).max() <= 2
    assert np.all(readout.logits(clusters[0])[:, 3:] == -1e3)


def test_a_class_with_one_parcel_is_learned_but_not_assessed(clusters):
    features, pixels = clusters
    kept = pixels.parcels != 5
    learned = learn(features[kept], pixels.take(kept), 3)
    assert learned.held_out.assessable == [0, 1]
    predicted = learned.readout.logits(features[kept]).argmax(1)
    assert (predicted[pixels.classes[kept] == 2] == 2).all()


def test_single_parcels_alone_leave_nothing_to_assess(clusters):
    features, pixels = clusters
    kept = pixels.parcels % 2 == 0
    learned = learn(features[kept], pixels.take(kept), 3)
    assert learned.held_out.scheme == "none"
    assert learned.temperature == 1.0


def test_a_constant_feature_does_no_harm(clusters):
    features, pixels = clusters
    features = np.concatenate([features, np.full((180, 1), 7, np.float32)], 1)
    assert np.isfinite(fit_readout(features, pixels, 3, 0.1).logits(features)).all()


def test_a_held_out_parcel_does_not_teach_its_own_fold(clusters):
    """Swapping a held-out parcel's features changes that parcel's counts only by its own fold."""
    features, pixels = clusters
    own = pixels.parcels == 0
    moved = features.copy()
    moved[own] = features[pixels.parcels == 4]
    held = learn(moved, pixels, 3).held_out
    # its pixels look like class 2 to a classifier that never saw them as class 0
    assert held.counts[0].argmax() == 2


def test_overconfident_noise_gets_a_higher_temperature():
    rng = np.random.default_rng(1)
    parcels = np.repeat(np.arange(6), 20)
    features = rng.normal(size=(120, 40)).astype(np.float32)
    learned = learn(features, make_pixels(parcels // 2, parcels), 3)
    assert learned.temperature > 1.5


def test_prototypes_are_the_nearest_mean_of_a_class(clusters):
    features, pixels = clusters
    readout = fit_prototypes(features, pixels, 4)
    means = np.stack([features[pixels.classes == k].mean(0) for k in range(3)])
    # squared distances (N, 3)
    away = np.square(features[:, None] - means).sum(-1)
    logits = readout.logits(features)
    np.testing.assert_array_equal(logits.argmax(1), away.argmin(1))
    np.testing.assert_allclose(
        softmax(logits[:, :3], axis=1), softmax(-away, axis=1), rtol=1e-3, atol=1e-6
    )
    assert (logits[:, 3] < -500).all()  # a class of the legend that nothing teaches


def test_a_large_parcel_counts_no_more_in_a_prototype_than_a_small_one():
    features = np.array([[0.0], [0.0], [0.0], [1.0], [5.0]], np.float32)
    readout = fit_prototypes(features, make_pixels([0, 0, 0, 0, 1], [0, 0, 0, 1, 2]), 2)
    at_middle = readout.logits(np.array([[2.75]], np.float32))  # half way from 0.5 to 5
    assert at_middle[0, 0] == pytest.approx(at_middle[0, 1], abs=1e-5)


def test_prototypes_are_assessed_by_leaving_parcels_out(clusters):
    learned = learn(*clusters, 3, prototypes())
    assert learned.held_out.mean_iou > 0.9
