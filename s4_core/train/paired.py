"""Pixels that both modalities saw, and parcel metrics that learn from what they see together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from s4_core import data, losses
from s4_core import nn as networks
from s4_core.errors import AreaError
from s4_core.model_card import HeadCard, ModelCard
from s4_core.progress import Stage
from s4_core.train.area_samples import AreaSamples
from s4_core.train.batches import series_input
from s4_core.train.pixels import compute_at
from s4_core.train.unlabelled import drawn_pixels
from s4_core.types import Area, Modality

PIXELS = 512
"""Of an area in a step: each is compared with all others."""

_WARM_UP = 0.1
_START, _END = 1 / 25, 1e-4
"""Shares of the learning rate, before it rises and when all is done."""

_CLIP = 1.0
_FEWEST = 16
"""Pixels that both modalities saw; fewer have no neighbourhoods."""

_TEACHER_SCALE = 0.5
"""Squared distances of two embeddings add up to twice as much as of one."""

Metrics = Mapping[Modality, networks.ParcelMetric]


@dataclass(frozen=True, eq=False)
class PairedPixels:
    """Pixels of an area that both modalities saw.

    Args:
        vectors: what each metric reads, `(N, D)`.
        both: the embeddings of both before adaptation, side by side, `(N, 2 E)`.
    """

    vectors: Mapping[Modality, Tensor]
    both: Tensor

    def __len__(self) -> int:
        return len(self.both)


def rate_share(step: int, steps: int) -> float:
    """Share of the learning rate at a step: it rises, then falls, both along a cosine."""
    rising = max(_WARM_UP * steps, 1.0)
    if step < rising:
        return _between(_START, 1.0, step / rising)
    return _between(1.0, _END, (step - rising) / max(steps - rising, 1.0))


def _between(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def paired_pixels(
    area: Area,
    preparation: data.Preparation,
    network: networks.S4Network,
    card: ModelCard,
    device: networks.DeviceChoice,
    *,
    seed: int,
    stage: Stage,
) -> PairedPixels:
    """Pixels all over an area, with what the metrics of both modalities read there.

    Raises:
        AreaError: hardly any was seen by both.
    """
    pixels = drawn_pixels(*area.grid.shape, seed)
    radius_px = networks.receptive_radius_px("decoder", network.settings.transposed)
    halo_px = -(-radius_px // networks.STRIDE) * networks.STRIDE
    samples = AreaSamples(
        area.grid, lambda window: data.prepare_pair(area, preparation, window), rim_px=halo_px
    )
    found, _ = compute_at(
        pixels,
        halo_px,
        lambda window: {
            m: series_input([sample], device.device) for m, sample in samples.at(window).items()
        },
        lambda inputs: _read_by_metrics(network, card, inputs),
        device=device,
        stage=stage,
    )
    metrics = metrics_of(network)
    *parts, shown = np.split(found, np.cumsum([m.in_features for m in metrics.values()]), axis=1)
    seen = shown.all(axis=1)
    if seen.sum() < _FEWEST:
        raise AreaError(
            f"Optical and radar images share {seen.sum()} of {len(pixels)} pixels of {area.name}.",
            "Check the masks and the extents (`s4 info`), or leave the area out.",
        )
    vectors = {
        m: torch.from_numpy(part[seen]).to(device.device)
        for m, part in zip(network.modalities, parts)
    }
    return paired(metrics, vectors)


def metrics_of(network: networks.S4Network) -> dict[Modality, networks.ParcelMetric]:
    """The parcel metrics of a network that has them, by modality."""
    found = {Modality(name): metric for name, metric in network.metric.items()}
    return {m: metric for m, metric in found.items() if isinstance(metric, networks.ParcelMetric)}


def paired(metrics: Metrics, vectors: Mapping[Modality, Tensor]) -> PairedPixels:
    """Pixels with the neighbourhoods that metrics see together, before they learn."""
    with torch.no_grad():
        both = torch.cat([metrics[m].embed(found) for m, found in vectors.items()], dim=1)
    return PairedPixels(vectors, both)


def _read_by_metrics(
    network: networks.S4Network, card: ModelCard, inputs: Mapping[Modality, networks.SeriesInput]
) -> Tensor:
    """What each modality's metric reads, then whether each shows the pixel: (1, D, h, w)."""
    parts = []
    for modality in network.modalities:
        head = HeadCard("readout", (modality,), "decoder", readout_raw=True)
        parts.append(networks.readout_features(network, inputs, replace(card, head=head)))
    # (1, T, h, w) -> (1, h, w) of each modality
    shown = [inputs[m][1].any(dim=1) for m in network.modalities]
    return torch.cat([*parts, torch.stack(shown, dim=1).float()], dim=1)


def learn_together(
    metrics: Metrics,
    areas: Sequence[PairedPixels],
    optimizer: torch.optim.Optimizer,
    rates: Sequence[float],
    rng: np.random.Generator,
) -> Iterator[Tensor]:
    """One step at each learning rate, on some pixels of a random area; gives the loss, in nats.

    Args:
        optimizer: of all metrics' parameters.
    """
    for rate in rates:
        for group in optimizer.param_groups:
            group["lr"] = rate
        yield _step(metrics, areas[int(rng.integers(len(areas)))], optimizer, rng)


def _step(
    metrics: Metrics,
    pixels: PairedPixels,
    optimizer: torch.optim.Optimizer,
    rng: np.random.Generator,
) -> Tensor:
    """One step of both metrics on some pixels; the mean loss."""
    chosen = torch.from_numpy(rng.permutation(len(pixels))[:PIXELS]).to(pixels.both.device)
    wanted = losses.neighbour_logits(pixels.both[chosen]) * _TEACHER_SCALE
    optimizer.zero_grad()
    total = torch.zeros((), device=pixels.both.device)
    for modality, vectors in pixels.vectors.items():
        metric = metrics[modality].train()
        loss = losses.neighbour_alignment(metric.embed(vectors[chosen]), wanted)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(metric.parameters(), _CLIP)
        total += loss.detach() / len(pixels.vectors)
    optimizer.step()
    return total
