import numpy as np

from s4_core.train.metric import Reads
from tests.training.toy_scene import SIDE, make_scene
from training.experiments import features
from training.experiments.recipes import Recipe


def test_bins_average_neighbouring_dates():
    scene = make_scene()
    scene.vectors[:] = np.arange(20)
    features_of_two = np.arange(8).reshape(4, 2).reshape(2, 2, 2).mean(axis=1).ravel()
    series_of_two = np.arange(8, 20).reshape(4, 3).reshape(2, 2, 3).mean(axis=1).ravel()
    found = features.binned(scene, bins=2)
    np.testing.assert_allclose(found[0], [*features_of_two, *series_of_two])


def test_turned_images_give_features_at_the_place_of_each_pixel(monkeypatch):
    scene = make_scene()
    place = np.arange(SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)
    scene.sample.x[:] = place
    # the features of a pixel are what the images show there
    monkeypatch.setattr(features, "network_of", lambda _: None)
    monkeypatch.setattr(
        features, "decoded", lambda _, __, sample: sample.x[0, 0].ravel() * np.ones((8, 1))
    )
    turns = list(features._turns(scene))
    assert len(turns) == 8
    for turn in turns:
        np.testing.assert_array_equal(turn.vectors[:, 0], place.ravel())
        np.testing.assert_array_equal(turn.vectors[:, 8:], scene.vectors[:, 8:])


def test_a_recipe_reads_its_own_columns():
    reads = Reads(dates=4, features=2, channels=3)
    columns = np.arange(reads.size)
    for name, size in (("features and series", 20), ("features", 8), ("series", 12)):
        recipe = Recipe(reads=name)
        assert recipe.of(reads).size == size == len(columns[recipe.columns(reads)])
    assert columns[Recipe(reads="series").columns(reads)][0] == reads.split
