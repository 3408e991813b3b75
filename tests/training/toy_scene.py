import numpy as np

from s4_core.sits import Sample
from s4_core.sits.series import days_of_year
from s4_core.types import Modality
from training.experiments.scenes import Scene

SIDE = 16


def make_scene(noise=0.05, seed=0):
    """16 parcels of 4 x 4 pixels, 4 classes of 4 parcels each; 4 dates, 2 features, 3 channels."""
    rng = np.random.default_rng(seed)
    rows, cols = np.divmod(np.arange(SIDE * SIDE), SIDE)
    parcels = rows // 4 * 4 + cols // 4
    classes = parcels % 4
    centres = rng.normal(size=(4, 4 * 5))
    vectors = centres[classes] + noise * rng.normal(size=(SIDE * SIDE, 4 * 5))
    x = np.zeros((3, 4, SIDE, SIDE), np.float32)
    dates = ()
    sample = Sample(x, np.ones((4, SIDE, SIDE), bool), days_of_year(dates), dates, np.ones(3, bool))
    filled = vectors[:, :12].astype(np.float32)
    return Scene(
        "toy", 0, Modality.OPTICAL, sample, vectors.astype(np.float32), filled, classes, parcels
    )
