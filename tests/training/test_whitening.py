import numpy as np

from s4_core.train.discriminants import scatter
from s4_core.train.episodes import LabelledPixels
from training.experiments.whitening import whitening


def test_spread_within_classes_becomes_equal_in_all_directions():
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(4, 4))
    areas = []
    for _ in range(3):
        classes, parcels = np.repeat([0, 1], 60), np.repeat(np.arange(12), 10)
        vectors = (rng.normal(size=(120, 4)) + classes[:, None]) @ mixing + 5
        areas.append(LabelledPixels(vectors.astype(np.float32), classes, parcels))
    centre, matrix = whitening(areas, 0.0)
    white = [LabelledPixels((a.vectors - centre) @ matrix, a.classes, a.parcels) for a in areas]
    within, _ = scatter(white, np.zeros(4), np.ones(4))
    np.testing.assert_allclose(within, np.eye(4), atol=1e-3)
