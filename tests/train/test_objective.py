from dataclasses import replace

import numpy as np
import pytest
import torch

from s4_core import nn
from s4_core.train.batches import stack
from s4_core.train.objective import pretrain_loss
from s4_core.types import LossSettings, Modality, RuntimeSettings
from tests.train.toys import ToySource

DEVICE = nn.choose_device(RuntimeSettings(device="cpu", precision="fp32"))


@pytest.fixture
def patch():
    return ToySource().patch(np.random.default_rng(0))


def loss_of(network, patches, **choices):
    network.eval()
    return pretrain_loss(network, stack(patches, DEVICE.device), LossSettings(**choices), DEVICE)


def test_total_is_the_weighted_sum_of_the_parts(tiny_network, patch):
    found = loss_of(tiny_network(), [patch], contrastive_weight=0.5, reconstruction_weight=0.01)
    expected = 0.5 * found.contrastive + 0.01 * found.reconstruction
    torch.testing.assert_close(found.total, expected)


def test_a_part_of_weight_zero_is_measured_but_teaches_nothing(tiny_network, patch):
    network = tiny_network()
    found = loss_of(network, [patch], contrastive_weight=0.0)
    assert found.contrastive > 0
    found.total.backward()
    assert all(p.grad is None for p in network.projection.parameters())


def test_the_reconstruction_is_the_mean_of_both_directions(tiny_network, patch):
    network = tiny_network()
    found = loss_of(network, [patch])
    batch = stack([patch], DEVICE.device)
    errors = []
    for source, target in ((Modality.OPTICAL, Modality.RADAR), (Modality.RADAR, Modality.OPTICAL)):
        given = network.reconstruct(*batch.inputs[source], source, target)
        errors.append((given - batch.inputs[target][0]).abs().mean())
    torch.testing.assert_close(found.reconstruction, sum(errors) / 2)


@pytest.mark.parametrize("hidden", list(Modality))
def test_targets_hidden_in_one_modality_do_not_count(tiny_network, patch, hidden):
    network = tiny_network()
    valid = patch[hidden].valid.copy()
    valid[:, :8] = False
    patch[hidden] = replace(patch[hidden], valid=valid)
    before = loss_of(network, [patch])
    other = Modality.RADAR if hidden is Modality.OPTICAL else Modality.OPTICAL
    # the network does see the other modality's pixels, so only targets may change here
    batch = stack([patch], DEVICE.device)
    outputs = network.pretrain_outputs(batch.inputs)
    x = batch.inputs[other][0]
    counted = (outputs.reconstructions[other] - x).abs()[:, :, :, 8:].mean()
    target = batch.inputs[hidden][0]
    counted_too = (outputs.reconstructions[hidden] - target).abs()[:, :, :, 8:].mean()
    torch.testing.assert_close(before.reconstruction, (counted + counted_too) / 2)


def test_absent_channels_do_not_count(tiny_network, patch):
    network = tiny_network()
    optical = patch[Modality.OPTICAL]
    patch[Modality.OPTICAL] = replace(optical, present_channels=np.array([True, True, False]))
    found = loss_of(network, [patch])
    batch = stack([patch], DEVICE.device)
    outputs = network.pretrain_outputs(batch.inputs)
    radar = (outputs.reconstructions[Modality.RADAR] - batch.inputs[Modality.RADAR][0]).abs()
    both = (outputs.reconstructions[Modality.OPTICAL] - batch.inputs[Modality.OPTICAL][0]).abs()
    torch.testing.assert_close(found.reconstruction, (radar.mean() + both[:, :2].mean()) / 2)
