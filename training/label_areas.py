"""Simulated areas of the labelling study: what a classifier reads at pixels of every parcel.

The frozen network is the slow part, so what it says is kept; a parcel metric on top of it may
change and is computed anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from s4_core import data, nn
from s4_core.nn import S4Network
from s4_core.simulate import SimulationSettings, simulate_area
from s4_core.types import Modality
from training.make_checkpoint import simulated_samples, simulation
from training.make_metric import chosen_pixels, vectors

SIZE_PX = 128
"""Larger than the areas of training: half of the parcels judge, the others wait for a label."""

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ParcelPixels:
    """Pixels of all parcels of an area in a parcel metric.

    Args:
        embedding: `(N, E)`. classes: 0-based, `(N,)`.
        parcels: `(N,)`, 0..P-1. parcel_classes: `(P,)`.
    """

    embedding: Floats
    classes: Whole
    parcels: Whole
    parcel_classes: Whole


def settings_of(seed: int) -> SimulationSettings:
    """A simulated area of the recipe of pretraining, but larger."""
    return replace(simulation(seed), size_px=SIZE_PX)


def frozen_digest(network: S4Network) -> str:
    """Of all weights but those of the parcel metric."""
    digest = hashlib.sha256()
    for name, values in sorted(network.state_dict().items()):
        if not name.startswith("metric."):
            digest.update(name.encode())
            digest.update(values.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]


def keep_area(seed: int, checkpoint: Path, work: Path) -> Path:
    """Simulate an area and keep what the network says of its pixels, unless `work` has it."""
    torch.set_num_threads(1)
    network, card = nn.load_network(checkpoint)
    path = work / frozen_digest(network) / f"labels_{seed}.npz"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    network.eval()
    area = simulate_area(settings_of(seed))
    place = chosen_pixels(area, seed)
    samples = simulated_samples(area, data.Preparation.from_card(card))
    kept = {m.value: vectors(network, card, m, sample, place) for m, sample in samples.items()}
    aside = path.with_suffix(".part.npz")
    np.savez(aside, classes=place.classes, parcels=place.parcels, **kept)
    aside.replace(path)
    return path


def embedded(path: Path, network: S4Network, modality: Modality) -> ParcelPixels:
    """A kept area in the network's parcel metric."""
    with np.load(path) as kept:
        read = torch.from_numpy(kept[modality.value].astype(np.float32))
        classes = kept["classes"].astype(np.int64) - 1
        _, first, parcels = np.unique(kept["parcels"], return_index=True, return_inverse=True)
    network.eval()
    with torch.inference_mode():
        embedding = network.metric[modality.value].embed(read).numpy()
    return ParcelPixels(embedding, classes, parcels.astype(np.int64), classes[first])
