import numpy as np

from tests.training.toy_scene import make_scene
from training.experiments import classifiers, unlabelled
from training.experiments.attention import attended, by_date
from training.experiments.features import averaged, with_surroundings
from training.experiments.judging import judged, taught
from training.experiments.maps import averaged as averaged_map
from training.experiments.maps import classified


def test_features_and_bands_of_a_date_stand_together():
    scene = make_scene()
    scene.vectors[:] = np.arange(20)
    found = by_date(scene)
    assert found.shape == (len(scene.vectors), 4, 5)
    # date 1: features 2 and 3, then bands 11 to 13
    np.testing.assert_array_equal(found[0, 1], [2, 3, 11, 12, 13])


def test_attention_tells_far_classes_apart():
    assert min(score.miou for score in judged(make_scene(), attended)) > 0.95


def test_attention_finds_the_date_that_tells():
    scene = make_scene()
    rng = np.random.default_rng(0)
    # all dates alike but the last, which alone shows the class
    scene.vectors[:] = rng.normal(size=scene.vectors.shape)
    scene.vectors[:, [6, 7, 17]] = 8 * np.eye(4)[scene.classes][:, :3]
    mean = np.mean([s.miou for s in judged(scene, classified(averaged, classifiers.readout))])
    assert np.mean([s.miou for s in judged(scene, attended)]) > mean


def test_the_surroundings_stand_beside_the_pixel():
    scene = make_scene()
    own = np.zeros((len(scene.vectors), 1), np.float32)
    own[0] = 5.0
    found = with_surroundings(lambda _: own)(scene) * np.sqrt(2)
    np.testing.assert_allclose(found[:2, 0], [5, 0])
    # the corner stands for the two rows and columns beyond it: 9 of its 25 neighbours
    np.testing.assert_allclose(found[0, 1], 5 * 9 / 25, rtol=1e-5)
    np.testing.assert_allclose(found[1, 1], 5 * 6 / 25, rtol=1e-5)


def test_neighbours_outvote_a_lone_pixel():
    scene = make_scene(noise=0.01)
    lone = np.flatnonzero((np.arange(len(scene.classes)) % 16 == 1) & (scene.classes == 0))[5]
    scene.vectors[lone] = scene.vectors[scene.classes == 1][0]
    maps = {
        name: method(scene)(taught(scene, np.arange(8)))[lone]
        for name, method in (
            ("alone", classified(lambda s: 5 * s.vectors, unlabelled.pulling)),
            ("averaged", averaged_map(lambda s: 5 * s.vectors, 2.0)),
        )
    }
    assert maps == {"alone": 1, "averaged": 0}
