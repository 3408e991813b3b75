import numpy as np
import pytest

from tests.training.toy_scene import make_scene
from training.experiments import classifiers
from training.experiments.judging import DRAWS, PARCELS, judged, taught
from training.experiments.maps import classified, smoothed


def test_a_map_without_errors_scores_one_in_every_draw():
    scene = make_scene()
    scores = judged(scene, lambda scene: lambda taught: scene.classes)
    assert len(scores) == DRAWS * len(PARCELS)
    assert {(score.miou, score.vote) for score in scores} == {(1.0, 1.0)}


def test_only_parcels_that_did_not_teach_judge():
    scene = make_scene()

    def wrong_where_taught(taught):
        found = scene.classes.copy()
        found[np.isin(scene.parcels, taught.pixels.parcels)] = 0
        return found

    assert judged(scene, lambda _: wrong_where_taught)[0].miou == 1.0


def test_a_vote_mends_what_few_pixels_of_a_parcel_get_wrong():
    scene = make_scene()
    found = scene.classes.copy()
    first = [np.flatnonzero(scene.parcels == p)[0] for p in range(16)]
    found[first] = (found[first] + 1) % 4
    score = judged(scene, lambda _: lambda taught: found)[0]
    # of 16 pixels a parcel one is wrong: 15 hits, 1 missed, 1 of another class
    assert score.miou == pytest.approx(15 / 17)
    assert score.vote == 1.0


def test_pixels_of_the_training_parcels_are_taught_with_their_places():
    scene = make_scene()
    found = taught(scene, np.array([0, 5]))
    assert set(found.pixels.parcels) == {0, 5}
    np.testing.assert_array_equal(found.pixels.rows * 16 + found.pixels.cols, found.places)
    np.testing.assert_array_equal(scene.classes[found.places], found.pixels.classes)


@pytest.mark.parametrize(
    "classifier",
    [
        classifiers.readout,
        classifiers.forest,
        classifiers.logistic,
        classifiers.ridge,
        classifiers.nearest,
        classifiers.prototypes,
        classifiers.kernel,
        classifiers.perceptron,
    ],
)
def test_classifiers_map_classes_that_are_far_apart(classifier):
    scores = judged(make_scene(), classified(lambda scene: scene.vectors, classifier))
    assert min(score.miou for score in scores) > 0.95


def test_diffusion_mends_noisy_pixels():
    noisy = make_scene(noise=1.0)
    plain = judged(noisy, classified(lambda scene: scene.vectors, classifiers.prototypes))
    smooth = judged(noisy, smoothed(lambda scene: scene.vectors))
    assert np.mean([s.miou for s in smooth]) > np.mean([s.miou for s in plain]) + 0.02
