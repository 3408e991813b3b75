import numpy as np
import pytest

from s4_core.errors import TrainingError
from s4_core.train.patches import AreaPatches, draw
from s4_core.types import Modality
from tests.train.toys import ToySource


def test_an_area_gives_pairs_of_equal_size_and_dates(toy_area, toy_preparation):
    patches = AreaPatches(toy_area, toy_preparation, 16)
    patch = patches.patch(np.random.default_rng(0))
    optical, radar = patch[Modality.OPTICAL], patch[Modality.RADAR]
    assert optical.x.shape == (3, 8, 16, 16)
    assert radar.x.shape == (2, 8, 16, 16)
    assert optical.dates == radar.dates
    assert patches.record() == {
        "name": "toy",
        "season": "2021-01-05:2021-11-20",
        "dates": {"optical": 16, "radar": 16},
        "simulated": False,
    }


def test_an_area_smaller_than_a_patch_gives_its_rim_as_invalid(toy_area, toy_preparation):
    patch = AreaPatches(toy_area, toy_preparation, 40).patch(np.random.default_rng(0))
    valid = patch[Modality.RADAR].valid
    assert valid.shape == (8, 40, 40)
    assert valid[:, :32, :32].all()
    assert not valid[:, 32:].any()
    assert not valid[:, :, 32:].any()


def test_draws_repeat_with_their_seed():
    sources = [ToySource(), ToySource(seed=1)]
    first, second = (draw(sources, 6, np.random.default_rng(4)) for _ in range(2))
    for a, b in zip(first, second):
        np.testing.assert_array_equal(a[Modality.OPTICAL].x, b[Modality.OPTICAL].x)


def test_a_source_without_shared_pixels_is_named():
    source = ToySource("cloudland")
    source.samples[Modality.RADAR].valid[:] = False
    with pytest.raises(TrainingError, match="cloudland"):
        draw([source], 1, np.random.default_rng(0))
