"""Fitting a checkpoint's parcel metric to an area's own unlabelled images, both modalities.

Pretraining a network further would change the features that its metric has learned to read. Here
the network stays: of the two modalities' metrics each learns to see the neighbourhoods that both
see together in this area, and a map then reads one of them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from s4_core import data
from s4_core import nn as networks
from s4_core.config import settings_to_plain
from s4_core.model_card import ModelCard
from s4_core.progress import Stage
from s4_core.train.finite import check_finite
from s4_core.train.paired import (
    PairedPixels,
    learn_together,
    metrics_of,
    paired_pixels,
    rate_share,
)
from s4_core.train.ranks import current
from s4_core.train.record import combined_simulated, common_record, identity, simulated_word
from s4_core.train.run import Run
from s4_core.types import Area, PretrainSettings, Settings

_STREAM = 7
"""Of random numbers, beside the seed and the epoch."""


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
    told = identity(settings, "pretrain", inputs)
    # every rank learns the same by itself: it takes seconds
    run = Run(out, network.metric, optimizer, told, current())
    if run.begin(resume):
        stage.reporter.log("info", f"Going on after epoch {run.epoch} of {schedule.epochs}.")
    learning = stage.part(stage.name, 0.5, 1.0)
    for epoch in range(run.epoch, schedule.epochs):
        loss = _epoch(network, pixels, optimizer, settings, epoch=epoch, stage=learning)
        step = (epoch + 1) * schedule.steps_per_epoch
        run.finish_epoch(
            {"step": step, "loss": loss, "learning_rate": schedule.learning_rate}, None
        )
    network.metric.eval()
    record = {
        "areas": inputs,
        "learned": "metric",
        "steps": run.epoch * schedule.steps_per_epoch,
        **common_record(settings, run, device),
        "pretraining": origin.record,
    }
    words = [origin.simulated, *(simulated_word(area.simulated) for area in areas)]
    card = replace(
        origin,
        settings=settings_to_plain(settings),
        modalities=dict(preparation.statistics),
        record=record,
        simulated=combined_simulated(words),
    )
    run.complete(network, card)
    return card


def _epoch(
    network: networks.S4Network,
    pixels: Sequence[PairedPixels],
    optimizer: torch.optim.Optimizer,
    settings: Settings,
    *,
    epoch: int,
    stage: Stage,
) -> float:
    """The steps of an epoch; their mean loss."""
    schedule = settings.pretrain
    rng = np.random.default_rng([settings.seed, _STREAM, epoch])
    found = []
    with torch.random.fork_rng(devices=[]):
        # dropout draws from torch's own random state
        torch.manual_seed(int(rng.integers(2**31)))
        steps = learn_together(
            metrics_of(network), pixels, optimizer, rates_of(schedule, epoch), rng
        )
        for step, loss in enumerate(steps):
            found.append(check_finite(loss, epoch, step, "pretrain"))
            done = epoch * schedule.steps_per_epoch + step + 1
            total = schedule.epochs * schedule.steps_per_epoch
            stage.step(done, total, epoch=epoch + 1, loss=found[-1])
    return float(np.mean(found))


def rates_of(schedule: PretrainSettings, epoch: int) -> list[float]:
    """The learning rates of an epoch's steps."""
    per_epoch = schedule.steps_per_epoch
    steps = range(epoch * per_epoch, (epoch + 1) * per_epoch)
    return [
        schedule.learning_rate * rate_share(step, schedule.epochs * per_epoch) for step in steps
    ]


def _about(area: Area) -> dict[str, Any]:
    return {
        "name": area.name,
        "season": None if area.season is None else str(area.season),
        "dates": {m.value: len(area.of(m)) for m in area.modalities},
        "simulated": area.simulated,
    }
