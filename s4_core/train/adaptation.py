"""Fitting a checkpoint's parcel metric to an area's own unlabelled images, both modalities.

Pretraining a network further would change the features that its metric has learned to read. Here
the network stays: of the two modalities' metrics each learns to see the neighbourhoods that both
see together in this area, and a map then reads one of them alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from s4_core import data, losses
from s4_core import nn as networks
from s4_core.config import settings_to_plain
from s4_core.errors import AreaError
from s4_core.model_card import HeadCard, ModelCard
from s4_core.progress import Stage
from s4_core.train.area_samples import AreaSamples
from s4_core.train.batches import series_input
from s4_core.train.finite import check_finite
from s4_core.train.pixels import compute_at
from s4_core.train.record import combined_simulated, common_record, identity, simulated_word
from s4_core.train.run import Run, discard_state
from s4_core.train.unlabelled import drawn_pixels
from s4_core.types import Area, Modality, Settings

PIXELS = 512
"""Of an area in a step: each is compared with all others."""

_WARM_UP = 0.1
_START, _END = 1 / 25, 1e-4
"""Shares of the learning rate, before it rises and when all is done."""

_CLIP = 1.0
_STREAM = 7
_FEWEST = 16
"""Pixels that both modalities saw; fewer have no neighbourhoods."""

_TEACHER_SCALE = 0.5
"""Squared distances of two embeddings add up to twice as much as of one."""


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


def adapt(
    areas: Sequence[Area],
    preparation: data.Preparation,
    settings: Settings,
    out: Path,
    network: networks.S4Network,
    *,
    origin: ModelCard,
    resume: bool = False,
    stage: Stage,
) -> ModelCard:
    """Train the metrics of a network and write it; nothing else in it changes.

    Args:
        areas: with images of both modalities.
        settings: of `pretrain` epochs, steps and learning rate count here.
        origin: card of the checkpoint that `network` comes from.

    Raises:
        AreaError: hardly a pixel of an area was seen by both modalities.
        TrainingError: a loss that is not finite.
        Cancelled: the user stopped it; the last finished epoch stays for `resume`.
    """
    schedule = settings.pretrain
    device = networks.choose_device(settings.runtime, exact=True)
    stage.reporter.log("info", device.reason)
    device.place(network).eval()
    reading = stage.part("features", 0.0, 0.5)
    pixels = [
        paired_pixels(
            area,
            preparation,
            network,
            origin,
            device,
            seed=settings.seed,
            stage=reading.part(reading.name, i / len(areas), (i + 1) / len(areas)),
        )
        for i, area in enumerate(areas)
    ]
    optimizer = torch.optim.Adam(network.metric.parameters(), lr=schedule.learning_rate)
    inputs = [_about(area) for area in areas]
    run = Run(out, network.metric, optimizer, identity(settings, "pretrain", inputs))
    if run.begin(resume):
        stage.reporter.log("info", f"Going on after epoch {run.epoch} of {schedule.epochs}.")
    learning = stage.part(stage.name, 0.5, 1.0)
    steps = schedule.epochs * schedule.steps_per_epoch
    for epoch in range(run.epoch, schedule.epochs):
        rng = np.random.default_rng([settings.seed, _STREAM, epoch])
        losses_of_epoch = []
        with torch.random.fork_rng(devices=[]):
            # dropout draws from torch's own random state
            torch.manual_seed(int(rng.integers(2**31)))
            for step in range(schedule.steps_per_epoch):
                done = epoch * schedule.steps_per_epoch + step
                for group in optimizer.param_groups:
                    group["lr"] = schedule.learning_rate * rate_share(done, steps)
                of_area = pixels[int(rng.integers(len(pixels)))]
                loss = _step(metrics_of(network), of_area, optimizer, rng)
                losses_of_epoch.append(check_finite(loss, epoch, step, "pretrain"))
                learning.step(done + 1, steps, epoch=epoch + 1, loss=losses_of_epoch[-1])
        run.finish_epoch(
            {
                "step": (epoch + 1) * schedule.steps_per_epoch,
                "loss": float(np.mean(losses_of_epoch)),
                "learning_rate": schedule.learning_rate,
            },
            None,
        )
    network.metric.eval()
    record = {
        "areas": inputs,
        "learned": "metric",
        "steps": run.epoch * schedule.steps_per_epoch,
        **common_record(settings, run, device),
        "pretraining": origin.record,
    }
    card = replace(
        origin,
        settings=settings_to_plain(settings),
        modalities=dict(preparation.statistics),
        record=record,
        simulated=combined_simulated(
            [origin.simulated, *(simulated_word(area.simulated) for area in areas)]
        ),
    )
    networks.save_checkpoint(out, network, card)
    discard_state(out)
    return card


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
    with torch.no_grad():
        both = torch.cat([metrics[m].embed(v) for m, v in vectors.items()], dim=1)
    return PairedPixels(vectors, both)


def metrics_of(network: networks.S4Network) -> dict[Modality, networks.ParcelMetric]:
    """The parcel metrics of a network that has them, by modality."""
    found = {Modality(name): metric for name, metric in network.metric.items()}
    return {m: metric for m, metric in found.items() if isinstance(metric, networks.ParcelMetric)}


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


def _step(
    metrics: Mapping[Modality, networks.ParcelMetric],
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


def _about(area: Area) -> dict[str, Any]:
    return {
        "name": area.name,
        "season": None if area.season is None else str(area.season),
        "dates": {m.value: len(area.of(m)) for m in area.modalities},
        "simulated": area.simulated,
    }
