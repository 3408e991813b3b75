from dataclasses import replace

import numpy as np
import pytest
import torch

from s4_core.errors import TrainingError
from s4_core.train.batches import stack
from s4_core.types import Modality
from tests.train.toys import ToySource, toy_sample

CPU = torch.device("cpu")


def patches(count):
    rng = np.random.default_rng(0)
    return [ToySource().patch(rng) for _ in range(count)]


def test_patches_are_stacked_in_order():
    given = patches(3)
    batch = stack(given, CPU)
    x, valid, days = batch.inputs[Modality.RADAR]
    assert (x.shape, valid.shape, days.shape) == ((3, 2, 8, 16, 16), (3, 8, 16, 16), (3, 8))
    np.testing.assert_array_equal(x[1].numpy(), given[1][Modality.RADAR].x)
    assert (x.dtype, valid.dtype, days.dtype) == (torch.float32, torch.bool, torch.float32)


def test_absent_channels_are_told():
    given = patches(2)
    optical = given[1][Modality.OPTICAL]
    given[1][Modality.OPTICAL] = replace(optical, present_channels=np.array([True, False, True]))
    present = stack(given, CPU).present[Modality.OPTICAL]
    assert present.tolist() == [[True, True, True], [True, False, True]]


def test_unequal_numbers_of_dates_are_refused():
    short = {m: toy_sample(s.x[:, :4]) for m, s in patches(1)[0].items()}
    with pytest.raises(TrainingError, match="4, 8 dates"):
        stack([patches(1)[0], short], CPU)
