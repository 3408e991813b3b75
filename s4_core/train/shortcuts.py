"""How much of the contrastive loss is solved without a look at the ground.

Equal places in a patch and equal dates are recognised from zero padding and from the day that
the network is told. What it then scores on pairs that share nothing else says how much of its
score on true pairs is that; at chance, nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from s4_core import nn
from s4_core.train.batches import Batch
from s4_core.train.objective import pretrain_loss, shared_sites
from s4_core.types import LossSettings


def noise_floor(
    network: nn.S4Network,
    batches: Sequence[Batch],
    settings: LossSettings,
    device: nn.DeviceChoice,
    seed: int,
) -> dict[str, float]:
    """Contrastive losses of a trained network in evaluation mode, means over batches.

    Returns:
        "pairs": of the true pairs. "noise": independent standard normal noise in each modality
        instead of the images, with the same dates and masks. "chance": of a network that knows
        nothing, the mean logarithm of the number of sites.
    """
    network.eval()
    generator = torch.Generator().manual_seed(seed)
    rows = []
    with torch.no_grad():
        for batch in batches:
            pairs = pretrain_loss(network, batch, settings, device).contrastive
            noise = pretrain_loss(network, as_noise(batch, generator), settings, device).contrastive
            rows.append((pairs.item(), noise.item(), chance(network, batch)))
    means = np.mean(rows, axis=0)
    return {name: round(float(v), 4) for name, v in zip(("pairs", "noise", "chance"), means)}


def as_noise(batch: Batch, generator: torch.Generator) -> Batch:
    """The batch with independent standard normal noise for images; 0 stays where nothing was."""
    inputs = {}
    for modality, (x, valid, days) in batch.inputs.items():
        noise = torch.randn(x.shape, generator=generator).to(x)
        inputs[modality] = noise * valid[:, None], valid, days
    return replace(batch, inputs=inputs)


def chance(network: nn.S4Network, batch: Batch) -> float:
    """Loss of embeddings that are all alike: log N, mean over the samples with a site."""
    sites = shared_sites(network, batch).flatten(1).sum(1).tolist()
    return float(np.mean([math.log(n) for n in sites if n] or [0.0]))
