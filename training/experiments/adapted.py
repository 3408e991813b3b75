"""The shipped parcel metric, fitted to a scene's own unlabelled pixels in both modalities."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from s4_core.nn import S4Network
from s4_core.train.metric import embedding
from s4_core.train.paired import learn_together, metrics_of, paired, rate_share
from s4_core.types import Modality
from training.experiments.features import Features
from training.experiments.scenes import NETWORK, Floats, Scene, network_of, scene

STEPS = 60
RATE = 1e-3
SEED = 0


def fitted(path: Path, steps: int = STEPS) -> Features:
    """The embedding of a checkpoint's metric after it has learned from both modalities."""

    def found(shown: Scene) -> Floats:
        metrics = metrics_of(_learned(path, shown.seed, steps))
        return embedding(metrics[shown.modality], shown.vectors)

    return found


@lru_cache(maxsize=1)
def _learned(path: Path, seed: int, steps: int) -> S4Network:
    """Metrics of one area: its two modalities come one after the other."""
    vectors = {m: torch.from_numpy(scene(seed, m, NETWORK).vectors) for m in Modality}
    return learned_from(network_of(path), vectors, steps)


def learned_from(
    origin: S4Network, vectors: Mapping[Modality, Tensor], steps: int = STEPS
) -> S4Network:
    """The same network with metrics that have learned from the pixels of an area.

    Args:
        vectors: what each modality's metric reads, `(N, D)`.
    """
    network = copy.deepcopy(origin)
    metrics = metrics_of(network)
    optimizer = torch.optim.Adam(network.metric.parameters(), RATE)
    rates = [RATE * rate_share(step, steps) for step in range(steps)]
    rng = np.random.default_rng(SEED)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        for _ in learn_together(metrics, [paired(metrics, vectors)], optimizer, rates, rng):
            pass
    network.eval()
    return network
