"""The shipped parcel metric, fitted to a scene's own unlabelled pixels in both modalities."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from s4_core.nn import S4Network
from s4_core.train.metric import embedding
from s4_core.train.paired import PairedPixels, learn_together, metrics_of, paired, rate_share
from s4_core.types import Modality
from training.experiments.features import Features
from training.experiments.scenes import NETWORK, Floats, Scene, network_of, scene

STEPS = 60
RATE = 1e-3
SEED = 0


EVEN = 0.5
"""Share of optical images in what both see together."""


def fitted(path: Path, steps: int = STEPS, optical: float = EVEN) -> Features:
    """The embedding of a checkpoint's metric after it has learned from both modalities.

    Args:
        optical: share of optical images in the neighbourhoods that teach.
    """

    def found(shown: Scene) -> Floats:
        metrics = metrics_of(_learned(path, shown.seed, steps, optical))
        return embedding(metrics[shown.modality], shown.vectors)

    return found


@lru_cache(maxsize=1)
def _learned(path: Path, seed: int, steps: int, optical: float) -> S4Network:
    """Metrics of one area: its two modalities come one after the other."""
    vectors = {m: torch.from_numpy(scene(seed, m, NETWORK).vectors) for m in Modality}
    return learned_from(network_of(path), vectors, steps, optical)


def learned_from(
    origin: S4Network,
    vectors: Mapping[Modality, Tensor],
    steps: int = STEPS,
    optical: float = EVEN,
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
        pixels = [weighed(paired(metrics, vectors), optical)]
        for _ in learn_together(metrics, pixels, optimizer, rates, rng):
            pass
    network.eval()
    return network


def weighed(pixels: PairedPixels, optical: float) -> PairedPixels:
    """Pixels whose squared distances are shares of both modalities'; even ones change nothing."""
    shares = {Modality.OPTICAL: optical, Modality.RADAR: 1 - optical}
    parts = pixels.both.chunk(len(pixels.vectors), dim=1)
    scaled = [part * math.sqrt(shares[m] / EVEN) for m, part in zip(pixels.vectors, parts)]
    return replace(pixels, both=torch.cat(scaled, dim=1))
