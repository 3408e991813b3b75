import numpy as np
import pytest

from tests.training.toy_scene import make_scene
from training.experiments import unlabelled
from training.experiments.judging import judged, taught
from training.experiments.maps import classified


@pytest.mark.parametrize(
    "classifier",
    [unlabelled.soft_k_means, unlabelled.spreading_labels, unlabelled.spreading_beliefs],
)
def test_classes_that_are_far_apart_are_mapped(classifier):
    scores = judged(make_scene(), classified(lambda scene: 5 * scene.vectors, classifier))
    assert min(score.miou for score in scores) > 0.95


def test_the_graph_is_symmetric_and_its_links_do_not_grow_a_signal():
    graph = unlabelled.neighbourhood(make_scene().vectors).toarray()
    np.testing.assert_allclose(graph, graph.T)
    assert np.abs(np.linalg.eigvalsh(graph)).max() == pytest.approx(1.0)


def test_spread_beliefs_are_probabilities_that_decide_alike():
    scene = make_scene(noise=0.5)
    lesson = taught(scene, np.arange(4))
    found = unlabelled.spread_likely(scene.vectors, lesson)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-5)
    decided = unlabelled.spreading_beliefs(scene.vectors)(lesson)
    np.testing.assert_array_equal(found.argmax(axis=1), decided)
