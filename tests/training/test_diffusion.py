import numpy as np
import pytest

from training.experiments.diffusion import diffused, edge_weights


def test_what_is_equal_everywhere_stays():
    flat = np.full((5, 6, 2), 0.5)
    rng = np.random.default_rng(0)
    weights = edge_weights(rng.normal(size=(5, 6, 3)))
    np.testing.assert_allclose(diffused(flat, weights), flat)


def test_nothing_flows_over_a_sharp_edge():
    rng = np.random.default_rng(0)
    embedding = 0.01 * rng.normal(size=(6, 6, 2))
    embedding[:, 3:] += 1.0
    probabilities = rng.uniform(size=(6, 6, 1))
    weights = edge_weights(embedding)
    assert weights[0][:, 2].max() < 1e-6
    other = probabilities.copy()
    other[:, 3:] = 0
    here, there = diffused(probabilities, weights), diffused(other, weights)
    np.testing.assert_allclose(here[:, :3], there[:, :3], atol=1e-6)
    assert here[:, :3].std() < probabilities[:, :3].std() / 2


def test_equal_neighbours_weigh_one_and_a_median_difference_an_e_th():
    embedding = np.array([[[0.0], [1.0], [2.0]], [[0.0], [1.0], [2.0]]])
    right, below = edge_weights(embedding)
    assert below == pytest.approx(1.0)
    # differences: four of 1, three of 0
    assert right == pytest.approx(np.exp(-1.0))
