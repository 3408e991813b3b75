import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from s4_core import nn
from s4_core.train.batches import stack
from s4_core.train.objective import pretrain_loss
from s4_core.train.shortcuts import as_noise, chance, noise_floor
from s4_core.types import LossSettings, Modality, RuntimeSettings
from tests.train.toys import ToySource

DEVICE = nn.choose_device(RuntimeSettings(device="cpu", precision="fp32"))


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    return stack([ToySource(seed=seed).patch(rng) for seed in range(2)], DEVICE.device)


def test_noise_is_independent_and_only_where_something_was_seen(batch):
    _, valid, days = batch.inputs[Modality.RADAR]
    valid[:, :3] = False
    noisy = as_noise(batch, torch.Generator().manual_seed(1))
    optical, radar = (noisy.inputs[m][0] for m in Modality)
    assert not radar[:, :, :3].any()
    assert radar[:, :, 3:].std() == pytest.approx(1, abs=0.05)
    together = torch.stack([optical[:, 0, 3:].flatten(), radar[:, 0, 3:].flatten()])
    assert abs(torch.corrcoef(together)[0, 1]) < 0.1
    assert noisy.inputs[Modality.RADAR][2] is days


def test_chance_is_the_logarithm_of_the_sites(tiny_network, batch):
    # 8 dates, 16 x 16 pixels: 2 x 4 x 4 sites
    assert chance(tiny_network(), batch) == pytest.approx(math.log(32))
    inputs = dict(batch.inputs)
    x, valid, days = inputs[Modality.OPTICAL]
    hidden = valid.clone()
    hidden[0] = False
    inputs[Modality.OPTICAL] = x, hidden, days
    assert chance(tiny_network(), replace(batch, inputs=inputs)) == pytest.approx(math.log(32))


def test_the_floor_names_pairs_noise_and_chance(tiny_network, batch):
    network = tiny_network()
    found = noise_floor(network, [batch], LossSettings(), DEVICE, seed=0)
    network.eval()
    pairs = pretrain_loss(network, batch, LossSettings(), DEVICE).contrastive.item()
    assert found["pairs"] == pytest.approx(pairs, abs=1e-4)
    assert found["chance"] == pytest.approx(math.log(32), abs=1e-4)
    assert found == noise_floor(network, [batch], LossSettings(), DEVICE, seed=0)
